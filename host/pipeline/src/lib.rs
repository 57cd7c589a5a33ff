//! One run, stage by stage: fetch, normalize, match, record, tell.
//!
//! [`ScanPipeline::run_once`] (`run`) goes through the steps of a run. It scans the sources side by
//! side, each in a task of its own (`scan`), so that whatever one of them does costs the others
//! nothing. A scan fetches first ([`job_scanner_sandbox`]), asks for what the listing leaves out
//! (`details`, `request_details`), then computes (`evaluate`, `presence`), and only then opens the one short
//! transaction (`record`) that makes its jobs, matches and alerts visible together. Each stage
//! returns what it did, and one function adds that up. When all scans are in, alerts become
//! deliveries and go out ([`job_scanner_notify`]). `rematch` is for profiles that changed while the
//! boards did not.
//!
//! A [`Scanner`] is what looks at boards. A run has it in its [`ScanContext`], beside a database
//! and channels; a dry run ([`DryRun`]) has nothing else.
//!
//! Not here: waiting for the time of a run, which the program's scheduler does; `due` only tells
//! when that is.

pub mod clock;
mod context;
mod dry_run;
mod due;
mod progress;
mod rematch;
mod report;
mod run;
mod scan;
mod scanner;
mod source_check;

pub use context::{RunRequest, ScanContext, deadline_for};
pub use dry_run::{DryRun, DryRunMatch};
pub use progress::Progress;
pub use report::{PipelineRunResult, ScanFailure, SourceRunStats};
pub use run::{RunError, ScanPipeline};
pub use scan::failed_exchanges::FailedExchanges;
pub use scan::scan::outcome_of;
pub use scanner::Scanner;
pub use source_check::{check_source, check_sources, read_secrets, without_adapter};
