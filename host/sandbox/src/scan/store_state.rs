//! What a store holds for one scan, and the hooks through which its budgets are kept.

use std::sync::Arc;

use job_scanner_core::adapter::Limits;
use tracing::Level;
use wasmtime::component::ResourceTable;
use wasmtime::{Engine, Store, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::budgets::cpu_clock::CpuClock;
use crate::budgets::guest_log::GuestLog;
use crate::budgets::guest_output::GuestOutput;
use crate::budgets::memory_limiter::MemoryLimiter;
use crate::budgets::instance_slots::no_memory;
use crate::error::ScanError;
use crate::http::HttpSession;

/// The number of epoch ticks after which a running guest is looked at.
const TICKS_BETWEEN_CHECKS: u64 = 1;

/// The number of streams, pollables and the like that a guest may hold, which no budget of memory
/// counts.
const MAX_RESOURCES: usize = 1_000;
/// The random bytes that it gets in one call.
const MAX_RANDOM_BYTES: u64 = 64 * 1024;

/// The least that may cross the border in one call, in bytes: a request with its body, or a
/// manifest, with room.
const MIN_TRANSFER_BYTES: u64 = 4 * 1024 * 1024;

/// The state in one scan's store. Nothing of it outlives the scan but the HTTP session's memory.
pub(crate) struct ScanState {
    /// An empty context: no files, arguments, environment, sockets or name lookup. Output goes to
    /// the log.
    wasi: WasiCtx,
    table: ResourceTable,
    pub(crate) memory: MemoryLimiter,
    pub(crate) cpu: Arc<CpuClock>,
    /// `None` while the guest may make no request at all.
    pub(crate) http: Option<Arc<HttpSession>>,
    pub(crate) log: Arc<GuestLog>,
    /// The bytes that may cross the border from the guest in one call.
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

    /// A fresh store around this state, with every hook in place.
    pub(crate) fn into_store(self, engine: &Engine) -> Store<Self> {
        let max_transfer_bytes = self.max_transfer_bytes;
        let mut store = Store::new(engine, self);
        store.set_hostcall_fuel(max_transfer_bytes);
        store.limiter(|state| &mut state.memory);

        let check = |state: &Self| state.cpu.check().map_err(wasmtime::Error::new);
        // At every call of the host, too: a guest that calls often may never be met inside its own
        // code.
        store.call_hook(move |context, _| check(context.data()));

        store.set_epoch_deadline(TICKS_BETWEEN_CHECKS);
        store.epoch_deadline_callback(move |context| {
            check(context.data())?;
            // Others run now.
            Ok(UpdateDeadline::Yield(TICKS_BETWEEN_CHECKS))
        });

        store
    }
}

/// Twice what a page may have, so that a page that is somewhat too large is counted and told. More
/// than that is not even copied.
fn max_transfer_bytes(limits: &Limits) -> usize {
    usize::try_from(limits.page_bytes.saturating_mul(2).max(MIN_TRANSFER_BYTES)).unwrap_or(usize::MAX)
}

impl WasiView for ScanState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// Finds out why a call of a guest really failed.
pub(crate) fn classify(error: wasmtime::Error, state: &ScanState, limits: &Limits) -> ScanError {
    let error = match error.downcast::<ScanError>() {
        Ok(ours) => return ours,
        Err(error) => error,
    };

    // Memory that was refused comes back as a trap of the guest, so it is asked for first.
    if let Err(out_of_memory) = state.memory.check() {
        return out_of_memory;
    }
    if let Some(words) = no_memory(&error) {
        return ScanError::NoHostMemory(words);
    }

    let words = error.root_cause().to_string();
    // wasmtime's own cap on what crosses the border has a private error type, hence the look at its
    // words.
    if words.contains("fuel allocated for hostcalls") {
        return ScanError::OutputTooLarge {
            what: "bytes of one page",
            used: None,
            limit: limits.page_bytes,
        };
    }

    ScanError::Trapped(words)
}
