//! The requests that the server received, in the order of their arrival.
//!
//! A request is recorded as soon as it arrives, so a test can wait for one that never gets a
//! response.

use std::sync::Arc;

use axum::body::HttpBody as _;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::watch;

use crate::state::ServerState;

/// A request and the outcome of its response.
#[derive(Debug, Clone)]
pub struct RequestRecord {
    pub method: String,
    /// Path and query, as sent.
    pub path: String,
    /// The status of the response, or `None` while there is no response yet.
    pub status: Option<u16>,
    /// The announced length of the response's body; 0 for a 304.
    pub body_bytes: u64,
    /// The `If-None-Match` header of the request.
    pub if_none_match: Option<String>,
    headers: HeaderMap,
    number: u64,
}

impl RequestRecord {
    /// Returns a header of the request if it was sent and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

#[derive(Debug, Default)]
struct Records {
    list: Vec<RequestRecord>,
    /// The number of requests since the start, cleared ones included. A record keeps its number
    /// when `clear` removes those before it.
    arrived: u64,
}

/// The records, with a way to wait for more of them.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(watch::Sender<Records>);

impl RequestLog {
    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        self.0.borrow().list.clone()
    }

    pub(crate) fn clear(&self) {
        self.0.send_modify(|records| records.list.clear());
    }

    /// Waits until `count` requests are recorded.
    pub(crate) async fn wait_for(&self, count: usize) {
        // It fails only if the log is dropped, and `self` borrows the log.
        let _ = self
            .0
            .subscribe()
            .wait_for(|records| records.list.len() >= count)
            .await;
    }

    fn begin(&self, request: &Request) -> u64 {
        let mut number = 0;

        self.0.send_modify(|records| {
            number = records.arrived;
            records.arrived += 1;
            records.list.push(RequestRecord {
                method: request.method().to_string(),
                path: request.uri().to_string(),
                status: None,
                body_bytes: 0,
                if_none_match: text_of(request.headers(), &header::IF_NONE_MATCH),
                headers: request.headers().clone(),
                number,
            });
        });

        number
    }

    fn finish(&self, number: u64, response: &Response) {
        let announced = text_of(response.headers(), &header::CONTENT_LENGTH)
            .and_then(|length| length.parse().ok());
        let body_bytes = announced
            .or_else(|| response.body().size_hint().exact())
            .unwrap_or(0);

        self.0.send_modify(|records| {
            let mut latest_first = records.list.iter_mut().rev();
            if let Some(record) = latest_first.find(|record| record.number == number) {
                record.status = Some(response.status().as_u16());
                record.body_bytes = body_bytes;
            }
        });
    }
}

fn text_of(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    headers
        .get(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Records every request, whatever its route.
pub(crate) async fn record(
    State(state): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    // Before the response, so that a request that hangs is recorded, too.
    let number = state.log.begin(&request);
    let response = next.run(request).await;

    state.log.finish(number, &response);
    response
}
