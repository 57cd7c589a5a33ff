//! The Postings API: which requests bring a board, and the answers as Lever gives them.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::{Elements, Request, SourceError, Text, Url, json};

/// How many postings an answer has at most, if Lever limits it at all. A shorter one is the last.
pub const FULL_CHUNK: usize = 100;

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Where the company's data is.
    #[serde(default)]
    region: Region,
    /// Stands in for the region's scheme and host.
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

/// The request for the postings after the first `skip`: without a limit from the beginning, since
/// most boards come whole, and with one further on.
pub fn listing(options: &Options, site: &str, skip: usize) -> Request {
    // The mode beats what the `Accept` header asks for: without it, Lever may answer with HTML.
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

/// One answer: the postings of a board, or a part of them.
#[derive(Debug)]
pub struct Listing<'a> {
    /// Internal and confidential postings are never among them.
    pub postings: Vec<Posting<'a>>,
    /// Postings that make no sense, in words for a person.
    pub unreadable: Vec<String>,
}

/// One posting.
#[derive(Debug, serde::Deserialize)]
pub struct Posting<'a> {
    /// A UUID.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub text: Text<'a>,
    /// On Lever's own site.
    #[serde(borrow, rename = "hostedUrl")]
    pub hosted_url: Text<'a>,
    /// The form on the same site.
    #[serde(borrow, rename = "applyUrl", default)]
    pub apply_url: Text<'a>,
    /// Where in the company and in the world.
    #[serde(borrow, default)]
    pub categories: Option<Categories<'a>>,
    /// ISO 3166-1 alpha-2, of the primary location.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// `onsite` (documented as `on-site`), `hybrid`, `remote` or `unspecified`.
    #[serde(borrow, rename = "workplaceType", default)]
    pub workplace_type: Text<'a>,
    /// Milliseconds since 1970. When the posting was made, which may be years ago.
    #[serde(borrow, rename = "createdAt", default)]
    pub created_at: Text<'a>,
    /// HTML: `opening` and `descriptionBody` in one.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// The sections with a list each, where most requirements stand.
    #[serde(borrow, default)]
    pub lists: Option<Vec<Section<'a>>>,
    /// HTML: what stands after the sections.
    #[serde(borrow, default)]
    pub additional: Text<'a>,
    /// What it pays, in numbers.
    #[serde(borrow, rename = "salaryRange", default)]
    pub salary_range: Option<SalaryRange<'a>>,
    /// HTML: what it pays, in words.
    #[serde(borrow, rename = "salaryDescription", default)]
    pub salary_description: Text<'a>,
    /// The same as plain text.
    #[serde(borrow, rename = "salaryDescriptionPlain", default)]
    pub salary_description_plain: Text<'a>,
}

/// Where in the company and in the world, each in the employer's words.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Categories<'a> {
    /// Such as `Full-time` or `Regular Full Time (Salary)`.
    #[serde(borrow, default)]
    pub commitment: Text<'a>,
    /// Many companies only have teams.
    #[serde(borrow, default)]
    pub department: Text<'a>,
    /// Within the department.
    #[serde(borrow, default)]
    pub team: Text<'a>,
    /// The primary place.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// All places, the primary one among them.
    #[serde(borrow, rename = "allLocations", default)]
    pub all_locations: Option<Vec<Text<'a>>>,
}

/// A part of the description with a heading.
#[derive(Debug, serde::Deserialize)]
pub struct Section<'a> {
    /// The heading, as plain text.
    #[serde(borrow, default)]
    pub text: Text<'a>,
    /// HTML; commonly `<li>` elements with no list around them.
    #[serde(borrow, default)]
    pub content: Text<'a>,
}

/// What it pays.
#[derive(Debug, serde::Deserialize)]
pub struct SalaryRange<'a> {
    /// Major units.
    #[serde(default)]
    pub min: Option<f64>,
    /// Major units.
    #[serde(default)]
    pub max: Option<f64>,
    /// ISO 4217.
    #[serde(borrow, default)]
    pub currency: Text<'a>,
    /// Such as `per-year-salary`, `per-hour-wage` or `one-time`.
    #[serde(borrow, default)]
    pub interval: Text<'a>,
}

/// Reads an answer; an object in the list's place is an error. One odd posting does not hide the
/// others, an answer of nothing but odd ones is an error.
///
/// Whole takes half as long as posting by posting, which only an answer with an odd one is worth.
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
    fn the_region_picks_the_host_and_a_base_url_beats_it() {
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
    fn an_empty_board_is_empty_and_no_list_is_an_error() {
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
    fn every_region_has_a_host_that_may_be_asked() {
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
