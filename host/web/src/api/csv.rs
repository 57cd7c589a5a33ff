//! The stored jobs as CSV, for spreadsheets.

use std::collections::VecDeque;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use job_scanner_store::{JobId, ListedJob, Store};
use job_scanner_views::csv::csv_line;
use job_scanner_views::jobs::CSV_COLUMNS;

use crate::api::jobs::{JobParams, SelectedJobs};
use crate::api::page::PageRange;
use crate::api::problem::ApiProblem;
use crate::state::WebState;

/// The number of jobs that are in memory at once.
const JOBS_PER_PART: u32 = 200;

/// The rest of a file.
struct Rest {
    store: Store,
    selected: SelectedJobs,
    after: Option<JobId>,
    /// The lines that were read and not sent yet.
    ready: VecDeque<String>,
    is_complete: bool,
}

/// Returns all stored jobs that a filter lets pass, as CSV with the columns of `jobs --format csv`.
/// `after` and `limit` are not used.
#[utoipa::path(
    get, path = "/api/v1/jobs.csv", tag = "jobs", operation_id = "exportJobs", params(JobParams),
    responses((status = 200, description = "A line with the names of the columns, and one for each job", content_type = "text/csv", body = String)),
)]
pub(crate) async fn export_jobs(
    State(state): State<WebState>,
    Query(params): Query<JobParams>,
) -> Result<Response, ApiProblem> {
    let selected = SelectedJobs::read(&state, &params)?;
    let names = CSV_COLUMNS.map(|(name, _)| name.to_owned());
    let rest = Rest {
        store: state.store(),
        selected,
        after: None,
        ready: VecDeque::from([csv_line(names)]),
        is_complete: false,
    };

    // The jobs together may be larger than memory, so they are read while they are sent.
    let body = Body::from_stream(stream::try_unfold(rest, Rest::next));
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (CONTENT_DISPOSITION, "attachment; filename=\"jobs.csv\""),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, body).into_response())
}

impl Rest {
    /// Returns the next lines, and the rest after them; `None` at the end. An error ends the
    /// response early, which the client sees as a connection that breaks off.
    async fn next(mut self) -> Result<Option<(String, Self)>, std::io::Error> {
        while self.ready.is_empty() && !self.is_complete {
            self.read()
                .await
                .map_err(|problem| std::io::Error::other(problem.detail))?;
        }
        if self.ready.is_empty() {
            return Ok(None);
        }
        let lines: String = self.ready.drain(..).collect();
        Ok(Some((lines, self)))
    }

    async fn read(&mut self) -> Result<(), ApiProblem> {
        let range = PageRange {
            after: self.after,
            limit: JOBS_PER_PART,
        };
        let part = self.selected.part(&self.store, range).await?;
        self.ready.extend(part.jobs.iter().map(line));
        self.after = part.next;
        self.is_complete = part.next.is_none();
        Ok(())
    }
}

fn line(job: &ListedJob) -> String {
    csv_line(CSV_COLUMNS.map(|(_, cell)| cell(job).unwrap_or_default()))
}
