//! A component of this version, prepared once and instantiated for each scan.

use wasmtime::Store;
use wasmtime::component::{Component, HasSelf, Linker};

use super::bindings::{SourceAdapter, SourceAdapterPre};
use crate::sandbox::engine::Engine;
use crate::sandbox::page::{PageOutcome, PageRequest};
use crate::sandbox::scan_state::ScanState;

/// A component with its imports resolved and its exports found.
#[derive(Clone)]
pub(in crate::sandbox) struct Prepared(SourceAdapterPre<ScanState>);

impl Prepared {
    /// Links a component against what this version offers, and WASI 0.2 over nothing.
    ///
    /// # Errors
    ///
    /// When it imports something else, or does not export what this version wants.
    pub(in crate::sandbox) fn new(engine: &Engine, component: &Component) -> wasmtime::Result<Self> {
        let mut linker: Linker<ScanState> = Linker::new(engine.wasmtime());
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        SourceAdapter::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
        SourceAdapterPre::new(linker.instantiate_pre(component)?).map(Self)
    }

    /// A fresh instance in a fresh store.
    pub(in crate::sandbox) async fn instantiate(&self, store: &mut Store<ScanState>) -> wasmtime::Result<Instance> {
        self.0.instantiate_async(store).await.map(Instance)
    }
}

/// One instance; it serves one scan.
pub(in crate::sandbox) struct Instance(SourceAdapter);

impl Instance {
    /// The manifest, as the guest wrote it.
    pub(in crate::sandbox) async fn describe(&self, store: &mut Store<ScanState>) -> wasmtime::Result<String> {
        self.0.job_scanner_source_adapter().call_describe(store).await
    }

    /// One page.
    pub(in crate::sandbox) async fn fetch_page(
        &self,
        store: &mut Store<ScanState>,
        request: &PageRequest,
    ) -> wasmtime::Result<PageOutcome> {
        let answer = self.0.job_scanner_source_adapter().call_fetch_jobs(store, &request.into()).await?;
        Ok(match answer {
            Ok(outcome) => outcome.into(),
            Err(error) => PageOutcome::Failed(error.into()),
        })
    }
}
