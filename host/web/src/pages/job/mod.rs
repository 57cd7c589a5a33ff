//! The page about one job.

mod explained;
mod fields;
mod history;
mod page;

pub(crate) use page::{page_with_note, show};
