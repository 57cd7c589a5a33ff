//! What was asked of the server, in the order it arrived.
//!
//! A request is on record as soon as it arrives, so a test can wait for one that will never be
//! answered.

use std::sync::Arc;

use axum::body::HttpBody as _;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::watch;

use crate::shelf::Shelf;

/// One request and how it was answered.
#[derive(Debug, Clone)]
pub struct RequestRecord {
    /// `GET` and so on.
    pub method: String,
    /// Path and query, as sent.
    pub path: String,
    /// `None` while no answer has begun.
    pub status: Option<u16>,
    /// The length of the answer's body as announced; 0 for a 304.
    pub body_bytes: u64,
    /// The validator the client sent.
    pub if_none_match: Option<String>,
    headers: HeaderMap,
    number: u64,
}

impl RequestRecord {
    /// A header of the request, when it was sent and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

#[derive(Debug, Default)]
struct Records {
    list: Vec<RequestRecord>,
    /// How many requests came since the start, forgotten ones included: finds a record again after
    /// `clear`.
    arrived: u64,
}

/// The records, and a way to wait for more.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(watch::Sender<Records>);

impl RequestLog {
    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        self.0.borrow().list.clone()
    }

    pub(crate) fn clear(&self) {
        self.0.send_modify(|records| records.list.clear());
    }

    /// Returns once `count` requests are on record.
    pub(crate) async fn wait_for(&self, count: usize) {
        // An error would mean that the log is gone, and we hold it.
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

/// Puts every request on record, whatever route answers it.
pub(crate) async fn record(
    State(shelf): State<Arc<Shelf>>,
    request: Request,
    next: Next,
) -> Response {
    // Before the answer is made: a request that hangs is on record too.
    let number = shelf.log.begin(&request);
    let response = next.run(request).await;

    shelf.log.finish(number, &response);
    response
}
