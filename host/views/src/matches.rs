//! The matching jobs of one run: `job-scanner scan`.

use jiff::Timestamp;
use job_scanner_core::job::{CompanyOrigin, Job};
use job_scanner_core::key::{JobKey, SourceKey};
use job_scanner_core::matching::MatchResult;
use job_scanner_store::PendingAlert;
use serde::Serialize;

use crate::cells::whole;
use crate::column::Column;
use crate::format::shown_job::{ShownJob, why_cell};

/// The columns of the table. `docs/running.md` documents the order in which they yield.
pub const COLUMNS: [Column; 7] = [
    Column::text("title", 26),
    Column::text("company", 10).late(3),
    Column::text("place", 14).late(5),
    Column::text("pay", 16).late(4),
    Column::word("age").late(2),
    Column::text("why", 10).late(1),
    Column::copied("address").early(1),
];

/// A matching job.
#[derive(Debug)]
pub struct MatchedJob<'a> {
    job: ShownJob<'a>,
    result: &'a MatchResult,
}

impl<'a> MatchedJob<'a> {
    /// Describes a job of the source with the name `source_name`.
    pub fn new(job: &'a Job, source_name: &'a str, result: &'a MatchResult) -> Self {
        Self {
            job: ShownJob::new(job, source_name),
            result,
        }
    }

    /// Returns the row of the job in the table. Its age is that at `now`.
    pub fn row(&self, now: Timestamp) -> [String; 7] {
        let job = &self.job;
        [
            job.title_cell(),
            job.company_cell(),
            job.place_cell(),
            job.pay_cell(),
            job.age_cell(now),
            why_cell([self.result]),
            whole(job.url),
        ]
    }
}

impl<'a> From<&'a PendingAlert> for MatchedJob<'a> {
    fn from(alert: &'a PendingAlert) -> Self {
        Self {
            job: ShownJob::from(alert),
            result: &alert.reasons,
        }
    }
}

/// A match of a dry run. It is not stored, so no other command can show it.
#[derive(Debug, Serialize)]
pub struct DryRunMatchView<'a> {
    key: String,
    profile: &'a str,
    title: &'a str,
    company: &'a str,
    company_from: CompanyOrigin,
    locations: Vec<&'a str>,
    url: &'a str,
}

impl<'a> DryRunMatchView<'a> {
    /// Describes a match of `profile` with a job of `source`, whose name is `source_name`.
    pub fn new(source: &SourceKey, source_name: &'a str, job: &'a Job, profile: &'a str) -> Self {
        let key = JobKey::new(source.clone(), job.external_id.clone());
        let ShownJob {
            title,
            company,
            locations,
            url,
            ..
        } = ShownJob::new(job, source_name);

        Self {
            key: key.to_string(),
            profile,
            title,
            company: company.name,
            company_from: company.from,
            locations: locations.iter().map(|it| it.name.as_str()).collect(),
            url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;
    use crate::samples;

    #[test]
    fn a_dry_run_match_has_the_documented_keys() {
        let listed = samples::listed_job();
        let view = DryRunMatchView::new(&listed.key.source, "Acme", &listed.job, "default");
        insta::assert_snapshot!("scan_matches", json(&[view]).unwrap());
    }

    #[tokio::test]
    async fn a_dry_run_and_a_run_show_a_job_the_same_way() {
        let alert = samples::pending_alert().await;
        let now = samples::at("08:15:00");
        let of_run = MatchedJob::from(&alert).row(now);
        assert_eq!(of_run.len(), COLUMNS.len());
        assert_eq!(of_run[..3], ["Engineer 1", "Acme", "Berlin"]);
        assert_eq!(of_run[6], "https://acme.example/jobs/0");

        let job = Job {
            company: None,
            ..samples::stored_job()
        };
        let of_dry_run = MatchedJob::new(&job, "Acme", &alert.reasons).row(now);
        assert_eq!(of_dry_run, of_run);
    }
}
