//! All routes, and the layers around them.

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::access::authenticate::authenticate;
use crate::routes::Routes;
use crate::state::WebState;
use crate::{api, assets, feeds, health, metrics, pages};

/// Returns the routes of all parts.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(pages::routes())
        .merge(api::routes())
        .merge(feeds::routes())
        .merge(metrics::routes())
        .merge(health::routes())
        .merge(assets::routes())
}

/// Returns the whole service.
pub(crate) fn router(state: WebState) -> Router {
    routes()
        .into_router()
        .layer(from_fn_with_state(state.clone(), authenticate))
        .with_state(state)
}
