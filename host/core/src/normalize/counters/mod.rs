//! The parts of a text that change without a change of the job, such as "17 views" and "posted 3
//! days ago".
//!
//! `phrases` lists them per language, `notation` defines how they are written, `tokens` divides a
//! text into words, and `blank` replaces the phrases in it.

mod blank;
mod notation;
mod phrases;
mod tokens;
mod vocabulary;

pub(crate) use blank::without_counters;
