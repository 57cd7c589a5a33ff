//! The plugin host: runs third-party adapters and enforces their grants.
//!
//! An [`Engine`] compiles components. The [`Catalog`] finds an adapter's file, checks that exactly
//! these bytes were accepted, and keeps it compiled and linked as an [`Adapter`].
//! [`Adapter::start_scan`] creates a fresh store for one [`Scan`] of one source, which reads the
//! listing and requests the details that the listing leaves out. The CPU time, wall-clock time,
//! memory, returned data, requests and log lines of a scan count against its limits. A failure
//! inside the guest is a [`ScanError`] of that scan alone. [`InFlightBudget`] bounds the memory
//! that all scans hold together.
//!
//! The secrets of a source ([`Secrets`]) are inserted into requests as the last step before they
//! are sent, and masked in responses as the first step after they arrive. All other code, and the
//! guest, sees placeholders.
//!
//! A [`Candidate`] is a file that an operator inspects in order to accept it; `lock_file` stores
//! what was accepted. A [`Cassette`] is a recorded scan that can be replayed without a network.
//! Each line of the [`Contract`] has a separate module, and generated types are used only there.
//!
//! The folders form layers: `cassette` and `loading` run scans, `scan` calls guests through
//! `contract`, guests send requests through `http`, and `budgets` counts for all of them.
//!
//! Not here: storing and matching the jobs, which the caller does; the HTTP clients
//! ([`job_scanner_outbound`]); the formats of manifests and grants ([`job_scanner_core::adapter`]).

mod budgets;
mod cassette;
mod contract;
mod error;
mod http;
mod loading;
mod scan;
mod secrets;

pub use budgets::in_flight::{InFlightBudget, Reservation};
pub use budgets::usage::BudgetUse;
pub use cassette::{
    BodyStyle, Cassette, CassetteError, CassetteSource, Recording, Replay, ReplayedPage,
};
pub use contract::lines::{Contract, Interfaces};
pub use error::ScanError;
pub use http::LastResponse;
pub use http::transport::{
    Exchange, NetworkFailure, NetworkFailureKind, RefusedRequest, Request, Response,
};
pub use loading::adapter::{Adapter, ScanRequest};
pub use loading::catalog::{Catalog, CatalogError};
pub use loading::component_file::FileError;
pub use loading::engine::{Engine, EngineOptions};
pub use loading::inspection::{AcceptanceStatus, Candidate, CandidateError};
pub use loading::load_error::LoadError;
pub use loading::lock_file::LockFileError;
pub use scan::details::{Detail, DetailRequest, Details};
pub use scan::listing::{Listing, ListingEnd};
pub use scan::scan::Scan;
pub use secrets::Secrets;
