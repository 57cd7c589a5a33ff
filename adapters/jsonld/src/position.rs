//! The progress of a scan, stored in the cursor.
//!
//! It contains the last URL that was read, so that a sitemap that changes during the scan moves
//! nothing. It also says whether any posting was found. Otherwise, the last pages could not tell a
//! site with fewer jobs from one that changed all its pages.

use job_scanner_sdk::FetchRequest;

/// The position that a cursor contains.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// The URL of the last page that was read. `None` at the start of a scan.
    pub(crate) after: Option<String>,
    /// True if any page so far had a job.
    pub(crate) has_postings: bool,
}

impl Position {
    /// Returns the position of a request.
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

    /// Returns the cursor: the URL after a mark that says whether a posting was found.
    pub(crate) fn to_cursor(&self) -> String {
        let mark = if self.has_postings { "+" } else { "-" };
        mark.to_owned() + self.after.as_deref().unwrap_or_default()
    }
}
