//! The Postings API: its requests and the format of its responses.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::{Elements, Request, SourceError, Text, Url, json};

/// The maximum number of postings in a response, if Lever has a limit. A response with fewer is the
/// last.
pub const FULL_CHUNK: usize = 100;

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// The region of the company's data.
    #[serde(default)]
    region: Region,
    /// Replaces the region's scheme and host.
    #[serde(default)]
    base_url: Option<String>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Region {
    #[default]
    Global,
    Eu,
}

impl Options {
    fn base(&self) -> &str {
        self.base_url.as_deref().unwrap_or(match self.region {
            Region::Global => "https://api.lever.co",
            Region::Eu => "https://api.eu.lever.co",
        })
    }
}

/// Returns the request for the postings after the first `skip`. The first request has no limit,
/// since most boards are returned in one response. Later requests have one.
pub fn listing(options: &Options, site: &str, skip: usize) -> Request {
    // The mode has priority over the `Accept` header. Without it, Lever may return HTML.
    let url = Url::at(options.base())
        .path("v0/postings")
        .segment(site)
        .query("mode", "json");
    Request::get(match skip {
        0 => url,
        _ => url
            .query("skip", &skip.to_string())
            .query("limit", &FULL_CHUNK.to_string()),
    })
}

/// One response: all postings of a board, or a chunk of them.
#[derive(Debug)]
pub struct Listing<'a> {
    /// The postings. Internal and confidential ones are never included.
    pub postings: Vec<Posting<'a>>,
    /// A message for the operator about each malformed posting.
    pub unreadable: Vec<String>,
}

/// A posting.
#[derive(Debug, serde::Deserialize)]
pub struct Posting<'a> {
    /// A UUID.
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub text: Text<'a>,
    /// URL on Lever's own site.
    #[serde(borrow, rename = "hostedUrl")]
    pub hosted_url: Text<'a>,
    /// URL of the application form, on the same site.
    #[serde(borrow, rename = "applyUrl", default)]
    pub apply_url: Text<'a>,
    #[serde(borrow, default)]
    pub categories: Option<Categories<'a>>,
    /// [ISO 3166-1 alpha-2](https://www.iso.org/iso-3166-country-codes.html) code of the primary
    /// place.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// `onsite` (documented as `on-site`), `hybrid`, `remote` or `unspecified`.
    #[serde(borrow, rename = "workplaceType", default)]
    pub workplace_type: Text<'a>,
    /// The time at which the posting was created, which may be years ago, in milliseconds since
    /// 1970.
    #[serde(borrow, rename = "createdAt", default)]
    pub created_at: Text<'a>,
    /// HTML, which combines `opening` and `descriptionBody`.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// The sections that contain a list, including most requirements.
    #[serde(borrow, default)]
    pub lists: Option<Vec<Section<'a>>>,
    /// HTML that follows the sections.
    #[serde(borrow, default)]
    pub additional: Text<'a>,
    /// The pay, as numbers.
    #[serde(borrow, rename = "salaryRange", default)]
    pub salary_range: Option<SalaryRange<'a>>,
    /// The pay, as HTML.
    #[serde(borrow, rename = "salaryDescription", default)]
    pub salary_description: Text<'a>,
    /// The pay, as plain text.
    #[serde(borrow, rename = "salaryDescriptionPlain", default)]
    pub salary_description_plain: Text<'a>,
}

/// Team and place of a posting, each in the employer's words.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Categories<'a> {
    /// For example `Full-time` or `Regular Full Time (Salary)`.
    #[serde(borrow, default)]
    pub commitment: Text<'a>,
    /// Empty for the many companies that have only teams.
    #[serde(borrow, default)]
    pub department: Text<'a>,
    /// The team within the department.
    #[serde(borrow, default)]
    pub team: Text<'a>,
    /// The primary place.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// All places, including the primary one.
    #[serde(borrow, rename = "allLocations", default)]
    pub all_locations: Option<Vec<Text<'a>>>,
}

/// A part of the description, with a heading.
#[derive(Debug, serde::Deserialize)]
pub struct Section<'a> {
    /// The heading, in plain text.
    #[serde(borrow, default)]
    pub text: Text<'a>,
    /// HTML, usually `<li>` elements without a list around them.
    #[serde(borrow, default)]
    pub content: Text<'a>,
}

/// The pay.
#[derive(Debug, serde::Deserialize)]
pub struct SalaryRange<'a> {
    /// In major units.
    #[serde(default)]
    pub min: Option<f64>,
    /// In major units.
    #[serde(default)]
    pub max: Option<f64>,
    /// [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html) code.
    #[serde(borrow, default)]
    pub currency: Text<'a>,
    /// For example `per-year-salary`, `per-hour-wage` or `one-time`.
    #[serde(borrow, default)]
    pub interval: Text<'a>,
}

/// Parses a response. An object instead of a list is an error.
///
/// A malformed posting does not hide the others. A response with only malformed ones is an error.
///
/// Parsing the whole list takes half as long as parsing posting by posting, which is done only if a
/// posting is malformed.
pub fn read(body: &[u8]) -> Result<Listing<'_>, SourceError> {
    json::decode(body)
        .map(|postings| Listing {
            postings,
            unreadable: Vec::new(),
        })
        .or_else(|error| {
            let Ok(list) = json::decode::<Elements>(body) else {
                return Err(error);
            };
            let each = list.read("postings")?;
            Ok(Listing {
                postings: each.read,
                unreadable: each.unreadable,
            })
        })
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_region_selects_the_host_unless_there_is_a_base_url() {
        let url = |options: &str, skip| {
            listing(
                &serde_json::from_str(options).expect("options"),
                "acme",
                skip,
            )
            .url
        };
        assert_eq!(
            url("{}", 0),
            "https://api.lever.co/v0/postings/acme?mode=json"
        );
        assert_eq!(url(r#"{"region": "global"}"#, 0), url("{}", 0));
        assert_eq!(
            url(r#"{"region": "eu"}"#, 0),
            "https://api.eu.lever.co/v0/postings/acme?mode=json"
        );
        assert_eq!(
            url(
                r#"{"region": "eu", "base_url": "http://127.0.0.1:8080/lever/"}"#,
                100
            ),
            "http://127.0.0.1:8080/lever/v0/postings/acme?mode=json&skip=100&limit=100"
        );
    }

    #[test]
    fn an_empty_board_is_valid_and_a_body_without_a_list_is_an_error() {
        let empty = read(b"[]").expect("an empty board");
        assert!(empty.postings.is_empty() && empty.unreadable.is_empty());
        for body in [
            "",
            "{}",
            r#"{"ok": false, "error": "Oops"}"#,
            "<!doctype html>",
            r#"[{"text": "Cook"}]"#,
        ] {
            let error = read(body.as_bytes()).expect_err(body);
            assert!(
                matches!(error, SourceError::UnexpectedResponse(_)),
                "{body}: {error:?}"
            );
        }
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Lever, Options>();
    }

    #[test]
    fn the_manifest_requests_the_host_of_every_region() {
        let manifest: serde_json::Value =
            serde_json::from_str(include_str!("../manifest.json")).expect("JSON");
        for region in manifest["options"]["properties"]["region"]["enum"]
            .as_array()
            .expect("regions")
        {
            let options: Options =
                serde_json::from_value(serde_json::json!({ "region": region })).expect("options");
            let hosts = manifest["hosts"].as_array().expect("hosts");
            let host = options.base().trim_start_matches("https://");
            assert!(hosts.iter().any(|it| it["pattern"] == host), "{host}");
        }
    }
}
