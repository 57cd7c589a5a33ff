//! The commands that record decisions: `mark`, `unmark`, `hide` and `unhide`.

mod author;
mod company;
mod day;
mod mark;
mod text;

pub(crate) use author::author;
pub(crate) use company::{HideOptions, UnhideOptions, hide, unhide};
pub(crate) use mark::{MarkOptions, UnmarkOptions, decision, mark, unmark};
pub(crate) use text::note;
