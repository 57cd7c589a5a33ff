//! One event in the log for each request.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use job_scanner_core::time::saturating_millis;
use tokio::time::Instant;
use tracing::debug;

/// Logs a request. The query is left out: it may contain the key of a feed.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let begun = Instant::now();

    let response = next.run(request).await;
    let (status, elapsed_ms) = (
        response.status().as_u16(),
        saturating_millis(begun.elapsed()),
    );
    debug!(event = "web.request", %method, path, status, elapsed_ms, "{method} {path}: {status}");
    response
}
