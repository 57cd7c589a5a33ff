//! The statements that close jobs: those that scans have missed, those that have expired, and those
//! that a window has not shown for a long time.
//!
//! A job closes when two complete scans in a row miss it. When suspiciously many are missing at
//! once, more scans have to agree ([`suspicious_drops`](crate::scan::suspicious_drops)).
//!
//! Not here: the decision which of these a scan may close ([`presence`](crate::scan::presence)).

use jiff::{SignedDuration, Timestamp};
use job_scanner_core::job::earliest_day;

use crate::columns::time;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::SourceId;
use crate::scan::suspicious_drops::Agreement;

/// The number of complete scans in a row that have to miss a job before it closes.
const MISSES_BEFORE_CLOSING: i64 = 2;

/// The number of days that a job of a window listing stays open after it was last seen.
const WINDOW_DAYS: i64 = 45;

/// SQL for the time at which the job of the current row was last seen.
pub(super) const LAST_SEEN: &str =
    "(SELECT seen.last_seen_at FROM job_sightings AS seen WHERE seen.job_id = jobs.job_id)";

/// Closes the jobs that enough scans have missed.
pub(super) async fn close_missing(
    conn: &mut Connection,
    source: SourceId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let closed = Statement::new(
        "UPDATE jobs SET closed_at = $1
         WHERE source_id = $2 AND missing_since IS NOT NULL AND closed_at IS NULL AND missed_scans >= $3",
    );
    Ok(closed
        .bind(time(now))
        .bind(source)
        .bind(MISSES_BEFORE_CLOSING)
        .execute(conn)
        .await?)
}

/// Closes missing jobs during a suspicious drop, once as many listings agree as `agreement`
/// requires.
pub(super) async fn close_long_missing(
    conn: &mut Connection,
    source: SourceId,
    agreement: Agreement,
    judged_at: Timestamp,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let Agreement {
        listings,
        sparse_listings,
        over,
    } = agreement;

    let long_ago = judged_at.checked_sub(over).unwrap_or(Timestamp::MIN);
    let closed = Statement::new(
        "UPDATE jobs SET closed_at = $1
         WHERE source_id = $2 AND missing_since IS NOT NULL AND closed_at IS NULL
             AND (missed_scans >= $3 OR (missed_scans >= $4 AND missing_since <= $5))",
    )
    .bind(time(now))
    .bind(source)
    .bind(listings)
    .bind(sparse_listings)
    .bind(time(long_ago));

    Ok(closed.execute(conn).await?)
}

/// Closes the jobs that have expired by the board's own date. `whole` is true if the whole listing
/// was read or confirmed, so that jobs which are not missing were seen just now.
pub(super) async fn close_expired(
    conn: &mut Connection,
    source: SourceId,
    whole: bool,
    judged_at: Timestamp,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut statement = Statement::new("UPDATE jobs SET closed_at = ");
    statement
        .push_bind(time(now))
        .push(", last_seen_at = CASE WHEN missing_since IS NULL AND ")
        .push_bind(whole)
        .push(" THEN ")
        .push_bind(time(now))
        .push(" ELSE ")
        .push(LAST_SEEN)
        .push(" END");
    statement
        .push(" WHERE source_id = ")
        .push_bind(source)
        .push(" AND closed_at IS NULL AND ");
    push_has_expired(&mut statement, judged_at);

    Ok(statement.execute(conn).await?)
}

/// Pushes the condition that the job of the current row has expired by its own date. It is `NULL`
/// for a job without such a date.
pub(crate) fn push_has_expired(statement: &mut Statement<'_>, now: Timestamp) {
    // A date has ten characters, a timestamp has more.
    statement
        .push("expires_at < CASE WHEN length(expires_at) = 10 THEN ")
        .push_bind(earliest_day(now).to_string());
    statement.push(" ELSE ").push_bind(time(now)).push(" END");
}

/// Closes the jobs that a window listing has not shown for [`WINDOW_DAYS`].
pub(super) async fn close_unseen(
    conn: &mut Connection,
    source: SourceId,
    judged_at: Timestamp,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let longest_unseen = SignedDuration::from_hours(24 * WINDOW_DAYS);
    let cutoff = judged_at
        .checked_sub(longest_unseen)
        .unwrap_or(Timestamp::MIN);

    let closed = Statement::new(
        "UPDATE jobs SET closed_at = $1, last_seen_at = seen.last_seen_at FROM job_sightings AS seen
         WHERE seen.job_id = jobs.job_id AND jobs.source_id = $2 AND jobs.closed_at IS NULL
             AND seen.last_seen_at < $3",
    );
    Ok(closed
        .bind(time(now))
        .bind(source)
        .bind(time(cutoff))
        .execute(conn)
        .await?)
}
