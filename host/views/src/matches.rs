//! The matching jobs of one run: `job-scanner scan`.

use job_scanner_core::job::{CompanyOrigin, Job, Location, ShownCompany};
use job_scanner_core::key::{JobKey, SourceKey};
use job_scanner_store::PendingAlert;
use serde::Serialize;

use crate::cells::{short, whole};

/// The header of the table.
pub const HEADER: [&str; 4] = ["title", "company", "location", "url"];

/// A matching job.
#[derive(Debug)]
pub struct MatchedJob<'a> {
    title: &'a str,
    company: ShownCompany<'a>,
    places: Vec<&'a str>,
    url: &'a str,
}

impl<'a> MatchedJob<'a> {
    /// Describes a job of the source with the name `source_name`.
    pub fn new(job: &'a Job, source_name: &'a str) -> Self {
        Self {
            title: &job.title,
            company: ShownCompany::of(job.company.as_deref(), source_name),
            places: names(&job.locations),
            url: &job.url,
        }
    }

    /// Returns the row of the job in the table.
    pub fn row(&self) -> [String; 4] {
        [
            short(self.title),
            short(self.company.name),
            short(&self.places.join("; ")),
            whole(self.url),
        ]
    }
}

impl<'a> From<&'a PendingAlert> for MatchedJob<'a> {
    fn from(alert: &'a PendingAlert) -> Self {
        let job = &alert.job;
        Self {
            title: &job.title,
            company: ShownCompany::of(job.company.as_deref(), &alert.source_name),
            places: names(&job.locations),
            url: &job.url,
        }
    }
}

fn names(places: &[Location]) -> Vec<&str> {
    places.iter().map(|place| place.name.as_str()).collect()
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
        let MatchedJob {
            title,
            company,
            places,
            url,
        } = MatchedJob::new(job, source_name);

        Self {
            key: key.to_string(),
            profile,
            title,
            company: company.name,
            company_from: company.from,
            locations: places,
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
        let of_run = MatchedJob::from(&alert).row();
        assert_eq!(
            of_run,
            [
                "Engineer 1",
                "Acme",
                "Berlin",
                "https://acme.example/jobs/0"
            ]
        );

        let job = Job {
            company: None,
            ..samples::stored_job()
        };
        assert_eq!(MatchedJob::new(&job, "Acme").row(), of_run);
    }
}
