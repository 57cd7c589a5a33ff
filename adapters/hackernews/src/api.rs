//! The search API: which requests find threads and comments, and the answers as it gives them.
//!
//! Fields that we do not use are not named, the authors' names among them.

use job_scanner_sdk::{Elements, Request, Text, Url};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Stands in for the search's scheme and host.
    #[serde(default = "Options::algolia")]
    base_url: String,
    /// How many threads to read.
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

/// The request for the newest threads of the account that opens them, three each month.
pub fn threads(options: &Options) -> Request {
    Request::get(url(options, "search_by_date").query("tags", "story,author_whoishiring"))
}

/// The request for the comments of a thread: a thousand, the most that the search gives.
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

/// What the search found.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchResult<'a> {
    /// How much there is, of which these are the first.
    pub nb_hits: u32,
    /// Threads or comments.
    #[serde(borrow)]
    pub hits: Elements<'a>,
}

/// A thread.
#[derive(Debug, serde::Deserialize)]
pub struct Thread<'a> {
    /// Digits.
    #[serde(borrow, rename = "objectID")]
    pub id: Text<'a>,
    /// Such as `Ask HN: Who is hiring? (May 2026)`.
    #[serde(borrow, default)]
    pub title: Text<'a>,
}

/// A comment, on whatever level.
#[derive(Debug, serde::Deserialize)]
pub struct Comment<'a> {
    /// Digits.
    #[serde(borrow, rename = "objectID")]
    pub id: Text<'a>,
    /// HTML; null when it was deleted.
    #[serde(borrow, default, rename = "comment_text")]
    pub text: Text<'a>,
    /// RFC 3339 in UTC.
    #[serde(borrow, default)]
    pub created_at: Text<'a>,
    /// What it answers to: the thread, on the first level.
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
