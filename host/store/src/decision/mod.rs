//! Decisions of people about vacancies and companies, and what they keep from being sent.
//!
//! A decision about a job belongs to its cluster (`marks`), so it stays when the text changes and
//! holds for all postings. A company is hidden by its name (`companies`). Every change is recorded
//! with its author (`changes`). `silence` tells which alerts a decision keeps from being sent: it
//! is asked when alerts are stored ([`alerts`](crate::delivery::alerts)), and `handover` asks it
//! again when a delivery is claimed. `snoozes` sends what a snooze has kept back. `seen` changes a
//! decision as a person does who looks at a page, `recent` tells about such a change, and `undo`
//! takes it back.
//!
//! Not here: the words of decisions ([`job_scanner_core::decision`]).

pub(crate) mod changes;
pub(crate) mod companies;
pub(crate) mod handover;
pub(crate) mod marks;
pub(crate) mod recent;
pub(crate) mod seen;
pub(crate) mod silence;
mod snoozes;
#[cfg(test)]
mod tests;
pub(crate) mod undo;
