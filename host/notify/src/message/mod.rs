//! Messages: what one tells, and the templates that give it its form.

pub(crate) mod content;
mod note;
pub(crate) mod render;
pub(crate) mod salary;
pub(crate) mod text;

pub(crate) use note::Note;
