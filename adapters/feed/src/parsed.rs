//! The content of a feed, in any format.

use job_scanner_sdk::{RawJob, time};

/// A feed, or one page of it.
#[derive(Debug)]
pub struct Feed {
    pub jobs: Vec<RawJob>,
    /// A message for the operator about each entry that could not be read.
    pub unreadable: Vec<String>,
    /// The URL of the next page.
    pub next: Option<String>,
}

/// Converts a date. RSS has the format of mail and Atom that of RFC 3339, but feeds mix them up.
pub fn moment(text: &str) -> String {
    time::date_or_time(time::from_rfc2822(text))
}
