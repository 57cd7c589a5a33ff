//! Checks of the project's English: `cargo test -p job-scanner-structure --test prose`.
//!
//! To list the places of one rule, name its test: `cargo test -p job-scanner-structure --test prose
//! messages`. A failing test prints every place with its line and the words to write instead, and
//! the number of uses per 10,000 words.
//!
//! [`vocabulary`] is the table of words and bounds. `sources` finds the files to read. `comments`,
//! `lines` and `documents` extract the prose from them, and `words` splits it into words with their
//! lines. [`Prose`] is the result. [`checks`] checks the prose, and [`names`] the names in code.
//!
//! Code spans, code blocks, generated files and the responses of boards (cassettes and fixtures)
//! are not prose and are ignored.

pub mod checks;
mod comments;
mod documents;
mod lines;
pub mod names;
mod read;
mod sources;
mod text;
pub mod vocabulary;
mod words;

pub use read::{Prose, read};
