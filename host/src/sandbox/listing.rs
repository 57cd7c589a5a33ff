//! Reading a board's listing to its end: pages in order, the contract's rules on them, the budgets of the whole scan.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use job_scanner_core::escape::Printable;
use job_scanner_core::raw::RawJob;
use job_scanner_core::validator::Validator;
use wasmtime::Store;

use super::adapter::Adapter;
use super::budget::{BudgetUse, Used};
use super::contract::Instance;
use super::error::ScanError;
use super::http::{HttpSession, LastAnswer};
use super::page::{Page, PageOutcome, PageRequest};
use super::scan_state::{ScanState, classify};
use super::wall_clock::WallClock;
use crate::config::Limits;

/// The largest state and cursor an adapter may hand us, in bytes.
const MAX_STATE_BYTES: usize = 64 * 1024;
const MAX_CURSOR_BYTES: usize = 4 * 1024;
/// How many warnings are kept of one scan, and how long each may be.
const MAX_WARNINGS: usize = 100;
const MAX_WARNING_BYTES: usize = 1024;

/// What one scan brought, however it ended.
#[derive(Debug)]
pub struct Listing {
    /// Everything that was read, in the board's order, before any failure.
    pub jobs: Vec<RawJob>,
    /// How it ended.
    pub end: ListingEnd,
    /// The adapter's warnings and ours, fit to be printed.
    pub warnings: Vec<String>,
    /// What to hand the next scan, if this one is complete.
    pub state: Option<String>,
    /// What the next scan may ask with, if this one is complete.
    pub validators: Vec<Validator>,
    /// What the board answered last; `None` when it was never asked.
    pub last_answer: Option<LastAnswer>,
    /// What it used of its budgets.
    pub budget: BudgetUse,
    /// How long guest code ran: what `budget` has in whole milliseconds.
    pub cpu: Duration,
}

/// How a listing ended.
#[derive(Debug)]
pub enum ListingEnd {
    /// All open jobs are in.
    Complete,
    /// A page said that these are only some of the open jobs.
    Window,
    /// Stopped at the number of jobs that the source may have.
    Truncated,
    /// Nothing changed since the last complete scan.
    NotModified,
    /// Cut short: what is there is true, but not all.
    Partial(String),
    /// Nothing usable.
    Failed(ScanError),
}

/// One scan under way.
pub(super) struct ListingReader<'a> {
    adapter: &'a Adapter,
    limits: &'a Limits,
    store: Store<ScanState>,
    http: Arc<HttpSession>,
    wall: Arc<WallClock>,
    request: PageRequest,
    seen_cursors: HashSet<String>,
    jobs: Vec<RawJob>,
    warnings: Vec<String>,
    window: bool,
    total: Option<u32>,
    pages: u64,
    bytes: u64,
}

/// What to do after a page.
enum Next {
    Page,
    End(ListingEnd),
}

impl<'a> ListingReader<'a> {
    pub(super) fn new(
        adapter: &'a Adapter,
        limits: &'a Limits,
        store: Store<ScanState>,
        http: Arc<HttpSession>,
        wall: Arc<WallClock>,
        request: PageRequest,
    ) -> Self {
        Self {
            adapter,
            limits,
            store,
            http,
            wall,
            request,
            seen_cursors: HashSet::new(),
            jobs: Vec::new(),
            warnings: Vec::new(),
            window: false,
            total: None,
            pages: 0,
            bytes: 0,
        }
    }

    /// Reads to the end. What earlier pages brought is kept when a later one fails.
    pub(super) async fn read(mut self) -> Listing {
        let end = match self.read_pages().await {
            Ok(end) => end,
            Err(error) if self.jobs.is_empty() => ListingEnd::Failed(error),
            Err(error) => ListingEnd::Partial(format!("page {} failed: {error}", self.pages + 1)),
        };
        let dropped = self.store.data().log.dropped();
        if dropped > 0 {
            self.warn(format!("the adapter logged too much; {dropped} lines were dropped"));
        }
        let budget = self.budget();
        Listing {
            jobs: self.jobs,
            end,
            warnings: self.warnings,
            state: self.request.state,
            validators: self.http.take_validators(),
            last_answer: self.http.last_answer(),
            cpu: self.store.data().cpu.used(),
            budget,
        }
    }

    async fn read_pages(&mut self) -> Result<ListingEnd, ScanError> {
        let instance = self.instantiate().await?;
        loop {
            if self.pages >= self.limits.pages {
                return Err(ScanError::EndlessPaging(format!("more than {} pages", self.limits.pages)));
            }
            let page = match self.call(&instance).await? {
                PageOutcome::Page(page) => page,
                PageOutcome::NotModified => return self.not_modified(),
                PageOutcome::Failed(error) => return Err(self.told(error)),
            };
            self.pages += 1;
            if let Next::End(end) = self.take(page)? {
                return Ok(end);
            }
        }
    }

    async fn instantiate(&mut self) -> Result<Instance, ScanError> {
        let made = self.adapter.prepared().instantiate(&mut self.store).await;
        made.map_err(|error| match classify(error, self.store.data(), self.limits) {
            ScanError::Trapped(words) => ScanError::NotStarted(words),
            error => error,
        })
    }

    /// Asks for one page, within what is left of the scan's wall clock.
    async fn call(&mut self, instance: &Instance) -> Result<PageOutcome, ScanError> {
        self.wall.start_page();
        self.store.data_mut().cpu.start_page();
        let answer = self.wall.within(instance.fetch_page(&mut self.store, &self.request)).await?;
        answer.map_err(|error| classify(error, self.store.data(), self.limits))
    }

    /// "Not modified" speaks of the whole listing, so only the first call may say it, and only with a reason: the
    /// board's answers were the ones of the last complete scan, or that scan left a state behind.
    fn not_modified(&self) -> Result<ListingEnd, ScanError> {
        let first = self.pages == 0;
        if first && (self.http.unchanged() > 0 || self.request.state.is_some()) {
            return Ok(ListingEnd::NotModified);
        }
        let why = if first { "although nothing was compared with an earlier scan" } else { "after its first page" };
        Err(ScanError::UnexpectedResponse(format!("the adapter said `not-modified` {why}")))
    }

    /// The guest's own error, unless it only retells that it ran out of memory or time.
    fn told(&self, error: ScanError) -> ScanError {
        if self.store.data().memory.refused() {
            return ScanError::OutOfMemory { limit_bytes: self.limits.memory_bytes };
        }
        self.wall.check().err().unwrap_or(error)
    }

    fn take(&mut self, page: Page) -> Result<Next, ScanError> {
        self.check_output(&page)?;
        self.window |= page.window;
        self.total = page.total.or(self.total);
        for warning in &page.warnings {
            self.warn(Printable(warning).to_string());
        }
        let next = page.next;
        self.request.state = page.state;
        self.jobs.extend(page.jobs);
        if let Some(end) = self.truncate() {
            return Ok(Next::End(end));
        }
        let Some(cursor) = next else { return Ok(Next::End(self.finished())) };
        if !self.seen_cursors.insert(cursor.clone()) {
            return Err(ScanError::EndlessPaging("the adapter handed out the same cursor twice".to_owned()));
        }
        self.request.cursor = Some(cursor);
        Ok(Next::Page)
    }

    fn check_output(&mut self, page: &Page) -> Result<(), ScanError> {
        let too_large = |what, limit| Err(ScanError::OutputTooLarge { what, limit });
        let bytes = page.bytes();
        self.bytes += bytes;
        if bytes > self.limits.page_bytes {
            return too_large("bytes of one page", self.limits.page_bytes);
        }
        if self.bytes > self.limits.scan_bytes {
            return too_large("bytes of one scan", self.limits.scan_bytes);
        }
        if page.jobs.len() as u64 > self.limits.page_jobs {
            return too_large("jobs of one page", self.limits.page_jobs);
        }
        if (self.jobs.len() + page.jobs.len()) as u64 > self.limits.scan_jobs {
            return too_large("jobs of one scan", self.limits.scan_jobs);
        }
        if page.next.as_ref().is_some_and(|cursor| cursor.len() > MAX_CURSOR_BYTES) {
            return too_large("bytes of a cursor", MAX_CURSOR_BYTES as u64);
        }
        if page.state.as_ref().is_some_and(|state| state.len() > MAX_STATE_BYTES) {
            return too_large("bytes of a state", MAX_STATE_BYTES as u64);
        }
        Ok(())
    }

    /// Stops at the number of jobs that the source may have.
    fn truncate(&mut self) -> Option<ListingEnd> {
        let max_jobs = self.request.max_jobs? as usize;
        if self.jobs.len() < max_jobs {
            return None;
        }
        // The adapter knows the number too and may have stopped there, so "nothing more" would prove nothing.
        self.jobs.truncate(max_jobs);
        Some(ListingEnd::Truncated)
    }

    fn finished(&self) -> ListingEnd {
        if self.window {
            return ListingEnd::Window;
        }
        let ids: HashSet<&str> = self.jobs.iter().map(|job| job.external_id.as_str()).collect();
        match self.total {
            Some(total) if ids.len() < total as usize => {
                ListingEnd::Partial(format!("the board says it has {total} jobs, but listed {}", ids.len()))
            }
            _ => ListingEnd::Complete,
        }
    }

    fn warn(&mut self, mut warning: String) {
        if self.warnings.len() < MAX_WARNINGS {
            warning.truncate(warning.floor_char_boundary(MAX_WARNING_BYTES));
            self.warnings.push(warning);
        }
    }

    fn budget(&self) -> BudgetUse {
        let (state, limits) = (self.store.data(), self.limits);
        BudgetUse {
            cpu_ms: Used::millis(state.cpu.used(), limits.cpu_scan),
            wall_ms: Used::millis(self.wall.elapsed(), limits.wall_scan),
            memory_bytes: Used::new(state.memory.peak(), limits.memory_bytes),
            output_bytes: Used::new(self.bytes, limits.scan_bytes),
            jobs: Used::new(self.jobs.len() as u64, limits.scan_jobs),
            pages: Used::new(self.pages, limits.pages),
            requests: Used::new(self.http.requests(), limits.requests),
            response_bytes: Used::new(self.http.response_bytes(), limits.responses_scan_bytes),
        }
    }
}
