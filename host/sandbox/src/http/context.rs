//! The state that all exchanges of one scan share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use job_scanner_outbound::RateLimiter;

use crate::budgets::wall_clock::WallClock;
use crate::http::access::Access;
use crate::http::body::BodyBudget;
use crate::http::conditional::Conditional;
use crate::http::last_response::ResponseLog;
use crate::http::transport::Transport;
use crate::http::types::HttpError;
use crate::secrets::Secrets;

/// The transport, the rules and the records of all exchanges of one scan.
#[derive(Debug)]
pub(crate) struct ExchangeContext {
    pub(crate) transport: Transport,
    pub(crate) access: Access,
    pub(crate) secrets: Secrets,
    pub(crate) conditional: Conditional,
    pub(crate) bodies: BodyBudget,
    pub(crate) wall: Arc<WallClock>,
    /// `None` if the transport has no rate limit.
    pub(crate) rate_limiter: Option<RateLimiter>,
    pub(crate) responses: ResponseLog,
    pub(crate) requests: RequestCount,
}

/// The number of requests of one scan, including redirects, retries and refused requests.
#[derive(Debug)]
pub(crate) struct RequestCount {
    limit: u64,
    made: AtomicU64,
}

impl RequestCount {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            made: AtomicU64::new(0),
        }
    }

    /// Counts a request before it is sent or refused. Refused requests count because refusing them
    /// is work too.
    ///
    /// # Errors
    ///
    /// [`HttpError::TooManyRequests`] if the scan has reached its limit.
    pub(crate) fn count(&self) -> Result<(), HttpError> {
        if self.made.fetch_add(1, Ordering::Relaxed) < self.limit {
            return Ok(());
        }

        Err(HttpError::TooManyRequests(
            u32::try_from(self.limit).unwrap_or(u32::MAX),
        ))
    }

    /// Counts requests that are refused together.
    pub(crate) fn count_refused(&self, requests: usize) {
        self.made.fetch_add(requests as u64, Ordering::Relaxed);
    }

    /// Returns the number of requests so far, at most the limit.
    pub(crate) fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed).min(self.limit)
    }

    /// Returns true if another request may be made.
    pub(crate) fn has_left(&self) -> bool {
        self.made() < self.limit
    }
}
