//! From where a remote job may be done, separate from the place of its office.
//!
//! [`open_to`] reads the names of the locations first, then the title, then plain statements of the
//! description ("You must be based in the EU"). A job that is not remote has no such fact, and
//! neither does a remote one whose board does not state it.
//!
//! A job is open to an area if it is open to a part of it ([`OpenTo::includes`]): `europe` as a wish
//! means "I am in Europe", and a remote job in Spain is one of those to see. To see only jobs that
//! can be done from Germany, ask for `DE`.
//!
//! Not here: the countries of zones ([`super::place::Zone`]).

mod area;
mod named;
mod open_to;
mod statement;

pub use area::{Area, UnknownArea};
pub use open_to::{OpenTo, open_to};
