//! The traits that an adapter implements, and the macros that turn it into a component.

use crate::bindings::details::exports::job_scanner::source::details;
use crate::bindings::exports::job_scanner::source::adapter;
use crate::{Detail, FetchRequest, Level, Outcome, SourceError, Wanted};

/// An adapter: a manifest and a function that fetches the jobs of a source.
///
/// Export the type that implements it with [`export_adapter!`](crate::export_adapter).
pub trait Adapter {
    /// The manifest, as JSON. The contract documents every key at its function `describe`.
    const MANIFEST: &'static str;

    /// Returns one page of the source's jobs, starting at the request's cursor, or
    /// [`Outcome::NotModified`].
    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError>;
}

/// An adapter for a board that takes one request per job for the texts.
///
/// [`fetch_jobs`](Adapter::fetch_jobs) marks a text that the listing does not contain with
/// `Description::Deferred`. The host calls `fetch_details` for jobs that are new or changed.
///
/// Export the type that implements it with
/// [`export_detailed_adapter!`](crate::export_detailed_adapter).
pub trait DetailedAdapter: Adapter {
    /// Returns the details of the wanted jobs, each with the external id that it belongs to.
    ///
    /// [`fetch_each`](crate::fetch_each) implements it for boards with one request per job.
    fn fetch_details(
        request: &FetchRequest,
        wanted: &[Wanted],
    ) -> Result<Vec<(String, Detail)>, SourceError>;
}

/// Exports a type that implements [`Adapter`] as a component.
///
/// Use it once, at the root of the crate. An invalid manifest fails the build
/// ([`check_manifest`](crate::check_manifest)).
///
/// Native builds, for tests and benchmarks, export nothing: native linkers reject the names of a
/// component's exports.
#[macro_export]
macro_rules! export_adapter {
    ($adapter:ident) => {
        #[cfg(target_family = "wasm")]
        $crate::bindings::export_component!($adapter with_types_in $crate::bindings);

        const _: () = $crate::check_manifest(<$adapter as $crate::Adapter>::MANIFEST);
    };
}

/// Exports a type that implements [`DetailedAdapter`] as a component.
///
/// Includes [`export_adapter!`](crate::export_adapter): use only one of the two.
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

/// Logs the message of every panic. A panic ends the guest with a trap, which has no message.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        crate::log(Level::Error, &panic.to_string());
    }));
}
