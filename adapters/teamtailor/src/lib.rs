//! Teamtailor: companies with jobs at `COMPANY.teamtailor.com/jobs`.
//!
//! A site has two feeds, neither of which is complete: [`rss`], in chunks of a hundred jobs, and
//! [`json_feed`]. [`both`] combines them into one listing, [`job`] contains what they have in
//! common, and [`api`] defines their requests.

pub mod api;
pub mod both;
pub mod job;
pub mod json_feed;
pub mod rss;

use job_scanner_sdk::{
    Adapter, Chunk, FetchRequest, OffsetPages, Outcome, Paging, Request, Response, SourceError,
    export_adapter, fetch_linked, fetch_offset_pages, xml,
};

use api::{Feed, Site};

struct Teamtailor;

export_adapter!(Teamtailor);

impl Adapter for Teamtailor {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let site = Site::from_request(request)?;
        match site.feed {
            Feed::Json => fetch_json(request, &site),
            Feed::Rss => fetch_offset_pages(
                request,
                &Rss {
                    site: &site,
                    has_other_changes: false,
                },
            ),
            Feed::Both => both::fetch(request, &site),
        }
    }
}

/// The RSS feed. It does not state the number of jobs, and some sites have all of them in the first
/// chunk.
struct Rss<'a> {
    site: &'a Site,
    /// True if the JSON feed has changed, so this one has to be read again.
    has_other_changes: bool,
}

impl OffsetPages for Rss<'_> {
    fn paging(&self) -> Paging {
        api::PAGING
    }

    fn request(&self, skip: usize) -> Request {
        self.site.rss(skip)
    }

    fn read(&self, response: &Response) -> Result<Chunk, SourceError> {
        rss::chunk(&xml::parse(&response.xml_text()?, &["rss"])?)
    }

    /// Returns true for a status that feeds have returned shortly before they worked again.
    fn is_transient(&self, response: &Response) -> bool {
        response.status == 400
    }

    fn has_other_changes(&self) -> bool {
        self.has_other_changes
    }
}

/// Fetches the JSON feed, page by page.
fn fetch_json(request: &FetchRequest, site: &Site) -> Result<Outcome, SourceError> {
    let make_request = |next: Option<&str>| Ok(next.map_or_else(|| site.json(), Request::get));
    fetch_linked(request, make_request, |response| {
        json_feed::page(&response.json()?, &response.url)
    })
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_json_feed_is_read_to_its_last_page() {
        let scan = testing::scan::<Teamtailor>("cassettes/json-feed-in-two").expect("a board");
        let ids: Vec<_> = scan
            .jobs
            .iter()
            .map(|job| job.external_id.as_str())
            .collect();
        assert_eq!((ids, scan.state.is_some()), (vec!["1", "2"], true));
    }

    #[test]
    fn a_feed_that_failed_once_is_retried() {
        let scan = testing::scan::<Teamtailor>("cassettes/hiccup").expect("a board");
        assert_eq!((scan.jobs.len(), scan.requests.len()), (1, 2));
    }

    #[test]
    fn both_feeds_make_one_listing() {
        let scan = testing::scan::<Teamtailor>("cassettes/both-feeds").expect("a board");
        assert_eq!((scan.jobs.len(), scan.requests.len()), (2, 2));
        let cook = &scan.jobs[0];
        assert_eq!(
            (cook.department.as_deref(), cook.employment_type.as_deref()),
            (Some("Kitchen"), Some("FULL_TIME"))
        );
    }
}
