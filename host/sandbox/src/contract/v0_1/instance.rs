//! A component of this version, linked once and instantiated for each scan.

use wasmtime::Store;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};

use crate::contract::v0_1::bindings::DetailedSourceAdapter;
use crate::contract::v0_1::bindings::exports::job_scanner::source::{adapter, details};
use crate::contract::v0_1::bindings::job_scanner::source::types::FetchRequest;
use crate::scan::page::{DetailsOutcome, PageOutcome, PageRequest};
use crate::scan::store_state::ScanState;

/// The interface that a component may leave out.
const DETAILS: &str = "job-scanner:source/details@0.1.0";

/// A component whose imports are linked and whose exports are resolved.
#[derive(Clone)]
pub(crate) struct Prepared {
    component: InstancePre<ScanState>,
    adapter: adapter::GuestIndices,
    details: Option<details::GuestIndices>,
}

/// Creates the host functions of this version: the contract's imports, and WASI 0.2 without access
/// to the system.
///
/// # Errors
///
/// When two functions have the same name, which is a bug in the host.
pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<ScanState>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    DetailedSourceAdapter::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    Ok(linker)
}

impl Prepared {
    /// Links a component with the functions of this version.
    ///
    /// # Errors
    ///
    /// When the component imports another function, or lacks an export that this version requires.
    pub(crate) fn new(linker: &Linker<ScanState>, component: &Component) -> wasmtime::Result<Self> {
        let has_details = component.get_export_index(None, DETAILS).is_some();

        let component = linker.instantiate_pre(component)?;
        let adapter = adapter::GuestIndices::new(&component)?;
        let details = has_details
            .then(|| details::GuestIndices::new(&component))
            .transpose()?;

        Ok(Self {
            component,
            adapter,
            details,
        })
    }

    /// Returns true if instances can fetch details.
    pub(crate) fn has_details(&self) -> bool {
        self.details.is_some()
    }

    /// Creates an instance in a fresh store.
    pub(crate) async fn instantiate(
        &self,
        store: &mut Store<ScanState>,
    ) -> wasmtime::Result<Instance> {
        let instance = self.component.instantiate_async(&mut *store).await?;
        let details = self
            .details
            .as_ref()
            .map(|details| details.load(&mut *store, &instance))
            .transpose()?;

        Ok(Instance {
            adapter: self.adapter.load(store, &instance)?,
            details,
        })
    }
}

/// One instance, which serves one scan.
pub(crate) struct Instance {
    adapter: adapter::Guest,
    details: Option<details::Guest>,
}

impl Instance {
    /// Returns the manifest as the guest wrote it.
    pub(crate) async fn describe(&self, store: &mut Store<ScanState>) -> wasmtime::Result<String> {
        self.adapter.call_describe(store).await
    }

    /// Fetches one page.
    pub(crate) async fn fetch_page(
        &self,
        store: &mut Store<ScanState>,
        request: &PageRequest,
    ) -> wasmtime::Result<PageOutcome> {
        let result = self.adapter.call_fetch_jobs(store, &request.into()).await?;

        Ok(match result {
            Ok(outcome) => outcome.into(),
            Err(error) => PageOutcome::Failed(error.into()),
        })
    }

    /// Fetches the details of these jobs, each given by its external id and token.
    pub(crate) async fn fetch_details(
        &self,
        store: &mut Store<ScanState>,
        request: &PageRequest,
        requests: &[(&str, &str)],
    ) -> wasmtime::Result<DetailsOutcome> {
        let Some(details) = &self.details else {
            wasmtime::bail!("the adapter exports no `{DETAILS}`")
        };

        let request = FetchRequest {
            cursor: None,
            ..request.into()
        };
        let requests: Vec<details::Wanted> = requests
            .iter()
            .map(|&(id, token)| details::Wanted {
                external_id: id.to_owned(),
                token: token.to_owned(),
            })
            .collect();

        let result = details
            .call_fetch_details(store, &request, &requests)
            .await?;
        Ok(match result {
            Ok(results) => {
                let ours = results.into_iter().map(|(id, it)| (id, it.into()));
                DetailsOutcome::Details(ours.collect())
            }
            Err(error) => DetailsOutcome::Failed(error.into()),
        })
    }
}
