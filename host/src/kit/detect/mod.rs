//! From an address of a board to the source that reads it: by patterns, without a request.
//!
//! [`lookup`] finds the source. [`rules`] are the patterns of all adapters, each list beside its
//! adapter: `adapters/NAME/detect.json`, which the build collects. [`pattern`] is the language that
//! they are written in.
//!
//! Not here: the words of the command ([`crate::cli`]), and whether the board exists, which takes
//! a scan.

mod lookup;
mod pattern;
mod rules;

pub use lookup::{Detected, detect};
