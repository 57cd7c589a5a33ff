//! One scan's requests.

use std::sync::Arc;

use futures::{StreamExt as _, stream};
use job_scanner_core::adapter::Limits;
use job_scanner_core::validator::Validator;

use crate::budgets::in_flight::Reservation;
use crate::budgets::wall_clock::WallClock;
use crate::http::access::Access;
use crate::http::body::BodyBudget;
use crate::http::conditional::Conditional;
use crate::http::context::{ExchangeContext, RequestCount};
use crate::http::exchange::HttpExchange;
use crate::http::last_response::{ResponseLog, LastResponse};
use crate::http::outgoing::OutgoingRequest;
use crate::http::transport::Transport;
use crate::http::types::{HttpError, HttpRequest, HttpResponse};
use crate::secrets::Secrets;

/// One scan's requests, sent one by one or in batches.
#[derive(Debug)]
pub(crate) struct HttpSession {
    context: ExchangeContext,
    max_in_flight: usize,
    max_batch: usize,
}

impl HttpSession {
    /// A session that may ask what `access` allows, with what the last complete scan remembered.
    pub(crate) fn new(
        transport: Transport,
        access: Access,
        secrets: Secrets,
        limits: &Limits,
        known: Vec<Validator>,
        wall: Arc<WallClock>,
        reservation: Arc<Reservation>,
    ) -> Self {
        let count = |limit| usize::try_from(limit).unwrap_or(usize::MAX);
        let context = ExchangeContext {
            rate_limiter: transport.rate_limiter(access.adapter()),
            transport,
            access,
            secrets,
            conditional: Conditional::new(known),
            bodies: BodyBudget::new(limits, reservation),
            wall,
            responses: ResponseLog::default(),
            requests: RequestCount::new(limits.requests),
        };

        Self {
            context,
            max_in_flight: count(limits.requests_in_flight),
            max_batch: count(limits.requests_in_batch),
        }
    }

    /// Sends one request and reads its whole answer.
    pub(crate) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.release_delivered();
        self.send_one(request).await
    }

    /// Sends many requests, some at a time, and answers in their order.
    pub(crate) async fn send_all(
        &self,
        requests: Vec<HttpRequest>,
    ) -> Vec<Result<HttpResponse, HttpError>> {
        self.release_delivered();
        if requests.len() > self.max_batch {
            return self.refuse_all(&requests);
        }

        stream::iter(requests)
            .map(|request| self.send_one(request))
            .buffered(self.max_in_flight)
            .collect()
            .await
    }

    /// The guest has, or no longer wants, what its calls have brought so far.
    pub(crate) fn release_delivered(&self) {
        self.context.bodies.release_delivered();
    }

    async fn send_one(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        match OutgoingRequest::from_guest(&request) {
            Ok(outgoing) => HttpExchange::new(&self.context, &request).run(outgoing).await,
            Err(refusal) => self.context.requests.count().and(Err(refusal)),
        }
    }

    fn refuse_all(&self, requests: &[HttpRequest]) -> Vec<Result<HttpResponse, HttpError>> {
        self.context.requests.count_refused(requests.len());
        let limit = u32::try_from(self.max_batch).unwrap_or(u32::MAX);

        requests
            .iter()
            .map(|_| Err(HttpError::TooManyRequests(limit)))
            .collect()
    }

    /// Requests made so far, redirects, retries and refused ones included.
    pub(crate) fn requests(&self) -> u64 {
        self.context.requests.made()
    }

    /// Bytes of decompressed bodies read so far.
    pub(crate) fn response_bytes(&self) -> u64 {
        self.context.bodies.read_in_all()
    }

    /// Bytes of answers that the guest had not been handed yet, when they were most.
    pub(crate) fn most_held_bytes(&self) -> u64 {
        self.context.bodies.most_held()
    }

    /// The board's last answer; `None` when it was never asked.
    pub(crate) fn last_response(&self) -> Option<LastResponse> {
        self.context.responses.last()
    }

    /// The number of answers that were the ones of the last complete scan.
    pub(crate) fn unchanged(&self) -> u32 {
        self.context.conditional.unchanged()
    }

    /// The validators that the next scan may ask with, if this one ends complete.
    pub(crate) fn take_validators(&self) -> Vec<Validator> {
        self.context.conditional.take_fresh()
    }
}
