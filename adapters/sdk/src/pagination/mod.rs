//! From a source's request to a page of its listing.
//!
//! [`whole_board`] reads boards that come in one answer, [`offset_pages`] those that come in chunks of a
//! fixed size, [`linked`] those whose answers name the next one. [`listing`] adds parts up, and
//! [`failure_cursor`] carries a failure from one call to the next, so that what was read before it
//! is kept.
//!
//! Not here: the text of one job ([`crate::fetch_each`]), and what is in an answer
//! ([`crate::formats`]).

mod failure_cursor;
mod linked;
mod listing;
mod offset_pages;
mod whole_board;

pub use linked::fetch_linked;
pub use listing::Chunk;
pub use offset_pages::{OffsetPages, Paging, fetch_offset_pages};
pub use whole_board::{fetch_whole_board, fetch_whole_board_accepted};
