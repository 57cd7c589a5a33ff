//! The changes of decisions, as a person is told about them who has just made one.

use jiff::civil::Date;
use job_scanner_core::key::JobKey;
use job_scanner_row_derive::FromRow;

use crate::columns::Row;
use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{ChangeId, ClusterId, JobId};

/// A change of a decision, as a person is told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentChange {
    pub id: ChangeId,
    pub subject: RecentSubject,
    /// The word of the decision, or `hidden` or `snoozed` for a company; `None` if it was taken
    /// back.
    pub decision: Option<String>,
    /// The day on which a snooze ends.
    pub until: Option<Date>,
    /// True while it can be undone: no other change about the subject has followed.
    pub is_last: bool,
}

/// The vacancy or the company that a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecentSubject {
    Vacancy {
        /// The job by which the person named the vacancy.
        key: JobKey,
        /// The id of the job and its current title; `None` if the job has been deleted.
        job: Option<(JobId, String)>,
    },
    /// The name as the person wrote it.
    Company(String),
}

/// A row of the table `decision_changes`.
#[derive(FromRow)]
pub(super) struct LoggedChange {
    pub(super) change_id: ChangeId,
    pub(super) cluster_id: Option<ClusterId>,
    pub(super) company_key: Option<String>,
    pub(super) subject: String,
    pub(super) decision: Option<String>,
    pub(super) until: Option<String>,
    pub(super) note: Option<String>,
    pub(super) changed_at: String,
}

impl Store {
    /// Returns a change; `None` if there is no such change.
    pub async fn recent_change(&self, id: ChangeId) -> Result<Option<RecentChange>, StoreError> {
        let mut conn = self.readers().acquire().await?;
        let Some(row) = logged_change(&mut conn, id).await? else {
            return Ok(None);
        };
        let place = Row::new("decision_changes", id);
        let subject = if row.cluster_id.is_some() {
            let key: JobKey = place.parse("subject", &row.subject)?;
            let job = job_of(&mut conn, &key).await?;
            RecentSubject::Vacancy { key, job }
        } else {
            RecentSubject::Company(row.subject.clone())
        };
        Ok(Some(RecentChange {
            id,
            subject,
            is_last: row.is_last(&mut conn).await?,
            until: place.optional("until", row.until.as_deref())?,
            decision: row.decision,
        }))
    }

    /// Returns the last change about a company; `None` if there was none.
    pub async fn last_company_change(&self, key: &str) -> Result<Option<ChangeId>, StoreError> {
        let last =
            Statement::new("SELECT MAX(change_id) FROM decision_changes WHERE company_key = $1");
        Ok(last.bind(key).fetch_value(self.readers()).await?)
    }
}

/// Returns a row; `None` if there is no such change.
pub(super) async fn logged_change(
    conn: &mut Connection,
    id: ChangeId,
) -> Result<Option<LoggedChange>, StoreError> {
    let row = Statement::new(
        "SELECT change_id, cluster_id, company_key, subject, decision, until, note, changed_at FROM decision_changes
         WHERE change_id = $1",
    );
    Ok(row.bind(id).fetch_optional(conn).await?)
}

impl LoggedChange {
    /// Returns true if no other change about the subject has followed.
    pub(super) async fn is_last(&self, conn: &mut Connection) -> Result<bool, StoreError> {
        let later = Statement::new(
            "SELECT EXISTS (SELECT 1 FROM decision_changes WHERE cluster_id = $1 AND change_id > $3)
                 OR EXISTS (SELECT 1 FROM decision_changes WHERE company_key = $2 AND change_id > $3)",
        );
        let later = later
            .bind(self.cluster_id)
            .bind(&self.company_key)
            .bind(self.change_id);
        let has_later: bool = later.fetch_value(conn).await?;
        Ok(!has_later)
    }

    /// Returns the change about the same subject before this one.
    pub(super) async fn before(&self, conn: &mut Connection) -> Result<Option<Self>, StoreError> {
        let row = Statement::new(
            "SELECT change_id, cluster_id, company_key, subject, decision, until, note, changed_at FROM decision_changes
             WHERE change_id = (
                 SELECT MAX(earlier) FROM (
                     SELECT MAX(change_id) AS earlier FROM decision_changes WHERE cluster_id = $1 AND change_id < $3
                     UNION ALL
                     SELECT MAX(change_id) FROM decision_changes WHERE company_key = $2 AND change_id < $3))",
        );
        let row = row
            .bind(self.cluster_id)
            .bind(&self.company_key)
            .bind(self.change_id);
        Ok(row.fetch_optional(conn).await?)
    }
}

/// Returns the id and the current title of a job.
async fn job_of(
    conn: &mut Connection,
    key: &JobKey,
) -> Result<Option<(JobId, String)>, StoreError> {
    let job = Statement::new(
        "SELECT j.job_id, v.title FROM sources s
         JOIN jobs j ON j.source_id = s.source_id AND j.external_id = $3
         JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
         WHERE s.adapter = $1 AND s.identifier = $2",
    );
    let job = job
        .bind(key.source.adapter.as_str())
        .bind(key.source.identifier.as_str())
        .bind(key.external_id.as_str());
    Ok(job.fetch_optional(conn).await?)
}
