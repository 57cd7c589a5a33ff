//! The Job Board API: which request brings a board, and the answer as Gem gives it.
//!
//! It looks like Greenhouse's and is not the same: ids are strings, and HTML comes as it is. Fields
//! that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, Request, SourceError, Text, Url};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Stands in for Gem's scheme and host.
    #[serde(default = "Options::gem")]
    base_url: String,
}

impl Options {
    fn gem() -> String {
        "https://api.gem.com".to_owned()
    }
}

/// The request for a whole board.
pub fn listing(options: &Options, board: &str) -> Request {
    let url = Url::at(&options.base_url)
        .path("job_board/v0")
        .segment(board)
        .path("job_posts/");
    Request::get(url)
}

/// One post.
#[derive(Debug, serde::Deserialize)]
pub struct Post<'a> {
    /// Digits, or a longer token in newer posts.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// On Gem's own site.
    #[serde(borrow)]
    pub absolute_url: Text<'a>,
    /// HTML, not escaped.
    #[serde(borrow, default)]
    pub content: Text<'a>,
    /// The same without its marks.
    #[serde(borrow, default)]
    pub content_plain: Text<'a>,
    /// Free text; perhaps empty although there are offices.
    #[serde(borrow, default)]
    pub location: Option<Named<'a>>,
    /// Where the company sits.
    #[serde(borrow, default)]
    pub offices: Option<Vec<Office<'a>>>,
    /// Only one in most posts.
    #[serde(borrow, default)]
    pub departments: Option<Vec<Named<'a>>>,
    /// Such as `full_time`.
    #[serde(borrow, default)]
    pub employment_type: Text<'a>,
    /// `in_office`, `hybrid` or `remote`.
    #[serde(borrow, default)]
    pub location_type: Text<'a>,
    /// RFC 3339 in UTC.
    #[serde(borrow, default)]
    pub first_published_at: Text<'a>,
    /// RFC 3339 in UTC. Moves for all posts of a board at once, too.
    #[serde(borrow, default)]
    pub updated_at: Text<'a>,
    /// The employer's own number for the opening.
    #[serde(borrow, default)]
    pub requisition_id: Text<'a>,
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
    /// What the company calls it.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// Where it is.
    #[serde(borrow, default)]
    pub location: Option<Named<'a>>,
}

/// Reads a listing, which is a list of posts and nothing else. One odd post does not hide the
/// others.
pub fn read(body: &[u8]) -> Result<Each<Post<'_>>, SourceError> {
    json::decode::<Elements>(body)?.read("posts")
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_base_url_takes_the_place_of_scheme_and_host() {
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
