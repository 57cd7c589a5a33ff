//! The requests of one scan.

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
use crate::http::last_response::{LastResponse, ResponseLog};
use crate::http::outgoing::OutgoingRequest;
use crate::http::transport::Transport;
use crate::http::types::{HttpError, HttpRequest, HttpResponse};
use crate::secrets::Secrets;

/// The requests of one scan, sent one by one or in batches.
#[derive(Debug)]
pub(crate) struct HttpSession {
    context: ExchangeContext,
    max_in_flight: usize,
    max_batch: usize,
}

impl HttpSession {
    /// Creates a session with the hosts of `access` and the validators of the last complete scan.
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

    /// Sends one request and reads the whole response.
    pub(crate) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.release_delivered();
        self.send_one(request).await
    }

    /// Sends a batch of requests, several at a time. Returns the responses in the order of the
    /// requests.
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

    /// Releases the bodies of earlier calls, which the guest has received or dropped.
    pub(crate) fn release_delivered(&self) {
        self.context.bodies.release_delivered();
    }

    async fn send_one(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        match OutgoingRequest::from_guest(&request) {
            Ok(outgoing) => {
                HttpExchange::new(&self.context, &request)
                    .run(outgoing)
                    .await
            }
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

    /// Returns the number of requests so far, including redirects, retries and refused requests.
    pub(crate) fn requests(&self) -> u64 {
        self.context.requests.made()
    }

    /// Returns the number of bytes of decompressed bodies so far.
    pub(crate) fn response_bytes(&self) -> u64 {
        self.context.bodies.read_in_all()
    }

    /// Returns the peak size of the responses that the guest had not received yet, in bytes.
    pub(crate) fn most_held_bytes(&self) -> u64 {
        self.context.bodies.most_held()
    }

    /// Returns the board's last response, or the first failed one; `None` if no request was sent.
    pub(crate) fn last_response(&self) -> Option<LastResponse> {
        self.context.responses.last()
    }

    /// Returns the number of responses that were the same as in the last complete scan.
    pub(crate) fn unchanged(&self) -> u32 {
        self.context.conditional.unchanged()
    }

    /// Returns the validators for the next scan, to be stored if this scan is complete.
    pub(crate) fn take_validators(&self) -> Vec<Validator> {
        self.context.conditional.take_fresh()
    }
}
