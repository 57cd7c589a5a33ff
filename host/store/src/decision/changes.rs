//! The `decision_changes` table: who decided what, and when. Rows are only added.

use std::fs;

use jiff::Timestamp;
use jiff::civil::Date;
use job_scanner_core::decision::Decision;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, time};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{ChangeId, ClusterId};

/// The user and the machine of the process that changes a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub user: String,
    pub host: String,
}

impl Author {
    /// Returns a user on this machine.
    pub fn on_this_machine(user: String) -> Self {
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let host = host.trim();
        Self {
            user,
            host: if host.is_empty() { "unknown" } else { host }.to_owned(),
        }
    }
}

/// A change of the decision about a vacancy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionChange {
    /// The key of the job by which the person named the vacancy.
    pub job: String,
    /// `None` if the decision was taken back.
    pub decision: Option<Decision>,
    pub note: Option<String>,
    pub changed_at: Timestamp,
    pub author: Author,
}

/// The subject of a change.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject<'a> {
    Cluster { id: ClusterId, job: &'a str },
    Company { key: &'a str, name: &'a str },
}

/// A change to be recorded.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewChange<'a> {
    pub(super) subject: Subject<'a>,
    /// The word of what was decided; `None` if a decision is taken back.
    pub(super) decision: Option<&'a str>,
    pub(super) until: Option<Date>,
    pub(super) note: Option<&'a str>,
}

#[derive(FromRow)]
struct ChangeRow {
    change_id: i64,
    subject: String,
    decision: Option<String>,
    note: Option<String>,
    changed_at: String,
    changed_by: String,
    host: String,
}

/// Records a change.
pub(super) async fn record(
    conn: &mut Connection,
    change: NewChange<'_>,
    author: &Author,
    now: Timestamp,
) -> Result<ChangeId, StoreError> {
    let (cluster, company, subject) = match change.subject {
        Subject::Cluster { id, job } => (Some(id), None, job),
        Subject::Company { key, name } => (None, Some(key), name),
    };
    let id = Statement::new(
        "INSERT INTO decision_changes (cluster_id, company_key, subject, decision, until, note, changed_at, changed_by,
             host)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING change_id",
    )
    .bind(cluster)
    .bind(company)
    .bind(subject)
    .bind(change.decision)
    .bind(change.until.map(|day| day.to_string()))
    .bind(change.note)
    .bind(time(now))
    .bind(&author.user)
    .bind(&author.host)
    .fetch_value(conn)
    .await?;
    Ok(id)
}

/// Returns the changes of the decision about a vacancy, oldest first.
pub(crate) async fn of_cluster(
    conn: &mut Connection,
    cluster: ClusterId,
) -> Result<Vec<DecisionChange>, StoreError> {
    let rows = Statement::new(
        "SELECT change_id, subject, decision, note, changed_at, changed_by, host FROM decision_changes
         WHERE cluster_id = $1 ORDER BY change_id",
    );
    let rows = rows.bind(cluster).fetch_all::<ChangeRow>(conn).await?;
    rows.into_iter().map(DecisionChange::try_from).collect()
}

impl TryFrom<ChangeRow> for DecisionChange {
    type Error = StoreError;

    fn try_from(row: ChangeRow) -> Result<Self, StoreError> {
        let place = Row::new("decision_changes", row.change_id);
        Ok(Self {
            job: row.subject,
            decision: place.optional("decision", row.decision.as_deref())?,
            note: row.note,
            changed_at: place.parse("changed_at", &row.changed_at)?,
            author: Author {
                user: row.changed_by,
                host: row.host,
            },
        })
    }
}
