//! The English of the project, checked: `cargo test -p job-scanner-structure --test prose`.
//!
//! To list the places of one rule, name its test: `cargo test -p job-scanner-structure --test prose
//! messages`. A failing test prints every place with its line and the words to write instead, and
//! the counts per 10,000 words.
//!
//! [`vocabulary`] is the table of words and bounds. [`sources`] finds the files to read, `comments`,
//! `lines` and `documents` take the prose out of them, and `words` splits it into words with their
//! lines. [`Prose`] is all of it. [`checks`] judges the prose, and [`names`] the names in code.
//!
//! Code is not prose: code spans between backticks and code blocks are left out, and so are
//! generated files and the responses of boards (cassettes and fixtures).

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
