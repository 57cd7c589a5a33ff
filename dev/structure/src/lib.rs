//! The layout of the host's code and the English of the project, checked: `cargo test -p
//! job-scanner-structure`.
//!
//! [`layout`] says what has to hold. [`packages`] asks Cargo for our crates and checks the arrows
//! between them. [`files`] reads the source files of one crate and counts them, `reader` finds the
//! `modules` in them with the paths that each one names, `names` resolves a path to the file that
//! defines the item, [`arrows`] puts these together, and [`circles`] and [`layers`] judge the
//! arrows between files. [`code`] reads the strings and the names in code, and finds types that share
//! a name. [`documents`] finds the paths in documents that lead to no file. [`prose`] checks the
//! English of comments, documents and messages. Each check returns its findings as text, which names
//! the places and says what to do; `tests/project.rs` and `tests/prose.rs` run them on the real
//! project.
//!
//! Paths are resolved, types are not inferred: a method call names no file, and neither does what a
//! macro writes. Items and methods that only tests build are left out.

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
