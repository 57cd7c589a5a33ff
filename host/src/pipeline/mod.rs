//! One run, stage by stage: fetch, normalize, match, record, tell.
//!
//! [`ScanPipeline::run_once`] scans the sources side by side, each in a task of its own (`scan`),
//! so that whatever one of them does costs the others nothing. A scan fetches first
//! ([`crate::sandbox`]), asks for what the listing leaves out (`details`, `ask`), then computes
//! (`evaluate`, `presence`), and only then opens the one short transaction (`record`) that makes
//! its jobs, matches and alerts visible together. When all are in, alerts become deliveries and go
//! out ([`crate::notify`]). `rematch` is for wishes that changed while the boards did not;
//! `rehearsal` only fetches and matches.
//!
//! Not here: waiting for the time of a run ([`crate::scheduler`]); [`due`] only tells when that is.

mod ask;
mod details;
mod due;
mod evaluate;
mod failed_exchanges;
mod models;
mod presence;
mod progress;
mod record;
mod rehearsal;
mod rematch;
mod runner;
mod scan;

pub use evaluate::text_of;
pub use failed_exchanges::FailedExchanges;
pub use models::{Counts, PipelineRunResult, ScanFailure, ScanOutcome, SourceRunStats, Trigger};
pub use progress::Progress;
pub use rehearsal::{Rehearsal, RehearsedMatch};
pub use runner::{RunError, RunRequest, ScanContext, ScanPipeline, deadline_for};
pub use scan::outcome_of;
