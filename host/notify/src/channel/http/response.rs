//! The outcome of a message, by the response of the service.

use std::time::Duration;

use job_scanner_core::net::retry_after;
use reqwest::header::{DATE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::error::HttpError;
use crate::message::text::one_line;

/// The most that is read of a response. The responses of all services are far shorter.
const MAX_BODY_BYTES: usize = 16 * 1024;

/// The part of a response that an error quotes, in characters.
const QUOTED_CHARS: usize = 200;

/// A response, read.
#[derive(Debug)]
pub(super) struct ServiceResponse {
    pub(super) status: StatusCode,
    pub(super) retry_after: Option<Duration>,
    /// True if the response redirects.
    is_redirect: bool,
    /// The beginning of the body, not cleaned.
    pub(super) body: String,
}

impl ServiceResponse {
    /// Reads a response. A body that cannot be read counts as empty: the status has said whether
    /// the message was accepted.
    pub(super) async fn read(mut response: Response) -> Self {
        let mut body = Vec::new();
        while body.len() < MAX_BODY_BYTES
            && let Ok(Some(chunk)) = response.chunk().await
        {
            body.extend_from_slice(&chunk);
        }
        body.truncate(MAX_BODY_BYTES);
        let body = String::from_utf8_lossy(&body).into_owned();

        Self {
            status: response.status(),
            retry_after: pause(response.headers(), &body),
            is_redirect: response.headers().contains_key(LOCATION),
            body,
        }
    }

    /// Returns an error unless the service accepted the message. `repeatable` is true if it
    /// recognizes a repeated message.
    pub(super) fn outcome(&self, repeatable: bool) -> Result<(), HttpError> {
        let reason = self.quoted();
        let refused = |advice| HttpError::Refused {
            reason: reason.clone(),
            advice,
        };
        Err(match self.status.as_u16() {
            200..=299 => return Ok(()),
            300..=399 if self.is_redirect => {
                refused("it redirects; write the URL to which it redirects into the configuration")
            }
            401 | 403 => refused("correct the token and its permissions"),
            404 => refused("correct the URL, the token or the name of the channel"),
            410 => HttpError::Gone { reason },
            413 => HttpError::TooLong,
            // A gateway gave up waiting, or one of several receivers failed.
            424 | 504 => HttpError::Unconfirmed { reason, repeatable },
            408 | 425 | 429 | 500..=599 => HttpError::NotNow {
                reason,
                retry_after: self.retry_after,
            },
            _ => refused("it is sent again in case the refusal is temporary"),
        })
    }

    /// Returns the status and the message of the service, on one line.
    pub(super) fn quoted(&self) -> String {
        let parsed: Option<Value> = serde_json::from_str(&self.body).ok();
        let said = parsed.as_ref().and_then(message_of).unwrap_or(&self.body);
        match one_line(said, QUOTED_CHARS) {
            line if line.is_empty() || line.starts_with('<') => format!("status {}", self.status),
            line => format!("status {}: {line}", self.status),
        }
    }
}

/// Returns the message in the JSON of a service, under one of the names in use.
fn message_of(body: &Value) -> Option<&str> {
    let names = ["description", "message", "errorDescription", "error"];
    names.iter().find_map(|name| body.get(name)?.as_str())
}

/// Returns the pause that a service asks for: in the header, or in its JSON (Discord in seconds,
/// Telegram in seconds below `parameters`, Matrix in milliseconds).
fn pause(headers: &HeaderMap, body: &str) -> Option<Duration> {
    let header = |name| headers.get(name)?.to_str().ok();
    if let Some(value) = header(RETRY_AFTER) {
        return retry_after(value, header(DATE));
    }
    let body: Value = serde_json::from_str(body).ok()?;
    let seconds = body.get("retry_after");
    let seconds = seconds.or_else(|| body.get("parameters")?.get("retry_after"));
    let seconds = seconds.and_then(Value::as_f64);
    let seconds = seconds.or_else(|| Some(body.get("retry_after_ms")?.as_f64()? / 1000.0));
    Duration::try_from_secs_f64(seconds?).ok()
}
