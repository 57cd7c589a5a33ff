//! Listings that come in several answers.
//!
//! [`parts`] reads boards whose parts have a fixed size, [`linked`] those whose answers name the
//! next one; [`listing`] adds parts up. [`failure_cursor`] carries a failure from one call to the next, so that what was read
//! before it is kept.
//!
//! Not here: reading one answer, which is the adapter's work ([`crate::formats`]).

mod failure_cursor;
mod linked;
mod listing;
mod parts;

pub use linked::fetch_linked;
pub use listing::Part;
pub use parts::{Parting, Parts, fetch_parts};
