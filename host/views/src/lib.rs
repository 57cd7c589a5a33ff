//! The views of the program's records: the JSON that `docs/json.md` documents, and the rows of the
//! tables for people.
//!
//! One file per command has the view, which becomes JSON, and the row, which becomes a line of a
//! table, so that both say the same. A view borrows what the store or the caller hands in and does
//! not ask for more. Keys in JSON are a promise: one may be added, none changes its meaning or goes
//! away. The tests keep a snapshot of each view and hold its keys against the documentation.
//!
//! Not here: the choice of a format, the width of a terminal, and standard output, which are the
//! command line's; and the result of a run, which `pipeline` reports.

pub mod adapters;
pub mod alerts;
pub mod cells;
pub mod check;
pub mod csv;
pub mod deliveries;
pub mod explanation;
pub mod jobs;
pub mod json;
pub mod matches;
pub mod runs;
pub mod sources;

#[cfg(test)]
mod documented;
#[cfg(test)]
mod samples;
