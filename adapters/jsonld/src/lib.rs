//! Careers pages that contain a [`JobPosting`](https://schema.org/JobPosting), found through a
//! sitemap or a list.
//!
//! Each scan requests every page, since nothing else reveals its content. Each call reads
//! [`PAGES_PER_CALL`] pages, in the order of their URLs. [`sitemap`] finds the pages, and [`site`]
//! keeps them sorted and detects an unchanged site. [`postings`] reads the jobs of a page, and
//! [`position`] is the progress of a scan.

mod position;
pub mod postings;
mod site;
pub mod sitemap;

use job_scanner_sdk::{
    Adapter, FetchRequest, Level, Outcome, Page, Request, Response, SourceError, export_adapter,
    log, send_all,
};

use position::Position;
use site::Site;

struct JsonLd;

export_adapter!(JsonLd);

/// The number of pages that one call reads. Pages are large, and the host holds at most 64 MiB of
/// responses.
const PAGES_PER_CALL: usize = 48;

impl Adapter for JsonLd {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        request.check_cursor()?;
        let position = Position::from_request(request);
        let site = Site::from_request(request)?;
        let pages = site.pages_after(position.after.as_deref());
        let is_whole = pages.len() == site.pages().len();

        let mut responses = request_pages(pages, is_whole);
        if is_whole && site::is_unchanged_site(pages, &responses, request.state.as_deref()) {
            return Ok(Outcome::NotModified);
        }
        request_bodies(pages, &mut responses);
        let state = is_whole.then(|| site::fingerprint(pages, &responses));
        let mut read = ReadPages::from_responses(pages, responses)?;

        let has_postings = position.has_postings || !read.page.jobs.is_empty();
        let is_last = site.is_last(pages);
        if is_last && !has_postings && read.refusal.is_none() {
            return Err(read.no_postings_error(is_whole, site.pages().len()));
        }
        read.page.state = state;
        read.page.next = match (read.refusal, pages.last()) {
            (Some(error), _) => Some(error.to_cursor()),
            (None, Some(last)) if !is_last => Some(
                Position {
                    after: Some(last.clone()),
                    has_postings,
                }
                .to_cursor(),
            ),
            _ => None,
        };
        Ok(Outcome::Page(
            read.page.with_unreadable_as_window(read.unreadable),
        ))
    }
}

type PageResult = Result<Response, SourceError>;

/// The pages that were read in one call.
struct ReadPages {
    page: Page,
    /// A message for the operator about each page or posting that could not be read.
    unreadable: Vec<String>,
    /// The error of the first page that does not exist.
    missing: Option<SourceError>,
    /// The number of pages that exist.
    pages: usize,
    /// An error that concerns all requests. No further pages are read.
    refusal: Option<SourceError>,
}

impl ReadPages {
    /// Reads the jobs of the pages. Fails if no page could be read. A page that does not exist is
    /// not a failure: the sitemap listed it a moment ago.
    fn from_responses(
        addresses: &[String],
        responses: Vec<PageResult>,
    ) -> Result<Self, SourceError> {
        let (mut unreadable, mut failures) = (Vec::new(), Vec::new());
        let (mut missing, mut refusal) = (None, None);
        let mut page = Page::whole_board(Vec::new());
        let mut pages = 0;
        for (address, response) in addresses.iter().zip(responses) {
            match response {
                Ok(response) => {
                    pages += 1;
                    page.jobs
                        .extend(postings::jobs(&response.body, address, &mut unreadable));
                }
                Err(SourceError::NotFound(message)) => {
                    log(Level::Info, &message);
                    missing.get_or_insert(SourceError::NotFound(message));
                }
                Err(error) if error.concerns_all_requests() => _ = refusal.get_or_insert(error),
                Err(error) => failures.push((address, error)),
            }
        }
        if let Some(error) = refusal.take_if(|_| page.jobs.is_empty()) {
            return Err(error);
        }
        if pages == 0 && !failures.is_empty() {
            return Err(failures.swap_remove(0).1);
        }
        unreadable.extend(
            failures
                .into_iter()
                .map(|(address, error)| format!("{address}: {}", error.message())),
        );
        Ok(Self {
            page,
            unreadable,
            missing,
            pages,
            refusal,
        })
    }

    /// Returns the error for a site without any posting. A site that has no jobs now cannot be told
    /// from one that changed its pages, and the latter must not close any job.
    fn no_postings_error(&mut self, is_whole: bool, pages: usize) -> SourceError {
        match self.missing.take() {
            Some(missing) if is_whole && self.pages == 0 => missing,
            _ if pages == 0 => {
                let message = "the sitemap lists no page whose URL contains `include`";
                SourceError::UnexpectedResponse(message.to_owned())
            }
            _ => SourceError::UnexpectedResponse(
                self.unreadable
                    .pop()
                    .unwrap_or_else(|| format!("none of {pages} pages contains a JobPosting")),
            ),
        }
    }
}

/// Requests pages. If the call reads the whole site, the requests are conditional.
fn request_pages(pages: &[String], is_whole: bool) -> Vec<PageResult> {
    let requests: Vec<_> = pages
        .iter()
        .map(|page| {
            if is_whole {
                Request::get_html(page).conditional()
            } else {
                Request::get_html(page)
            }
        })
        .collect();
    send_all(&requests)
        .into_iter()
        .map(|response| response?.ok())
        .collect()
}

/// Requests unchanged pages again, to get their bodies: another page has changed.
fn request_bodies(pages: &[String], responses: &mut [PageResult]) {
    let missing: Vec<usize> = (0..responses.len())
        .filter(|&index| site::is_unchanged(&responses[index]))
        .collect();
    let requests: Vec<_> = missing
        .iter()
        .map(|&index| Request::get_html(&pages[index]))
        .collect();
    for (index, response) in missing.into_iter().zip(send_all(&requests)) {
        responses[index] = response.and_then(Response::ok);
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{Coverage, testing};

    use super::*;

    #[test]
    fn the_pages_of_a_sitemap_are_read_from_a_cassette() {
        let scan = testing::scan::<JsonLd>("cassettes/sitemap").expect("a site");
        let titles: Vec<_> = scan.jobs.iter().map(|job| job.title.as_str()).collect();
        assert_eq!(titles, ["Köchin", "Writer"]);
        assert!(
            scan.requests
                .iter()
                .all(|address| !address.contains("/news/")),
            "{:?}",
            scan.requests
        );
    }

    #[test]
    fn a_site_of_many_pages_takes_several_calls_and_one_sitemap_request() {
        let scan = testing::scan::<JsonLd>("cassettes/many-pages")
            .expect("a site whose last pages do not exist");
        assert_eq!(
            (scan.jobs.len(), scan.coverage, scan.warnings.len()),
            (2, Coverage::Complete, 0)
        );
        assert_eq!(scan.requests.len(), 1 + 51);
    }

    #[test]
    fn a_site_that_lost_all_its_postings_is_an_error() {
        let error = testing::scan::<JsonLd>("cassettes/many-pages-lost").expect_err("no jobs");
        assert_eq!(
            error,
            SourceError::UnexpectedResponse("none of 50 pages contains a JobPosting".to_owned())
        );
    }

    fn read(responses: Vec<PageResult>) -> Result<ReadPages, SourceError> {
        let addresses: Vec<_> = (0..responses.len())
            .map(|index| format!("https://a.example/{index}"))
            .collect();
        ReadPages::from_responses(&addresses, responses)
    }

    fn page(body: &str) -> Response {
        let body = body.as_bytes().to_vec();
        Response {
            status: 200,
            url: String::new(),
            headers: Vec::new(),
            body,
            unchanged: false,
        }
    }

    #[test]
    fn missing_pages_are_not_found_only_if_there_are_no_others() {
        let missing = || Err(SourceError::NotFound("no page".to_owned()));
        let mut all_missing = read(vec![missing(), missing()]).expect("no failure");
        assert!(all_missing.unreadable.is_empty());
        assert_eq!(
            all_missing.no_postings_error(true, 2),
            SourceError::NotFound("no page".to_owned())
        );
        let mut last_missing = read(vec![missing()]).expect("no failure");
        assert!(matches!(
            last_missing.no_postings_error(false, 50),
            SourceError::UnexpectedResponse(_)
        ));
        let mut some_missing = read(vec![missing(), Ok(page("<p>"))]).expect("no failure");
        assert!(matches!(
            some_missing.no_postings_error(true, 2),
            SourceError::UnexpectedResponse(_)
        ));
    }

    #[test]
    fn a_failed_page_is_reported_and_fails_only_if_no_page_was_read() {
        let failed = || Err(SourceError::Network("down".to_owned()));
        assert_eq!(
            read(vec![failed(), Ok(page("<p>"))])
                .expect("a page")
                .unreadable,
            ["https://a.example/0: down"]
        );
        assert_eq!(
            read(vec![failed(), failed()]).err(),
            Some(SourceError::Network("down".to_owned()))
        );
        let missing = Err(SourceError::NotFound("no page".to_owned()));
        assert_eq!(
            read(vec![missing, failed()]).err(),
            Some(SourceError::Network("down".to_owned()))
        );
    }

    #[test]
    fn a_rate_limit_keeps_the_jobs_that_were_read_before() {
        const JOB: &str = r#"<script type="application/ld+json">{"@type": "JobPosting", "title": "Cook"}</script>"#;
        let refused = || Err(SourceError::RateLimited(Some(60)));
        let read_before = read(vec![Ok(page(JOB)), refused()]).expect("a page");
        assert_eq!(
            (read_before.page.jobs.len(), read_before.refusal),
            (1, Some(SourceError::RateLimited(Some(60))))
        );
        assert_eq!(
            read(vec![Ok(page("<p>")), refused()]).err(),
            Some(SourceError::RateLimited(Some(60)))
        );
    }
}
