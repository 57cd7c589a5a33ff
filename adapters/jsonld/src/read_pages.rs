//! The pages of one call: their requests, and what they contain.

use job_scanner_sdk::{Level, Request, Response, SourceError, log, send_all};

use crate::identity::Posting;
use crate::postings::postings;
use crate::site;

pub(crate) type PageResult = Result<Response, SourceError>;

/// The pages that were read in one call.
#[derive(Debug, Default)]
pub(crate) struct ReadPages {
    /// The postings of all pages, in the order of the pages.
    pub(crate) postings: Vec<Posting>,
    /// For each page that was requested, the kind of its content.
    pub(crate) contents: Vec<Content>,
    /// A message for the operator about each page or posting that could not be read.
    pub(crate) unreadable: Vec<String>,
    /// The number of pages that exist.
    existing: usize,
    /// The error of the first page that does not exist.
    missing: Option<SourceError>,
    /// An error that concerns all requests. No further pages are read.
    pub(crate) refusal: Option<SourceError>,
}

/// The content of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// At least one posting.
    Postings,
    /// A page without a posting.
    Other,
    /// A page that does not exist any more, that leads to another one, or that was not read.
    None,
}

impl ReadPages {
    /// Reads the jobs of the pages. Fails if no page could be read. A page that does not exist is
    /// not a failure: the sitemap listed it a moment ago.
    pub(crate) fn from_responses(
        addresses: &[String],
        responses: Vec<PageResult>,
    ) -> Result<Self, SourceError> {
        let mut read = Self::default();
        let mut failures = Vec::new();
        for (address, response) in addresses.iter().zip(responses) {
            let content = match response {
                Ok(response) => read.page(address, &response),
                Err(SourceError::NotFound(message)) => {
                    log(Level::Info, &message);
                    read.missing.get_or_insert(SourceError::NotFound(message));
                    Content::None
                }
                Err(error) if error.concerns_all_requests() => {
                    read.refusal.get_or_insert(error);
                    Content::None
                }
                Err(error) => {
                    failures.push((address, error));
                    Content::None
                }
            };
            read.contents.push(content);
        }

        read.checked(failures)
    }

    fn page(&mut self, address: &str, response: &Response) -> Content {
        self.existing += 1;
        let unreadable = self.unreadable.len();
        let postings = postings(&response.body, address, &mut self.unreadable);
        let is_reported = self.unreadable.len() > unreadable;

        let content = match postings.is_empty() {
            false => Content::Postings,
            true if is_reported || is_elsewhere(address, &response.url) => Content::None,
            true => Content::Other,
        };
        self.postings.extend(postings);
        content
    }

    /// Returns the first failure as an error if nothing was read, and otherwise all of them as
    /// messages.
    fn checked(mut self, mut failures: Vec<(&String, SourceError)>) -> Result<Self, SourceError> {
        if let Some(error) = self.refusal.take_if(|_| self.postings.is_empty()) {
            return Err(error);
        }
        if self.existing == 0 && !failures.is_empty() {
            return Err(failures.swap_remove(0).1);
        }
        self.unreadable.extend(
            failures
                .into_iter()
                .map(|(address, error)| format!("{address}: {}", error.message())),
        );

        let others = self.contents.iter().filter(|it| **it == Content::Other);
        let (others, all) = (others.count(), self.contents.len());
        log(
            Level::Info,
            &format!("read {all} pages, {others} of them without a JobPosting"),
        );
        Ok(self)
    }

    /// Returns the error for a site without any posting. A site that has no jobs now cannot be told
    /// from one that changed its pages, and the latter must not close any job.
    pub(crate) fn no_postings_error(&mut self, is_whole: bool, pages: usize) -> SourceError {
        match self.missing.take() {
            Some(missing) if is_whole && self.existing == 0 => missing,
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

/// Returns true if a page redirects to another one. Many sites lead from the page of a job that has
/// ended to the list of jobs.
fn is_elsewhere(address: &str, arrived_at: &str) -> bool {
    let path = |address: &str| {
        let after_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
        let path = after_scheme.split_once('/').map_or("", |(_, path)| path);
        path.trim_end_matches('/').to_ascii_lowercase()
    };
    path(address) != path(arrived_at)
}

/// Requests pages. If the call reads the whole site, the requests are conditional.
pub(crate) fn request(pages: &[String], is_whole: bool) -> Vec<PageResult> {
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
pub(crate) fn request_bodies(pages: &[String], responses: &mut [PageResult]) {
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
    use super::*;

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
            url: "https://a.example/0".to_owned(),
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
            (read_before.postings.len(), read_before.refusal),
            (1, Some(SourceError::RateLimited(Some(60))))
        );
        assert_eq!(
            read(vec![Ok(page("<p>")), refused()]).err(),
            Some(SourceError::RateLimited(Some(60)))
        );
    }

    #[test]
    fn a_page_that_leads_elsewhere_is_not_a_page_without_a_posting() {
        let at = |url: &str| Response {
            url: url.to_owned(),
            ..page("<p>")
        };
        for (arrived_at, expected) in [
            ("https://a.example/0", Content::Other),
            ("http://www.a.example/0/", Content::Other),
            ("https://a.example/jobs", Content::None),
            ("https://a.example/0?gone", Content::None),
        ] {
            let read = read(vec![Ok(at(arrived_at))]).expect("a page");
            assert_eq!(read.contents, [expected], "{arrived_at}");
        }
    }
}
