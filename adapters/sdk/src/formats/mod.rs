//! The formats of responses, one file each.
//!
//! [`json`] parses JSON, with errors that name the place. [`elements`] reads a list in which some
//! elements are malformed, and [`each`] is the result. [`json_feed`] and [`rss`] read feeds.
//! [`xml`] finds elements by local name. [`json_ld`] finds the postings that a web page contains
//! for search engines, and [`schema_org`] turns them into jobs. [`html`] undoes double escaping and
//! reads titles that are HTML.

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
