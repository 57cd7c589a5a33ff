//! The content of a feed, in any format.

use job_scanner_sdk::xml::{children, text_of};
use job_scanner_sdk::{Location, RawJob, Workplace, time};
use roxmltree::Node;

/// A feed, or one page of it.
#[derive(Debug)]
pub struct Feed {
    pub jobs: Vec<RawJob>,
    /// A message for the operator about each entry that could not be read.
    pub unreadable: Vec<String>,
    /// The URL of the next page.
    pub next: Option<String>,
}

/// Returns the text of the first element with one of these local names, in any namespace, for
/// example `g:location` or `job_listing:location`. Feeds of jobs add many namespaces to RSS and
/// Atom, but use few names.
pub fn added(entry: Node<'_, '_>, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| children(entry, name).find_map(text_of))
}

/// Converts a date. RSS has the format of mail and Atom that of RFC 3339, but feeds mix them up.
pub fn moment(text: &str) -> String {
    time::date_or_time(time::from_rfc2822(text))
}

/// Sets the fields of a job from the elements that feeds of jobs add.
pub fn with_added(entry: Node<'_, '_>, job: RawJob) -> RawJob {
    RawJob {
        company: added(entry, &["company", "employer", "company_name"]),
        locations: added(entry, &["location", "region"])
            .map(Location::named)
            .into_iter()
            .collect(),
        workplace: added(entry, &["remote"])
            .filter(|word| word == "true")
            .map(|_| Workplace::Remote),
        employment_type: added(entry, &["job_type", "employment_type", "type"]),
        ..job
    }
}
