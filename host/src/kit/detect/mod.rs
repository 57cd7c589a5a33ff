//! Detection of the source that reads the board at an address, by patterns and without requests.
//!
//! [`lookup`] finds the source. [`rules`] contains the patterns of all adapters, which the build
//! collects from `adapters/NAME/detect.json`. [`pattern`] is the language of the patterns.
//!
//! Not here: the output of the command ([`crate::cli`]), and whether the board exists, which only a
//! scan can tell.

mod lookup;
mod pattern;
mod rules;

pub use lookup::{Detected, detect};
