//! The one wasmtime engine of the process, and the clock tick that lets it interrupt guests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::{Semaphore, SemaphorePermit};
use wasmtime::{Cache, CacheConfig, Config, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::contract::Linkers;
use super::memory::MAX_TABLE_ELEMENTS;

/// How often a running guest is looked at. Short enough that 8 scans on two cores share them fairly.
const EPOCH_TICK: Duration = Duration::from_millis(10);

/// Memory that stays resident for the next instances, all slots together: one memory a slot, since it is stubs that the
/// others belong to.
const KEEP_RESIDENT_BYTES: usize = 64 * 1024 * 1024;
/// The same of each table: that of an adapter fits a page or two, which is cleared faster than given back.
const TABLE_KEEP_RESIDENT_BYTES: usize = 16 * 1024;

/// Core instances and tables that one component may have: interpreters compiled to components bring dozens.
const CORE_INSTANCES_PER_COMPONENT: u32 = 64;
const TABLES_PER_COMPONENT: u32 = 16;
/// Memories that one component may have: that of the program and, where a tool has put stubs in place of WASI, theirs
/// (JavaScript has three in all). Each takes 4 GiB of address space in every slot, whether anybody uses it or not.
const MEMORIES_PER_COMPONENT: u32 = 4;
const TABLES_PER_MODULE: u32 = 4;

/// How many adapters are asked who they are at once. It takes no time worth mentioning, and each takes a slot.
const DESCRIBED_AT_ONCE: usize = 1;

/// What the engine is made for.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// Where compiled code is kept between starts; `None` compiles anew at every start. Code in this folder runs as
    /// us, so it is ours alone (mode 0700).
    pub cache_folder: Option<PathBuf>,
    /// How many scans run at once.
    pub parallel_scans: usize,
    /// The largest memory that any adapter may have, in bytes.
    pub max_memory_bytes: u64,
}

/// Compiles components and runs their instances. Cheap to clone; the tick ends with the last clone.
#[derive(Clone)]
pub struct Engine {
    inner: wasmtime::Engine,
    linkers: Arc<Linkers>,
    describing: Arc<Semaphore>,
    _ticker: Arc<Ticker>,
}

impl Engine {
    /// Makes the engine and starts its tick.
    ///
    /// # Errors
    ///
    /// When the cache folder cannot be made ours alone, or the machine cannot run compiled code.
    pub fn new(options: &EngineOptions) -> anyhow::Result<Self> {
        let mut config = base_config();
        if let Some(folder) = &options.cache_folder {
            config.cache(Some(open_cache(folder)?));
        }
        let inner = with_pool_or_on_demand(config, options)
            .map_err(anyhow::Error::from)
            .context("cannot start the WebAssembly engine")?;
        let linkers = Arc::new(Linkers::new(&inner)?);
        let describing = Arc::new(Semaphore::new(DESCRIBED_AT_ONCE));
        let ticker = Arc::new(Ticker::start(&inner)?);
        Ok(Self { inner, linkers, describing, _ticker: ticker })
    }

    /// Waits for a slot for an instance that only says who it is. Scans have theirs, whatever is being loaded.
    pub(super) async fn slot_to_describe(&self) -> Option<SemaphorePermit<'_>> {
        // Nobody ever closes it.
        self.describing.acquire().await.ok()
    }

    pub(super) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.inner
    }

    pub(super) fn linkers(&self) -> &Linkers {
        &self.linkers
    }
}

/// Everything that no adapter of ours needs is off: what is not there cannot be attacked.
fn base_config() -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .concurrency_support(false)
        // Tells where in the file a trap was, which nobody is told; it would be a tenth of what is read at each start.
        .generate_address_map(false)
        .wasm_memory64(false)
        .wasm_tail_call(false)
        .wasm_relaxed_simd(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false);
    config
}

/// Pooled slots make an instance without a system call. Where their address space cannot be reserved (a memory limit
/// of the container or the shell), instances are made on demand.
fn with_pool_or_on_demand(mut config: Config, options: &EngineOptions) -> wasmtime::Result<wasmtime::Engine> {
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(options)));
    wasmtime::Engine::new(&config).or_else(|error| {
        tracing::warn!(error = format!("{error:#}"), "no pool of instances, making them on demand: {error}");
        config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
        wasmtime::Engine::new(&config)
    })
}

fn pool(options: &EngineOptions) -> PoolingAllocationConfig {
    let at_once = options.parallel_scans.saturating_add(DESCRIBED_AT_ONCE);
    let slots = u32::try_from(at_once).unwrap_or(u32::MAX);
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(slots)
        .total_core_instances(slots.saturating_mul(CORE_INSTANCES_PER_COMPONENT))
        .total_memories(slots.saturating_mul(MEMORIES_PER_COMPONENT))
        .total_tables(slots.saturating_mul(TABLES_PER_COMPONENT))
        .total_stacks(slots)
        // With more than that to choose from, an adapter without a memory of its own takes one of another's.
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

fn open_cache(folder: &Path) -> anyhow::Result<Cache> {
    make_private(folder).with_context(|| format!("cannot use `{}` for compiled adapters", folder.display()))?;
    let mut config = CacheConfig::new();
    config.with_directory(folder);
    Cache::new(config).map_err(anyhow::Error::from)
}

/// Makes the folder if it is not there, and closes it to everybody else.
#[cfg(unix)]
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // Fails where the folder is somebody else's, which is the point.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}

/// A thread that raises the engine's epoch, so that running guests look at their budgets.
struct Ticker {
    stopped: Arc<AtomicBool>,
}

impl Ticker {
    fn start(engine: &wasmtime::Engine) -> std::io::Result<Self> {
        let stopped = Arc::new(AtomicBool::new(false));
        let ticks = engine.weak();
        let stop = Arc::clone(&stopped);
        thread::Builder::new().name("epoch-tick".into()).spawn(move || {
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
