//! Job postings in the [JSON-LD](https://json-ld.org) of web pages.
//!
//! [`script`] finds the elements `<script type="application/ld+json">` and repairs their JSON.
//! [`postings`] finds the postings in it, and [`names`] knows the ways in which a page writes the
//! names of schema.org.
//!
//! Not here: the fields of a posting ([`crate::schema_org`]).

mod names;
mod postings;
mod script;

pub use postings::{Postings, job_postings};
