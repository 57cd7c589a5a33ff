//! The plugin host: runs strangers' adapters and lets them do only what they were granted.
//!
//! An [`Engine`] compiles; the [`Catalog`] finds an adapter's file, makes sure that it was accepted
//! as it is, and keeps it compiled and pre-linked as an [`Adapter`]; [`Adapter::start_scan`] makes
//! a fresh store for one [`Scan`] of one source, which reads the listing and asks for the details
//! that it leaves out. CPU, wall clock, memory, returned data, requests and log lines of a scan are
//! counted against its limits, and whatever goes wrong inside is a [`ScanError`] of that scan
//! alone. What all scans hold together is bounded by [`HeldBytes`].
//!
//! What a source keeps secret ([`Secrets`]) is put into requests as they leave and masked in what
//! comes back; everything else, the guest first, sees the text that stands for it.
//!
//! A [`Candidate`] is a file that somebody looks at in order to accept it; `lock_file` writes down
//! what was accepted. [`Cassette`]s are scans written down and replayed without a network. Each
//! version of the contract has a module of its own ([`v0_1`]); generated types stop there, and
//! `contract` chooses.
//!
//! Not here: what becomes of the jobs ([`crate::pipeline`]); the forms of manifests and grants
//! ([`job_scanner_core::adapter`]).

mod adapter;
mod address_space;
mod budget;
mod candidate;
mod cassette;
mod catalog;
mod compiled;
mod component_file;
mod contract;
mod cpu_clock;
mod described;
mod details;
mod engine;
mod error;
mod guest_log;
mod guest_output;
mod held;
mod http;
mod listing;
mod lock_file;
mod memory;
mod own_folder;
mod page;
mod room;
mod scan;
mod scan_state;
mod secrets;
mod source_check;
mod unusable;
mod v0_1;
mod wall_clock;

pub use adapter::{Adapter, ScanRequest};
pub use budget::BudgetUse;
pub use candidate::{Candidate, CandidateError, Standing};
pub use cassette::{
    BodyStyle, Cassette, CassetteError, CassetteSource, Exchange, Failure, FailureKind, Recording,
    Replay, ReplayedPage, Request, Response,
};
pub use catalog::{Catalog, CatalogError};
pub use component_file::FileError;
pub use contract::{Contract, Interfaces};
pub use details::{Detail, Details, Wanted};
pub use engine::{Engine, EngineOptions};
pub use error::ScanError;
pub use held::{HeldBytes, HeldShare};
pub use http::{HttpClients, HttpOptions, LastAnswer};
pub use listing::{Listing, ListingEnd};
pub use lock_file::LockFileError;
pub use scan::Scan;
pub use secrets::Secrets;
pub use source_check::{check_source, check_sources, read_secrets, without_adapter};
pub use unusable::Unusable;
