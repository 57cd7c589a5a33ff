//! The Job Board API: its request and the format of its response.
//!
//! It resembles Greenhouse's API but differs from it: ids are strings, and the HTML is not escaped.
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, Request, SourceError, Text, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces Gem's scheme and host.
    #[serde(default = "Options::gem")]
    base_url: String,
}

impl Options {
    fn gem() -> String {
        "https://api.gem.com".to_owned()
    }
}

/// Returns the request for the whole board.
pub fn listing(options: &Options, board: &str) -> Request {
    let url = Url::at(&options.base_url)
        .path("job_board/v0")
        .segment(board)
        .path("job_posts/");
    Request::get(url)
}

/// A post.
#[derive(Debug, serde::Deserialize)]
pub struct Post<'a> {
    /// Digits, or a longer token in newer posts.
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub title: Text<'a>,
    /// URL on Gem's own site.
    #[serde(borrow)]
    pub absolute_url: Text<'a>,
    /// HTML, without an additional level of escaping.
    #[serde(borrow, default)]
    pub content: Text<'a>,
    /// The content as plain text.
    #[serde(borrow, default)]
    pub content_plain: Text<'a>,
    /// Free text. May be empty although there are offices.
    #[serde(borrow, default)]
    pub location: Option<Named<'a>>,
    /// The company's offices.
    #[serde(borrow, default)]
    pub offices: Option<Vec<Office<'a>>>,
    /// Most posts have only one.
    #[serde(borrow, default)]
    pub departments: Option<Vec<Named<'a>>>,
    /// For example `full_time`.
    #[serde(borrow, default)]
    pub employment_type: Text<'a>,
    /// `in_office`, `hybrid` or `remote`.
    #[serde(borrow, default)]
    pub location_type: Text<'a>,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), in UTC.
    #[serde(borrow, default)]
    pub first_published_at: Text<'a>,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), in UTC. May change for all posts of a
    /// board at once.
    #[serde(borrow, default)]
    pub updated_at: Text<'a>,
    /// The employer's own number of the opening.
    #[serde(borrow, default)]
    pub requisition_id: Text<'a>,
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
    /// The company's name for the office.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    #[serde(borrow, default)]
    pub location: Option<Named<'a>>,
}

/// Parses a listing, which is a list of posts. A malformed post does not hide the others.
pub fn read(body: &[u8]) -> Result<Each<Post<'_>>, SourceError> {
    json::decode::<Elements>(body)?.read("posts")
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_base_url_replaces_scheme_and_host() {
        let url =
            |options: &str| listing(&serde_json::from_str(options).expect("options"), "acme").url;
        assert_eq!(
            url("{}"),
            "https://api.gem.com/job_board/v0/acme/job_posts/"
        );
        assert_eq!(
            url(r#"{"base_url": "http://127.0.0.1:8080/gem/"}"#),
            "http://127.0.0.1:8080/gem/job_board/v0/acme/job_posts/"
        );
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Gem, Options>();
    }
}
