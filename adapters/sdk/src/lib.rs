//! Everything a job-board adapter written in Rust needs.
//!
//! An adapter implements [`Adapter`] and names itself to [`export_adapter!`]. A whole one:
//!
//! ```no_run
//! use job_scanner_sdk::{
//!     Adapter, FetchRequest, Outcome, Page, RawJob, Request, SourceError, Text, Url,
//!     fetch_whole_board,
//! };
//!
//! struct Example;
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
//!     const MANIFEST: &'static str = r#"{ "name": "example", "version": "1.0.0", "hosts": [] }"#;
//!
//!     fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
//!         let url = Url::at("https://api.example.com").segment(&request.identifier).path("jobs");
//!
//!         fetch_whole_board(Request::get(url), |answer| {
//!             let vacancies: Vec<Vacancy> = answer.json()?;
//!             let jobs = vacancies.into_iter().map(|it| RawJob::new(it.id, it.title, it.url));
//!             Ok(Page::whole_board(jobs.collect()))
//!         })
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! A board that tells the text of each job only when asked for it needs [`DetailedAdapter`] as
//! well, and [`export_detailed_adapter!`].
//!
//! Its tests are ordinary ones: `testing::scan` reads a cassette on the machine that builds,
//! without WebAssembly.
//!
//! What the types mean is written in the contract, `wit/source-0.1/source.wit`. Here are
//!
//! - [`Request`] and [`Response`] with the usual reading of statuses, [`Url`] for building URLs,
//!   [`FetchRequest::company_site`] where every company has a site of its own;
//! - [`fetch_whole_board`] for listings in one answer, [`fetch_offset_pages`] and [`fetch_linked`] for
//!   those in several, [`SourceError::to_cursor`] for boards that fail half-way, [`fetch_each`] for
//!   texts that cost a request each;
//! - [`json`] for answers whose errors name the place, [`Elements`] for lists with an odd job among
//!   them, [`xml`] for boards that do not speak JSON, [`JsonFeed`] and [`rss`] for feeds,
//!   [`json_ld`] and [`schema_org`] for postings made for search engines, [`html`] for text that was
//!   escaped once too often;
//! - [`time`] for moments that a board counts or writes in its own way, [`country`] for countries by
//!   name, [`pay_period`] for what a salary is counted over;
//! - [`log`] for words to the person who runs the adapter.
//!
//! Not here: cleaning up. Trimming, HTML to text, dates and duplicates are the host's work.

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
pub use values::{country, joined, pay_period, time};
