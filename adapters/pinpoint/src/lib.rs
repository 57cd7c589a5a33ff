//! Pinpoint: companies with jobs at `COMPANY.pinpointhq.com`.
//!
//! One request returns the whole board. [`api`] defines the request and the response, [`map`] turns
//! the response into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, Response, SourceError, export_adapter,
    fetch_whole_board_accepted,
};

struct Pinpoint;

export_adapter!(Pinpoint);

impl Adapter for Pinpoint {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let listing = api::listing(request)?;

        fetch_whole_board_accepted(listing, Response::ok_unless_redirected, |response| {
            let postings = api::read(&response.body)?;
            Ok(map::page(postings))
        })
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn an_unknown_company_is_redirected_and_not_found() {
        let error = testing::scan::<Pinpoint>("cassettes/moved").expect_err("no board");
        assert!(matches!(error, SourceError::NotFound(_)), "{error:?}");
    }
}
