//! The one wasmtime engine of the process, and the clock tick that lets it interrupt guests.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::{Semaphore, SemaphorePermit};
use wasmtime::component::Component;
use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::budgets::address_space;
use crate::budgets::memory_limiter::{MAX_TABLE_ELEMENTS, MEMORIES_PER_COMPONENT};
use crate::budgets::instance_slots::InstanceSlots;
use crate::loading::compiled_code::CompiledCode;
use crate::loading::component_file::ComponentFile;

/// The interval at which a running guest is looked at. Short enough that 8 scans on two cores share
/// them fairly.
const EPOCH_TICK: Duration = Duration::from_millis(10);

/// Memory that stays resident for the next instances, all slots together: one memory a slot, since
/// it is stubs that the others belong to.
const KEEP_RESIDENT_BYTES: usize = 64 * 1024 * 1024;
/// The same of each table: that of an adapter fits a page or two, which is cleared faster than
/// given back.
const TABLE_KEEP_RESIDENT_BYTES: usize = 16 * 1024;

/// Core instances and tables that one component may have: interpreters compiled to components bring
/// dozens.
const CORE_INSTANCES_PER_COMPONENT: u32 = 64;
const TABLES_PER_COMPONENT: u32 = 16;
const TABLES_PER_MODULE: u32 = 4;

/// Without a pool: what each memory reserves at first, and whenever it has outgrown that. Little,
/// so that many fit; then it moves, and accesses are checked, which makes guests slower.
const RESERVED_PER_MEMORY: u64 = 16 * 1024 * 1024;
/// The same: what lies behind each memory, so that most accesses are checked together with their
/// neighbours.
const GUARD_BYTES: u64 = 64 * 1024;
/// The same: the stack of an instance, and its tables.
const STACK_BYTES: u64 = 4 * 1024 * 1024;
/// The part of a limited address space that everything but instances takes: stacks and heaps of
/// threads, compiled code, answers of boards, the database, and a memory that moves.
const HEADROOM: u64 = 512 * 1024 * 1024;

/// The number of adapters that are asked who they are at once. It takes no time worth mentioning,
/// and each takes a slot.
const CONCURRENT_DESCRIBES: usize = 1;

/// The size of the engine, and the place of its cache.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The folder of compiled code between starts; `None` compiles again at every start. Code in
    /// this folder runs as us, so a folder that is not ours alone is not used.
    pub cache_folder: Option<PathBuf>,
    /// The number of scans that run at once.
    pub parallel_scans: usize,
    /// The largest memory that any adapter may have, in bytes.
    pub max_memory_bytes: u64,
}

/// Compiles components and runs their instances. Cheap to clone; the tick ends with the last clone.
#[derive(Clone)]
pub struct Engine {
    inner: wasmtime::Engine,
    compiled: Option<Arc<CompiledCode>>,
    describing: Arc<Semaphore>,
    slots: InstanceSlots,
    _ticker: Arc<Ticker>,
}

impl Engine {
    /// Makes the engine and starts its tick.
    ///
    /// # Errors
    ///
    /// When the machine cannot run compiled code. That compiled code cannot be kept costs time, and
    /// a warning.
    pub fn new(options: &EngineOptions) -> anyhow::Result<Self> {
        let mut config = base_config();

        let compiled = options
            .cache_folder
            .as_deref()
            .and_then(CompiledCode::open)
            .map(Arc::new);
        config.cache(compiled.as_deref().map(CompiledCode::cache));

        let (inner, slots) = with_pool_or_on_demand(config, options)
            .map_err(anyhow::Error::from)
            .context("cannot start the WebAssembly engine")?;
        let describing = Arc::new(Semaphore::new(CONCURRENT_DESCRIBES));
        let ticker = Arc::new(Ticker::start(&inner)?);

        Ok(Self {
            inner,
            compiled,
            describing,
            slots,
            _ticker: ticker,
        })
    }

    /// Compiles a component, or takes it from the cache.
    pub(crate) fn compile(&self, file: &ComponentFile) -> wasmtime::Result<Component> {
        let compile = || Component::from_binary(&self.inner, &file.bytes);
        match &self.compiled {
            Some(compiled) => compiled.load_or_compile(&file.digest, compile),
            None => compile(),
        }
    }

    /// Waits until no other instance only says who it is. Scans have slots of their own, whatever
    /// is being loaded.
    pub(crate) async fn acquire_describe_permit(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.describing.acquire().await.ok()
    }

    /// The room for instances.
    pub(crate) fn slots(&self) -> &InstanceSlots {
        &self.slots
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.inner
    }
}

/// All that our adapters do not need is off: code that is not there cannot be attacked.
fn base_config() -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .concurrency_support(false)
        // Tells where in the file a trap was, which no message says; it would be a tenth of what is
        // read at each start.
        .generate_address_map(false)
        .wasm_memory64(false)
        .wasm_tail_call(false)
        .wasm_relaxed_simd(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false);
    config
}

/// Pooled slots make an instance without a system call. Where their address space cannot be
/// reserved (a memory limit of the container or the shell), or nothing would be left beside it,
/// instances are made on demand.
fn with_pool_or_on_demand(
    mut config: Config,
    options: &EngineOptions,
) -> wasmtime::Result<(wasmtime::Engine, InstanceSlots)> {
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(options)));
    match wasmtime::Engine::new(&config) {
        Ok(pooled) if address_space::left().is_none_or(|left| left >= HEADROOM) => {
            return Ok((pooled, InstanceSlots::new(Semaphore::MAX_PERMITS)));
        }
        // It gives its address space back before the next one looks at what is left.
        Ok(pooled) => drop(pooled),
        Err(error) => tracing::debug!(
            error = format!("{error:#}"),
            "no pool of instances: {error}"
        ),
    }

    let engine = wasmtime::Engine::new(on_demand(&mut config))?;
    let at_once = options.parallel_scans.saturating_add(CONCURRENT_DESCRIBES);
    let places = address_space::left().map_or(at_once, |left| {
        slots_within(left, options.max_memory_bytes).min(at_once)
    });

    tracing::warn!(
        places,
        "the address space is limited (`ulimit -v`, `LimitAS=`, a container): adapters run slower, and {places} at once"
    );
    Ok((engine, InstanceSlots::new(places)))
}

/// Each memory takes little more address space than it holds.
fn on_demand(config: &mut Config) -> &Config {
    config
        .allocation_strategy(InstanceAllocationStrategy::OnDemand)
        .memory_reservation(RESERVED_PER_MEMORY)
        .memory_reservation_for_growth(RESERVED_PER_MEMORY)
        .memory_guard_size(GUARD_BYTES)
        .guard_before_linear_memory(false)
}

/// The number of instances that there is room for when each takes as much as it may; one is tried
/// in any case.
fn slots_within(left: u64, max_memory_bytes: u64) -> usize {
    let memories = u64::from(MEMORIES_PER_COMPONENT) * (RESERVED_PER_MEMORY + GUARD_BYTES);
    let each = max_memory_bytes.saturating_add(memories + STACK_BYTES);

    let places = left.saturating_sub(HEADROOM) / each;
    usize::try_from(places).unwrap_or(usize::MAX).max(1)
}

fn pool(options: &EngineOptions) -> PoolingAllocationConfig {
    let at_once = options.parallel_scans.saturating_add(CONCURRENT_DESCRIBES);
    let slots = u32::try_from(at_once).unwrap_or(u32::MAX);

    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(slots)
        .total_core_instances(slots.saturating_mul(CORE_INSTANCES_PER_COMPONENT))
        .total_memories(slots.saturating_mul(MEMORIES_PER_COMPONENT))
        .total_tables(slots.saturating_mul(TABLES_PER_COMPONENT))
        .total_stacks(slots)
        // With more than that to choose from, an adapter without a memory of its own takes one of
        // another's.
        .max_unused_warm_slots(slots)
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT)
        .max_memories_per_component(MEMORIES_PER_COMPONENT)
        .max_tables_per_component(TABLES_PER_COMPONENT)
        .max_memories_per_module(1)
        .max_tables_per_module(TABLES_PER_MODULE)
        .table_elements(MAX_TABLE_ELEMENTS)
        .max_memory_size(usize::try_from(options.max_memory_bytes).unwrap_or(usize::MAX))
        .linear_memory_keep_resident(KEEP_RESIDENT_BYTES / slots as usize)
        .table_keep_resident(TABLE_KEEP_RESIDENT_BYTES);
    pool
}

/// A thread that raises the engine's epoch, so that running guests look at their budgets.
struct Ticker {
    stopped: Arc<AtomicBool>,
}

impl Ticker {
    fn start(engine: &wasmtime::Engine) -> std::io::Result<Self> {
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopped);
        // A strong one would keep the engine, and with it the thread, for ever.
        let ticks = engine.weak();

        thread::Builder::new()
            .name("epoch-tick".into())
            .spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    thread::sleep(EPOCH_TICK);
                    match ticks.upgrade() {
                        Some(engine) => engine.increment_epoch(),
                        None => return,
                    }
                }
            })?;
        Ok(Self { stopped })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instance_slots_depend_on_the_address_space_and_are_at_least_one() {
        const GIB: u64 = 1024 * 1024 * 1024;
        let max_memory = GIB / 4;
        let places = |left| slots_within(left, max_memory);
        assert_eq!(
            [places(0), places(GIB / 2), places(GIB), places(3 * GIB)],
            [1, 1, 1, 7]
        );
        assert_eq!(slots_within(16 * GIB, u64::MAX), 1);
    }
}
