//! How far a scan has come.
//!
//! The last address that was read, so that a sitemap which changes meanwhile moves nothing; and
//! whether there was any posting, without which the last pages could not tell a site that has fewer
//! jobs from one that changed all its pages.

use job_scanner_sdk::FetchRequest;

/// A cursor.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// The last page that was read; none at the beginning.
    pub(crate) after: Option<String>,
    /// Whether any page so far had a job in it.
    pub(crate) has_postings: bool,
}

impl Position {
    /// Where a request goes on.
    pub(crate) fn from_request(request: &FetchRequest) -> Self {
        let read = |cursor: &str| {
            let (mark, last) = cursor.split_at_checked(1)?;
            Some(Self {
                after: Some(last.to_owned()),
                has_postings: mark == "+",
            })
        };
        request.cursor.as_deref().and_then(read).unwrap_or_default()
    }

    /// The page that it names, behind a mark that says what was found.
    pub(crate) fn to_cursor(&self) -> String {
        let mark = if self.has_postings { "+" } else { "-" };
        mark.to_owned() + self.after.as_deref().unwrap_or_default()
    }
}
