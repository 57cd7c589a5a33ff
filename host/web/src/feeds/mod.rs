//! The feeds of matches: one for each profile, as Atom and as JSON Feed.
//!
//! An entry is an alert, so a changed job is a new entry. The id of an entry is made of what never
//! changes about the alert. All texts are plain text, never markup.

mod atom;
mod entry;
mod feed;
mod json_feed;
mod routes;
#[cfg(test)]
mod tests;

pub(crate) use routes::routes;
