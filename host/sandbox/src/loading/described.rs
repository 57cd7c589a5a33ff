//! A component that was compiled, linked and described. No grants are attached to it yet.

use std::sync::Arc;
use std::time::Duration;

use job_scanner_core::adapter::{Limits, Manifest};
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::PrintableStart;

use crate::budgets::guest_log::GuestLog;
use crate::budgets::instance_slots::no_memory;
use crate::contract::lines::{Contract, Interfaces, Linkers, Prepared};
use crate::error::ScanError;
use crate::loading::compiled_code::DamagedCode;
use crate::loading::component_file::ComponentFile;
use crate::loading::engine::Engine;
use crate::loading::load_error::LoadError;
use crate::scan::store_state::{ScanState, classify};

/// The CPU time of `describe`. The contract says 50 ms. The limit is ten times that because on a
/// busy machine the time of other processes counts as the guest's.
const DESCRIBE_BUDGET: Duration = Duration::from_millis(500);
/// The time from instantiation to the manifest, including waits. A guest has nothing to wait for
/// here, so this allows for a busy machine.
const DESCRIBE_WALL: Duration = Duration::from_secs(5);

/// The number of characters that are shown of the reason why a manifest is invalid, which may quote
/// the manifest.
const MAX_SHOWN_CHARS: usize = 1_000;

/// A component and its manifest.
pub(crate) struct Described {
    pub(crate) contract: Contract,
    pub(crate) interfaces: Interfaces,
    pub(crate) manifest: Manifest,
    pub(crate) prepared: Prepared,
}

impl Described {
    /// Compiles a component or takes it from the cache, links it and reads its manifest.
    ///
    /// # Errors
    ///
    /// When the bytes are not a component of a supported contract, or the manifest is invalid.
    pub(crate) async fn of(
        engine: &Engine,
        linkers: &Linkers,
        file: &ComponentFile,
        limits: &Limits,
    ) -> Result<Self, LoadError> {
        // Bytes that do not even begin like a component must not reach the compiler.
        file.check_form()?;
        let component = engine.compile(file).map_err(|error| not_compiled(&error))?;

        let interfaces = Interfaces::of(engine.wasmtime(), &component);
        let contract = Contract::of(&interfaces)?;
        let prepared = Prepared::new(contract, linkers, &component, &interfaces)?;

        let no_manifest = |message: String| {
            let message = PrintableStart {
                text: &message,
                limit: MAX_SHOWN_CHARS,
            };
            LoadError::NoManifest(format!("cannot read its manifest: {message}"))
        };

        let json = describe(engine, &prepared, &file.name(), limits)
            .await
            .map_err(|error| match error {
                ScanError::NoHostMemory(_) => LoadError::HostFailure(error.to_string()),
                error => no_manifest(error.to_string()),
            })?;
        let manifest = Manifest::parse(&json).map_err(|error| no_manifest(error.to_string()))?;

        Ok(Self {
            contract,
            interfaces,
            manifest,
            prepared,
        })
    }
}

fn not_compiled(error: &wasmtime::Error) -> LoadError {
    if let Some(message) = no_memory(error) {
        return LoadError::HostFailure(ScanError::NoHostMemory(message).to_string());
    }
    if let Some(damaged) = error.downcast_ref::<DamagedCode>() {
        return LoadError::HostFailure(with_causes(damaged));
    }

    // wasmtime has no error type for this, so the message decides.
    let message = format!("{error:#}");
    let too_large = message.contains("pooling allocator");
    let why = if too_large {
        "exceeds the limits of an adapter"
    } else {
        "is damaged or truncated"
    };

    LoadError::NotComponent(format!("the component {why}: {message}"))
}

async fn describe(
    engine: &Engine,
    prepared: &Prepared,
    name: &str,
    limits: &Limits,
) -> Result<String, ScanError> {
    let limits = Limits {
        cpu_page: DESCRIBE_BUDGET,
        cpu_scan: DESCRIBE_BUDGET,
        ..limits.clone()
    };
    let _permit = engine.acquire_describe_permit().await;
    let mut retry = engine.slots().retry();

    loop {
        let slot = engine.slots().acquire().await;
        let described = describe_once(engine, prepared, name, &limits).await;
        // If this instance kept its slot, it would wait for itself.
        drop(slot);

        match described {
            Err(ScanError::NoHostMemory(_)) if retry.wait().await => {}
            described => return described,
        }
    }
}

async fn describe_once(
    engine: &Engine,
    prepared: &Prepared,
    name: &str,
    limits: &Limits,
) -> Result<String, ScanError> {
    let wall = limits.wall_page.min(DESCRIBE_WALL);
    let log = Arc::new(GuestLog::new(name.to_owned(), limits));
    let mut store = ScanState::new(log, limits, None).into_store(engine.wasmtime());
    let cpu = Arc::clone(&store.data().cpu);

    // Instantiating a component runs guest code too, so it counts against the same limits.
    let call = async {
        let instance = prepared.instantiate(&mut store).await?;
        instance.describe(&mut store).await
    };
    let json = tokio::time::timeout(wall, cpu.measured(call)).await;
    let json = json.map_err(|_| ScanError::Timeout {
        what: "manifest",
        limit: wall,
    })?;

    json.map_err(|error| classify(error, store.data(), limits))
}
