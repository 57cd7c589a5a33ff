//! The Job Board API: its request and the format of its response.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::{Elements, Request, Response, SourceError, Text, Url, html, json};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces Greenhouse's scheme and host.
    #[serde(default = "Options::greenhouse")]
    base_url: String,
}

impl Options {
    fn greenhouse() -> String {
        "https://boards-api.greenhouse.io".to_owned()
    }
}

/// Returns the request for the whole board, with descriptions, departments, offices and pay ranges.
pub fn listing(options: &Options, board_token: &str) -> Request {
    let url = Url::at(&options.base_url)
        .path("v1/boards")
        .segment(board_token)
        .path("jobs");
    Request::get(
        url.query("content", "true")
            .query("pay_transparency", "true"),
    )
}

/// Returns the response if it is a success, else the error that it means. Greenhouse used to return
/// 400 for an unknown board, and returns 404 now.
pub fn accept(response: Response) -> Result<Response, SourceError> {
    const UNKNOWN_BOARD: &[u8] = b"Could not find a job board";
    let unknown = response.status == 400
        && response
            .body
            .windows(UNKNOWN_BOARD.len())
            .any(|it| it == UNKNOWN_BOARD);
    if unknown {
        return Err(SourceError::NotFound(format!(
            "{} returned 400: no such job board",
            response.url
        )));
    }
    response.ok()
}

/// The listing of a board.
#[derive(Debug, serde::Deserialize)]
pub struct Listing<J> {
    /// The open posts. A job that is open in several places may have several posts.
    pub jobs: Vec<J>,
    /// Metadata of the listing.
    #[serde(default)]
    pub meta: Option<Meta>,
    /// A message for the operator about each malformed post. Not part of the response.
    #[serde(skip)]
    pub unreadable: Vec<String>,
}

/// Metadata of the listing.
#[derive(Debug, serde::Deserialize)]
pub struct Meta {
    /// The number of posts on the board.
    #[serde(default)]
    pub total: Option<u32>,
}

/// A post.
#[derive(Debug, serde::Deserialize)]
pub struct Job<'a> {
    /// The number of the post. It differs for each place of a job.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// May have surrounding spaces.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// URL on Greenhouse's site or on the company's own.
    #[serde(borrow)]
    pub absolute_url: Text<'a>,
    /// The name as people know it.
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    /// Free text: one or several places, or only words for the workplace such as `Hybrid`.
    #[serde(borrow, default)]
    pub location: Option<Named<'a>>,
    /// HTML. The response has an additional level of escaping, which is undone here.
    #[serde(default)]
    pub content: Content,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), with an offset.
    #[serde(borrow, default)]
    pub first_published: Text<'a>,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), with an offset. Also changes with
    /// internal edits.
    #[serde(borrow, default)]
    pub updated_at: Text<'a>,
    /// The last day or time to apply.
    #[serde(borrow, default)]
    pub application_deadline: Text<'a>,
    /// The employer's own number of the opening.
    #[serde(borrow, default)]
    pub requisition_id: Text<'a>,
    /// Most posts have only one.
    #[serde(borrow, default)]
    pub departments: Option<Vec<Named<'a>>>,
    /// The company's offices, which are not always the places of the job.
    #[serde(borrow, default)]
    pub offices: Option<Vec<Office<'a>>>,
    /// The fields that the employer defined and published.
    #[serde(borrow, default)]
    pub metadata: Option<Vec<CustomField<'a>>>,
    /// The pay, possibly one range per place.
    #[serde(borrow, default)]
    pub pay_input_ranges: Option<Vec<PayRange<'a>>>,
}

/// A record of which only the name is used.
#[derive(Debug, serde::Deserialize)]
pub struct Named<'a> {
    #[serde(borrow, default)]
    pub name: Text<'a>,
}

/// An office of the company.
#[derive(Debug, serde::Deserialize)]
pub struct Office<'a> {
    /// Often a region, for example `United Kingdom Locations`.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// A place, if the employer has set it.
    #[serde(borrow, default)]
    pub location: Text<'a>,
}

/// A field that the employer defined.
#[derive(Debug, serde::Deserialize)]
pub struct CustomField<'a> {
    /// The employer's name for the field.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// For example `single_select`, `yes_no`, `currency_range`, `user`.
    #[serde(borrow, default)]
    pub value_type: Text<'a>,
    /// Not parsed yet, since most fields are not used. Values of type `user` are people.
    #[serde(borrow, default)]
    pub value: Option<&'a RawValue>,
}

/// A pay range in Greenhouse's own field.
#[derive(Debug, serde::Deserialize)]
pub struct PayRange<'a> {
    /// In hundredths of the major unit.
    #[serde(default)]
    pub min_cents: Option<f64>,
    /// In hundredths of the major unit.
    #[serde(default)]
    pub max_cents: Option<f64>,
    /// [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html) code.
    #[serde(borrow, default)]
    pub currency_type: Text<'a>,
    /// Free text, such as `Annual salary (New York)`.
    #[serde(borrow, default)]
    pub title: Text<'a>,
}

/// Parses a listing. A malformed post does not hide the others. A listing with only malformed posts
/// is an error.
///
/// Parsing the whole list takes half as long as parsing post by post, which is done only if a post
/// is malformed.
pub fn read(body: &[u8]) -> Result<Listing<Job<'_>>, SourceError> {
    json::decode(body).or_else(|error| {
        let Ok(listing) = json::decode::<Listing<&RawValue>>(body) else {
            return Err(error);
        };
        let each = Elements(listing.jobs).read("jobs")?;
        Ok(Listing {
            jobs: each.read,
            meta: listing.meta,
            unreadable: each.unreadable,
        })
    })
}

/// The description. Deserializing it undoes the level of escaping that the API adds.
#[derive(Debug, Default)]
pub struct Content(pub String);

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl Visitor<'_> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("escaped HTML")
    }

    fn visit_str<E: Error>(self, escaped: &str) -> Result<Content, E> {
        Ok(Content(html::unescape(escaped)))
    }

    fn visit_unit<E: Error>(self) -> Result<Content, E> {
        Ok(Content::default())
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    fn response(status: u16, body: &str) -> Response {
        let url = "https://boards-api.greenhouse.io/v1/boards/acme/jobs".to_owned();
        Response {
            status,
            url,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            unchanged: false,
        }
    }

    #[test]
    fn a_base_url_replaces_scheme_and_host() {
        let url =
            |options: &str| listing(&serde_json::from_str(options).expect("options"), "acme").url;
        assert_eq!(
            url("{}"),
            "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true&pay_transparency=true"
        );
        assert_eq!(
            url(r#"{"base_url": "http://127.0.0.1:8080/greenhouse/"}"#),
            "http://127.0.0.1:8080/greenhouse/v1/boards/acme/jobs?content=true&pay_transparency=true"
        );
    }

    #[test]
    fn an_unknown_board_is_not_found() {
        for (status, body) in [
            (404, r#"{"status": 404, "error": "Job not found"}"#),
            (
                400,
                r#"{"error": "Could not find a job board with token 'acme'"}"#,
            ),
        ] {
            let error = accept(response(status, body)).expect_err("no board");
            assert!(matches!(error, SourceError::NotFound(_)), "{error:?}");
        }
        let error = accept(response(400, "{}")).expect_err("a bad request");
        assert!(
            matches!(error, SourceError::Upstream((400, _))),
            "{error:?}"
        );
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Greenhouse, Options>();
    }
}
