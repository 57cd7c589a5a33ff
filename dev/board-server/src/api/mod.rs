//! The job-board APIs that this server supports, one file each.
//!
//! An API module defines its routes and a [`Listing`](crate::state::Listing) for each format in
//! which it lists a board. Caching, validators, failures and the log are the same for all
//! ([`crate::response`]).

mod ashby;
mod greenhouse;
mod lever;
mod workday;

use std::sync::Arc;

use axum::{Router, middleware};

use crate::board::BoardJob;
use crate::log;
use crate::state::ServerState;

/// A job board's API. All of them list the same boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Greenhouse's job-board API.
    Greenhouse,
    /// Lever's postings API.
    Lever,
    /// Ashby's job-postings API.
    Ashby,
    /// The API of Workday's career sites.
    Workday,
}

impl Api {
    /// Returns the host name of the real API, which is the first segment of the path here.
    pub fn host(self) -> &'static str {
        match self {
            Self::Greenhouse => greenhouse::HOST,
            Self::Lever => lever::HOST,
            Self::Ashby => ashby::HOST,
            Self::Workday => workday::HOST,
        }
    }
}

/// Returns the routes of all APIs, each below the name of its host.
pub(crate) fn routes(state: Arc<ServerState>) -> Router {
    let record = middleware::from_fn_with_state(Arc::clone(&state), log::record);

    Router::new()
        .nest(&format!("/{}", greenhouse::HOST), greenhouse::routes())
        .nest(&format!("/{}", lever::HOST), lever::routes())
        .nest(&format!("/{}", ashby::HOST), ashby::routes())
        .nest(&format!("/{}", workday::HOST), workday::routes())
        .layer(record)
        .with_state(state)
}

/// Returns the UUID of a job, for APIs that do not have numbers as ids.
fn uuid(job: &BoardJob) -> String {
    let id = job.id;
    format!(
        "{:08x}-{:04x}-4000-8000-{:012x}",
        id >> 16 & 0xFFFF_FFFF,
        id & 0xFFFF,
        id & 0xFFFF_FFFF_FFFF
    )
}
