//! One run: its steps, and the pipeline that they belong to.

mod messages;
mod pipeline;
mod record;
mod run;
mod scans;

pub use pipeline::ScanPipeline;
pub use run::RunError;
