//! One request of a guest, from the first attempt to the end of the response body.

use std::time::{Duration, Instant};

use job_scanner_core::net::{Permit, retry_after};
use job_scanner_core::validator::RequestKey;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use url::Url;

use crate::http::access::Rate;
use crate::http::conditional::request_key;
use crate::http::context::ExchangeContext;
use crate::http::last_response::LastResponse;
use crate::http::outgoing::OutgoingRequest;
use crate::http::response::{ArrivingResponse, headers_as_text};
use crate::http::retry;
use crate::http::retry::MAX_RETRIES;
use crate::http::secret_injection::display_url;
use crate::http::types::{HttpError, HttpRequest, HttpResponse};

/// The number of redirects that one request may follow.
const MAX_REDIRECTS: usize = 5;

/// One request of a guest.
///
/// The deadline covers all attempts, redirects and pauses together. At the start it is not later
/// than the end of the page. Waiting for the rate limit or for other scans' memory extends it.
pub(crate) struct HttpExchange<'s> {
    context: &'s ExchangeContext,
    request: &'s HttpRequest,
    key: RequestKey,
    deadline: Instant,
    retries: u32,
}

impl<'s> HttpExchange<'s> {
    /// Creates an exchange whose time starts now.
    pub(crate) fn new(context: &'s ExchangeContext, request: &'s HttpRequest) -> Self {
        let time = context.transport.request_timeout().min(context.wall.left());

        Self {
            context,
            request,
            key: request_key(request),
            deadline: Instant::now() + time,
            retries: 0,
        }
    }

    /// Sends the request and follows redirects if the request asks for it. A redirect to a URL that
    /// the source may not access is returned to the guest as a response.
    pub(crate) async fn run(
        mut self,
        mut outgoing: OutgoingRequest,
    ) -> Result<HttpResponse, HttpError> {
        if self.request.conditional {
            let conditional = &self.context.conditional;
            let validators = conditional.headers(self.key, &self.request.method);
            outgoing.headers.extend(validators);
        }

        for _ in 0..=MAX_REDIRECTS {
            let response = self.send_with_retries(&outgoing).await?;
            match outgoing.redirected(response.status, &response.headers) {
                Some(next) if self.request.follow_redirects && self.permit(&next).is_ok() => {
                    outgoing = next;
                }
                _ => return self.within(self.finish(outgoing.url, response)).await?,
            }
        }

        Err(HttpError::Protocol(format!(
            "more than {MAX_REDIRECTS} redirects"
        )))
    }

    /// Sends one request, and retries it where that is safe and may help.
    async fn send_with_retries(
        &mut self,
        outgoing: &OutgoingRequest,
    ) -> Result<ArrivingResponse, HttpError> {
        loop {
            let outcome = self.send(outgoing).await;
            let Some(pause) = self.pause_before_retry(outgoing, &outcome) else {
                self.record_response(outgoing, &outcome);
                return outcome;
            };

            self.retries += 1;
            // The body is never read. If it were kept, it would hold its connection during the
            // pause.
            drop(outcome);
            self.context.transport.pause(pause).await;
        }
    }

    async fn send(&mut self, outgoing: &OutgoingRequest) -> Result<ArrivingResponse, HttpError> {
        // A refused request counts too, and does not wait for the rate limit.
        self.context.requests.count()?;
        let permit = self
            .permit(outgoing)
            .inspect_err(|why| self.context.transport.refuse(outgoing, why))?;
        self.wait_for_turn(&permit).await;

        let ExchangeContext {
            transport, secrets, ..
        } = self.context;
        self.within(transport.send(outgoing, permit.addresses, secrets))
            .await?
    }

    fn permit(&self, outgoing: &OutgoingRequest) -> Result<Permit, HttpError> {
        let access = &self.context.access;
        let permit = access.permit(&outgoing.method, &outgoing.url)?;

        for option in outgoing.mentioned_secrets() {
            access.permit_secret(option, &permit)?;
        }
        Ok(permit)
    }

    /// Waits for room in the in-flight budget and for the rate limit of the host. The host program
    /// causes both waits, so they extend the deadline.
    async fn wait_for_turn(&mut self, permit: &Permit) {
        let ExchangeContext {
            bodies,
            wall,
            rate_limiter,
            access,
            ..
        } = self.context;

        let begun = Instant::now();
        wall.scan_paused(bodies.wait_for_room()).await;
        if let (Rate::PerSecond(rate), Some(rate_limiter)) = (access.rate(permit), rate_limiter) {
            wall.page_paused(rate_limiter.wait(&permit.host(), rate))
                .await;
        }
        self.deadline += begun.elapsed();
    }

    /// Returns the pause before a retry; `None` if the outcome is final, also because no time,
    /// retry or request is left.
    fn pause_before_retry(
        &self,
        outgoing: &OutgoingRequest,
        outcome: &Result<ArrivingResponse, HttpError>,
    ) -> Option<Duration> {
        if self.retries == MAX_RETRIES
            || !retry::may_repeat(&outgoing.method, self.request.repeatable)
        {
            return None;
        }

        let (retry, jitter) = (self.retries, fastrand::f64());
        let pause = match outcome {
            Ok(response) => retry::after_status(
                response.status,
                requested_pause(&response.headers),
                retry,
                jitter,
            )?,
            Err(HttpError::Connect(_)) => retry::backoff(retry, jitter),
            Err(_) => return None,
        };

        let left = self.deadline.saturating_duration_since(Instant::now());
        (pause < left && self.context.requests.has_left()).then_some(pause)
    }

    /// Records the response for the report. A request that the host refused was never sent, and its
    /// URL can be anything, so it is not recorded.
    fn record_response(
        &self,
        outgoing: &OutgoingRequest,
        outcome: &Result<ArrivingResponse, HttpError>,
    ) {
        let status = match outcome {
            Ok(response) => Some(response.status.as_u16()),
            Err(
                HttpError::Denied(_) | HttpError::InvalidRequest(_) | HttpError::TooManyRequests(_),
            ) => return,
            Err(_) => None,
        };

        self.context.responses.record(LastResponse {
            status,
            url: display_url(&outgoing.url),
        });
    }

    async fn within<T>(&self, step: impl Future<Output = T>) -> Result<T, HttpError> {
        tokio::time::timeout_at(self.deadline.into(), step)
            .await
            .map_err(|_| HttpError::Timeout)
    }

    async fn finish(
        &self,
        url: Url,
        mut response: ArrivingResponse,
    ) -> Result<HttpResponse, HttpError> {
        let status = response.status;
        if status == StatusCode::NOT_MODIFIED {
            return self.not_modified(&url, &response.headers);
        }
        if is_partial(status) {
            let message =
                format!("the board returned a partial response ({status}) that was not requested");
            return Err(HttpError::Protocol(message));
        }

        let body = self.context.bodies.read(&mut response).await?;
        let (conditional, is_conditional) = (&self.context.conditional, self.request.conditional);
        let unchanged = status == StatusCode::OK
            && conditional.is_tracked(self.key, is_conditional)
            && conditional.record(self.key, is_conditional, &response.headers, &body.bytes);

        // Only a body that the guest receives counts as held until its call ends.
        let body = if unchanged { Vec::new() } else { body.take() };
        Ok(response_of(
            status,
            &url,
            &response.headers,
            body,
            unchanged,
        ))
    }

    fn not_modified(&self, url: &Url, headers: &HeaderMap) -> Result<HttpResponse, HttpError> {
        let is_conditional = self.request.conditional;
        if is_conditional && self.context.conditional.not_modified(self.key) {
            let nothing = Vec::new();
            return Ok(response_of(StatusCode::OK, url, headers, nothing, true));
        }

        let message = "the board returned 304 to a request without validators";
        Err(HttpError::Protocol(message.to_owned()))
    }
}

/// Returns true if the body is only a part of the resource
/// ([206](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7)) or a change to it
/// ([226](https://www.rfc-editor.org/rfc/rfc3229#section-10.4.1)). Guests cannot request either,
/// and would take it for the whole resource.
fn is_partial(status: StatusCode) -> bool {
    matches!(status, StatusCode::PARTIAL_CONTENT | StatusCode::IM_USED)
}

fn requested_pause(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    retry_after(text(RETRY_AFTER)?, text(DATE))
}

/// Creates the guest's response. A `Retry-After` with a date becomes seconds, because guests have
/// no clock.
fn response_of(
    status: StatusCode,
    url: &Url,
    headers: &HeaderMap,
    body: Vec<u8>,
    unchanged: bool,
) -> HttpResponse {
    let pause = requested_pause(headers).map(|pause| pause.as_secs().to_string());
    let mut headers = headers_as_text(headers);

    if let Some(seconds) = pause {
        let retry_after = headers
            .iter_mut()
            .filter(|(name, _)| name == RETRY_AFTER.as_str());
        retry_after.for_each(|(_, value)| value.clone_from(&seconds));
    }

    HttpResponse {
        status: status.as_u16(),
        url: display_url(url),
        headers,
        body,
        unchanged,
    }
}
