//! The views of the program's records: the JSON that `docs/json.md` documents, and the rows of the
//! tables.
//!
//! One file per command has both the view, which is printed as JSON, and the row, which is printed
//! as a line of a table, so that they stay consistent. A view borrows the records of the store or
//! the caller and queries nothing itself. The JSON keys are stable: keys may be added, but no key
//! is removed or changes its meaning. The tests have a snapshot of each view and check its keys
//! against the documentation.
//!
//! Not here: the choice of a format, the width of the terminal and the output itself (`cli`), and
//! the result of a run (`pipeline`).

mod format;

pub mod access;
pub mod adapters;
pub mod alerts;
pub mod check;
pub mod decisions;
pub mod deliveries;
pub mod explanation;
pub mod job_history;
pub mod jobs;
pub mod matches;
pub mod profile_test;
pub mod profiles;
pub mod runs;
pub mod sources;
pub mod status;

pub use format::shown_job::ShownJob;
pub use format::{age, cells, column, csv, json, reasons, tally};

#[cfg(test)]
mod testing;

#[cfg(test)]
use testing::samples;
