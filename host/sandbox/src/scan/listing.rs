//! Reads a board's listing to its end: page by page, with the contract's rules for pages and the
//! limits of the whole scan.

use std::collections::HashSet;
use std::time::Duration;

use job_scanner_core::escape::Printable;
use job_scanner_core::raw::RawJob;
use job_scanner_core::validator::Validator;

use crate::error::ScanError;
use crate::scan::page::{Page, PageOutcome};
use crate::scan::scan::{Scan, check_amount};

/// The largest state and cursor that an adapter may return, in bytes.
const MAX_STATE_BYTES: u64 = 64 * 1024;
const MAX_CURSOR_BYTES: u64 = 4 * 1024;
/// The number of warnings that are kept per scan, and the maximum length of each in bytes.
const MAX_WARNINGS: usize = 100;
const MAX_WARNING_BYTES: usize = 1024;

/// The listing of one scan.
#[derive(Debug)]
pub struct Listing {
    /// All jobs that were read before the end or a failure, in the board's order.
    pub jobs: Vec<RawJob>,
    pub end: ListingEnd,
    /// The adapter's warnings, escaped for printing.
    pub warnings: Vec<String>,
    /// The state for the next scan, valid if this one is complete.
    pub state: Option<String>,
    /// The validators for the next scan, valid if this one is complete.
    pub validators: Vec<Validator>,
    /// The pause that the board requested after at least one job was read; `None` if it requested
    /// none.
    pub retry_after: Option<Duration>,
}

/// The reason why a listing ended.
#[derive(Debug)]
pub enum ListingEnd {
    /// The listing contains all open jobs.
    Complete,
    /// A page reported that the listing contains only some of the open jobs.
    Window,
    /// The listing was cut at the source's `max_jobs`.
    Truncated,
    /// Nothing has changed since the last complete scan.
    NotModified,
    /// The scan was cut short: the jobs are valid, but some are missing.
    Partial(String),
    /// The scan failed without returning jobs.
    Failed(ScanError),
}

/// A listing that is being read.
struct ListingReader<'s, 'a> {
    scan: &'s mut Scan<'a>,
    seen_cursors: HashSet<String>,
    jobs: Vec<RawJob>,
    warnings: Vec<String>,
    dropped_warnings: u64,
    state: Option<String>,
    window: bool,
    total: Option<u32>,
    retry_after: Option<Duration>,
}

/// The next step after a page.
enum NextStep {
    Page,
    End(ListingEnd),
}

impl Scan<'_> {
    /// Reads the listing to its end. If a later page fails, the jobs of earlier pages are kept.
    pub async fn read_listing(&mut self) -> Listing {
        ListingReader::new(self).read().await
    }
}

impl<'s, 'a> ListingReader<'s, 'a> {
    fn new(scan: &'s mut Scan<'a>) -> Self {
        Self {
            state: scan.request.state.clone(),
            scan,
            seen_cursors: HashSet::new(),
            jobs: Vec::new(),
            warnings: Vec::new(),
            dropped_warnings: 0,
            window: false,
            total: None,
            retry_after: None,
        }
    }

    async fn read(mut self) -> Listing {
        let end = match self.read_pages().await {
            Ok(end) => end,
            Err(error) => self.failed(error),
        };

        if self.dropped_warnings > 0 {
            self.warnings.push(format!(
                "{} further warnings were dropped",
                self.dropped_warnings
            ));
        }

        Listing {
            jobs: self.jobs,
            end,
            warnings: self.warnings,
            state: self.state,
            validators: self.scan.http.take_validators(),
            retry_after: self.retry_after,
        }
    }

    fn failed(&mut self, error: ScanError) -> ListingEnd {
        if error.concerns_all_requests() {
            self.scan.drop_instance();
        }
        if self.jobs.is_empty() {
            return ListingEnd::Failed(error);
        }

        if let ScanError::RateLimited { retry_after } = error {
            self.retry_after = retry_after;
        }
        ListingEnd::Partial(format!("page {} failed: {error}", self.scan.pages + 1))
    }

    async fn read_pages(&mut self) -> Result<ListingEnd, ScanError> {
        self.scan.instantiate().await?;

        loop {
            let most = self.scan.limits().pages;
            if self.scan.pages >= most {
                return Err(ScanError::EndlessPaging(format!("more than {most} pages")));
            }

            let page = match self.scan.fetch_page().await? {
                PageOutcome::Page(page) => page,
                PageOutcome::NotModified => return self.not_modified(),
                PageOutcome::Failed(error) => return Err(self.scan.guest_error(error)),
            };
            self.scan.pages += 1;
            if let NextStep::End(end) = self.accept_page(page)? {
                return Ok(end);
            }
        }
    }

    /// Checks a `not-modified` result. It concerns the whole listing, so it is valid only as the
    /// first result, and only if the board's responses were unchanged or the last complete scan
    /// returned a state.
    fn not_modified(&self) -> Result<ListingEnd, ScanError> {
        let first = self.scan.pages == 0;
        if first && (self.scan.http.unchanged() > 0 || self.scan.request.state.is_some()) {
            return Ok(ListingEnd::NotModified);
        }

        let why = if first {
            "although nothing was compared with an earlier scan"
        } else {
            "after its first page"
        };
        Err(ScanError::UnexpectedResponse(format!(
            "the adapter returned `not-modified` {why}"
        )))
    }

    fn accept_page(&mut self, page: Page) -> Result<NextStep, ScanError> {
        // A page that exceeds a limit is dropped as a whole.
        self.check_output(&page)?;

        self.window |= page.window;
        self.total = page.total.or(self.total);
        for warning in &page.warnings {
            self.add_warning(warning);
        }
        self.state = page.state.or(self.state.take());
        self.jobs.extend(page.jobs);
        self.scan.jobs = self.jobs.len() as u64;

        if let Some(end) = self.check_max_jobs() {
            return Ok(NextStep::End(end));
        }
        match page.next {
            None => Ok(NextStep::End(self.finished())),
            Some(cursor) => self.continue_from(cursor),
        }
    }

    fn continue_from(&mut self, cursor: String) -> Result<NextStep, ScanError> {
        if !self.seen_cursors.insert(cursor.clone()) {
            return Err(ScanError::EndlessPaging(
                "the adapter returned the same cursor twice".to_owned(),
            ));
        }
        self.scan.request.cursor = Some(cursor);
        Ok(NextStep::Page)
    }

    fn check_output(&mut self, page: &Page) -> Result<(), ScanError> {
        let limits = self.scan.limits();
        self.scan.count_output(page.bytes())?;

        let on_page = page.jobs.len() as u64;
        let in_all = self.jobs.len() as u64 + on_page;
        check_amount("jobs of one page", on_page, limits.page_jobs)?;
        check_amount("jobs of one scan", in_all, limits.scan_jobs)?;

        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len) as u64;
        check_amount("bytes of a cursor", length(&page.next), MAX_CURSOR_BYTES)?;
        check_amount("bytes of a state", length(&page.state), MAX_STATE_BYTES)
    }

    /// Cuts the listing at the source's `max_jobs`.
    fn check_max_jobs(&mut self) -> Option<ListingEnd> {
        let max_jobs = self.scan.request.max_jobs? as usize;
        if self.jobs.len() < max_jobs {
            return None;
        }

        // The adapter knows `max_jobs` too and may have stopped there, so a missing next page does
        // not prove that the listing is complete.
        self.jobs.truncate(max_jobs);
        Some(ListingEnd::Truncated)
    }

    fn finished(&self) -> ListingEnd {
        if self.window {
            return ListingEnd::Window;
        }

        let ids: HashSet<&str> = self
            .jobs
            .iter()
            .map(|job| job.external_id.as_str())
            .collect();
        let listed = ids.len();

        match self.total {
            Some(total) if listed < total as usize => ListingEnd::Partial(format!(
                "the board says it has {total} jobs, but listed {listed}"
            )),
            _ => ListingEnd::Complete,
        }
    }

    fn add_warning(&mut self, warning: &str) {
        if self.warnings.len() >= MAX_WARNINGS {
            self.dropped_warnings += 1;
            return;
        }

        self.warnings
            .push(Printable(warning).cut(MAX_WARNING_BYTES));
    }
}
