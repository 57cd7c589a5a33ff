//! The end of snoozes: the alerts that they kept back are dispatched once.
//!
//! It depends only on the rows, so a crash between the end of a snooze and its message loses
//! nothing.

use jiff::Timestamp;
use job_scanner_core::decision::SkipReason;
use job_scanner_row_derive::FromRow;

use crate::columns::{day, time};
use crate::database::Store;
use crate::decision::silence::HiddenNames;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::AlertId;

/// An alert that a snooze keeps back.
#[derive(FromRow)]
struct SnoozedRow {
    alert_id: AlertId,
    company: Option<String>,
    source_name: String,
    is_decided: bool,
    /// The alert to send instead: this one if its job is still open in this version and matches,
    /// otherwise that of another posting. `None` if there is none.
    current: Option<AlertId>,
}

/// An alert about a job that is open, in the version of the alert, and still matches.
macro_rules! is_current {
    ($alert:literal) => {
        concat!(
            "SELECT ",
            $alert,
            ".alert_id FROM jobs cj
             JOIN sources cs ON cs.source_id = cj.source_id AND cs.retired_at IS NULL
             JOIN matches cm ON cm.job_id = cj.job_id AND cm.content_hash = cj.content_hash
                 AND cm.profile = ",
            $alert,
            ".profile AND cm.outdated_at IS NULL
             WHERE cj.job_id = ",
            $alert,
            ".job_id AND cj.content_hash = ",
            $alert,
            ".content_hash
                 AND cj.closed_at IS NULL"
        )
    };
}

impl Store {
    /// Marks the alerts of companies that are not snoozed any more for dispatch, if their jobs are
    /// open, match and are undecided. The others are never sent. Returns the number of alerts to
    /// send. It writes nothing while nothing is kept back.
    #[tracing::instrument(name = "store.decision.end_snoozes", skip_all)]
    pub async fn end_snoozes(&self, now: Timestamp) -> Result<u64, StoreError> {
        let today = day(now);
        let is_due: bool = Statement::new(
            "SELECT EXISTS (SELECT 1 FROM alerts WHERE skipped = 'snoozed')
                 OR EXISTS (SELECT 1 FROM hidden_companies WHERE until <= $1)",
        )
        .bind(&today)
        .fetch_value(self.readers())
        .await?;
        if !is_due {
            return Ok(0);
        }

        let mut tx = self.begin().await?;
        Statement::new("DELETE FROM hidden_companies WHERE until <= $1")
            .bind(&today)
            .execute(&mut *tx)
            .await?;
        let resumed = resume(&mut tx, now).await?;
        tx.commit().await?;
        Ok(resumed)
    }
}

async fn resume(conn: &mut Connection, now: Timestamp) -> Result<u64, StoreError> {
    let hidden = HiddenNames::read(conn, now).await?;
    let mut resumed = 0;
    for row in snoozed(conn).await? {
        match hidden.reason(None, row.company.as_deref(), &row.source_name) {
            Some(SkipReason::Snoozed) => {}
            Some(hidden) => set_skipped(conn, row.alert_id, hidden).await?,
            None => match row.current.filter(|_| !row.is_decided) {
                Some(current) => {
                    resume_alert(conn, row.alert_id, current, now).await?;
                    resumed += 1;
                }
                None => set_skipped(conn, row.alert_id, SkipReason::SnoozeOver).await?,
            },
        }
    }
    Ok(resumed)
}

async fn snoozed(conn: &mut Connection) -> Result<Vec<SnoozedRow>, StoreError> {
    let rows = Statement::new(concat!(
        "SELECT a.alert_id, v.company, s.name AS source_name, d.cluster_id IS NOT NULL AS is_decided,
             COALESCE((",
        is_current!("a"),
        "), (SELECT g.alert_id FROM alerts g
              WHERE g.cluster_id = a.cluster_id AND g.version = a.version AND g.profile = a.profile AND g.grouped = 1
                  AND EXISTS (",
        is_current!("g"),
        ") ORDER BY g.alert_id LIMIT 1)) AS current
         FROM alerts a
         JOIN job_versions v ON v.job_id = a.job_id AND v.content_hash = a.content_hash
         JOIN jobs j ON j.job_id = a.job_id
         JOIN sources s ON s.source_id = j.source_id
         LEFT JOIN decisions d ON d.cluster_id = a.cluster_id
         WHERE a.skipped = 'snoozed' ORDER BY a.alert_id"
    ));
    Ok(rows.fetch_all(conn).await?)
}

/// Marks an alert, or the one of another posting in its place, for dispatch.
async fn resume_alert(
    conn: &mut Connection,
    alert: AlertId,
    current: AlertId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if current != alert {
        // Only one alert of a vacancy may be sent, so the first statement makes room for the second.
        Statement::new("UPDATE alerts SET grouped = 1 WHERE alert_id = $1")
            .bind(alert)
            .execute(&mut *conn)
            .await?;
        set_skipped(conn, alert, SkipReason::SnoozeOver).await?;
    }
    Statement::new(
        "UPDATE alerts SET grouped = 0, skipped = NULL, dispatched = 0, resumed_at = $1 WHERE alert_id = $2",
    )
    .bind(time(now))
    .bind(current)
    .execute(conn)
    .await?;
    Ok(())
}

async fn set_skipped(
    conn: &mut Connection,
    alert: AlertId,
    reason: SkipReason,
) -> Result<(), StoreError> {
    Statement::new("UPDATE alerts SET skipped = $1 WHERE alert_id = $2")
        .bind(reason.as_str())
        .bind(alert)
        .execute(conn)
        .await?;
    Ok(())
}
