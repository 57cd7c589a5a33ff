//! `/healthz` and `/readyz`: is the process alive, and does it do its work. They need no
//! authentication and tell nothing else.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use job_scanner_core::causes::with_causes;
use job_scanner_store::StoreError;
use tracing::warn;

use crate::routes::{Access, Routes};
use crate::state::WebState;

/// The time that the database has to answer.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(5);

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/healthz", Access::Public, async || "ok\n")
        .get("/readyz", Access::Public, ready)
}

/// Answers `ok` if the database answers, and no source has been due for longer than a run and an
/// interval take: three intervals.
async fn ready(State(state): State<WebState>) -> (StatusCode, &'static str) {
    match late_since(&state).await {
        Ok(None) => (StatusCode::OK, "ok\n"),
        Ok(Some(due)) => {
            warn!("not ready: a source or a message is due since {due:.0}");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
        Err(failed) => {
            warn!("not ready: {failed}");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}

/// Returns the time since which something is due, if that is too long ago.
async fn late_since(state: &WebState) -> Result<Option<Timestamp>, String> {
    let since = tokio::time::timeout(DATABASE_TIMEOUT, due_since(state)).await;
    let since = since
        .map_err(|_| format!("the database did not answer within {DATABASE_TIMEOUT:?}"))?
        .map_err(|failed| with_causes(&failed))?;

    let pipeline = state.pipeline();
    let context = pipeline.context();
    let allowed = context.deadline + context.scanner.config.scan_interval;
    Ok(since.filter(|since| *since < state.now() - allowed))
}

/// Returns the time since which something is due. Before the start of the process nothing could be
/// done, so that time does not count. `None` if nothing is due.
async fn due_since(state: &WebState) -> Result<Option<Timestamp>, StoreError> {
    let pipeline = state.pipeline();
    let Some(due) = pipeline.next_due().await?.filter(|due| *due <= state.now()) else {
        return Ok(None);
    };
    if due < state.now() {
        return Ok(Some(due.max(state.started_at())));
    }

    // A source that was never scanned is due at any time: it waits since the last run.
    let runs = state.store().recent_runs(1).await?;
    let last = runs.first().map_or(Timestamp::MIN, |run| run.started_at);
    Ok(Some(last.max(state.started_at())))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use crate::test_support::{NOW, TestPage};

    #[tokio::test]
    async fn the_process_is_alive_and_ready_until_its_database_is_gone() {
        let page = TestPage::start().await;
        for path in ["/healthz", "/readyz"] {
            let response = page.get(path).await;
            assert_eq!(
                (response.status, response.body.as_str()),
                (200, "ok\n"),
                "{path}"
            );
        }
        assert_eq!(page.get("/elsewhere").await.status, 404);

        page.store().close().await;
        assert_eq!(page.get("/healthz").await.status, 200);
        let response = page.get("/readyz").await;
        assert_eq!(
            (response.status, response.body.as_str()),
            (503, "not ready\n")
        );
    }

    #[tokio::test]
    async fn a_process_that_scans_nothing_for_three_intervals_is_not_ready() {
        let page = TestPage::start().await;
        for (minutes, status) in [(44, 200), (46, 503)] {
            let now: Timestamp = NOW.parse().unwrap();
            page.set_time(now + SignedDuration::from_mins(minutes));
            assert_eq!(page.get("/readyz").await.status, status, "{minutes}");
        }
    }
}
