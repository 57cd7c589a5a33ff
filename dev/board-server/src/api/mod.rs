//! The job-board APIs this server speaks, one file each.
//!
//! An API module brings routes and, for each way to list a board, a
//! [`Listing`](crate::shelf::Listing) that writes it in that API's words. Caching, validators,
//! failures and the log are the same for all ([`crate::answer`]).

mod ashby;
mod greenhouse;
mod lever;
mod workday;

use std::sync::Arc;

use axum::{Router, middleware};

use crate::board::BoardJob;
use crate::log;
use crate::shelf::Shelf;

/// A job board's API. All of them list the same boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Greenhouse's job-board API.
    Greenhouse,
    /// Lever's postings API.
    Lever,
    /// Ashby's job-postings API.
    Ashby,
    /// What Workday's career sites ask.
    Workday,
}

impl Api {
    /// The host that speaks it in earnest; here it is the first part of the path.
    pub fn host(self) -> &'static str {
        match self {
            Self::Greenhouse => greenhouse::HOST,
            Self::Lever => lever::HOST,
            Self::Ashby => ashby::HOST,
            Self::Workday => workday::HOST,
        }
    }
}

/// All APIs side by side, each under its host's name.
pub(crate) fn routes(shelf: Arc<Shelf>) -> Router {
    let record = middleware::from_fn_with_state(Arc::clone(&shelf), log::record);

    Router::new()
        .nest(&format!("/{}", greenhouse::HOST), greenhouse::routes())
        .nest(&format!("/{}", lever::HOST), lever::routes())
        .nest(&format!("/{}", ashby::HOST), ashby::routes())
        .nest(&format!("/{}", workday::HOST), workday::routes())
        .layer(record)
        .with_state(shelf)
}

/// The UUID that stands for a job's number where an API has no numbers.
fn uuid(job: &BoardJob) -> String {
    let id = job.id;
    format!(
        "{:08x}-{:04x}-4000-8000-{:012x}",
        id >> 16 & 0xFFFF_FFFF,
        id & 0xFFFF,
        id & 0xFFFF_FFFF_FFFF
    )
}
