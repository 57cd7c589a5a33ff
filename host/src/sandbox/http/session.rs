//! One scan's requests.

use std::sync::atomic::{AtomicU64, Ordering};

use futures::{StreamExt as _, stream};
use job_scanner_core::net::{AllowList, Permit};
use job_scanner_core::validator::Validator;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, StatusCode};
use url::Url;

use super::clients::{HttpClients, ResolveError, resolve_error};
use super::conditional::{Conditional, request_key};
use super::types::{HttpError, HttpRequest, HttpResponse};
use crate::config::Limits;

/// How many redirects a request may follow.
const MAX_REDIRECTS: usize = 5;

/// One scan's part of the HTTP clients: what it may ask, what it asked, and what it remembers of the answers.
#[derive(Debug)]
pub(in crate::sandbox) struct HttpSession {
    clients: HttpClients,
    allow_list: AllowList,
    methods: Vec<String>,
    limits: Limits,
    conditional: Conditional,
    requests: AtomicU64,
    /// Bytes of all bodies of this scan.
    response_bytes: AtomicU64,
    /// Bytes of the bodies that this call of the guest has not been handed yet.
    held_bytes: AtomicU64,
}

impl HttpSession {
    /// A session that may ask what `allow_list` and `methods` allow, with what the last complete scan remembered.
    pub(in crate::sandbox) fn new(
        clients: HttpClients,
        allow_list: AllowList,
        methods: Vec<String>,
        limits: Limits,
        known: Vec<Validator>,
    ) -> Self {
        Self {
            clients,
            allow_list,
            methods,
            limits,
            conditional: Conditional::new(known),
            requests: AtomicU64::new(0),
            response_bytes: AtomicU64::new(0),
            held_bytes: AtomicU64::new(0),
        }
    }

    /// Sends one request and reads its whole answer.
    pub(in crate::sandbox) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.held_bytes.store(0, Ordering::Relaxed);
        self.send_one(request).await
    }

    /// Sends many requests, some at a time, and answers in their order.
    pub(in crate::sandbox) async fn send_all(
        &self,
        requests: Vec<HttpRequest>,
    ) -> Vec<Result<HttpResponse, HttpError>> {
        self.held_bytes.store(0, Ordering::Relaxed);
        let limit = self.limits.requests_in_batch;
        if requests.len() as u64 > limit {
            let refusal = || Err(HttpError::InvalidRequest(format!("more than {limit} requests at once")));
            return requests.iter().map(|_| refusal()).collect();
        }
        let in_flight = usize::try_from(self.limits.requests_in_flight).unwrap_or(usize::MAX);
        stream::iter(requests).map(|request| self.send_one(request)).buffered(in_flight).collect().await
    }

    /// Follows redirects if the request asks so.
    async fn send_one(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if self.requests.fetch_add(1, Ordering::Relaxed) >= self.limits.requests {
            return Err(HttpError::TooManyRequests(u32::try_from(self.limits.requests).unwrap_or(u32::MAX)));
        }
        let hop = Hop::first(&request, &self.methods)?;
        tokio::time::timeout(self.clients.request_timeout(), self.exchange(&request, hop))
            .await
            .unwrap_or(Err(HttpError::Timeout))
    }

    /// Requests made so far.
    pub(in crate::sandbox) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed).min(self.limits.requests)
    }

    /// Bytes of decompressed bodies read so far.
    pub(in crate::sandbox) fn response_bytes(&self) -> u64 {
        self.response_bytes.load(Ordering::Relaxed)
    }

    /// How many answers were the ones of the last complete scan.
    pub(in crate::sandbox) fn unchanged(&self) -> u32 {
        self.conditional.unchanged()
    }

    /// What the next scan may ask with, if this one ends complete.
    pub(in crate::sandbox) fn take_validators(&self) -> Vec<Validator> {
        self.conditional.take_fresh()
    }

    async fn exchange(&self, request: &HttpRequest, mut hop: Hop) -> Result<HttpResponse, HttpError> {
        let key = request_key(request);
        if request.conditional {
            hop.headers.extend(self.conditional.headers(key));
        }
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send_hop(&hop).await?;
            match hop.redirected(&response) {
                Some(next) if request.follow_redirects && self.permit(&next.url).is_ok() => hop = next,
                _ => return self.answer(request, hop, response).await,
            }
        }
        Err(HttpError::Protocol(format!("more than {MAX_REDIRECTS} redirects")))
    }

    /// Literal addresses are checked here, since they never reach the resolver.
    fn permit(&self, url: &Url) -> Result<Permit, HttpError> {
        self.allow_list.check(url).map_err(|denied| HttpError::Denied(denied.to_string()))
    }

    async fn send_hop(&self, hop: &Hop) -> Result<reqwest::Response, HttpError> {
        let permit = self.permit(&hop.url)?;
        let mut request = self
            .clients
            .under(permit.addresses)
            .request(hop.method.clone(), hop.url.clone())
            .headers(hop.headers.clone());
        if let Some(body) = &hop.body {
            request = request.body(body.clone());
        }
        request.send().await.map_err(describe)
    }

    async fn answer(
        &self,
        request: &HttpRequest,
        hop: Hop,
        response: reqwest::Response,
    ) -> Result<HttpResponse, HttpError> {
        let (status, headers) = (response.status(), response.headers().clone());
        let key = request_key(request);
        if status == StatusCode::NOT_MODIFIED {
            if request.conditional && self.conditional.not_modified(key) {
                return Ok(response_of(StatusCode::OK, hop.url, &headers, Vec::new(), true));
            }
            return Err(HttpError::Protocol("the board answered 304 to a request without validators".to_owned()));
        }
        let mut body = self.read_body(response).await?;
        let mut unchanged = false;
        if status == StatusCode::OK && self.conditional.takes_part(key, request.conditional) {
            unchanged = self.conditional.answered(key, request.conditional, &headers, &body);
        }
        if unchanged {
            body = Vec::new();
        }
        Ok(response_of(status, hop.url, &headers, body, unchanged))
    }

    /// Reads the body as it arrives, decompressed, and stops at the first byte too many.
    async fn read_body(&self, mut response: reqwest::Response) -> Result<Vec<u8>, HttpError> {
        let announced = response.content_length().unwrap_or(0).min(self.limits.response_bytes);
        let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
        while let Some(chunk) = response.chunk().await.map_err(describe)? {
            let read = chunk.len() as u64;
            check(body.len() as u64 + read, self.limits.response_bytes)?;
            check(self.held_bytes.fetch_add(read, Ordering::Relaxed) + read, self.limits.responses_held_bytes)?;
            check(self.response_bytes.fetch_add(read, Ordering::Relaxed) + read, self.limits.responses_scan_bytes)?;
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn check(bytes: u64, limit: u64) -> Result<(), HttpError> {
    if bytes > limit { Err(HttpError::TooLarge(limit)) } else { Ok(()) }
}

/// One request on the wire; a redirect makes the next one.
#[derive(Debug, Clone)]
struct Hop {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Hop {
    fn first(request: &HttpRequest, methods: &[String]) -> Result<Self, HttpError> {
        if !methods.contains(&request.method) {
            return Err(HttpError::Denied(format!(
                "the adapter was not granted the method `{}`, only {}",
                request.method,
                methods.join(", ")
            )));
        }
        let invalid = |what: String| HttpError::InvalidRequest(what);
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| invalid(format!("`{}` is no HTTP method", request.method)))?;
        let url = Url::parse(&request.url).map_err(|error| invalid(format!("no absolute URL: {error}")))?;
        let headers = checked_headers(&request.headers)?;
        Ok(Self { method, url, headers, body: request.body.clone() })
    }

    /// The next hop, when the response is a redirect to somewhere.
    ///
    /// Methods change as the Fetch standard says (303 to GET, 301 and 302 of a POST to GET); credentials and body do
    /// not travel to another origin.
    fn redirected(&self, response: &reqwest::Response) -> Option<Self> {
        let status = response.status();
        let to_get = match status.as_u16() {
            301 | 302 => self.method == Method::POST,
            303 => self.method != Method::HEAD,
            307 | 308 => false,
            _ => return None,
        };
        let location = response.headers().get(LOCATION)?.to_str().ok()?;
        let mut next = Self { url: self.url.join(location).ok()?, ..self.clone() };
        if to_get {
            next.method = Method::GET;
            next.body = None;
        }
        if next.url.origin() != self.url.origin() {
            next.headers.remove(AUTHORIZATION);
            next.headers.remove(COOKIE);
            next.body = None;
        }
        Some(next)
    }
}

/// Headers that the connection, or we, are answerable for.
const OUR_HEADERS: [&str; 16] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

fn checked_headers(given: &[(String, String)]) -> Result<HeaderMap, HttpError> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let lower = name.to_ascii_lowercase();
        if OUR_HEADERS.contains(&lower.as_str()) || lower.starts_with("proxy-") {
            return Err(HttpError::InvalidRequest(format!("the header `{lower}` is the host's to set")));
        }
        let name = HeaderName::from_bytes(lower.as_bytes())
            .map_err(|_| HttpError::InvalidRequest("a header's name is not one".to_owned()))?;
        let value = HeaderValue::from_str(value)
            .map_err(|_| HttpError::InvalidRequest(format!("the value of the header `{lower}` is not one")))?;
        headers.append(name, value);
    }
    Ok(headers)
}

fn response_of(status: StatusCode, url: Url, headers: &HeaderMap, body: Vec<u8>, unchanged: bool) -> HttpResponse {
    let headers = headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    HttpResponse { status: status.as_u16(), url: url.into(), headers, body, unchanged }
}

/// Says what went wrong in words; the URL stays out, since it may carry what no log should see.
fn describe(error: reqwest::Error) -> HttpError {
    let error = error.without_url();
    match resolve_error(&error) {
        Some(ResolveError::Denied(denied)) => return HttpError::Denied(denied.to_string()),
        Some(ResolveError::Failed(failed)) => return HttpError::Dns(failed.to_string()),
        None => {}
    }
    if error.is_timeout() {
        return HttpError::Timeout;
    }
    let words = innermost(&error);
    if words.contains("certificate") || words.contains("handshake") {
        return HttpError::Tls(words);
    }
    if error.is_connect() { HttpError::Connect(words) } else { HttpError::Protocol(words) }
}

/// The message of the first cause: "connection refused" rather than "error sending request".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
