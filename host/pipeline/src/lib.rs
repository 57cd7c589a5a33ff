//! One run, stage by stage: fetch, normalize, match, record, notify.
//!
//! [`ScanPipeline::run_once`] (`run`) executes the steps of a run. It scans the sources
//! concurrently, each in its own task (`scan`), so that a failure of one source does not affect the
//! others. A scan fetches the listing first ([`job_scanner_sandbox`]), then requests the details
//! that the listing omits (`details`, `request_details`), and then computes the results
//! (`evaluate`, `presence`). Only after that it opens one short transaction (`record`), which makes
//! its jobs, matches and alerts visible together. Each stage returns a report, and one function
//! adds the reports up. When all scans have finished, alerts become deliveries and are sent
//! ([`job_scanner_notify`]). `rematch` handles profiles that changed while the boards did not.
//!
//! A [`Scanner`] has everything that is needed to scan boards. The [`ScanContext`] of a run adds a
//! database and channels; a dry run ([`DryRun`]) has only the scanner.
//!
//! Not here: waiting for the time of the next run, which the program's scheduler does. `due` only
//! computes that time.

mod adapter_check;
pub mod clock;
mod context;
mod dry_run;
mod due;
mod meter;
mod progress;
mod rematch;
mod report;
mod run;
mod scan;
mod scanner;
mod source_check;
mod trial;

pub use adapter_check::{CheckedAdapters, Refusal, RefusedAdapter, check_adapters, check_sources};
pub use context::{RunRequest, ScanContext, deadline_for};
pub use dry_run::{DryRun, DryRunMatch, Preview, PreviewedJob};
pub use job_scanner_outbound::HostCounts;
pub use meter::{AdapterCounts, Meter, RunCounts};
pub use progress::Progress;
pub use report::{PipelineRunResult, ScanFailure, SourceRunStats};
pub use run::{RunError, ScanPipeline};
pub use scan::failed_exchanges::FailedExchanges;
pub use scan::scan::outcome_of;
pub use scanner::Scanner;
pub use source_check::{check_source, read_secrets};
pub use trial::{Trial, TrialError, TrialLimits, try_profile};
