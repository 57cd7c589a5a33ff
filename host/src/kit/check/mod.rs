//! The conformance kit: does an adapter do what the contract says, also when its board does not?
//!
//! [`check`] replays cassettes: as they are, again, from the middle, as an unchanged board, and
//! with a bad answer in place of the first one (`answers.rs` makes them). Every rule gives a
//! [`Finding`]; a rule that a cassette does not exercise is skipped, and says why. Nothing leaves
//! the machine.

mod answers;
mod board;
mod check;
mod listing;
mod options;
mod report;

pub use check::check;
pub use report::{Finding, Verdict};
