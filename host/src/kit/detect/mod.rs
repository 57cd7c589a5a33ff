//! Detection of the source that reads the board at an address, by patterns and without requests.
//!
//! [`pasted`] makes addresses of the text that users paste, [`lookup`] finds the source of one, and
//! [`several`] those of many. [`yaml`] writes a source as the configuration has it. [`rules`]
//! contains the patterns of all adapters, which the build collects from
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
mod several;
mod yaml;

pub use lookup::{Detected, Unrecognized, detect};
pub use pasted::{AddressError, addresses_in, parse_address, split_addresses, without_secrets};
pub use several::{DetectedByAddresses, DetectedSources};
pub use yaml::{source_block, source_line};
