//! A running scan of one source: a guest in a separate store, and the state that all its calls
//! share.
//!
//! [`Scan::read_listing`](crate::scan::listing) reads the pages, and
//! [`Scan::fetch_details`](crate::scan::details) fetches the details that they defer. Both call the
//! same instance and share the budgets of the whole scan.

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

/// A component that is ready to run, with everything that running it requires.
#[derive(Clone, Copy)]
pub(crate) struct Runnable<'a> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) engine: &'a Engine,
    /// The instance slots that all components of the engine share.
    pub(crate) slots: &'a InstanceSlots,
    pub(crate) limits: &'a Limits,
}

impl Runnable<'_> {
    /// Creates a store for one instance with this log and this HTTP session.
    fn fresh_store(&self, log: Arc<GuestLog>, http: Arc<HttpSession>) -> Store<ScanState> {
        ScanState::new(log, self.limits, Some(http)).into_store(self.engine)
    }
}

/// A running scan. Dropping it releases everything that it holds.
pub struct Scan<'a> {
    component: Runnable<'a>,
    pub(crate) http: Arc<HttpSession>,
    pub(crate) request: PageRequest,
    /// The number of pages and of calls for details.
    pub(crate) pages: u64,
    /// The number of jobs on all pages.
    pub(crate) jobs: u64,
    /// The number of jobs whose details were requested.
    pub(crate) details_requested: u64,
    bytes: u64,
    store: Store<ScanState>,
    cpu: Arc<CpuClock>,
    wall: Arc<WallClock>,
    reservation: Arc<Reservation>,
    /// `None` before the first call, and permanently after a call failed, because a store is not
    /// used again after a failure.
    instance: Option<Instance>,
    /// Declared after `store`, because the slot must be released only when the store no longer
    /// exists.
    slot: Option<InstanceSlot>,
}

impl<'a> Scan<'a> {
    /// Creates a scan with this log and session. It has no instance yet.
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

    /// Creates the instance for all calls of the scan, as soon as there is a slot. If the host has
    /// no memory for it, other instances use it, so creation is retried when one of them ends.
    pub(crate) async fn instantiate(&mut self) -> Result<(), ScanError> {
        let mut retry = self.component.slots.retry();
        loop {
            self.acquire_slot().await?;
            match self.instantiate_once().await {
                Err(error @ ScanError::NoHostMemory(_)) => {
                    // If this scan kept its slot, other instances would always seem to be running.
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
        let wait = wait_for_other_scans(
            &self.wall,
            &self.reservation,
            self.component.slots.acquire(),
        );
        self.slot = Some(self.wall.within(wait).await?);
        Ok(())
    }

    /// Replaces the store, because a store is not used again after an instantiation was started in
    /// it, and releases the slot.
    fn release_slot(&mut self) {
        let log = Arc::clone(&self.store.data().log);
        self.store = self.component.fresh_store(log, Arc::clone(&self.http));
        self.cpu = Arc::clone(&self.store.data().cpu);

        // The slot stands for the memory of the old store, which is dropped only now.
        self.slot = None;
    }

    /// Instantiates the component. Guest code can run and wait meanwhile, so the limits of a page
    /// apply.
    async fn instantiate_once(&mut self) -> Result<(), ScanError> {
        let making = self.component.prepared.instantiate(&mut self.store);
        let made = self.wall.within(self.cpu.measured(making)).await?;

        let instance =
            made.map_err(
                |error| match classify(error, self.store.data(), self.limits()) {
                    ScanError::Trapped(message) => ScanError::NotStarted(message),
                    error => error,
                },
            )?;
        self.instance = Some(instance);
        Ok(())
    }

    pub(crate) fn has_details(&self) -> bool {
        self.component.prepared.has_details()
    }

    /// Fails once the scan, or the run that it belongs to, has no time left.
    pub(crate) fn check_time(&self) -> Result<(), ScanError> {
        self.wall.check()
    }

    /// Returns true if the guest can still be called.
    pub(crate) fn has_instance(&self) -> bool {
        self.instance.is_some()
    }

    /// Drops the instance, so that the guest is not called again.
    pub(crate) fn drop_instance(&mut self) {
        self.instance = None;
    }

    /// Fetches one page, within the scan's remaining wall-clock time.
    pub(crate) async fn fetch_page(&mut self) -> Result<PageOutcome, ScanError> {
        let instance = self.begin_call().await?;
        let call = instance.fetch_page(&mut self.store, &self.request);
        let result = self.wall.within(self.cpu.measured(call)).await;
        self.end_call(instance, result)
    }

    /// Fetches the details of these jobs, each given by its external id and token, within the
    /// limits of a page.
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

        self.wall
            .scan_paused(self.reservation.wait_for_room())
            .await;

        self.instance
            .take()
            .ok_or_else(|| ScanError::NotStarted("an earlier call failed".to_owned()))
    }

    /// Keeps the instance if the call returned a value, even an error of the guest.
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

    /// Returns the guest's error, unless the guest ran out of memory or time, which is then the
    /// actual cause.
    pub(crate) fn guest_error(&mut self, error: ScanError) -> ScanError {
        if let Err(out_of_memory) = self.store.data().memory.check() {
            self.drop_instance();
            return out_of_memory;
        }

        self.wall.check().err().unwrap_or(error)
    }

    /// Counts the bytes that one call returned.
    pub(crate) fn count_output(&mut self, bytes: u64) -> Result<(), ScanError> {
        self.bytes += bytes;

        check_amount("bytes of one page", bytes, self.limits().page_bytes)?;
        check_amount("bytes of one scan", self.bytes, self.limits().scan_bytes)?;
        self.reservation.hold(bytes);
        Ok(())
    }

    /// Returns a warning if log lines were dropped.
    pub fn log_warning(&self) -> Option<String> {
        let dropped = self.store.data().log.dropped();
        (dropped > 0).then(|| format!("the adapter logged too much; {dropped} lines were dropped"))
    }

    /// Returns the board's last response, or the first failed one; `None` if no request was sent.
    pub fn last_response(&self) -> Option<LastResponse> {
        self.http.last_response()
    }

    /// Returns the CPU time of the guest: that of [`Self::budget`] without the host's work on its
    /// requests.
    pub fn guest_cpu(&self) -> Duration {
        self.cpu.used_by_guest()
    }

    /// Returns the budgets that the scan has used so far.
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

/// Waits for other scans to release resources. The wait does not count as this scan's time, and no
/// other scan waits for this one meanwhile.
async fn wait_for_other_scans<T>(
    wall: &WallClock,
    reservation: &Reservation,
    wait: impl Future<Output = T>,
) -> T {
    let _yielded = reservation.yield_priority();
    wall.scan_paused(wait).await
}

/// Checks an amount against its limit.
///
/// # Errors
///
/// [`ScanError::OutputTooLarge`] when the guest returned more than the limit.
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
