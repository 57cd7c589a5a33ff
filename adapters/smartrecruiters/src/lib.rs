//! SmartRecruiters: companies with jobs at `jobs.smartrecruiters.com/COMPANY`.
//!
//! The listing is returned in chunks of a hundred postings without texts. Each text takes one
//! request, which the host asks for when it needs the text. [`api`] defines the requests and
//! responses, [`map`] turns responses into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, Chunk, Detail, DetailedAdapter, FetchRequest, OffsetPages, Outcome, Paging, Request,
    Response, SourceError, Wanted, export_detailed_adapter, fetch_each, fetch_offset_pages,
};

use api::Board;

struct SmartRecruiters;

export_detailed_adapter!(SmartRecruiters);

impl Adapter for SmartRecruiters {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let board = Board::from_request(request)?;
        let outcome = fetch_offset_pages(request, &board)?;
        Ok(outcome.map_page(map::warn_if_empty))
    }
}

impl OffsetPages for Board {
    fn paging(&self) -> Paging {
        api::PAGING
    }

    fn request(&self, skip: usize) -> Request {
        self.listing(skip)
    }

    fn read(&self, response: &Response) -> Result<Chunk, SourceError> {
        map::chunk(&response.json()?, &self.company)
    }
}

impl DetailedAdapter for SmartRecruiters {
    fn fetch_details(
        request: &FetchRequest,
        wanted: &[Wanted],
    ) -> Result<Vec<(String, Detail)>, SourceError> {
        let board = Board::from_request(request)?;
        Ok(fetch_each(
            wanted,
            |job| board.posting(&job.token),
            |_, response| Ok(map::details(response.json()?)),
        ))
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_board_and_its_texts_are_read_from_a_cassette() {
        let scan = testing::scan::<SmartRecruiters>("cassettes/board").expect("a board");
        assert_eq!(
            (scan.jobs.len(), scan.total, scan.state.as_deref()),
            (3, Some(4), None)
        );
        let wanted = [("1", "744000000000001"), ("2", "744000000000002")];
        let details =
            testing::details::<SmartRecruiters>("cassettes/board", &wanted).expect("details");
        assert!(
            matches!(&details[0], (id, Detail::Found(job)) if id == "1" && job.salary.is_some())
        );
        assert_eq!(details[1], ("2".to_owned(), Detail::Gone));
    }

    #[test]
    fn an_empty_board_is_a_warning_since_the_company_may_be_unknown() {
        let scan =
            testing::scan::<SmartRecruiters>("cassettes/no-such-board").expect("an empty board");
        assert_eq!((scan.jobs.len(), scan.warnings.len()), (0, 1));
    }
}
