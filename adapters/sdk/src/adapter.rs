//! What an adapter implements, and how it becomes a component.

use crate::bindings::exports::job_scanner::source::adapter::Guest;
use crate::{FetchRequest, Level, Outcome, SourceError};

/// An adapter: a manifest and a way to fetch a source's jobs.
pub trait Adapter {
    /// The manifest as JSON; the contract's `describe` explains every key.
    const MANIFEST: &'static str;

    /// A page of the source's jobs, beginning at the request's cursor, or that nothing has changed.
    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError>;
}

/// Makes a component of a type that implements [`Adapter`]. Once per crate, at its root. A manifest that is none fails
/// the build ([`check_manifest`](crate::check_manifest)).
///
/// Native builds, for tests and measurements, export nothing: native linkers refuse the names of a component's exports.
#[macro_export]
macro_rules! export_adapter {
    ($adapter:ident) => {
        #[cfg(target_family = "wasm")]
        $crate::bindings::export_component!($adapter with_types_in $crate::bindings);

        const _: () = $crate::check_manifest(<$adapter as $crate::Adapter>::MANIFEST);
    };
}

impl<A: Adapter> Guest for A {
    fn describe() -> String {
        A::MANIFEST.to_owned()
    }

    fn fetch_jobs(request: FetchRequest) -> Result<Outcome, SourceError> {
        log_panics();
        A::fetch_jobs(&request)
    }
}

/// A panic ends the guest with a bare trap; its words would be lost, so they go to the adapter's log first.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| crate::log(Level::Error, &panic.to_string())));
}
