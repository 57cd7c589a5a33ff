//! The Job Board API: which request brings a board, and the answer as Greenhouse gives it.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::{Elements, Request, Response, SourceError, Text, Url, html, json};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Stands in for Greenhouse's scheme and host.
    #[serde(default = "Options::greenhouse")]
    base_url: String,
}

impl Options {
    fn greenhouse() -> String {
        "https://boards-api.greenhouse.io".to_owned()
    }
}

/// The request for a whole board with descriptions, departments, offices and pay ranges.
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

/// Lets a success pass. Greenhouse once said 400 about an unknown board, and 404 now.
pub fn accept(response: Response) -> Result<Response, SourceError> {
    const UNKNOWN_BOARD: &[u8] = b"Could not find a job board";
    let unknown = response.status == 400
        && response
            .body
            .windows(UNKNOWN_BOARD.len())
            .any(|it| it == UNKNOWN_BOARD);
    if unknown {
        return Err(SourceError::NotFound(format!(
            "{} answered 400: no such job board",
            response.url
        )));
    }
    response.ok()
}

/// A board's listing.
#[derive(Debug, serde::Deserialize)]
pub struct Listing<J> {
    /// Every open post. A job that is open in several places may be several posts.
    pub jobs: Vec<J>,
    /// About the listing.
    #[serde(default)]
    pub meta: Option<Meta>,
    /// Posts that make no sense, in words for a person; not part of the answer.
    #[serde(skip)]
    pub unreadable: Vec<String>,
}

/// About the listing.
#[derive(Debug, serde::Deserialize)]
pub struct Meta {
    /// How many posts the board has.
    #[serde(default)]
    pub total: Option<u32>,
}

/// One post.
#[derive(Debug, serde::Deserialize)]
pub struct Job<'a> {
    /// The post's number, different for each place that a job is posted to.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// Perhaps with spaces around.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// On Greenhouse's site or the company's own.
    #[serde(borrow)]
    pub absolute_url: Text<'a>,
    /// As people know it.
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    /// Free text; several places are commonly parted by `;`.
    #[serde(borrow, default)]
    pub location: Option<Named<'a>>,
    /// HTML, escaped once; here no longer.
    #[serde(default)]
    pub content: Content,
    /// RFC 3339 with offset.
    #[serde(borrow, default)]
    pub first_published: Text<'a>,
    /// RFC 3339 with offset. Moves for internal edits too.
    #[serde(borrow, default)]
    pub updated_at: Text<'a>,
    /// The last day or moment to apply.
    #[serde(borrow, default)]
    pub application_deadline: Text<'a>,
    /// The employer's own number for the opening.
    #[serde(borrow, default)]
    pub requisition_id: Text<'a>,
    /// Only one in most posts.
    #[serde(borrow, default)]
    pub departments: Option<Vec<Named<'a>>>,
    /// Where the company sits, not always where the job is.
    #[serde(borrow, default)]
    pub offices: Option<Vec<Office<'a>>>,
    /// What the employer published of the fields it defined itself.
    #[serde(borrow, default)]
    pub metadata: Option<Vec<CustomField<'a>>>,
    /// What it pays, perhaps apart for several places.
    #[serde(borrow, default)]
    pub pay_input_ranges: Option<Vec<PayRange<'a>>>,
}

/// Anything of which only the name matters.
#[derive(Debug, serde::Deserialize)]
pub struct Named<'a> {
    /// As people read it.
    #[serde(borrow, default)]
    pub name: Text<'a>,
}

/// An office of the company.
#[derive(Debug, serde::Deserialize)]
pub struct Office<'a> {
    /// Often a region, such as `United Kingdom Locations`.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// A place, where the employer filled it in.
    #[serde(borrow, default)]
    pub location: Text<'a>,
}

/// A field that the employer defined.
#[derive(Debug, serde::Deserialize)]
pub struct CustomField<'a> {
    /// The employer's name for it.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// Such as `single_select`, `yes_no`, `currency_range`, `user`.
    #[serde(borrow, default)]
    pub value_type: Text<'a>,
    /// Unread, as most of them stay: values of type `user` are people.
    #[serde(borrow, default)]
    pub value: Option<&'a RawValue>,
}

/// A pay range as Greenhouse itself asks for it.
#[derive(Debug, serde::Deserialize)]
pub struct PayRange<'a> {
    /// Hundredths of the currency's unit.
    #[serde(default)]
    pub min_cents: Option<f64>,
    /// Hundredths of the currency's unit.
    #[serde(default)]
    pub max_cents: Option<f64>,
    /// ISO 4217.
    #[serde(borrow, default)]
    pub currency_type: Text<'a>,
    /// Free text, such as `Annual salary (New York)`.
    #[serde(borrow, default)]
    pub title: Text<'a>,
}

/// Reads a listing. One odd post does not hide the others; a listing of nothing but odd ones is an
/// error.
///
/// Whole takes half as long as post by post, which only a listing with an odd one is worth.
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

/// The description, with the layer of escaping that the API adds taken off while it is read.
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
    fn a_base_url_takes_the_place_of_scheme_and_host() {
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
