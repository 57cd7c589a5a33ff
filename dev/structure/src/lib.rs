//! Checks of the layout of the host's code and of the English of the project: `cargo test -p
//! job-scanner-structure`.
//!
//! [`layout`] has the rules of the layout.
//!
//! - [`packages`] asks Cargo for the project's crates and checks the arrows between them.
//! - [`files`] reads the source files of a crate and counts them. `reader` finds the `modules` in
//!   them with the paths that each one names, and `names` resolves a path to the file that defines
//!   the item. [`arrows`] combines these, and [`circles`] and [`layers`] check the arrows between
//!   files.
//! - [`code`] reads the strings and the names in code, and finds types that share a name.
//! - [`documents`] finds paths in documents whose file does not exist.
//! - [`prose`] checks the English of comments, documents and messages.
//!
//! Each check returns its findings as text, which names the places and the remedy.
//! `tests/project.rs` and `tests/prose.rs` run the checks on the real project.
//!
//! Paths are resolved, but types are not inferred and macros are not expanded. A method call
//! therefore leads to no file, and neither does the output of a macro. Items and methods that only
//! tests build are ignored.

pub mod arrows;
pub mod circles;
pub mod code;
mod conditions;
pub mod documents;
pub mod files;
pub mod layers;
pub mod layout;
mod modules;
mod names;
pub mod packages;
pub mod prose;
mod reader;
mod tokens;
