//! One scan of one source under way: a guest in a store of its own, and what all calls of it have
//! in common.
//!
//! [`Scan::read_listing`](crate::scan::listing) reads the pages,
//! [`Scan::fetch_details`](crate::scan::details) asks for what they leave out. Both are calls of
//! one instance and share the budgets of the whole scan.

use std::sync::Arc;
use std::time::Duration;

use job_scanner_core::adapter::Limits;
use wasmtime::{Engine, Store};

use crate::budgets::cpu_clock::CpuClock;
use crate::budgets::guest_log::GuestLog;
use crate::budgets::in_flight::Reservation;
use crate::budgets::instance_slots::{InstanceSlot, InstanceSlots};
use crate::budgets::usage::{BudgetUse, Used};
use crate::budgets::wall_clock::WallClock;
use crate::contract::lines::{Instance, Prepared};
use crate::error::ScanError;
use crate::http::{HttpSession, LastResponse};
use crate::scan::page::{DetailsOutcome, PageOutcome, PageRequest};
use crate::scan::store_state::{ScanState, classify};

/// A component that is ready to be run, and all that running it takes.
#[derive(Clone, Copy)]
pub(crate) struct Runnable<'a> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) engine: &'a Engine,
    /// The room for instances that all components of the engine share.
    pub(crate) slots: &'a InstanceSlots,
    pub(crate) limits: &'a Limits,
}

impl Runnable<'_> {
    /// A store for one instance, which writes to this log and asks through this session.
    fn fresh_store(&self, log: Arc<GuestLog>, http: Arc<HttpSession>) -> Store<ScanState> {
        ScanState::new(log, self.limits, Some(http)).into_store(self.engine)
    }
}

/// One scan under way. Dropped, it leaves nothing.
pub struct Scan<'a> {
    component: Runnable<'a>,
    pub(crate) http: Arc<HttpSession>,
    pub(crate) request: PageRequest,
    /// Pages, and calls for details.
    pub(crate) pages: u64,
    /// Listed by all pages together.
    pub(crate) jobs: u64,
    /// Whose details were asked for.
    pub(crate) details_requested: u64,
    bytes: u64,
    store: Store<ScanState>,
    cpu: Arc<CpuClock>,
    wall: Arc<WallClock>,
    reservation: Arc<Reservation>,
    /// `None` before the first call, and for good once a call of it failed: nothing of a failed
    /// store is used again.
    instance: Option<Instance>,
    /// Comes free when the store is gone, so it stands below it.
    slot: Option<InstanceSlot>,
}

impl<'a> Scan<'a> {
    /// A scan whose log and session are these. It has no instance until there is room for one.
    pub(crate) fn new(
        component: Runnable<'a>,
        log: Arc<GuestLog>,
        http: Arc<HttpSession>,
        wall: Arc<WallClock>,
        reservation: Arc<Reservation>,
        request: PageRequest,
    ) -> Self {
        let store = component.fresh_store(log, Arc::clone(&http));
        let cpu = Arc::clone(&store.data().cpu);
        Self {
            component,
            http,
            request,
            pages: 0,
            jobs: 0,
            details_requested: 0,
            bytes: 0,
            store,
            cpu,
            wall,
            reservation,
            instance: None,
            slot: None,
        }
    }

    pub(crate) fn limits(&self) -> &'a Limits {
        self.component.limits
    }

    /// Makes the instance that all calls of the scan are to, once there is room for it. Where the
    /// host has no memory for it, others have: it is tried again when one of them has ended.
    pub(crate) async fn instantiate(&mut self) -> Result<(), ScanError> {
        let mut retry = self.component.slots.retry();
        loop {
            self.acquire_slot().await?;
            match self.instantiate_once().await {
                Err(error @ ScanError::NoHostMemory(_)) => {
                    // While it keeps its own place, the room never looks empty to it.
                    self.release_slot();

                    let wait = wait_for_other_scans(&self.wall, &self.reservation, retry.wait());
                    if !self.wall.within(wait).await? {
                        return Err(error);
                    }
                }
                made => return made,
            }
        }
    }

    async fn acquire_slot(&mut self) -> Result<(), ScanError> {
        let wait = wait_for_other_scans(&self.wall, &self.reservation, self.component.slots.acquire());
        self.slot = Some(self.wall.within(wait).await?);
        Ok(())
    }

    /// Nothing of a store is used again in which an instance was begun.
    fn release_slot(&mut self) {
        let log = Arc::clone(&self.store.data().log);
        self.store = self.component.fresh_store(log, Arc::clone(&self.http));
        self.cpu = Arc::clone(&self.store.data().cpu);

        // Only now is all of the old store gone, whose memory the place stands for.
        self.slot = None;
    }

    /// A component may compute and wait while it is made, within the bounds of a page.
    async fn instantiate_once(&mut self) -> Result<(), ScanError> {
        let making = self.component.prepared.instantiate(&mut self.store);
        let made = self.wall.within(self.cpu.measured(making)).await?;

        let instance =
            made.map_err(
                |error| match classify(error, self.store.data(), self.limits()) {
                    ScanError::Trapped(words) => ScanError::NotStarted(words),
                    error => error,
                },
            )?;
        self.instance = Some(instance);
        Ok(())
    }

    pub(crate) fn has_details(&self) -> bool {
        self.component.prepared.has_details()
    }

    /// Fails once the scan, or the run that it is part of, has no time left.
    pub(crate) fn check_time(&self) -> Result<(), ScanError> {
        self.wall.check()
    }

    /// Returns true if the guest may still be called.
    pub(crate) fn has_instance(&self) -> bool {
        self.instance.is_some()
    }

    /// The guest is not called again.
    pub(crate) fn drop_instance(&mut self) {
        self.instance = None;
    }

    /// Asks for one page, within what is left of the scan's wall clock.
    pub(crate) async fn fetch_page(&mut self) -> Result<PageOutcome, ScanError> {
        let instance = self.begin_call().await?;
        let call = instance.fetch_page(&mut self.store, &self.request);
        let result = self.wall.within(self.cpu.measured(call)).await;
        self.end_call(instance, result)
    }

    /// Asks for the details of these jobs, each an external id and its token, within the same
    /// bounds as a page.
    pub(crate) async fn fetch_batch(
        &mut self,
        requests: &[(&str, &str)],
    ) -> Result<DetailsOutcome, ScanError> {
        let instance = self.begin_call().await?;
        let call = instance.fetch_details(&mut self.store, &self.request, requests);
        let result = self.wall.within(self.cpu.measured(call)).await;
        self.end_call(instance, result)
    }

    async fn begin_call(&mut self) -> Result<Instance, ScanError> {
        self.wall.start_page();
        self.cpu.start_page();

        self.wall.scan_paused(self.reservation.wait_for_room()).await;

        self.instance
            .take()
            .ok_or_else(|| ScanError::NotStarted("an earlier call of it failed".to_owned()))
    }

    /// The instance is kept if the call returned, whatever it says.
    fn end_call<T>(
        &mut self,
        instance: Instance,
        result: Result<wasmtime::Result<T>, ScanError>,
    ) -> Result<T, ScanError> {
        let returned =
            result?.map_err(|error| classify(error, self.store.data(), self.limits()))?;
        self.instance = Some(instance);
        self.http.release_delivered();
        Ok(returned)
    }

    /// The guest's own error, unless it only retells that it ran out of memory or time.
    pub(crate) fn guest_error(&mut self, error: ScanError) -> ScanError {
        if let Err(out_of_memory) = self.store.data().memory.check() {
            self.drop_instance();
            return out_of_memory;
        }

        self.wall.check().err().unwrap_or(error)
    }

    /// Counts what one call returned.
    pub(crate) fn count_output(&mut self, bytes: u64) -> Result<(), ScanError> {
        self.bytes += bytes;

        check_amount("bytes of one page", bytes, self.limits().page_bytes)?;
        check_amount("bytes of one scan", self.bytes, self.limits().scan_bytes)?;
        self.reservation.hold(bytes);
        Ok(())
    }

    /// Says that log lines were dropped, if they were.
    pub fn log_warning(&self) -> Option<String> {
        let dropped = self.store.data().log.dropped();
        (dropped > 0).then(|| format!("the adapter logged too much; {dropped} lines were dropped"))
    }

    /// The board's last answer; `None` when it was never asked.
    pub fn last_response(&self) -> Option<LastResponse> {
        self.http.last_response()
    }

    /// The time for which the guest computed: that of [`Self::budget`], but for the host's work on
    /// its requests.
    pub fn guest_cpu(&self) -> Duration {
        self.cpu.used_by_guest()
    }

    /// What the scan used so far.
    pub fn budget(&self) -> BudgetUse {
        let (state, limits) = (self.store.data(), self.limits());
        let (log_lines_left, log_bytes_left) = state.log.left();

        BudgetUse {
            cpu_ms: Used::millis(self.cpu.used(), limits.cpu_scan),
            wall_ms: Used::millis(self.wall.elapsed(), limits.wall_scan),
            memory_bytes: Used::new(state.memory.peak(), limits.memory_bytes),
            output_bytes: Used::new(self.bytes, limits.scan_bytes),
            jobs: Used::new(self.jobs, limits.scan_jobs),
            details: Used::new(self.details_requested, limits.details),
            pages: Used::new(self.pages, limits.pages),
            requests: Used::new(self.http.requests(), limits.requests),
            response_bytes: Used::new(self.http.response_bytes(), limits.responses_scan_bytes),
            responses_held_bytes: Used::new(
                self.http.most_held_bytes(),
                limits.responses_held_bytes,
            ),
            log_lines: Used::new(limits.log_lines - log_lines_left, limits.log_lines),
            log_bytes: Used::new(limits.log_bytes - log_bytes_left, limits.log_bytes),
        }
    }
}

/// Waits for what other scans have: none of this one's time, and they do not wait for it meanwhile.
async fn waiting<T>(
    wall: &WallClock,
    reservation: &Reservation,
    wait: impl Future<Output = T>,
) -> T {
    let _yielded = reservation.yield_priority();
    wall.scan_paused(wait).await
}

/// # Errors
///
/// [`ScanError::OutputTooLarge`] when the guest returned more than it may.
pub(crate) fn check_amount(what: &'static str, used: u64, limit: u64) -> Result<(), ScanError> {
    if used > limit {
        Err(ScanError::OutputTooLarge {
            what,
            used: Some(used),
            limit,
        })
    } else {
        Ok(())
    }
}
