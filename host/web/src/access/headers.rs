//! The headers that tell browsers what a page may do.

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use tower_http::set_header::SetResponseHeaderLayer;

/// Everything that a page loads comes from us, as a file: no inline script or style runs.
const POLICY: &str = "default-src 'none'; connect-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Boards do not learn where a visitor comes from. Our own page does: with `no-referrer`, browsers
/// would send its forms with `Origin: null`, which the protection against other sites refuses.
const REFERRER: &str = "same-origin";

/// Pages are private, and are asked for again. Handlers that know better set their own header.
const CACHE: &str = "private, no-cache";

/// Adds the headers to all responses.
pub(crate) fn with_headers(router: Router) -> Router {
    let always = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    let cache = HeaderValue::from_static(CACHE);
    router
        .layer(always(CONTENT_SECURITY_POLICY, POLICY))
        .layer(always(REFERRER_POLICY, REFERRER))
        .layer(always(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, cache))
}
