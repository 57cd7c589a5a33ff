//! What an adapter implements, and how it becomes a component.

use crate::bindings::details::exports::job_scanner::source::details;
use crate::bindings::exports::job_scanner::source::adapter;
use crate::{Detail, FetchRequest, Level, Outcome, SourceError, Wanted};

/// An adapter: a manifest and a way to fetch a source's jobs.
pub trait Adapter {
    /// The manifest as JSON; the contract's `describe` explains every key.
    const MANIFEST: &'static str;

    /// A page of the source's jobs, beginning at the request's cursor, or that nothing has changed.
    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError>;
}

/// An adapter whose board needs a request per job. What its listings leave out they mark with
/// `Description::Deferred`.
pub trait DetailedAdapter: Adapter {
    /// The details of these jobs, each with the external id it belongs to.
    /// [`fetch_each`](crate::fetch_each) does it for boards that answer one request a job.
    fn fetch_details(
        request: &FetchRequest,
        wanted: &[Wanted],
    ) -> Result<Vec<(String, Detail)>, SourceError>;
}

/// Makes a component of a type that implements [`Adapter`]. Once per crate, at its root. A manifest
/// that is none fails the build ([`check_manifest`](crate::check_manifest)).
///
/// Native builds, for tests and measurements, export nothing: native linkers refuse the names of a
/// component's exports.
#[macro_export]
macro_rules! export_adapter {
    ($adapter:ident) => {
        #[cfg(target_family = "wasm")]
        $crate::bindings::export_component!($adapter with_types_in $crate::bindings);

        const _: () = $crate::check_manifest(<$adapter as $crate::Adapter>::MANIFEST);
    };
}

/// The same of a type that implements [`DetailedAdapter`].
#[macro_export]
macro_rules! export_detailed_adapter {
    ($adapter:ident) => {
        $crate::export_adapter!($adapter);

        #[cfg(target_family = "wasm")]
        $crate::bindings::details::export_details!($adapter with_types_in $crate::bindings::details);

        #[cfg(not(target_family = "wasm"))]
        const _: fn(
            &$crate::FetchRequest,
            &[$crate::Wanted],
        ) -> Result<Vec<(String, $crate::Detail)>, $crate::SourceError> =
            <$adapter as $crate::DetailedAdapter>::fetch_details;
    };
}

impl<A: Adapter> adapter::Guest for A {
    fn describe() -> String {
        A::MANIFEST.to_owned()
    }

    fn fetch_jobs(request: FetchRequest) -> Result<Outcome, SourceError> {
        log_panics();
        A::fetch_jobs(&request)
    }
}

impl<A: DetailedAdapter> details::Guest for A {
    fn fetch_details(
        request: FetchRequest,
        wanted: Vec<Wanted>,
    ) -> Result<Vec<(String, Detail)>, SourceError> {
        log_panics();
        A::fetch_details(&request, &wanted)
    }
}

/// A panic ends the guest with a bare trap; its words would be lost, so they go to the adapter's
/// log first.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        crate::log(Level::Error, &panic.to_string());
    }));
}
