//! The layout of the host's code, checked: `cargo test -p job-scanner-structure`.
//!
//! [`files`] reads the source files of one crate and counts them, `reader` finds the `modules` in
//! them with the paths that each one names, `names` resolves a path to the file that defines the
//! item, [`arrows`] puts these together, and [`circles`] judges the arrows between files. Each check
//! returns its findings as text, which names the places and says what to do.
//!
//! Paths are resolved, types are not inferred: a method call names no file, and neither does what a
//! macro writes. Items and methods that only tests build are left out.

pub mod arrows;
pub mod circles;
mod conditions;
pub mod files;
mod modules;
mod names;
mod reader;
mod tokens;
