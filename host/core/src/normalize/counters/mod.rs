//! The parts of a text that change without a change of the job, such as "17 views" and "posted 3
//! days ago".
//!
//! `phrases` lists them per language, and `notation` defines how they are written. `anchors` finds the
//! lines that may have one, by `properties` of the phrases. `tokens` divides these lines into words,
//! and `blank` replaces the phrases in them.

mod anchors;
mod blank;
mod notation;
mod phrases;
mod properties;
mod tokens;
mod vocabulary;

pub(crate) use blank::without_counters;
