//! The state of one scan's store, and the hooks that enforce its budgets.

use std::sync::Arc;

use job_scanner_core::adapter::Limits;
use tracing::Level;
use wasmtime::component::ResourceTable;
use wasmtime::{Engine, Store, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::budgets::cpu_clock::CpuClock;
use crate::budgets::guest_log::GuestLog;
use crate::budgets::guest_output::GuestOutput;
use crate::budgets::instance_slots::no_memory;
use crate::budgets::memory_limiter::MemoryLimiter;
use crate::error::ScanError;
use crate::http::HttpSession;

/// The number of epoch ticks between two checks of a running guest.
const TICKS_BETWEEN_CHECKS: u64 = 1;

/// The number of resources, such as streams and pollables, that a guest may hold. The memory limit
/// does not count them.
const MAX_RESOURCES: usize = 1_000;
/// The random bytes that a guest gets in one call.
const MAX_RANDOM_BYTES: u64 = 64 * 1024;

/// The least that may be transferred from the guest in one call, in bytes: a request with its body,
/// or a manifest, with room to spare.
const MIN_TRANSFER_BYTES: u64 = 4 * 1024 * 1024;

/// The state in one scan's store. Nothing in it outlives the scan, except the validators that the
/// HTTP session collects for the next one.
pub(crate) struct ScanState {
    /// Without files, arguments, environment, sockets and name lookup. Output goes to the log.
    wasi: WasiCtx,
    table: ResourceTable,
    pub(crate) memory: MemoryLimiter,
    pub(crate) cpu: Arc<CpuClock>,
    /// `None` while the guest may not send requests.
    pub(crate) http: Option<Arc<HttpSession>>,
    pub(crate) log: Arc<GuestLog>,
    /// The number of bytes that may be transferred from the guest in one call.
    max_transfer_bytes: usize,
}

impl ScanState {
    pub(crate) fn new(log: Arc<GuestLog>, limits: &Limits, http: Option<Arc<HttpSession>>) -> Self {
        let output = |level| GuestOutput::new(Arc::clone(&log), level);
        let mut table = ResourceTable::new();
        table.set_max_capacity(MAX_RESOURCES);

        let wasi = WasiCtx::builder()
            .stdout(output(Level::INFO))
            .stderr(output(Level::WARN))
            .allow_tcp(false)
            .allow_udp(false)
            .max_random_size(MAX_RANDOM_BYTES)
            .build();

        Self {
            wasi,
            table,
            memory: MemoryLimiter::new(limits.memory_bytes),
            cpu: Arc::new(CpuClock::new(limits)),
            http,
            log,
            max_transfer_bytes: max_transfer_bytes(limits),
        }
    }

    /// Creates a store with this state and all hooks.
    pub(crate) fn into_store(self, engine: &Engine) -> Store<Self> {
        let max_transfer_bytes = self.max_transfer_bytes;
        let mut store = Store::new(engine, self);
        store.set_hostcall_fuel(max_transfer_bytes);
        store.limiter(|state| &mut state.memory);

        let check = |state: &Self| state.cpu.check().map_err(wasmtime::Error::new);
        // Budgets are checked at every host call too, because an epoch tick may never find a guest
        // that calls the host constantly in its own code.
        store.call_hook(move |context, _| check(context.data()));

        store.set_epoch_deadline(TICKS_BETWEEN_CHECKS);
        store.epoch_deadline_callback(move |context| {
            check(context.data())?;
            // The yield lets other scans run.
            Ok(UpdateDeadline::Yield(TICKS_BETWEEN_CHECKS))
        });

        store
    }
}

/// Returns twice the limit of a page, so that a page that slightly exceeds the limit is counted and
/// reported with its size. Anything larger is not even copied.
fn max_transfer_bytes(limits: &Limits) -> usize {
    usize::try_from(limits.page_bytes.saturating_mul(2).max(MIN_TRANSFER_BYTES))
        .unwrap_or(usize::MAX)
}

impl WasiView for ScanState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// Returns the actual cause of a failed call.
pub(crate) fn classify(error: wasmtime::Error, state: &ScanState, limits: &Limits) -> ScanError {
    let error = match error.downcast::<ScanError>() {
        Ok(ours) => return ours,
        Err(error) => error,
    };

    // A guest that is refused memory traps, so the limiter is checked before the trap.
    if let Err(out_of_memory) = state.memory.check() {
        return out_of_memory;
    }
    if let Some(message) = no_memory(&error) {
        return ScanError::NoHostMemory(message);
    }

    let message = error.root_cause().to_string();
    // wasmtime has no public type for the error of its own transfer limit, so the message decides.
    if message.contains("fuel allocated for hostcalls") {
        return ScanError::OutputTooLarge {
            what: "bytes of one page",
            used: None,
            limit: limits.page_bytes,
        };
    }

    ScanError::Trapped(match state.log.last_line() {
        Some(line) => format!("{message}; the last line it logged is `{line}`"),
        None => message,
    })
}
