//! A feed, before it is written in one of the formats.

use job_scanner_store::FeedEntry;

/// A feed and its entries.
pub(crate) struct Feed<'a> {
    pub(crate) profile: &'a str,
    /// The address of the feed, if the page has a public one.
    pub(crate) address: Option<String>,
    /// Newest first.
    pub(crate) entries: &'a [FeedEntry],
}
