//! Errors of the API: problem documents ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::PrintableStart;
use job_scanner_store::StoreError;
use serde::Serialize;
use tracing::error;

/// The content type of a problem document.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// The path below which every error is a problem document.
const API: &str = "/api/";

/// The largest text of an error that is passed on, in bytes.
const MAX_TEXT_BYTES: usize = 4_096;

/// The longest text from a request that a message repeats, in characters.
const SHOWN_CHARACTERS: usize = 100;

/// An error of the API.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ApiProblem {
    pub(crate) status: StatusCode,
    /// The error and what to do, for the author of the client.
    pub(crate) detail: String,
}

/// The JSON of a problem.
#[derive(Serialize)]
struct ProblemView<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
}

impl ApiProblem {
    /// Creates the error of a request with a wrong value.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            detail: detail.into(),
        }
    }

    /// Creates the error of a request for something that does not exist.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            detail: detail.into(),
        }
    }

    /// Creates the error of a request whose text is well-formed and cannot be used.
    pub(crate) fn unprocessable(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            detail: detail.into(),
        }
    }

    /// Creates the error for a bug. The log has the cause.
    pub(crate) fn internal(cause: &dyn std::error::Error) -> Self {
        error!(
            error = with_causes(cause),
            "a request to the API failed: {cause}"
        );
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            detail: "the request failed inside job-scanner; its log has the cause".to_owned(),
        }
    }
}

/// Quotes a text from a request for a message.
pub(crate) fn quoted(text: &str) -> String {
    let start = PrintableStart {
        text,
        limit: SHOWN_CHARACTERS,
    };
    format!("`{start}`")
}

impl From<StoreError> for ApiProblem {
    fn from(failed: StoreError) -> Self {
        error!(
            error = with_causes(&failed),
            "the API cannot use the database: {failed}"
        );
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            detail:
                "the database cannot be used at the moment; the log of job-scanner has the cause"
                    .to_owned(),
        }
    }
}

impl From<serde_json::Error> for ApiProblem {
    fn from(failed: serde_json::Error) -> Self {
        Self::internal(&failed)
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body()));
        *response.status_mut() = self.status;
        let kind = HeaderValue::from_static(PROBLEM_JSON);
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    }
}

impl ApiProblem {
    fn body(&self) -> String {
        let view = ProblemView {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
        };
        serde_json::to_string_pretty(&view).unwrap_or_default() + "\n"
    }
}

/// Turns each error of the API into a problem document: also those of routes that do not exist, of
/// methods that a route lacks, and of the layers around the handlers.
pub(crate) async fn as_problem(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == PROBLEM_JSON);
    if !path.starts_with(API) || !is_error || is_problem {
        return response;
    }

    let (mut parts, body) = response.into_parts();
    let text = to_bytes(body, MAX_TEXT_BYTES).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).trim().to_owned();
    let problem = ApiProblem {
        status: parts.status,
        detail: detail_of(parts.status, &path, text),
    };

    // Other headers stay, such as `Allow` and `WWW-Authenticate`.
    parts.headers.remove(CONTENT_LENGTH);
    let kind = HeaderValue::from_static(PROBLEM_JSON);
    parts.headers.insert(CONTENT_TYPE, kind);
    Response::from_parts(parts, Body::from(problem.body()))
}

fn detail_of(status: StatusCode, path: &str, text: String) -> String {
    match status {
        StatusCode::NOT_FOUND => format!(
            "{} does not exist; `/api/v1/openapi.json` lists all addresses",
            quoted(path)
        ),
        StatusCode::METHOD_NOT_ALLOWED => {
            "this address does not know the method; the header `Allow` lists those that it knows"
                .to_owned()
        }
        StatusCode::PAYLOAD_TOO_LARGE => "the body is too large; send less at a time".to_owned(),
        _ if !text.is_empty() => text,
        StatusCode::UNAUTHORIZED => {
            "send an API key in the header `Authorization: Bearer KEY`; `job-scanner key create` makes one"
                .to_owned()
        }
        StatusCode::FORBIDDEN => {
            "this key or session may not do that; changes need a key that may write".to_owned()
        }
        _ => "the request failed; the log of job-scanner may have the cause".to_owned(),
    }
}
