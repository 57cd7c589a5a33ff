//! Personio: companies with jobs at `COMPANY.jobs.personio.de`.
//!
//! One request returns the whole board as XML, in one language. [`api`] defines the requests,
//! [`map`] turns the responses into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, Request, SourceError, export_adapter, send_all, xml,
};

struct Personio;

export_adapter!(Personio);

impl Adapter for Personio {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let board = api::Board::from_request(request)?;
        let requests = board.listings();
        let conditional: Vec<Request> =
            requests.iter().cloned().map(Request::conditional).collect();
        let mut responses = Vec::new();
        for response in send_all(&conditional) {
            responses.push(response?.ok_unless_redirected()?);
        }
        if responses.iter().all(|response| response.unchanged) {
            return Ok(Outcome::NotModified);
        }
        let mut pages = Vec::new();
        for (request, mut response) in requests.iter().zip(responses) {
            if response.unchanged {
                response = request.send()?.ok_unless_redirected()?;
            }
            let text = response.xml_text()?;
            pages.push(map::page(&xml::parse(&text, &["workzag-jobs"])?, &board));
        }
        Ok(Outcome::Page(map::merged(pages)))
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_position_is_read_in_the_first_language_that_has_it() {
        let scan = testing::scan::<Personio>("cassettes/languages").expect("a board");
        let titles: Vec<_> = scan.jobs.iter().map(|job| job.title.as_str()).collect();
        assert_eq!(
            (titles, scan.total),
            (vec!["Cook", "Waiter", "Wirtin"], None)
        );
    }

    #[test]
    fn a_failure_of_one_language_fails_the_scan() {
        let error =
            testing::scan::<Personio>("cassettes/languages-too-fast").expect_err("no board");
        assert_eq!(error, SourceError::RateLimited(Some(120)));
    }

    #[test]
    fn an_unknown_company_is_redirected_and_not_found() {
        let error = testing::scan::<Personio>("cassettes/moved").expect_err("no board");
        assert!(matches!(error, SourceError::NotFound(_)), "{error:?}");
    }
}
