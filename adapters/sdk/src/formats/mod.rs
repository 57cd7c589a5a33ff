//! The formats in which boards answer, each read in one file.
//!
//! [`json`] reads answers with errors that name the place, [`elements`] lists with an odd job among
//! them, [`json_feed`] one kind of feed. [`xml`] looks elements up by local name, [`rss`] knows the
//! other kind. [`json_ld`] finds the postings that a page carries for search engines, and
//! [`schema_org`] makes a job of one. [`html`] undoes one escaping too many. [`each`] is what a
//! list is read into.

mod each;
mod elements;
pub mod html;
pub mod json;
mod json_feed;
pub mod json_ld;
pub mod rss;
pub mod schema_org;
pub mod xml;

pub use elements::Elements;
pub use json_feed::JsonFeed;
