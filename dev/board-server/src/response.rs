//! Responses for one board: the whole listing, "not modified", "not found" or the failure that was
//! set for it.
//!
//! Not here: the content of a body ([`crate::api`]) and its cache ([`crate::state`]).

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures::stream;

use crate::failure::Failure;
use crate::state::{Listing, ListingQuery, Rendered, ServerState};

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("max-age=0, private, must-revalidate");
const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Careers</title></head>\
    <body><h1>Join us</h1><p>We are always looking for talent.</p></body></html>\n";

/// The pause between two bytes of a slow body.
const SLOW_PAUSE: Duration = Duration::from_millis(50);

/// Responds to a request: with its failure if one is set, otherwise with the listing.
pub(crate) async fn respond(
    state: &ServerState,
    query: ListingQuery<'_>,
    request: &HeaderMap,
) -> Response {
    while let Some(failing) = state.take_failure(query.failing) {
        if let Some(response) = failed(state, query, request, failing.failure) {
            return response;
        }

        // Returns an error once the failure is removed. Another one may be set by then, hence the
        // loop.
        let mut healed = failing.healed;
        let _ = healed.changed().await;
    }

    found(state.rendered(query), query.listing, &|rendered| {
        whole(state, rendered, request)
    })
}

/// Returns the response of a board that fails, or `None` if it sends no response.
fn failed(
    state: &ServerState,
    query: ListingQuery<'_>,
    request: &HeaderMap,
    failure: Failure,
) -> Option<Response> {
    let listed = |to_response: &dyn Fn(Rendered) -> Response| {
        found(state.rendered(query), query.listing, to_response)
    };

    Some(match failure {
        Failure::Hang => return None,
        Failure::Status { code, retry_after } => status(code, retry_after),
        Failure::CutBody => listed(&|rendered| announced(&rendered, half_of(&rendered.body))),
        Failure::SlowBody => {
            listed(&|rendered| announced(&rendered, byte_by_byte(rendered.body.clone())))
        }
        Failure::Empty => with_type(JSON, Body::empty()),
        Failure::Html => with_type(HTML, HTML_PAGE),
        Failure::Body(body) => with_type(JSON, body),
        Failure::Redirect(url) => (StatusCode::FOUND, [(header::LOCATION, url)]).into_response(),
        Failure::WrongTotal(total) => {
            let rendered = state.rendered_with_total(query, total);
            found(rendered, query.listing, &|rendered| {
                whole(state, rendered, request)
            })
        }
    })
}

fn found(
    rendered: Option<Rendered>,
    listing: &Listing,
    to_response: &dyn Fn(Rendered) -> Response,
) -> Response {
    match rendered {
        Some(rendered) => to_response(rendered),
        None => (
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, JSON)],
            listing.unknown,
        )
            .into_response(),
    }
}

fn whole(state: &ServerState, rendered: Rendered, request: &HeaderMap) -> Response {
    if !state.validators() {
        return with_type(JSON, rendered.body);
    }

    let headers = [
        rendered.validator.header(),
        (header::CACHE_CONTROL, CACHE_CONTROL),
    ];
    if rendered.validator.is_known(request) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, with_type(JSON, rendered.body)).into_response()
}

fn status(code: u16, retry_after: Option<u32>) -> Response {
    let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = code.canonical_reason().unwrap_or("Error");
    let body = serde_json::json!({ "status": code.as_u16(), "error": reason }).to_string();

    let mut response = (code, with_type(JSON, body)).into_response();
    if let Some(seconds) = retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn with_type(content_type: HeaderValue, body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, content_type)], body.into()).into_response()
}

/// Sends `body` with the headers of the complete response, validator and `Content-Length` included.
fn announced(rendered: &Rendered, body: Body) -> Response {
    let headers: [(HeaderName, HeaderValue); 2] = [
        rendered.validator.header(),
        (
            header::CONTENT_LENGTH,
            HeaderValue::from(rendered.body.len()),
        ),
    ];

    (headers, with_type(JSON, body)).into_response()
}

fn half_of(body: &Bytes) -> Body {
    let half = body.slice(..body.len() / 2);
    Body::from_stream(stream::unfold(Some(half), |half| async {
        if let Some(half) = half {
            return Some((Ok(half), None));
        }

        // Without a pause the connection would end before the first half is written.
        tokio::task::yield_now().await;
        Some((Err(io::Error::other("cut on purpose")), None))
    }))
}

fn byte_by_byte(body: Bytes) -> Body {
    Body::from_stream(stream::unfold(body, |mut rest| async {
        tokio::time::sleep(SLOW_PAUSE).await;
        (!rest.is_empty()).then(|| (Ok::<_, io::Error>(rest.split_to(1)), rest))
    }))
}
