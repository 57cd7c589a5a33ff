//! The plugin host: runs strangers' adapters and lets them do only what they were granted.
//!
//! An [`Engine`] compiles; the [`Catalog`] finds an adapter's file by its name and keeps it compiled and pre-linked as
//! an [`Adapter`]; [`Adapter::scan`] makes a fresh store for one scan of one source, reads its pages and drops it. CPU,
//! wall clock, memory, returned data, requests and log lines of a scan are counted against its limits, and whatever
//! goes wrong inside is a [`ScanError`] of that scan alone.
//!
//! [`Cassette`]s are scans written down and replayed without a network.
//!
//! Each version of the contract has a module of its own ([`v0_1`]); generated types stop there.
//!
//! Not here: what becomes of the jobs ([`crate::pipeline`]).

mod adapter;
mod budget;
mod cassette;
mod catalog;
mod engine;
mod error;
mod guest_log;
mod http;
mod listing;
mod manifest;
mod memory;
mod page;
mod scan_state;
mod v0_1;
mod wall_clock;

pub use adapter::{Adapter, ScanRequest};
pub use budget::BudgetUse;
pub use cassette::{
    BodyStyle, Cassette, CassetteError, CassetteSource, Exchange, Failure, FailureKind, Replay, Request, Response,
};
pub use catalog::{Catalog, CatalogError};
pub use engine::{Engine, EngineOptions};
pub use error::ScanError;
pub use http::{HttpClients, HttpOptions, LastAnswer};
pub use listing::{Listing, ListingEnd};
pub use manifest::{Manifest, ManifestError};
