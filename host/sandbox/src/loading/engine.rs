//! The single wasmtime engine of the process, and the timer that lets it interrupt guests.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::{Semaphore, SemaphorePermit};
use wasmtime::component::Component;
use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::budgets::address_space;
use crate::budgets::instance_slots::InstanceSlots;
use crate::budgets::memory_limiter::{MAX_TABLE_ELEMENTS, MEMORIES_PER_COMPONENT};
use crate::loading::compiled_code::CompiledCode;
use crate::loading::component_file::ComponentFile;

/// The interval at which a running guest is interrupted. It is short enough that 8 scans share two
/// cores fairly.
const EPOCH_TICK: Duration = Duration::from_millis(10);

/// The table memory that stays resident, in bytes per table. An adapter's table fits into a page or
/// two, which is cleared faster than it is returned to the system.
const TABLE_KEEP_RESIDENT_BYTES: usize = 16 * 1024;

/// The core instances and tables of one component. Interpreters that are compiled to components
/// have dozens of core instances.
const CORE_INSTANCES_PER_COMPONENT: u32 = 64;
const TABLES_PER_COMPONENT: u32 = 16;
const TABLES_PER_MODULE: u32 = 4;

/// The address space that each memory reserves at first, and again each time it outgrows its
/// reservation, when there is no pool. A small reservation leaves room for more instances. In
/// return a memory moves when it grows and accesses are bounds-checked, which makes guests slower.
const RESERVED_PER_MEMORY: u64 = 16 * 1024 * 1024;
/// The guard region after each memory when there is no pool. It lets most accesses share a bounds
/// check with their neighbours.
const GUARD_BYTES: u64 = 64 * 1024;
/// The stack and the tables of one instance when there is no pool.
const STACK_BYTES: u64 = 4 * 1024 * 1024;
/// The part of a limited address space that is not for instances: stacks and heaps of threads,
/// compiled code, responses of boards, the database, and the copy of a memory that moves.
const HEADROOM: u64 = 512 * 1024 * 1024;

/// The number of adapters that are described at the same time. Describing takes little time, and
/// each one needs a slot.
const CONCURRENT_DESCRIBES: usize = 1;

/// The size of the engine and the location of its cache.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The folder that keeps compiled code between starts; `None` compiles at every start. Code in
    /// this folder is executed, so a folder that is not private is not used.
    pub cache_folder: Option<PathBuf>,
    /// The number of scans that run at the same time.
    pub parallel_scans: usize,
    /// The largest memory limit of any adapter, in bytes.
    pub max_memory_bytes: u64,
}

/// Compiles components and runs their instances. Cheap to clone. The timer ends with the last
/// clone.
#[derive(Clone)]
pub struct Engine {
    inner: wasmtime::Engine,
    compiled: Option<Arc<CompiledCode>>,
    describing: Arc<Semaphore>,
    slots: InstanceSlots,
    _ticker: Arc<Ticker>,
}

impl Engine {
    /// Creates the engine and starts its timer.
    ///
    /// # Errors
    ///
    /// When the machine cannot run compiled code. An unusable cache folder is not an error: it
    /// causes a warning and costs time.
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
        let ticker = Arc::new(Ticker::start(&inner, slots.clone())?);

        Ok(Self {
            inner,
            compiled,
            describing,
            slots,
            _ticker: ticker,
        })
    }

    /// Compiles a component or takes it from the cache.
    pub(crate) fn compile(&self, file: &ComponentFile) -> wasmtime::Result<Component> {
        let compile = || Component::from_binary(&self.inner, &file.bytes);
        match &self.compiled {
            Some(compiled) => compiled.load_or_compile(&file.digest, compile),
            None => compile(),
        }
    }

    /// Waits until no other adapter is being described. Scans have their own slots, so describing
    /// never takes one from them.
    pub(crate) async fn acquire_describe_permit(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.describing.acquire().await.ok()
    }

    /// Returns the instance slots that all components share.
    pub(crate) fn slots(&self) -> &InstanceSlots {
        &self.slots
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.inner
    }
}

/// Turns off all WebAssembly features that adapters do not need, which makes the attack surface
/// smaller.
fn base_config() -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .concurrency_support(false)
        // The address map tells where in the file a trap occurred. No message says that, and the
        // map would make up a tenth of the compiled code.
        .generate_address_map(false)
        .wasm_memory64(false)
        .wasm_tail_call(false)
        .wasm_relaxed_simd(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false);
    config
}

/// Creates an engine whose pool makes an instance without a system call. Where the pool's address
/// space cannot be reserved (a memory limit of the container or the shell), or too little would be
/// left, instances are allocated on demand.
fn with_pool_or_on_demand(
    mut config: Config,
    options: &EngineOptions,
) -> wasmtime::Result<(wasmtime::Engine, InstanceSlots)> {
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(options)));
    match wasmtime::Engine::new(&config) {
        Ok(pooled) if address_space::left().is_none_or(|left| left >= HEADROOM) => {
            return Ok((pooled, InstanceSlots::new(Semaphore::MAX_PERMITS)));
        }
        // The pool must return its address space before the remaining space is measured.
        Ok(pooled) => drop(pooled),
        Err(error) => tracing::debug!(
            error = format!("{error:#}"),
            "cannot reserve the instance pool: {error}"
        ),
    }

    let engine = wasmtime::Engine::new(on_demand(&mut config))?;
    let at_once = options.parallel_scans.saturating_add(CONCURRENT_DESCRIBES);
    let places = address_space::left().map_or(at_once, |left| {
        slots_within(left, options.max_memory_bytes).min(at_once)
    });

    tracing::warn!(
        places,
        "the address space is limited (`ulimit -v`, `LimitAS=`, a container): adapters run more slowly, at most {places} at a time"
    );
    Ok((engine, InstanceSlots::new(places)))
}

/// Configures memories that take little more address space than they hold.
fn on_demand(config: &mut Config) -> &Config {
    config
        .allocation_strategy(InstanceAllocationStrategy::OnDemand)
        .memory_reservation(RESERVED_PER_MEMORY)
        .memory_reservation_for_growth(RESERVED_PER_MEMORY)
        .memory_guard_size(GUARD_BYTES)
        .guard_before_linear_memory(false)
}

/// Returns the number of instances that fit into the address space if each uses its maximum, but at
/// least one.
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
        // With a higher number, an adapter without a warm memory slot takes one of another adapter.
        .max_unused_warm_slots(slots)
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT)
        .max_memories_per_component(MEMORIES_PER_COMPONENT)
        .max_tables_per_component(TABLES_PER_COMPONENT)
        .max_memories_per_module(1)
        .max_tables_per_module(TABLES_PER_MODULE)
        .table_elements(MAX_TABLE_ELEMENTS)
        .max_memory_size(usize::try_from(options.max_memory_bytes).unwrap_or(usize::MAX))
        .table_keep_resident(TABLE_KEEP_RESIDENT_BYTES);
    pool
}

/// A thread that advances the engine's epoch while there are instances, so that running guests check
/// their budgets. At rest it would cost more than the scans do.
struct Ticker {
    slots: InstanceSlots,
}

impl Ticker {
    fn start(engine: &wasmtime::Engine, slots: InstanceSlots) -> std::io::Result<Self> {
        let instances = slots.clone();
        // A strong reference would keep the engine, and this thread, alive forever.
        let ticks = engine.weak();

        thread::Builder::new()
            .name("epoch-tick".into())
            .spawn(move || {
                while instances.wait_until_taken() {
                    thread::sleep(EPOCH_TICK);
                    match ticks.upgrade() {
                        Some(engine) => engine.increment_epoch(),
                        None => return,
                    }
                }
            })?;
        Ok(Self { slots })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.slots.end_waits();
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
