//! Responses that refuse a request: a problem document for programs, a sentence for browsers.

use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

/// Returns a response to a request for this path. `reason` is a sentence that says what to do.
///
/// Paths of the API get a problem document
/// ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
pub(crate) fn refusal(path: &str, status: StatusCode, reason: &str) -> Response {
    let title = status.canonical_reason().unwrap_or("Refused");
    let (kind, body) = if path.starts_with("/api/") {
        let problem = json!({
            "type": "about:blank",
            "title": title,
            "status": status.as_u16(),
            "detail": reason,
        });
        ("application/problem+json", problem.to_string())
    } else {
        (
            "text/plain; charset=utf-8",
            format!("{title}\n\n{reason}\n"),
        )
    };

    let mut response = (status, [(CONTENT_TYPE, kind)], body).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer realm=\"job-scanner\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    }
    response
}
