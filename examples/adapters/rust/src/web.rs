//! Requests through the host, and the handling of their responses.

use serde_json::Value;

use crate::bindings::job_scanner::source::http::{self, HttpError, Redirects, Request, Response};
use crate::bindings::job_scanner::source::types::{Header, SourceError};

/// The number of concurrent requests. The contract allows 256, but the host holds their responses
/// in memory together.
const SIDE_BY_SIDE: usize = 50;

/// Returns a GET request for JSON. If it is conditional, the response may say that it is
/// `unchanged`.
pub fn get(url: String, conditional: bool) -> Request {
    let headers = vec![Header {
        name: "Accept".to_owned(),
        value: "application/json".to_owned(),
    }];
    let (method, body, redirects) = ("GET".to_owned(), None, Redirects::Follow);
    Request {
        method,
        url,
        headers,
        body,
        conditional,
        repeatable: true,
        redirects,
    }
}

/// Percent-encodes everything except the [unreserved characters], so that any text is a single part
/// of a URL.
///
/// [unreserved characters]: https://www.rfc-editor.org/rfc/rfc3986#section-2.3
pub fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// Sends one request and returns its response, if that is successful.
pub fn send(request: &Request) -> Result<Response, SourceError> {
    successful(http::send(request))
}

/// Sends requests in batches, as their responses are consumed. The host waits and retries where
/// that helps.
pub fn send_all(requests: &[Request]) -> impl Iterator<Item = Result<Response, HttpError>> {
    requests.chunks(SIDE_BY_SIDE).flat_map(http::send_all)
}

/// Returns the response, or the contract's error for its status.
pub fn successful(answer: Result<Response, HttpError>) -> Result<Response, SourceError> {
    match answer {
        Ok(response) if (200..300).contains(&response.status) => Ok(response),
        Ok(response) => Err(refused(&response)),
        Err(error) => Err(no_answer(error)),
    }
}

/// Parses the body of a response as JSON.
pub fn json(response: &Response) -> Result<Value, SourceError> {
    let body = &response.body;
    serde_json::from_slice(body).map_err(|error| {
        let start = String::from_utf8_lossy(&body[..body.len().min(100)]).into_owned();
        unexpected(&format!("{error}: {start:?}"))
    })
}

/// Reads a text field: `None` if it is missing, null or blank. The error says what is wrong with
/// it.
pub fn text(object: &Value, key: &str) -> Result<Option<String>, String> {
    match &object[key] {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        _ => Err(format!("{key}: expected text")),
    }
}

/// Reads a text field that must be there.
pub fn needed(object: &Value, key: &str) -> Result<String, String> {
    text(object, key)?.ok_or_else(|| format!("{key}: expected text"))
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
