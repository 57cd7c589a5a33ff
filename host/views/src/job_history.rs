//! One job with its history: `job-scanner jobs show`.

use job_scanner_core::changes::FieldChange;
use job_scanner_core::decision::Decision;
use job_scanner_store::{DecisionChange, JobClosure, JobHistory, JobPosting, JobVersion};
use serde::Serialize;

use crate::alerts::AlertView;
use crate::cells::time;
use crate::jobs::JobView;

pub use crate::format::history_lines::{alert, change, decision, lines, times};

/// A job with its versions, times, postings, alerts and decisions.
#[derive(Debug, Serialize)]
pub struct JobHistoryView<'a> {
    job: JobView<'a>,
    missing_since: Option<String>,
    closures: Vec<ClosureView>,
    versions: Vec<VersionView<'a>>,
    postings: Vec<PostingView>,
    alerts: Vec<AlertView<'a>>,
    decisions: Vec<DecisionChangeView<'a>>,
}

#[derive(Debug, Serialize)]
struct ClosureView {
    closed_at: String,
    reopened_at: String,
}

#[derive(Debug, Serialize)]
struct VersionView<'a> {
    content_hash: String,
    first_seen_at: String,
    title: &'a str,
    changes: &'a [FieldChange],
}

#[derive(Debug, Serialize)]
struct PostingView {
    job: String,
    closed_at: Option<String>,
}

#[derive(Debug, Serialize)]
struct DecisionChangeView<'a> {
    changed_at: String,
    decision: Option<Decision>,
    note: Option<&'a str>,
    job: &'a str,
    user: &'a str,
    host: &'a str,
}

impl<'a> From<&'a JobHistory> for JobHistoryView<'a> {
    fn from(history: &'a JobHistory) -> Self {
        Self {
            job: JobView::from(&history.job),
            missing_since: history.missing_since.map(time),
            closures: history.closures.iter().map(ClosureView::from).collect(),
            versions: history.versions.iter().map(VersionView::from).collect(),
            postings: history.postings.iter().map(PostingView::from).collect(),
            alerts: history.alerts.iter().map(AlertView::from).collect(),
            decisions: history
                .decisions
                .iter()
                .map(DecisionChangeView::from)
                .collect(),
        }
    }
}

impl From<&JobClosure> for ClosureView {
    fn from(closure: &JobClosure) -> Self {
        Self {
            closed_at: time(closure.closed_at),
            reopened_at: time(closure.reopened_at),
        }
    }
}

impl<'a> From<&'a JobVersion> for VersionView<'a> {
    fn from(version: &'a JobVersion) -> Self {
        Self {
            content_hash: version.content_hash.to_string(),
            first_seen_at: time(version.first_seen_at),
            title: &version.title,
            changes: &version.changes,
        }
    }
}

impl From<&JobPosting> for PostingView {
    fn from(posting: &JobPosting) -> Self {
        Self {
            job: posting.key.to_string(),
            closed_at: posting.closed_at.map(time),
        }
    }
}

impl<'a> From<&'a DecisionChange> for DecisionChangeView<'a> {
    fn from(change: &'a DecisionChange) -> Self {
        Self {
            changed_at: time(change.changed_at),
            decision: change.decision,
            note: change.note.as_deref(),
            job: &change.job,
            user: &change.author.user,
            host: &change.author.host,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;
    use crate::samples;

    #[tokio::test]
    async fn a_job_with_a_history_has_the_documented_keys() {
        let history = samples::job_history().await;
        insta::assert_snapshot!("jobs_show", json(&JobHistoryView::from(&history)).unwrap());
    }

    #[tokio::test]
    async fn a_history_is_printed_in_sections() {
        let history = samples::job_history().await;
        let text = lines(&history).join("\n");
        insta::assert_snapshot!(text, @r"
        Rust Engineer
          company: Acme
          place: Berlin, Germany
          pay: 70–90k EUR/yr
          department: Platform
          employment: Full-time
          posted: 2026-11-20
          expires: 2026-12-31
          state: closed
          decision: applied since 2026-11-23 08:20 UTC (by their form)
          profiles: default
          cluster: 12
          key: greenhouse/acme/4711
          address: https://boards.example/acme/jobs/4711

        Listed:
          first seen 2026-11-21 10:15 UTC
          closed 2026-11-23 06:30 UTC
          opened again 2026-11-23 07:00 UTC
          last seen 2026-11-23 08:15 UTC
          closed 2026-11-23 08:15 UTC

        Versions:
          2026-11-23 06:00 UTC Rust Engineer
          2026-11-23 07:00 UTC Senior Rust Engineer
            title: Rust Engineer → Senior Rust Engineer
            locations: Berlin → not stated
            description: 1 word added, 1 removed
            - Two days a week.
            + Four days a week.

        Other postings of the vacancy:
          lever/acme/7

        Alerts:
          2026-11-23 08:15 UTC baseline for default: mail pending

        Decisions:
          2026-11-23 08:16 UTC interested by jo@desk
          2026-11-23 08:18 UTC taken back by jo@desk
          2026-11-23 08:20 UTC applied by jo@desk (by their form)
        ");
    }
}
