//! The rows of `check` about delivery: favourite sources that do not exist, channels that have
//! failed for a day, and rows that cannot be read.

mod favourites;
mod stored;

pub(crate) use favourites::checks as favourites;
pub(crate) use stored::{checks as stored, failing_line};
