//! Requests through the host, and the handling of their responses.

use serde_json::Value;

use crate::bindings::job_scanner::source::http::{self, HttpError, Request, Response};
use crate::bindings::job_scanner::source::types::SourceError;

/// The number of concurrent requests. The contract allows 256, but the host holds their responses
/// in memory together.
const SIDE_BY_SIDE: usize = 50;

/// Sends one request and returns the body of its response.
pub fn send(request: Request) -> Result<Vec<u8>, SourceError> {
    body(http::send(&request))
}

/// Sends requests in batches, as their responses are consumed. The host waits and retries where
/// that helps.
pub fn send_all(requests: &[Request]) -> impl Iterator<Item = Result<Response, HttpError>> {
    requests.chunks(SIDE_BY_SIDE).flat_map(http::send_all)
}

/// Returns the body of a successful response.
pub fn body(answer: Result<Response, HttpError>) -> Result<Vec<u8>, SourceError> {
    match answer {
        Ok(response) if (200..300).contains(&response.status) => Ok(response.body),
        Ok(response) => Err(refused(&response)),
        Err(error) => Err(no_answer(error)),
    }
}

/// Parses a body as JSON.
pub fn json(body: &[u8]) -> Result<Value, SourceError> {
    serde_json::from_slice(body).map_err(|error| {
        let start = String::from_utf8_lossy(&body[..body.len().min(100)]).into_owned();
        unexpected(&format!("{error}: {start:?}"))
    })
}

pub fn unexpected(words: &str) -> SourceError {
    SourceError::UnexpectedResponse(words.to_owned())
}

fn refused(response: &Response) -> SourceError {
    let words = format!("{} returned {}", response.url, response.status);
    let pause = retry_after(response);
    match response.status {
        404 | 410 => SourceError::NotFound(words),
        401 | 403 => SourceError::Unauthorized(words),
        429 => SourceError::RateLimited(pause),
        503 if pause.is_some() => SourceError::RateLimited(pause),
        // The host did not follow this redirect.
        ..=399 => unexpected(&words),
        status => SourceError::Upstream((status, response.url.clone())),
    }
}

/// Returns the pause in seconds.
fn retry_after(response: &Response) -> Option<u32> {
    let header = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("retry-after"))?;
    header.value.trim().parse().ok()
}

fn no_answer(error: HttpError) -> SourceError {
    let other = |code: &str, words: String| SourceError::Other((code.to_owned(), words));
    match error {
        HttpError::Timeout => SourceError::Network("no answer in time".to_owned()),
        HttpError::Dns(words)
        | HttpError::Connect(words)
        | HttpError::Tls(words)
        | HttpError::Protocol(words) => SourceError::Network(words),
        HttpError::Denied(words) => other("denied", words),
        HttpError::InvalidRequest(words) => other("invalid-request", words),
        HttpError::TooLarge(limit) => other("too-large", format!("more than {limit} bytes")),
        HttpError::TooManyRequests(limit) => {
            other("too-many-requests", format!("more than {limit} requests"))
        }
        HttpError::Other((code, words)) => other(&code, words),
    }
}
