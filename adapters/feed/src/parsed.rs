//! What was read of a feed, whatever its form.

use job_scanner_sdk::xml::{children, text_of};
use job_scanner_sdk::{Location, RawJob, Workplace};
use roxmltree::Node;

/// A feed, or a page of one.
#[derive(Debug)]
pub struct Feed {
    /// The jobs.
    pub jobs: Vec<RawJob>,
    /// Which entries could not be read and why, in words for a person.
    pub unreadable: Vec<String>,
    /// Where the feed goes on.
    pub next: Option<String>,
}

/// The text of an element of that name in a namespace of its own, such as `g:location` or
/// `job_listing:location`: what plain RSS and Atom have no word for, feeds of jobs add in many
/// namespaces, under few names.
pub fn added(entry: Node<'_, '_>, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| children(entry, name).find_map(text_of))
}

/// What feeds of jobs add.
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
