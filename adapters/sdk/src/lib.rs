//! A library for adapters written in Rust.
//!
//! An adapter is a WebAssembly component that reads one kind of job board for job-scanner: it turns
//! the board's responses into [`RawJob`]s. The contract, `wit/source-0.1/source.wit`, defines the
//! functions and types. Its comments are the manual. This crate contains the contract's types and
//! the parts that most adapters have in common.
//!
//! # Writing an adapter
//!
//! Implement [`Adapter`] and export it with [`export_adapter!`]. This is a complete adapter for a
//! board that lists all jobs in one response:
//!
//! ```no_run
//! use job_scanner_sdk::{
//!     Adapter, FetchRequest, Outcome, Page, RawJob, Request, SourceError, Text, Url,
//!     export_adapter, fetch_whole_board,
//! };
//!
//! struct Example;
//!
//! export_adapter!(Example);
//!
//! #[derive(serde::Deserialize)]
//! struct Vacancy<'a> {
//!     #[serde(borrow)]
//!     id: Text<'a>,
//!     #[serde(borrow)]
//!     title: Text<'a>,
//!     #[serde(borrow)]
//!     url: Text<'a>,
//! }
//!
//! impl Adapter for Example {
//!     const MANIFEST: &'static str = r#"{
//!         "name": "example",
//!         "version": "1.0.0",
//!         "hosts": [{ "pattern": "api.example.com", "reason": "the job board API" }]
//!     }"#;
//!
//!     fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
//!         let url = Url::at("https://api.example.com").segment(&request.identifier).path("jobs");
//!
//!         fetch_whole_board(Request::get(url), |response| {
//!             let vacancies: Vec<Vacancy> = response.json()?;
//!             let jobs = vacancies.into_iter().map(|it| RawJob::new(it.id, it.title, it.url));
//!             Ok(Page::whole_board(jobs.collect()))
//!         })
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! If the board takes one request per job for the texts, implement [`DetailedAdapter`] too, and
//! export with [`export_detailed_adapter!`] instead.
//!
//! # Testing
//!
//! The module `testing`, which exists in native builds only, scans recorded boards in ordinary unit
//! tests, without WebAssembly.
//!
//! # Overview
//!
//! | task | items |
//! | --- | --- |
//! | fetch a listing in one response | [`fetch_whole_board`] |
//! | fetch a listing in chunks with an offset | [`OffsetPages`], [`fetch_offset_pages`] |
//! | fetch a listing whose responses link to the next one | [`fetch_linked`] |
//! | keep the jobs that were fetched before a failure | [`SourceError::to_cursor`], [`FetchRequest::check_cursor`] |
//! | fetch details, one request per job | [`fetch_each`] |
//! | send requests, interpret statuses | [`Request`], [`send_all`], [`Response::ok`] |
//! | build URLs, resolve links | [`Url`], [`absolute`], [`FetchRequest::company_site`] |
//! | read options | [`FetchRequest::read_options`], [`FetchRequest::check_identifier`] |
//! | parse JSON, with errors that name the place | [`json`], [`Response::json`], [`Text`] |
//! | parse a list in which some jobs are malformed | [`Elements`], [`Page::with_unreadable`] |
//! | parse XML and feeds | [`xml`], [`rss`], [`JsonFeed`] |
//! | read postings that pages contain for search engines | [`json_ld`], [`schema_org`] |
//! | unescape HTML, read a title that is HTML, join the parts of a description | [`html`] |
//! | convert times, countries, pay periods | [`time`], [`country`], [`pay_period`] |
//! | read places in free text | [`place_text`] |
//! | write to job-scanner's log | [`log`] |
//!
//! Not here: trimming, HTML to text, parsing of dates, removal of duplicates. The host does all of
//! it.
#![warn(missing_docs)]

mod adapter;
pub mod bindings;
mod details;
mod formats;
mod host_log;
mod http;
mod job;
mod manifest;
mod options;
mod page;
mod pagination;
mod site;
mod source_error;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
mod url;
mod values;

pub use adapter::{Adapter, DetailedAdapter};
pub use bindings::details::exports::job_scanner::source::details::{Detail, Wanted};
pub use bindings::job_scanner::source::http::{HttpError, Redirects, Request, Response};
pub use bindings::job_scanner::source::log::Level;
pub use bindings::job_scanner::source::types::{
    Coverage, Description, FetchRequest, Header, Location, Outcome, Page, PayPeriod, RawJob,
    Salary, SourceError, Workplace,
};
pub use details::{fetch_each, fetch_each_accepted};
pub use formats::json::Text;
pub use formats::{Elements, JsonFeed, html, json, json_ld, rss, schema_org, xml};
pub use host_log::log;
pub use http::send_all;
pub use job::{extras, merge_places};
pub use manifest::check_manifest;
pub use pagination::{
    Chunk, OffsetPages, Paging, fetch_linked, fetch_offset_pages, fetch_whole_board,
    fetch_whole_board_accepted,
};
pub use site::company_site;
pub use url::{Url, absolute};
pub use values::{country, joined, pay_period, place_text, time};
