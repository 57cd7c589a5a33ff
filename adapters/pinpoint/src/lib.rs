//! Pinpoint: companies whose jobs are at `COMPANY.pinpointhq.com`.
//!
//! One request brings the whole board. [`api`] is the site's answer as it is, [`map`] turns it into
//! raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, SourceError, export_adapter};

struct Pinpoint;

export_adapter!(Pinpoint);

impl Adapter for Pinpoint {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let response = api::listing(request)?.send()?.of_known_company()?;
        if response.unchanged {
            return Ok(Outcome::NotModified);
        }
        Ok(Outcome::Page(map::page(api::read(&response.body)?)))
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_company_that_pinpoint_does_not_know_is_sent_to_its_own_pages() {
        let error = testing::scan::<Pinpoint>("cassettes/moved").expect_err("no board");
        assert!(matches!(error, SourceError::NotFound(_)), "{error:?}");
    }
}
