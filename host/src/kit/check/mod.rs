//! The conformance kit: checks that an adapter follows the contract, including when its board
//! fails.
//!
//! [`check`] replays cassettes: unchanged, twice, from the middle, as an unchanged board, and with
//! a failing response instead of the first one (from `responses.rs`). Every rule yields a
//! [`Finding`]. A rule that no cassette exercises is skipped with the reason. No network requests
//! are made.

mod board;
mod check;
mod dates;
mod hosts;
mod listing;
mod options;
mod report;
mod responses;

pub use check::check;
pub use report::{AFTER_A_TRAP, Finding, Verdict};
