//! The forms that change what a person has decided.
//!
//! Each is a plain form: it changes something, and redirects to the page on which the person was,
//! with the number of the change, so that the page can offer to undo it. With the header `X-Card`,
//! which only the script sends, the answer is the card of the job as it is after the change.

pub(crate) mod answer;
pub(crate) mod back;
pub(crate) mod banner;
pub(crate) mod company;
mod mark;
mod note;
mod undo;

pub(crate) use company::{hide_company, show_company};
pub(crate) use mark::mark;
pub(crate) use note::note;
pub(crate) use undo::undo;
