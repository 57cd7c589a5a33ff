//! The protection against requests that another site makes a browser send (CSRF).
//!
//! Browsers say from which site a request comes, in `Sec-Fetch-Site` or `Origin`. A request that
//! may change something has to come from our own page. This holds for each kind of authentication,
//! and also without one, since a browser on this machine reaches the page too.

use std::convert::Infallible;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use tower::{Layer as _, Service as _};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tracing::warn;

use crate::access::refusal::refusal;
use crate::state::WebState;

const REASON: &str = "The request came from another site, so nothing was changed. Open the page itself and try again. Behind a \
     reverse proxy, forward the header Host unchanged, or set `web.public_url`.";

/// Refuses requests of other sites that may change something.
pub(crate) async fn refuse_other_sites(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let refuse = move |_: ProtectionError| refusal(&path, StatusCode::FORBIDDEN, REASON);
    let mut layer = CsrfLayer::new();
    if let Some(url) = state.settings().public_url {
        let origin = url.origin().ascii_serialization();
        layer = layer.add_trusted_origin(&origin).unwrap_or_else(|wrong| {
            warn!("`web.public_url` cannot be the origin of a request: {wrong}");
            CsrfLayer::new()
        });
    }

    let mut protected = layer.with_rejection_response(refuse).layer(next);
    let response: Result<Response, Infallible> = protected.call(request).await;
    response.unwrap_or_else(|never| match never {})
}
