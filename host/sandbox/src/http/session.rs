//! One scan's requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::{StreamExt as _, stream};
use job_scanner_core::adapter::Limits;
use job_scanner_core::validator::Validator;
use job_scanner_outbound::Turns;

use crate::budgets::in_flight::HeldShare;
use crate::budgets::wall_clock::WallClock;
use crate::http::access::Access;
use crate::http::body::Bodies;
use crate::http::conditional::Conditional;
use crate::http::exchange::Exchange;
use crate::http::last_answer::{Answers, LastAnswer};
use crate::http::outgoing::Hop;
use crate::http::transport::Wire;
use crate::http::types::{HttpError, HttpRequest, HttpResponse};
use crate::secrets::Secrets;

/// One scan's requests: what it may ask, what it asked, and what it remembers of the answers.
#[derive(Debug)]
pub(crate) struct HttpSession {
    pub(crate) wire: Wire,
    pub(crate) access: Access,
    pub(crate) secrets: Secrets,
    pub(crate) conditional: Conditional,
    pub(crate) bodies: Bodies,
    pub(crate) wall: Arc<WallClock>,
    pub(crate) turns: Option<Turns>,
    pub(crate) answers: Answers,
    max_in_flight: usize,
    max_batch: usize,
    max_requests: u64,
    requests: AtomicU64,
}

impl HttpSession {
    /// A session that may ask what `access` allows, with what the last complete scan remembered.
    pub(crate) fn new(
        wire: Wire,
        access: Access,
        secrets: Secrets,
        limits: &Limits,
        known: Vec<Validator>,
        wall: Arc<WallClock>,
        share: Arc<HeldShare>,
    ) -> Self {
        let count = |limit| usize::try_from(limit).unwrap_or(usize::MAX);
        Self {
            turns: wire.turns(access.adapter()),
            wire,
            access,
            secrets,
            conditional: Conditional::new(known),
            bodies: Bodies::new(limits, share),
            wall,
            answers: Answers::default(),
            max_in_flight: count(limits.requests_in_flight),
            max_batch: count(limits.requests_in_batch),
            max_requests: limits.requests,
            requests: AtomicU64::new(0),
        }
    }

    /// Sends one request and reads its whole answer.
    pub(crate) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.handed_over();
        self.send_one(request).await
    }

    /// The guest has, or no longer wants, what its calls have brought so far.
    pub(crate) fn handed_over(&self) {
        self.bodies.handed_over();
    }

    /// Sends many requests, some at a time, and answers in their order.
    pub(crate) async fn send_all(
        &self,
        requests: Vec<HttpRequest>,
    ) -> Vec<Result<HttpResponse, HttpError>> {
        self.handed_over();
        if requests.len() > self.max_batch {
            self.requests
                .fetch_add(requests.len() as u64, Ordering::Relaxed);
            let limit = u32::try_from(self.max_batch).unwrap_or(u32::MAX);
            return requests
                .iter()
                .map(|_| Err(HttpError::TooManyRequests(limit)))
                .collect();
        }
        stream::iter(requests)
            .map(|request| self.send_one(request))
            .buffered(self.max_in_flight)
            .collect()
            .await
    }

    async fn send_one(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        match Hop::first(&request) {
            Ok(hop) => Exchange::new(self, &request).run(hop).await,
            Err(refusal) => self.count().and(Err(refusal)),
        }
    }

    /// Counts a request that is about to go out, or to be refused: saying no is work, too.
    pub(crate) fn count(&self) -> Result<(), HttpError> {
        if self.requests.fetch_add(1, Ordering::Relaxed) < self.max_requests {
            return Ok(());
        }
        Err(HttpError::TooManyRequests(
            u32::try_from(self.max_requests).unwrap_or(u32::MAX),
        ))
    }

    /// Requests made so far, redirects, retries and refused ones included.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed).min(self.max_requests)
    }

    /// Whether another request may be made.
    pub(crate) fn has_requests_left(&self) -> bool {
        self.requests() < self.max_requests
    }

    /// Bytes of decompressed bodies read so far.
    pub(crate) fn response_bytes(&self) -> u64 {
        self.bodies.read_in_all()
    }

    /// Bytes of answers that the guest had not been handed yet, when they were most.
    pub(crate) fn most_held_bytes(&self) -> u64 {
        self.bodies.most_held()
    }

    /// What the board answered last; `None` when it was never asked.
    pub(crate) fn last_answer(&self) -> Option<LastAnswer> {
        self.answers.last()
    }

    /// How many answers were the ones of the last complete scan.
    pub(crate) fn unchanged(&self) -> u32 {
        self.conditional.unchanged()
    }

    /// What the next scan may ask with, if this one ends complete.
    pub(crate) fn take_validators(&self) -> Vec<Validator> {
        self.conditional.take_fresh()
    }
}
