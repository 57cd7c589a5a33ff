//! Workday: companies with jobs at `TENANT.wdN.myworkdayjobs.com/SITE`.
//!
//! The listing is returned in chunks of twenty jobs without texts. Each text takes one request,
//! which the host asks for when it needs the text. [`site`] parses the identifier, [`api`] defines
//! the requests and responses, [`map`] turns responses into raw jobs, and [`number`] finds their
//! ids.

pub mod api;
pub mod map;
pub mod number;
pub mod site;

use job_scanner_sdk::{
    Adapter, Chunk, Detail, DetailedAdapter, FetchRequest, OffsetPages, Outcome, Paging, Request,
    Response, SourceError, Wanted, export_detailed_adapter, fetch_each_accepted,
    fetch_offset_pages,
};

use site::Site;

struct Workday;

export_detailed_adapter!(Workday);

impl Adapter for Workday {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let site = Site::from_request(request)?;
        let outcome = fetch_offset_pages(request, &site)?;
        Ok(outcome.map_page(map::as_window_if_capped))
    }
}

impl OffsetPages for Site {
    fn paging(&self) -> Paging {
        api::PAGING
    }

    fn request(&self, skip: usize) -> Request {
        api::listing(self, skip)
    }

    fn accept(&self, response: Response) -> Result<Response, SourceError> {
        api::accept(response)
    }

    fn is_transient(&self, response: &Response) -> bool {
        api::is_redirect(response)
    }

    fn read(&self, response: &Response) -> Result<Chunk, SourceError> {
        map::chunk(&response.json()?, self)
    }
}

impl DetailedAdapter for Workday {
    fn fetch_details(
        request: &FetchRequest,
        wanted: &[Wanted],
    ) -> Result<Vec<(String, Detail)>, SourceError> {
        let site = Site::from_request(request)?;
        Ok(fetch_each_accepted(
            wanted,
            |job| api::posting(&site, &job.token),
            api::accept,
            |_, response| map::details(response.json()?),
        ))
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_site_and_its_texts_are_read_from_a_cassette() {
        let scan = testing::scan::<Workday>("cassettes/board").expect("a site");
        assert_eq!((scan.jobs.len(), scan.total), (3, Some(5)));
        let wanted = [
            (
                "R264661",
                "/job/US-OR-Beaverton/Engineer--Equipment_R264661",
            ),
            ("RQ221571-1", "/job/DEU-Wiesbaden/Cloud-Engineer_RQ221571-1"),
            ("RQ221571-2", "/job/USA-DC/Cloud-Engineer_RQ221571-2"),
        ];
        let details = testing::details::<Workday>("cassettes/board", &wanted).expect("details");
        let [(_, Detail::Found(job)), (_, missing), (_, not_posted)] = &details[..] else {
            panic!("{details:?}")
        };
        assert!(job.company.is_some());
        assert_eq!((missing, not_posted), (&Detail::Gone, &Detail::Gone));
    }

    #[test]
    fn a_site_under_maintenance_is_an_error() {
        let failure = |cassette: &str| {
            testing::scan::<Workday>(format!("cassettes/{cassette}")).expect_err("no site")
        };
        assert!(matches!(failure("busy"), SourceError::Upstream((303, _))));
        assert!(
            matches!(failure("maintenance"), SourceError::UnexpectedResponse(message) if message.contains("maintenance"))
        );
    }

    #[test]
    fn an_invalid_identifier_fails_without_a_request() {
        let outcome = Workday::fetch_jobs(&testing::request("acme", "{}"));
        assert!(matches!(outcome, Err(SourceError::InvalidOptions(_))));
    }
}
