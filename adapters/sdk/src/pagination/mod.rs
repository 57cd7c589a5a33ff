//! From a source's request to a page of its listing.
//!
//! [`whole_board`] reads boards that come in one answer, [`parts`] those that come in parts of a
//! fixed size, [`linked`] those whose answers name the next one. [`listing`] adds parts up, and
//! [`failure_cursor`] carries a failure from one call to the next, so that what was read before it
//! is kept.
//!
//! Not here: the text of one job ([`crate::fetch_each`]), and what is in an answer
//! ([`crate::formats`]).

mod failure_cursor;
mod linked;
mod listing;
mod parts;
mod whole_board;

pub use linked::fetch_linked;
pub use listing::Part;
pub use parts::{Parting, Parts, fetch_parts};
pub use whole_board::{fetch_whole_board, fetch_whole_board_accepted};
