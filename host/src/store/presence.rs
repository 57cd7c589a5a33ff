//! Which jobs are still there: the columns of `jobs` that say when one was last seen, went missing and closed.
//!
//! Work is proportional to change. A complete scan writes nothing about a job that it listed as before: the view
//! `job_sightings` knows that such a job was last seen at its source's last complete scan. A job that two complete
//! scans in a row missed is closed; where so many would close at once that the board itself may be broken, three have
//! to agree.

use jiff::{SignedDuration, Timestamp};
use job_scanner_core::job::earliest_day;
use job_scanner_core::key::ExternalId;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::columns::time;
use super::error::StoreError;
use super::ids::SourceId;

/// How many complete scans in a row have to miss a job before it closes.
const AGREEING_SCANS: i64 = 2;

/// The same, when a suspicious share of the open jobs would close at once.
const AGREEING_SCANS_IF_MANY: i64 = 3;

/// With fewer open jobs than these, half of them is nothing to wonder about; all of them always is.
const MANY_JOBS: i64 = 5;

/// How long a job stays open after it was last seen, where only some of the board's jobs are ever read.
const WINDOW_DAYS: i64 = 45;

/// How many names one statement takes.
const NAMES_PER_STATEMENT: usize = 1_000;

/// What a scan says about the jobs that we knew before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sighting<'a> {
    /// The whole listing was as at the last complete scan.
    AsBefore,
    /// The whole listing was read, and these open jobs are not in it.
    Whole(&'a [ExternalId]),
    /// Only some of the board's jobs are ever read, and these were: it shows no more, or we stop there.
    Window(&'a [ExternalId]),
    /// These were read; nothing is known about the others.
    Some(&'a [ExternalId]),
}

/// What became of the jobs of a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// How many were closed.
    pub closed: u64,
    /// Set when so many would have closed at once that another scan has to agree first.
    pub withheld: Option<Withheld>,
}

/// Jobs that were not closed because they are suspiciously many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withheld {
    /// How many they are.
    pub missing: u64,
    /// How many jobs of the source are open, these included.
    pub open: u64,
}

/// Opens jobs that are listed again.
pub(super) async fn welcome_back(
    conn: &mut SqliteConnection,
    source: SourceId,
    back: &[ExternalId],
) -> Result<(), StoreError> {
    for batch in back.chunks(NAMES_PER_STATEMENT) {
        let mut statement =
            QueryBuilder::<Sqlite>::new("UPDATE jobs SET missing_since = NULL, missed_scans = 0, closed_at = NULL");
        push_named(&mut statement, source, batch);
        statement.build().execute(&mut *conn).await?;
    }
    Ok(())
}

/// Writes down what a scan saw of the jobs we knew, and closes those whose time has come. Call it when the jobs that
/// the scan listed are recorded, and before its outcome is.
pub(super) async fn settle(
    conn: &mut SqliteConnection,
    source: SourceId,
    sighting: Sighting<'_>,
    now: Timestamp,
) -> Result<Settled, StoreError> {
    match sighting {
        Sighting::AsBefore => {
            let missed = miss_again(conn, source).await?;
            let mut settled = close_missing(conn, source, missed, now).await?;
            settled.closed += close_expired(conn, source, true, now).await?;
            Ok(settled)
        }
        Sighting::Whole(missing) => {
            let missed = miss(conn, source, missing, now).await?;
            let mut settled = close_missing(conn, source, missed, now).await?;
            settled.closed += close_expired(conn, source, true, now).await?;
            Ok(settled)
        }
        Sighting::Window(listed) => {
            see(conn, source, listed, now).await?;
            let expired = close_expired(conn, source, false, now).await?;
            let unseen = close_unseen(conn, source, now).await?;
            Ok(Settled { closed: expired + unseen, withheld: None })
        }
        Sighting::Some(listed) => {
            see(conn, source, listed, now).await?;
            Ok(Settled { closed: close_expired(conn, source, false, now).await?, withheld: None })
        }
    }
}

/// The scan listed these.
async fn see(
    conn: &mut SqliteConnection,
    source: SourceId,
    listed: &[ExternalId],
    now: Timestamp,
) -> Result<(), StoreError> {
    for batch in listed.chunks(NAMES_PER_STATEMENT) {
        let mut statement = QueryBuilder::<Sqlite>::new("UPDATE jobs SET last_seen_at = ");
        statement.push_bind(time(now));
        push_named(&mut statement, source, batch);
        statement.build().execute(&mut *conn).await?;
    }
    Ok(())
}

/// A complete scan missed these. When one goes missing it is written down when it was last there: from now on the
/// source's last complete scan no longer says so.
async fn miss(
    conn: &mut SqliteConnection,
    source: SourceId,
    missing: &[ExternalId],
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut missed = 0;
    for batch in missing.chunks(NAMES_PER_STATEMENT) {
        let mut statement =
            QueryBuilder::<Sqlite>::new("UPDATE jobs SET missed_scans = missed_scans + 1, missing_since = ");
        statement.push("COALESCE(missing_since, ").push_bind(time(now)).push("), last_seen_at = ").push(LAST_SEEN);
        push_named(&mut statement, source, batch);
        missed += statement.build().execute(&mut *conn).await?.rows_affected();
    }
    Ok(missed)
}

/// The listing that missed some jobs is still the same: another scan that agrees.
async fn miss_again(conn: &mut SqliteConnection, source: SourceId) -> Result<u64, StoreError> {
    let missed = sqlx::query(
        "UPDATE jobs SET missed_scans = missed_scans + 1
         WHERE source_id = $1 AND missing_since IS NOT NULL AND closed_at IS NULL",
    );
    Ok(missed.bind(source).execute(conn).await?.rows_affected())
}

/// Closes what enough scans have missed, if this one `missed` anything at all.
async fn close_missing(
    conn: &mut SqliteConnection,
    source: SourceId,
    missed: u64,
    now: Timestamp,
) -> Result<Settled, StoreError> {
    if missed == 0 {
        return Ok(Settled::default());
    }
    let (open, due): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COUNT(CASE WHEN missed_scans >= $1 THEN 1 END) FROM jobs
         WHERE source_id = $2 AND closed_at IS NULL",
    )
    .bind(AGREEING_SCANS)
    .bind(source)
    .fetch_one(&mut *conn)
    .await?;
    let many = due == open || (open >= MANY_JOBS && due * 2 > open);
    let needed = if many { AGREEING_SCANS_IF_MANY } else { AGREEING_SCANS };
    let closed = sqlx::query(
        "UPDATE jobs SET closed_at = $1
         WHERE source_id = $2 AND missing_since IS NOT NULL AND closed_at IS NULL AND missed_scans >= $3",
    )
    .bind(time(now))
    .bind(source)
    .bind(needed)
    .execute(conn)
    .await?
    .rows_affected();
    let count = |rows: i64| u64::try_from(rows).unwrap_or(0);
    let withheld = Withheld { missing: count(due).saturating_sub(closed), open: count(open) };
    Ok(Settled { closed, withheld: (withheld.missing > 0).then_some(withheld) })
}

/// Closes what the board itself says has ended. `whole` says that jobs which are not missing were seen just now.
async fn close_expired(
    conn: &mut SqliteConnection,
    source: SourceId,
    whole: bool,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut statement = QueryBuilder::<Sqlite>::new("UPDATE jobs SET closed_at = ");
    statement.push_bind(time(now)).push(", last_seen_at = CASE WHEN missing_since IS NULL AND ").push_bind(whole);
    statement.push(" THEN ").push_bind(time(now)).push(" ELSE ").push(LAST_SEEN).push(" END WHERE source_id = ");
    statement.push_bind(source).push(" AND closed_at IS NULL AND ");
    push_is_over(&mut statement, now);
    Ok(statement.build().execute(conn).await?.rows_affected())
}

/// Whether the job of the row at hand has ended by its own date; `NULL` for one without.
pub(super) fn push_is_over(statement: &mut QueryBuilder<Sqlite>, now: Timestamp) {
    // A day has ten characters, a moment more.
    statement.push("expires_at < CASE WHEN length(expires_at) = 10 THEN ").push_bind(earliest_day(now).to_string());
    statement.push(" ELSE ").push_bind(time(now)).push(" END");
}

/// Closes what a listing that shows only some jobs has not shown for long.
async fn close_unseen(conn: &mut SqliteConnection, source: SourceId, now: Timestamp) -> Result<u64, StoreError> {
    let longest_unseen = SignedDuration::from_hours(24 * WINDOW_DAYS);
    let cutoff = now.checked_sub(longest_unseen).unwrap_or(Timestamp::MIN);
    let closed = sqlx::query(
        "UPDATE jobs SET closed_at = $1, last_seen_at = seen.last_seen_at FROM job_sightings AS seen
         WHERE seen.job_id = jobs.job_id AND jobs.source_id = $2 AND jobs.closed_at IS NULL
             AND seen.last_seen_at < $3",
    );
    Ok(closed.bind(time(now)).bind(source).bind(time(cutoff)).execute(conn).await?.rows_affected())
}

/// When the job of the row at hand was last seen.
const LAST_SEEN: &str = "(SELECT seen.last_seen_at FROM job_sightings AS seen WHERE seen.job_id = jobs.job_id)";

/// Ends a statement over `jobs`: those of `source` with these names.
fn push_named(statement: &mut QueryBuilder<Sqlite>, source: SourceId, names: &[ExternalId]) {
    statement.push(" WHERE source_id = ").push_bind(source).push(" AND external_id IN (");
    let mut list = statement.separated(", ");
    for name in names {
        list.push_bind(name.as_str().to_owned());
    }
    statement.push(")");
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::super::test_support::{COMPLETE, at, job, number, source_key, store, text};
    use super::super::{ScanOutcomeRecord, SourceRecord};
    use super::*;

    async fn source(store: &Store) -> SourceRecord {
        store.open_source(&source_key("acme"), "Acme", at("08:00:00")).await.unwrap()
    }

    fn names(names: &[&str]) -> Vec<ExternalId> {
        names.iter().map(|name| ExternalId::new(*name).unwrap()).collect()
    }

    /// A store whose source listed this many jobs at 08:00.
    async fn store_with(jobs: usize) -> super::super::test_support::TestStore {
        let store = store().await;
        let source = source(&store).await;
        let run = store.start_run("manual", at("08:00:00")).await.unwrap();
        let mut tx = store.begin_scan(source.id, 0, run, at("08:00:00")).await.unwrap().unwrap();
        let jobs: Vec<_> = (1..=jobs).map(|n| job(&n.to_string(), 1)).collect();
        tx.record_jobs(&jobs, true).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        store
    }

    /// A scan that says this about the jobs we have; `back` are listed again.
    async fn scan(store: &Store, when: Timestamp, sighting: Sighting<'_>, back: &[ExternalId]) -> Settled {
        let source = source(store).await;
        let run = store.start_run("manual", when).await.unwrap();
        let mut tx = store.begin_scan(source.id, source.generation, run, when).await.unwrap().unwrap();
        tx.welcome_back(back).await.unwrap();
        let settled = tx.settle(sighting).await.unwrap();
        let complete = matches!(sighting, Sighting::AsBefore | Sighting::Whole(_));
        tx.commit(&ScanOutcomeRecord { complete, ..COMPLETE }).await.unwrap();
        settled
    }

    async fn last_seen(store: &Store, job: &str) -> String {
        let sql = format!(
            "SELECT seen.last_seen_at FROM job_sightings AS seen JOIN jobs USING (job_id) WHERE external_id = '{job}'"
        );
        text(store, &sql).await.unwrap()
    }

    async fn closed(store: &Store) -> i64 {
        number(store, "SELECT COUNT(*) FROM jobs WHERE closed_at IS NOT NULL").await
    }

    #[tokio::test]
    async fn a_job_closes_when_two_scans_in_a_row_miss_it() {
        let store = store_with(4).await;
        let missing = names(&["2"]);
        assert_eq!(scan(&store, at("09:00:00"), Sighting::Whole(&missing), &[]).await, Settled::default());
        assert_eq!(text(&store, "SELECT MAX(missing_since) FROM jobs").await.unwrap(), "2026-11-23T09:00:00.000Z");
        assert_eq!(scan(&store, at("10:00:00"), Sighting::Whole(&missing), &[]).await.closed, 1);
        assert_eq!(text(&store, "SELECT MAX(closed_at) FROM jobs").await.unwrap(), "2026-11-23T10:00:00.000Z");
        assert_eq!(last_seen(&store, "2").await, "2026-11-23T08:00:00.000Z");
        assert_eq!(last_seen(&store, "1").await, "2026-11-23T10:00:00.000Z", "the others were there all the time");
    }

    #[tokio::test]
    async fn a_listing_that_did_not_change_misses_again_what_it_missed() {
        let store = store_with(4).await;
        scan(&store, at("09:00:00"), Sighting::Whole(&names(&["2"])), &[]).await;
        assert_eq!(scan(&store, at("10:00:00"), Sighting::AsBefore, &[]).await.closed, 1);
        assert_eq!(scan(&store, at("11:00:00"), Sighting::AsBefore, &[]).await.closed, 0);
    }

    #[tokio::test]
    async fn a_job_that_is_back_in_time_starts_over() {
        let store = store_with(4).await;
        let one = names(&["2"]);
        scan(&store, at("09:00:00"), Sighting::Whole(&one), &[]).await;
        scan(&store, at("10:00:00"), Sighting::Whole(&[]), &one).await;
        assert_eq!(last_seen(&store, "2").await, "2026-11-23T10:00:00.000Z");
        assert_eq!(scan(&store, at("11:00:00"), Sighting::Whole(&one), &[]).await.closed, 0);
        assert_eq!(last_seen(&store, "2").await, "2026-11-23T10:00:00.000Z");
    }

    #[tokio::test]
    async fn many_at_once_need_a_third_scan_that_agrees() {
        for (open, missing) in [(5, &["1", "2", "3"][..]), (2, &["1", "2"]), (1, &["1"])] {
            let store = store_with(open).await;
            let missing = names(missing);
            scan(&store, at("09:00:00"), Sighting::Whole(&missing), &[]).await;
            let settled = scan(&store, at("10:00:00"), Sighting::Whole(&missing), &[]).await;
            let withheld = Withheld { missing: missing.len() as u64, open: open as u64 };
            assert_eq!(settled, Settled { closed: 0, withheld: Some(withheld) }, "{open} open");
            let settled = scan(&store, at("11:00:00"), Sighting::Whole(&missing), &[]).await;
            assert_eq!(settled, Settled { closed: missing.len() as u64, withheld: None }, "{open} open");
        }
    }

    #[tokio::test]
    async fn half_of_the_jobs_are_not_suspiciously_many() {
        for (open, missing) in [(6, &["1", "2", "3"][..]), (4, &["1", "2", "3"])] {
            let store = store_with(open).await;
            let missing = names(missing);
            scan(&store, at("09:00:00"), Sighting::Whole(&missing), &[]).await;
            assert_eq!(scan(&store, at("10:00:00"), Sighting::Whole(&missing), &[]).await.closed, 3, "{open} open");
        }
    }

    #[tokio::test]
    async fn what_was_not_read_whole_closes_nothing() {
        let store = store_with(2).await;
        for hour in 9..20 {
            let settled = scan(&store, at(&format!("{hour:02}:00:00")), Sighting::Some(&names(&["1"])), &[]).await;
            assert_eq!(settled, Settled::default());
        }
        assert_eq!(last_seen(&store, "1").await, "2026-11-23T19:00:00.000Z");
        assert_eq!(last_seen(&store, "2").await, "2026-11-23T08:00:00.000Z");
    }

    #[tokio::test]
    async fn a_window_closes_what_it_has_not_shown_for_long() {
        let store = store_with(2).await;
        let later = |days: i64| at("08:00:00") + SignedDuration::from_hours(24 * days);
        let one = names(&["1"]);
        assert_eq!(scan(&store, later(45), Sighting::Window(&one), &[]).await.closed, 0);
        assert_eq!(scan(&store, later(46), Sighting::Window(&one), &[]).await.closed, 1);
        assert_eq!(last_seen(&store, "2").await, "2026-11-23T08:00:00.000Z");
    }

    #[tokio::test]
    async fn a_job_past_its_end_closes_at_once_even_when_nothing_changed() {
        let store = store_with(1).await;
        let source = source(&store).await;
        let run = store.start_run("manual", at("08:00:00")).await.unwrap();
        let mut tx = store.begin_scan(source.id, source.generation, run, at("08:30:00")).await.unwrap().unwrap();
        let ends = [("day", "2026-11-23"), ("over", "2026-11-22"), ("soon", "2026-11-23T11:00:00Z")];
        let jobs = ends.map(|(id, end)| {
            let mut result = job(id, 1);
            result.job.expires_at = Some(end.parse().unwrap());
            result
        });
        tx.record_jobs(&jobs, false).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();

        assert_eq!(scan(&store, at("10:59:00"), Sighting::Some(&[]), &[]).await.closed, 0);
        assert_eq!(scan(&store, at("10:59:00"), Sighting::AsBefore, &[]).await.closed, 0);
        assert_eq!(scan(&store, at("12:01:00"), Sighting::AsBefore, &[]).await.closed, 2);
        assert_eq!(last_seen(&store, "soon").await, "2026-11-23T12:01:00.000Z", "the board still listed it");
        assert_eq!(closed(&store).await, 2);
    }
}
