//! The plugin host: runs strangers' adapters and lets them do only what they were granted.
//!
//! An [`Engine`] compiles; the [`Catalog`] finds an adapter's file, makes sure that it was accepted
//! as it is, and keeps it compiled and linked as an [`Adapter`]; [`Adapter::start_scan`] makes a
//! fresh store for one [`Scan`] of one source, which reads the listing and asks for the details
//! that it leaves out. CPU, wall clock, memory, returned data, requests and log lines of a scan are
//! counted against its limits, and whatever goes wrong inside is a [`ScanError`] of that scan
//! alone. What all scans hold together is bounded by [`InFlightBudget`].
//!
//! The secrets of a source ([`Secrets`]) are put into requests as they leave and masked in what
//! comes back; everything else, the guest first, sees the text that stands for them.
//!
//! A [`Candidate`] is a file that an operator looks at in order to accept it; `lock_file` writes
//! down what was accepted. [`Cassette`]s are scans written down and replayed without a network.
//! Each line of the [`Contract`] has a module of its own; generated types stop there.
//!
//! The folders lie above one another: `cassette` and `loading` run scans, `scan` calls guests
//! through `contract`, guests ask through `http`, and `budgets` count for all of them.
//!
//! Not here: what becomes of the jobs, which is the caller's; the clients that requests go through
//! ([`job_scanner_outbound`]); the forms of manifests and grants ([`job_scanner_core::adapter`]).

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
pub use http::transport::{Exchange, NetworkFailure, NetworkFailureKind, Request, Response};
pub use loading::adapter::{Adapter, ScanRequest};
pub use loading::catalog::{Catalog, CatalogError};
pub use loading::component_file::FileError;
pub use loading::engine::{Engine, EngineOptions};
pub use loading::inspection::{AcceptanceStatus, Candidate, CandidateError};
pub use loading::load_error::LoadError;
pub use loading::lock_file::LockFileError;
pub use scan::details::{Detail, Details, DetailRequest};
pub use scan::listing::{Listing, ListingEnd};
pub use scan::scan::Scan;
pub use secrets::Secrets;
