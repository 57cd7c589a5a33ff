//! One scrape: its route, and the numbers that it shows.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use job_scanner_core::causes::with_causes;
use job_scanner_pipeline::{HostCounts, RunCounts};
use job_scanner_store::StoredNumbers;
use job_scanner_views::sources::SourceStatus;
use job_scanner_views::status::numbers_by_state;
use tracing::error;

use crate::api::problem::ApiProblem;
use crate::routes::{Access, Routes};
use crate::source_states::source_states;
use crate::state::WebState;

/// The format of the text.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The numbers of one scrape.
#[derive(Debug)]
pub(super) struct Scrape {
    pub(super) now: Timestamp,
    pub(super) runs: RunCounts,
    /// The counts of the busiest hosts, and those of all others.
    pub(super) hosts: (BTreeMap<String, HostCounts>, HostCounts),
    /// By state.
    pub(super) sources: BTreeMap<String, u64>,
    pub(super) overdue: u64,
    pub(super) numbers: StoredNumbers,
    /// By profile.
    pub(super) alerts: BTreeMap<String, u64>,
}

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    Routes::default().get("/metrics", Access::Read, get_metrics)
}

/// Returns the metrics.
async fn get_metrics(State(state): State<WebState>) -> Response {
    let scrape = match Scrape::read(&state).await {
        Ok(scrape) => scrape,
        Err(problem) => return problem.into_response(),
    };
    match scrape.encode() {
        Ok(text) => {
            let kind = HeaderValue::from_static(OPEN_METRICS);
            ([(CONTENT_TYPE, kind)], text).into_response()
        }
        Err(failed) => {
            error!(error = with_causes(&failed), "cannot write the metrics");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

impl Scrape {
    async fn read(state: &WebState) -> Result<Self, ApiProblem> {
        let pipeline = state.pipeline();
        let sources = source_states(&pipeline).await?;
        let context = pipeline.context();
        let store = &context.store;
        let meter = context.meter.clone().unwrap_or_default();
        let now = state.now();
        Ok(Self {
            runs: meter.run_counts(),
            hosts: meter.requests.counts(),
            overdue: overdue(&sources, context.scanner.config.scan_interval, now),
            sources: numbers_by_state(&sources),
            numbers: store.stored_numbers().await?,
            alerts: state.alert_counts().read(store).await?,
            now,
        })
    }
}

/// Returns the number of sources that have been due for longer than an interval.
fn overdue(sources: &[SourceStatus], interval: Duration, now: Timestamp) -> u64 {
    let Ok(before) = now.checked_sub(interval) else {
        return 0;
    };
    let is_overdue = |source: &&SourceStatus| source.next_due_at.is_some_and(|due| due < before);
    sources.iter().filter(is_overdue).count() as u64
}
