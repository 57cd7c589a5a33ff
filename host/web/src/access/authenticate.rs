//! Authentication: finds the [`Visitor`] of each request.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use job_scanner_config::WebAuth;

use crate::access::visitor::Visitor;
use crate::state::WebState;

/// Adds the visitor to the request.
pub(crate) async fn authenticate(
    State(state): State<WebState>,
    mut request: Request,
    next: Next,
) -> Response {
    let visitor = match state.settings().auth {
        WebAuth::None => Visitor::Person,
        WebAuth::Password(_) | WebAuth::Proxy { .. } => Visitor::Stranger,
    };
    request.extensions_mut().insert(visitor);
    next.run(request).await
}
