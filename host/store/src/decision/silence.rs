//! The reasons for which nothing is sent about a job.

use std::collections::HashMap;

use jiff::Timestamp;
use job_scanner_core::decision::{Decision, SkipReason, hidden_company_key};
use job_scanner_core::job::ShownCompany;

use crate::columns::day;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::JobId;

/// The companies that are hidden at a time, by the form in which their names are compared.
#[derive(Debug, Default)]
pub(crate) struct HiddenNames(HashMap<String, SkipReason>);

impl HiddenNames {
    pub(crate) async fn read(conn: &mut Connection, now: Timestamp) -> Result<Self, StoreError> {
        let rows: Vec<(String, bool)> = Statement::new(
            "SELECT company_key, until IS NOT NULL FROM hidden_companies WHERE until IS NULL OR until > $1",
        )
        .bind(day(now))
        .fetch_all(conn)
        .await?;

        let reason = |is_snoozed| {
            if is_snoozed {
                SkipReason::Snoozed
            } else {
                SkipReason::CompanyHidden
            }
        };
        let names = rows
            .into_iter()
            .map(|(key, is_snoozed)| (key, reason(is_snoozed)));
        Ok(Self(names.collect()))
    }

    /// Returns the reason for which a job is not sent. `company` is the one that the board names, and
    /// `source_name` the name of its source. A decision about the job comes first.
    pub(crate) fn reason(
        &self,
        decision: Option<Decision>,
        company: Option<&str>,
        source_name: &str,
    ) -> Option<SkipReason> {
        if decision == Some(Decision::Hidden) {
            return Some(SkipReason::Hidden);
        }
        if self.0.is_empty() {
            return None;
        }
        let company = ShownCompany::of(company, source_name);
        self.0.get(&hidden_company_key(company.name)).copied()
    }
}

/// Returns the jobs of a batch about which nothing is sent. The batch is as large as those of
/// alerts.
pub(crate) async fn of_jobs(
    conn: &mut Connection,
    jobs: impl Iterator<Item = JobId>,
    now: Timestamp,
) -> Result<HashMap<JobId, SkipReason>, StoreError> {
    let hidden = HiddenNames::read(conn, now).await?;
    // Most people hide nothing, and then a first scan of thousands of jobs need not ask for each.
    let is_idle = hidden.0.is_empty() && !has_hidden(conn).await?;
    if is_idle {
        return Ok(HashMap::new());
    }

    let mut statement = Statement::new(
        "SELECT j.job_id, v.company, s.name, d.decision FROM jobs j
         JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
         JOIN sources s ON s.source_id = j.source_id
         JOIN cluster_jobs m ON m.job_id = j.job_id
         LEFT JOIN decisions d ON d.cluster_id = m.cluster_id AND d.decision = 'hidden'
         WHERE j.job_id IN (",
    );
    statement.push_list(jobs);
    let rows: Vec<(JobId, Option<String>, String, Option<String>)> =
        statement.fetch_all(conn).await?;

    let silent = rows
        .into_iter()
        .filter_map(|(job, company, source, decision)| {
            let decision = decision.map(|_| Decision::Hidden);
            Some((job, hidden.reason(decision, company.as_deref(), &source)?))
        });
    Ok(silent.collect())
}

async fn has_hidden(conn: &mut Connection) -> Result<bool, StoreError> {
    let found = Statement::new("SELECT EXISTS (SELECT 1 FROM decisions WHERE decision = 'hidden')");
    Ok(found.fetch_value(conn).await?)
}
