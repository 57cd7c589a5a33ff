//! The paths from a source's request to a page of its listing.
//!
//! [`whole_board`] fetches boards that return all jobs in one response, [`offset_pages`] those that
//! return them in chunks of a fixed size, and [`linked`] those whose responses contain the URL of
//! the next one. [`listing`] collects chunks. [`failure_cursor`] passes a failure from one call to
//! the next, so that the jobs that were fetched before it are kept.
//!
//! Not here: the text of one job ([`crate::fetch_each`]) and the formats of responses
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
