//! The [`JobPosting`](https://schema.org/JobPosting) of schema.org, which careers pages contain for
//! search engines and some feeds for readers.
//!
//! Sites differ in how they write it: one value or a list, an object or its name, a number or a
//! string. All of these are accepted. Any other value stays unknown.
//!
//! [`posting`] is the whole posting. [`description`], [`pay`] and [`places`] read the parts that
//! have many forms, and [`values`] reads a single value.
//!
//! Not here: the search for postings in a page ([`crate::json_ld`]).

mod description;
mod pay;
mod places;
mod posting;
mod values;

pub use posting::raw_job;
