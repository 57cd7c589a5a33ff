//! Detection of the source that reads the board at an address, by patterns and without requests.
//!
//! [`pasted`] makes addresses of the text that users paste, and [`lookup`] finds the source of one.
//! [`rules`] contains the patterns of all adapters, which the build collects from
//! `adapters/NAME/detect.json`. [`pattern`] is the language of the patterns. [`own_pages`] and
//! [`locale`] know the words of an address that are not a company, and [`name`] makes a name of the
//! one that is.
//!
//! Not here: the output of the command ([`crate::cli`]), and whether the board exists, which only a
//! scan can tell.

mod locale;
mod lookup;
mod name;
mod own_pages;
mod pasted;
mod pattern;
mod rules;

pub use lookup::{Detected, Unrecognized, detect};
pub use pasted::{AddressError, parse_address, split_addresses, without_secrets};
