//! The content of messages, and the templates that arrange it.

mod changes;
pub(crate) mod chat;
pub(crate) mod content;
mod note;
pub(crate) mod render;
pub(crate) mod salary;
pub(crate) mod template;
pub(crate) mod text;
mod wrap;

pub(crate) use note::Note;
