//! One scan's requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::{StreamExt as _, stream};
use job_scanner_core::validator::Validator;

use super::access::Access;
use super::body::Bodies;
use super::conditional::Conditional;
use super::exchange::Exchange;
use super::hop::Hop;
use super::last_answer::{Answers, LastAnswer};
use super::spacing::Turns;
use super::types::{HttpError, HttpRequest, HttpResponse};
use super::wire::Wire;
use crate::config::Limits;
use crate::sandbox::held::HeldShare;
use crate::sandbox::secrets::Secrets;
use crate::sandbox::wall_clock::WallClock;

/// One scan's requests: what it may ask, what it asked, and what it remembers of the answers.
#[derive(Debug)]
pub(in crate::sandbox) struct HttpSession {
    pub(super) wire: Wire,
    pub(super) access: Access,
    pub(super) secrets: Secrets,
    pub(super) conditional: Conditional,
    pub(super) bodies: Bodies,
    pub(super) wall: Arc<WallClock>,
    pub(super) turns: Option<Turns>,
    pub(super) answers: Answers,
    max_in_flight: usize,
    max_batch: usize,
    max_requests: u64,
    requests: AtomicU64,
}

impl HttpSession {
    /// A session that may ask what `access` allows, with what the last complete scan remembered.
    pub(in crate::sandbox) fn new(
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
    pub(in crate::sandbox) async fn send(
        &self,
        request: HttpRequest,
    ) -> Result<HttpResponse, HttpError> {
        self.handed_over();
        self.send_one(request).await
    }

    /// The guest has, or no longer wants, what its calls have brought so far.
    pub(in crate::sandbox) fn handed_over(&self) {
        self.bodies.handed_over();
    }

    /// Sends many requests, some at a time, and answers in their order.
    pub(in crate::sandbox) async fn send_all(
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
    pub(super) fn count(&self) -> Result<(), HttpError> {
        if self.requests.fetch_add(1, Ordering::Relaxed) < self.max_requests {
            return Ok(());
        }
        Err(HttpError::TooManyRequests(
            u32::try_from(self.max_requests).unwrap_or(u32::MAX),
        ))
    }

    /// Requests made so far, redirects, retries and refused ones included.
    pub(in crate::sandbox) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed).min(self.max_requests)
    }

    /// Whether another request may be made.
    pub(super) fn has_requests_left(&self) -> bool {
        self.requests() < self.max_requests
    }

    /// Bytes of decompressed bodies read so far.
    pub(in crate::sandbox) fn response_bytes(&self) -> u64 {
        self.bodies.read_in_all()
    }

    /// Bytes of answers that the guest had not been handed yet, when they were most.
    pub(in crate::sandbox) fn most_held_bytes(&self) -> u64 {
        self.bodies.most_held()
    }

    /// What the board answered last; `None` when it was never asked.
    pub(in crate::sandbox) fn last_answer(&self) -> Option<LastAnswer> {
        self.answers.last()
    }

    /// How many answers were the ones of the last complete scan.
    pub(in crate::sandbox) fn unchanged(&self) -> u32 {
        self.conditional.unchanged()
    }

    /// What the next scan may ask with, if this one ends complete.
    pub(in crate::sandbox) fn take_validators(&self) -> Vec<Validator> {
        self.conditional.take_fresh()
    }
}
