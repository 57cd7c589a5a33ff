//! The public API: its request and the format of its responses.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, Request, SourceError, Text, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces Arbeitnow's scheme and host.
    #[serde(default = "Options::arbeitnow")]
    base_url: String,
    /// The number of pages to read.
    #[serde(default = "Options::pages")]
    pub pages: u32,
}

impl Options {
    fn arbeitnow() -> String {
        "https://www.arbeitnow.com".to_owned()
    }

    fn pages() -> u32 {
        5
    }
}

/// Returns the request for one page. The first is 1.
pub fn listing(options: &Options, page: u32) -> Request {
    Request::get(
        Url::at(&options.base_url)
            .path("api/job-board-api")
            .query("page", &page.to_string()),
    )
}

/// A page of the listing.
#[derive(Debug)]
pub struct Listing<'a> {
    /// The jobs, newest first.
    pub jobs: Each<Job<'a>>,
    /// True if there is another page.
    pub has_next: bool,
}

#[derive(Debug, serde::Deserialize)]
struct ListingResponse<'a> {
    #[serde(borrow)]
    data: Elements<'a>,
    #[serde(borrow, default)]
    links: Option<Links<'a>>,
}

#[derive(Debug, serde::Deserialize)]
struct Links<'a> {
    #[serde(borrow, default)]
    next: Text<'a>,
}

/// A job.
#[derive(Debug, serde::Deserialize)]
pub struct Job<'a> {
    /// The last part of the job's URL. There is no other id.
    #[serde(borrow)]
    pub slug: Text<'a>,
    #[serde(borrow)]
    pub title: Text<'a>,
    /// URL on Arbeitnow.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// The name as people know it.
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    /// HTML, in German or English.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// True if the work can be done remotely.
    #[serde(default)]
    pub remote: Option<bool>,
    /// Free text.
    #[serde(borrow, default)]
    pub tags: Option<Vec<Text<'a>>>,
    /// Free text, in several languages.
    #[serde(borrow, default)]
    pub job_types: Option<Vec<Text<'a>>>,
    /// Usually a city.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// Seconds since 1970.
    #[serde(borrow, default)]
    pub created_at: Text<'a>,
}

/// Parses a page. A malformed job does not hide the others.
pub fn read(body: &[u8]) -> Result<Listing<'_>, SourceError> {
    let response: ListingResponse = json::decode(body)?;
    let has_next = response
        .links
        .is_some_and(|links| !links.next.trimmed().is_empty());
    Ok(Listing {
        jobs: response.data.read("data")?,
        has_next,
    })
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_page_is_requested_by_its_number() {
        let options: Options =
            serde_json::from_str(r#"{"base_url": "http://127.0.0.1:8080/x"}"#).expect("options");
        assert_eq!(
            listing(&options, 2).url,
            "http://127.0.0.1:8080/x/api/job-board-api?page=2"
        );
    }

    #[test]
    fn the_last_page_has_no_next_page() {
        let has_next = |body: &str| read(body.as_bytes()).expect("a page").has_next;
        assert!(has_next(
            r#"{"data": [], "links": {"next": "https://a.example?page=2"}}"#
        ));
        assert!(!has_next(r#"{"data": [], "links": {"next": null}}"#));
        assert!(!has_next(r#"{"data": []}"#));
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Arbeitnow, Options>();
    }
}
