//! The job-board APIs this server speaks, one file each.
//!
//! An API module brings routes and, for each way to list a board, a [`Listing`](crate::shelf::Listing) that writes it
//! in that API's words. Caching, validators, failures and the log are the same for all ([`crate::answer`]).

mod greenhouse;

use std::sync::Arc;

use axum::{Router, middleware};

use crate::log;
use crate::shelf::Shelf;

/// A job board's API. All of them list the same boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Greenhouse's job-board API.
    Greenhouse,
}

impl Api {
    /// The host that speaks it in earnest; here it is the first part of the path.
    pub fn host(self) -> &'static str {
        match self {
            Self::Greenhouse => greenhouse::HOST,
        }
    }
}

/// All APIs side by side, each under its host's name.
pub(crate) fn routes(shelf: Arc<Shelf>) -> Router {
    Router::new()
        .nest(&format!("/{}", greenhouse::HOST), greenhouse::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(&shelf), log::record))
        .with_state(shelf)
}
