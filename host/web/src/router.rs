//! All routes, and the layers around them.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::access::authenticate::authenticate;
use crate::access::csrf::refuse_other_sites;
use crate::access::headers::with_headers;
use crate::access::host_check::refuse_other_names;
use crate::access::login;
use crate::api::problem::as_problem;
use crate::log::log;
use crate::pages::error::as_page;
use crate::routes::Routes;
use crate::state::WebState;
use crate::{api, assets, feeds, health, metrics, pages};

/// The largest body of a request. A route that needs more sets a limit of its own, which then holds
/// for those who have access to it.
const MAX_BODY_BYTES: usize = 64 << 10;

/// The time from the headers of a request to those of its response. The body of the request has to
/// arrive within it.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Returns the routes of all parts.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(pages::routes())
        .merge(api::routes())
        .merge(feeds::routes())
        .merge(metrics::routes())
        .merge(health::routes())
        .merge(login::routes())
        .merge(assets::routes())
}

/// Returns the whole service. The layer that is added last sees a request first.
pub(crate) fn router(state: WebState) -> Router {
    let timeout = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT);
    let router = routes()
        .into_router()
        .layer(from_fn(as_page))
        .layer(from_fn_with_state(state.clone(), refuse_other_sites))
        .layer(from_fn_with_state(state.clone(), authenticate))
        .layer(from_fn_with_state(state.clone(), refuse_other_names))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(timeout)
        .layer(CatchPanicLayer::new())
        .layer(from_fn(as_problem))
        .layer(CompressionLayer::new())
        .with_state(state);
    with_headers(router).layer(from_fn(log))
}
