//! The language in which a description is written.

mod frequent;
mod language;
mod letters;

#[cfg(test)]
mod tests;

pub use language::detected_language;
