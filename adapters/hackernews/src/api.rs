//! The search API: its requests and the format of its responses.
//!
//! Fields that are not used are not declared, including the names of authors.

use job_scanner_sdk::{Elements, Request, Text, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces the search's scheme and host.
    #[serde(default = "Options::algolia")]
    base_url: String,
    /// The number of threads to read.
    #[serde(default = "Options::one")]
    pub months: usize,
}

impl Options {
    fn algolia() -> String {
        "https://hn.algolia.com".to_owned()
    }

    fn one() -> usize {
        1
    }
}

/// Returns the request for the newest threads of the account that opens them, three each month.
pub fn threads(options: &Options) -> Request {
    Request::get(url(options, "search_by_date").query("tags", "story,author_whoishiring"))
}

/// Returns the request for the comments of a thread: a thousand, the maximum of the search.
pub fn comments(options: &Options, thread: &str) -> Request {
    let tags = format!("comment,story_{thread}");
    Request::get(
        url(options, "search")
            .query("tags", &tags)
            .query("hitsPerPage", "1000"),
    )
}

fn url(options: &Options, search: &str) -> Url {
    Url::at(&options.base_url).path("api/v1").path(search)
}

/// The result of a search.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchResult<'a> {
    /// The number of results, of which `hits` are the first.
    pub nb_hits: u32,
    /// Threads or comments.
    #[serde(borrow)]
    pub hits: Elements<'a>,
}

/// A thread.
#[derive(Debug, serde::Deserialize)]
pub struct Thread<'a> {
    /// Digits only.
    #[serde(borrow, rename = "objectID")]
    pub id: Text<'a>,
    /// For example `Ask HN: Who is hiring? (May 2026)`.
    #[serde(borrow, default)]
    pub title: Text<'a>,
}

/// A comment, at any level.
#[derive(Debug, serde::Deserialize)]
pub struct Comment<'a> {
    /// Digits only.
    #[serde(borrow, rename = "objectID")]
    pub id: Text<'a>,
    /// HTML. Null if the comment was deleted.
    #[serde(borrow, default, rename = "comment_text")]
    pub text: Text<'a>,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), in UTC.
    #[serde(borrow, default)]
    pub created_at: Text<'a>,
    /// The parent: another comment, or the thread at the top level.
    #[serde(borrow, default)]
    pub parent_id: Text<'a>,
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::HackerNews, Options>();
    }
}
