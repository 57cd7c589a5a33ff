//! Validators of responses: an `ETag` for each, and `304 Not Modified` for a client that has it.
//!
//! The validator is a hash of the body, so it also holds after a restart. It is a weak one, because
//! the body may be sent compressed.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use job_scanner_core::hash::{HashEncoder, hex};

/// The number of bytes of the hash that the validator has.
const HASH_BYTES: usize = 16;

/// Adds validators to the responses of routes. The body of a response must be complete, and not a
/// stream.
pub(crate) async fn with_etag(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let headers = request.headers().clone();
    let response = next.run(request).await;
    if is_read {
        conditional(&headers, response).await
    } else {
        response
    }
}

/// Adds a validator to a successful response, or answers that the client has it already. `request`
/// are the headers of the request.
pub(crate) async fn conditional(request: &HeaderMap, response: Response) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }

    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let etag = etag_of(&bytes);
    add_headers(&mut parts.headers, &etag);
    let mut known = request.get_all(IF_NONE_MATCH).iter();
    if known.any(|known| names(known, &etag)) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(CONTENT_TYPE);
        parts.headers.remove(CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn etag_of(bytes: &[u8]) -> String {
    let mut hash = HashEncoder::new("job-scanner 2026 validators of responses");
    hash.text(bytes);
    format!("W/\"{}\"", hex(&hash.finish()[..HASH_BYTES]))
}

/// Returns true if a header `If-None-Match` names the validator. The comparison is the weak one of
/// [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#name-comparison-2).
fn names(header: &HeaderValue, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let Ok(header) = header.to_str() else {
        return false;
    };
    header.trim() == "*" || header.split(',').any(|tag| opaque(tag) == opaque(etag))
}

fn add_headers(headers: &mut HeaderMap, etag: &str) {
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(ETAG, etag);
    }
    // The content is private, and a client has to ask each time.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_validator_is_found_among_others_and_without_its_mark() {
        let etag = etag_of(b"jobs");
        let strong = etag.trim_start_matches("W/").to_owned();
        for (header, is_named) in [
            (etag.clone(), true),
            (strong, true),
            (format!("\"other\", {etag}"), true),
            ("*".to_owned(), true),
            (etag_of(b"other jobs"), false),
            (String::new(), false),
        ] {
            let header = HeaderValue::from_str(&header).unwrap();
            assert_eq!(names(&header, &etag), is_named, "{header:?}");
        }
    }
}
