//! The page of matches: the jobs that a person decides about, newest first.

pub(crate) mod card;
mod page;
mod query;

pub(crate) use page::{CardFragment, show};
pub(crate) use query::ReadQuery;
