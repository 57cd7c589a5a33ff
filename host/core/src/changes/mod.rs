//! The changes between two versions of a job, for messages and JSON.
//!
//! [`changes`] compares the fields that the content hash covers. A short field is reported with its
//! old and its new value, and a text by [`TextDifference`]: how many words were added and removed,
//! and the first passages that differ.
//!
//! Not here: the choice of the two versions (the store), and the words of a message (`notify`).

mod changes;
mod edits;
mod text;

pub use changes::{FieldChange, FromTo, Version, changes};
pub use text::{Passage, TextDifference};
