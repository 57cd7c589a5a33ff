//! The presence of jobs: the columns of `jobs` for the last sighting and the absence of a job, and
//! the decision which missing jobs close.
//!
//! The work is proportional to the changes. A complete scan writes nothing about a job that is
//! still listed: the view `job_sightings` derives from the source's last complete scan that such a
//! job was seen then.
//!
//! Not here: the statements that close jobs ([`closing`](crate::scan::closing)), and suspicious
//! drops ([`suspicious_drops`]).

use jiff::Timestamp;
use job_scanner_core::key::ExternalId;

use crate::columns::{NAMES_PER_STATEMENT, time};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::SourceId;
use crate::scan::closing::{
    LAST_SEEN, close_expired, close_long_missing, close_missing, close_unseen,
};
use crate::scan::suspicious_drops::{self, LargeDrop, ListingSize};

/// The part of a listing that a scan has read, with the known jobs that it saw or missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListingCoverage<'a> {
    /// The listing was confirmed to be the same as at the last complete scan.
    Unchanged,
    /// The whole listing was read. These open jobs are not in it.
    Complete(&'a [ExternalId]),
    /// Only these jobs were read, because the board shows no more or the scan stops at `max_jobs`.
    Window(&'a [ExternalId]),
    /// These jobs were read; nothing is known about the others.
    Partial(&'a [ExternalId]),
}

/// The result of [`ScanTransaction::update_presence`](crate::ScanTransaction::update_presence).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PresenceChange {
    /// The number of closed jobs.
    pub closed: u64,
    /// Set when so many jobs are missing that further complete listings have to agree before they
    /// close.
    pub suspicious_drop: Option<SuspiciousDrop>,
}

/// A drop that leaves missing jobs open, because they are suspiciously many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuspiciousDrop {
    /// The number of missing jobs.
    pub missing: u64,
    /// The number of jobs that the source lists now.
    pub listed: u64,
    /// The number of jobs that it listed before.
    pub before: u64,
}

impl SuspiciousDrop {
    /// Describes a drop; `None` if no missing jobs are left open.
    fn of(size: ListingSize, large_drop: LargeDrop) -> Option<Self> {
        let count = |jobs: i64| u64::try_from(jobs).unwrap_or(0);
        let suspicious_drop = Self {
            missing: count(size.missing()),
            listed: count(size.listed()),
            before: count(large_drop.before),
        };

        (suspicious_drop.missing > 0).then_some(suspicious_drop)
    }
}

/// Reopens missing and closed jobs that are listed again.
pub(crate) async fn reopen(
    conn: &mut Connection,
    source: SourceId,
    back: &[ExternalId],
    now: Timestamp,
) -> Result<(), StoreError> {
    for batch in back.chunks(NAMES_PER_STATEMENT) {
        // The closure is recorded before the row forgets it.
        let mut statement = Statement::new(
            "INSERT INTO job_closures (job_id, closed_at, reopened_at) SELECT job_id, closed_at, ",
        );
        statement.push_bind(time(now)).push(" FROM jobs");
        push_where_named(&mut statement, source, batch);
        statement.push(" AND closed_at IS NOT NULL");
        statement.execute(&mut *conn).await?;

        let mut statement = Statement::new(
            "UPDATE jobs SET missing_since = NULL, missed_scans = 0, closed_at = NULL",
        );
        push_where_named(&mut statement, source, batch);
        statement.execute(&mut *conn).await?;
    }

    Ok(())
}

/// Marks known jobs as seen or missing, and closes those that have expired or were missing long
/// enough. Call it after the jobs of the scan are recorded and before its outcome is. `judged_at`
/// is the time that dates and ages are compared with; `now` is the clock's time.
pub(crate) async fn update_presence(
    conn: &mut Connection,
    source: SourceId,
    coverage: ListingCoverage<'_>,
    judged_at: Timestamp,
    now: Timestamp,
) -> Result<PresenceChange, StoreError> {
    // This comes first, because all later steps count the marked rows.
    match coverage {
        ListingCoverage::Unchanged => {}
        ListingCoverage::Complete(missing) => mark_missing(conn, source, missing, now).await?,
        ListingCoverage::Window(listed) | ListingCoverage::Partial(listed) => {
            mark_seen(conn, source, listed, now).await?;
        }
    }

    // Expired jobs close before the drop is computed: they do not count as missing.
    let whole = matches!(
        coverage,
        ListingCoverage::Unchanged | ListingCoverage::Complete(_)
    );
    let expired = close_expired(conn, source, whole, judged_at, now).await?;
    let has_missing_jobs = suspicious_drops::has_missing_jobs(conn, source).await?;
    if !has_missing_jobs {
        suspicious_drops::accept_current_size(conn, source).await?;
    }

    let mut change = match coverage {
        ListingCoverage::Unchanged if !has_missing_jobs => PresenceChange::default(),
        ListingCoverage::Unchanged => {
            confirm_unchanged_listing(conn, source, judged_at, now).await?
        }
        ListingCoverage::Complete(_) => {
            apply_complete_listing(conn, source, judged_at, now).await?
        }
        ListingCoverage::Window(_) => {
            // The listing is no longer read completely, so no later scan could end the doubt.
            suspicious_drops::dismiss_doubt(conn, source).await?;
            PresenceChange {
                closed: close_unseen(conn, source, judged_at, now).await?,
                suspicious_drop: None,
            }
        }
        ListingCoverage::Partial(_) => PresenceChange::default(),
    };
    change.closed += expired;

    Ok(change)
}

/// Handles an unchanged listing that lacks some jobs. It counts as one more scan that misses them,
/// unless more jobs than usual are missing or the source is in doubt.
async fn confirm_unchanged_listing(
    conn: &mut Connection,
    source: SourceId,
    judged_at: Timestamp,
    now: Timestamp,
) -> Result<PresenceChange, StoreError> {
    let size = suspicious_drops::listing_size(conn, source, judged_at, now).await?;

    if let Some(large_drop) = size.large_drop() {
        suspicious_drops::mark_in_doubt(conn, source, large_drop, now).await?;
        return Ok(PresenceChange {
            closed: 0,
            suspicious_drop: SuspiciousDrop::of(size, large_drop),
        });
    }

    if size.is_in_doubt() {
        suspicious_drops::dismiss_doubt(conn, source).await?;
        return Ok(PresenceChange::default());
    }

    // An unchanged response repeats an earlier listing, so it does not confirm a larger loss.
    if !size.is_ordinary() {
        return Ok(PresenceChange::default());
    }

    mark_missing_again(conn, source).await?;
    Ok(PresenceChange {
        closed: close_missing(conn, source, now).await?,
        suspicious_drop: None,
    })
}

/// Handles a complete listing whose missing jobs are already marked.
async fn apply_complete_listing(
    conn: &mut Connection,
    source: SourceId,
    judged_at: Timestamp,
    now: Timestamp,
) -> Result<PresenceChange, StoreError> {
    let size = suspicious_drops::listing_size(conn, source, judged_at, now).await?;

    // Missing jobs count as part of the recent size, unless their absence is accepted below.
    let mut recent = size.open();
    let change = if let Some(large_drop) = size.large_drop() {
        suspicious_drops::mark_in_doubt(conn, source, large_drop, now).await?;
        let closed = close_long_missing(conn, source, large_drop.agreement, judged_at, now).await?;

        let left = suspicious_drops::listing_size(conn, source, judged_at, now).await?;
        if left.missing() == 0 {
            suspicious_drops::accept_current_size(conn, source).await?;
            recent = left.open();
        }

        PresenceChange {
            closed,
            suspicious_drop: SuspiciousDrop::of(left, large_drop),
        }
    } else if size.is_in_doubt() {
        suspicious_drops::dismiss_doubt(conn, source).await?;
        PresenceChange::default()
    } else {
        PresenceChange {
            closed: close_missing(conn, source, now).await?,
            suspicious_drop: None,
        }
    };

    // This comes last, because an accepted drop deletes the earlier sizes.
    suspicious_drops::record_size(conn, source, recent, judged_at).await?;

    Ok(change)
}

/// Marks jobs as seen by this scan.
async fn mark_seen(
    conn: &mut Connection,
    source: SourceId,
    listed: &[ExternalId],
    now: Timestamp,
) -> Result<(), StoreError> {
    for batch in listed.chunks(NAMES_PER_STATEMENT) {
        let mut statement = Statement::new("UPDATE jobs SET last_seen_at = ");
        statement.push_bind(time(now));
        push_where_named(&mut statement, source, batch);
        statement.execute(&mut *conn).await?;
    }

    Ok(())
}

/// Marks jobs that a complete scan missed. When a job goes missing, the time of its last sighting
/// is stored, because it can no longer be derived from the source's last complete scan.
async fn mark_missing(
    conn: &mut Connection,
    source: SourceId,
    missing: &[ExternalId],
    now: Timestamp,
) -> Result<(), StoreError> {
    for batch in missing.chunks(NAMES_PER_STATEMENT) {
        let mut statement =
            Statement::new("UPDATE jobs SET missed_scans = missed_scans + 1, missing_since = ");
        statement
            .push("COALESCE(missing_since, ")
            .push_bind(time(now))
            .push("), last_seen_at = ")
            .push(LAST_SEEN);
        push_where_named(&mut statement, source, batch);
        statement.execute(&mut *conn).await?;
    }

    Ok(())
}

/// Counts one more scan that missed the missing jobs of a source.
async fn mark_missing_again(conn: &mut Connection, source: SourceId) -> Result<(), StoreError> {
    let missed = Statement::new(
        "UPDATE jobs SET missed_scans = missed_scans + 1
         WHERE source_id = $1 AND missing_since IS NOT NULL AND closed_at IS NULL",
    );

    missed.bind(source).execute(conn).await?;
    Ok(())
}

/// Pushes the condition that selects the jobs of `source` with these external ids.
fn push_where_named<'v>(statement: &mut Statement<'v>, source: SourceId, names: &'v [ExternalId]) {
    statement
        .push(" WHERE source_id = ")
        .push_bind(source)
        .push(" AND external_id IN (");
    statement.push_list(names.iter().map(ExternalId::as_str));
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::test_support::{
        COMPLETE, at, fill_older, job, number, source_key, spoil, store, store_before, text,
    };
    use crate::{ScanOutcomeRecord, SourceRecord, Store};

    async fn source(store: &Store) -> SourceRecord {
        store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap()
    }

    fn names(names: &[&str]) -> Vec<ExternalId> {
        names
            .iter()
            .map(|name| ExternalId::new(*name).unwrap())
            .collect()
    }

    /// A store whose source listed this many jobs at 08:00.
    async fn store_with(jobs: usize) -> crate::test_support::TestStore {
        let store = store().await;
        let source = source(&store).await;
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let mut tx = store
            .begin_scan(source.id, 0, run, at("08:00:00"))
            .await
            .unwrap()
            .unwrap();
        let jobs: Vec<_> = (1..=jobs).map(|n| job(&n.to_string(), 1)).collect();
        tx.record_jobs(&jobs, true).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        store
    }

    /// Runs a scan with this coverage; `back` are jobs that are listed again.
    async fn scan(
        store: &Store,
        when: Timestamp,
        coverage: ListingCoverage<'_>,
        back: &[ExternalId],
    ) -> PresenceChange {
        scan_judged(store, when, when, coverage, back).await
    }

    /// Runs a scan whose clock may differ from the trusted time.
    async fn scan_judged(
        store: &Store,
        when: Timestamp,
        judged_at: Timestamp,
        coverage: ListingCoverage<'_>,
        back: &[ExternalId],
    ) -> PresenceChange {
        let source = source(store).await;
        let run = store.start_run(Trigger::Manual, when).await.unwrap();
        let mut tx = store
            .begin_scan(source.id, source.generation, run, when)
            .await
            .unwrap()
            .unwrap();
        tx.reopen(back).await.unwrap();
        let change = tx.update_presence(coverage, judged_at).await.unwrap();
        let complete = matches!(
            coverage,
            ListingCoverage::Unchanged | ListingCoverage::Complete(_)
        );
        tx.commit(&ScanOutcomeRecord {
            complete,
            ..COMPLETE
        })
        .await
        .unwrap();
        change
    }

    async fn last_seen(store: &Store, job: &str) -> String {
        let sql = format!(
            "SELECT seen.last_seen_at FROM job_sightings AS seen JOIN jobs USING (job_id) WHERE external_id = '{job}'"
        );
        text(store, &sql).await.unwrap()
    }

    async fn closed(store: &Store) -> i64 {
        number(
            store,
            "SELECT COUNT(*) FROM jobs WHERE closed_at IS NOT NULL",
        )
        .await
    }

    #[tokio::test]
    async fn a_job_closes_when_two_scans_in_a_row_miss_it() {
        let store = store_with(4).await;
        let missing = names(&["2"]);
        assert_eq!(
            scan(
                &store,
                at("09:00:00"),
                ListingCoverage::Complete(&missing),
                &[]
            )
            .await,
            PresenceChange::default()
        );
        assert_eq!(
            text(&store, "SELECT MAX(missing_since) FROM jobs")
                .await
                .unwrap(),
            "2026-11-23T09:00:00.000Z"
        );
        assert_eq!(
            scan(
                &store,
                at("10:00:00"),
                ListingCoverage::Complete(&missing),
                &[]
            )
            .await
            .closed,
            1
        );
        assert_eq!(
            text(&store, "SELECT MAX(closed_at) FROM jobs")
                .await
                .unwrap(),
            "2026-11-23T10:00:00.000Z"
        );
        assert_eq!(last_seen(&store, "2").await, "2026-11-23T08:00:00.000Z");
        assert_eq!(
            last_seen(&store, "1").await,
            "2026-11-23T10:00:00.000Z",
            "the others were listed all the time"
        );
    }

    #[tokio::test]
    async fn an_unchanged_listing_misses_the_same_jobs_again() {
        let store = store_with(4).await;
        scan(
            &store,
            at("09:00:00"),
            ListingCoverage::Complete(&names(&["2"])),
            &[],
        )
        .await;
        assert_eq!(
            scan(&store, at("10:00:00"), ListingCoverage::Unchanged, &[])
                .await
                .closed,
            1
        );
        assert_eq!(
            scan(&store, at("11:00:00"), ListingCoverage::Unchanged, &[])
                .await
                .closed,
            0
        );
    }

    #[tokio::test]
    async fn a_job_that_returns_before_closing_starts_over() {
        let store = store_with(4).await;
        let one = names(&["2"]);
        scan(&store, at("09:00:00"), ListingCoverage::Complete(&one), &[]).await;
        scan(&store, at("10:00:00"), ListingCoverage::Complete(&[]), &one).await;
        assert_eq!(last_seen(&store, "2").await, "2026-11-23T10:00:00.000Z");
        assert_eq!(
            scan(&store, at("11:00:00"), ListingCoverage::Complete(&one), &[])
                .await
                .closed,
            0
        );
        assert_eq!(last_seen(&store, "2").await, "2026-11-23T10:00:00.000Z");
    }

    /// Runs this many scans, 15 minutes apart, that miss the same jobs. Returns the number of jobs
    /// that each of them closes.
    async fn closings(
        store: &Store,
        from: Timestamp,
        scans: i64,
        missing: &[ExternalId],
    ) -> Vec<u64> {
        let mut closings = Vec::new();
        for scan in 0..scans {
            let when = from + SignedDuration::from_mins(15 * scan);
            closings.push(
                self::scan(store, when, ListingCoverage::Complete(missing), &[])
                    .await
                    .closed,
            );
        }
        closings
    }

    async fn in_doubt(store: &Store) -> bool {
        source(store).await.in_doubt
    }

    #[tokio::test]
    async fn half_close_after_six_agreeing_listings_and_all_after_twelve() {
        for (open, missing, listings) in [
            (6, &["1", "2", "3"][..], 6),
            (5, &["1", "2", "3", "4", "5"], 12),
            (1, &["1"], 12),
        ] {
            let store = store_with(open).await;
            let missing = names(missing);
            let listed = open as u64 - missing.len() as u64;
            let suspicious_drop = SuspiciousDrop {
                missing: missing.len() as u64,
                listed,
                before: open as u64,
            };
            let first = scan(
                &store,
                at("08:45:00"),
                ListingCoverage::Complete(&missing),
                &[],
            )
            .await;
            assert_eq!(
                first,
                PresenceChange {
                    closed: 0,
                    suspicious_drop: Some(suspicious_drop)
                },
                "{open} open: reported at once"
            );
            assert!(in_doubt(&store).await);

            let mut expected = vec![0; usize::try_from(listings - 2).unwrap()];
            expected.push(missing.len() as u64);
            assert_eq!(
                closings(&store, at("09:00:00"), listings - 1, &missing).await,
                expected,
                "{open} open"
            );
            assert!(!in_doubt(&store).await);
        }
    }

    #[tokio::test]
    async fn three_sparse_listings_are_enough_to_close() {
        for (missing, days) in [(&["1", "2", "3"][..], 1), (&["1", "2", "3", "4", "5"], 3)] {
            let store = store_with(5).await;
            let missing = names(missing);
            let later = at("09:00:00") + SignedDuration::from_hours(24 * days);
            let closed = async |when| {
                scan(&store, when, ListingCoverage::Complete(&missing), &[])
                    .await
                    .closed
            };
            assert_eq!(
                (closed(at("09:00:00")).await, closed(later).await),
                (0, 0),
                "two are not enough"
            );
            assert_eq!(
                closed(later + SignedDuration::from_mins(15)).await,
                missing.len() as u64
            );
        }
    }

    #[tokio::test]
    async fn an_unchanged_response_does_not_confirm_a_suspicious_drop() {
        let store = store_with(6).await;
        let half = names(&["1", "2", "3"]);
        scan(
            &store,
            at("09:00:00"),
            ListingCoverage::Complete(&half),
            &[],
        )
        .await;
        for hour in 10..20 {
            let change = scan(
                &store,
                at(&format!("{hour}:00:00")),
                ListingCoverage::Unchanged,
                &[],
            )
            .await;
            assert_eq!((change.closed, change.suspicious_drop.is_some()), (0, true));
        }
        assert_eq!(
            number(&store, "SELECT MAX(missed_scans) FROM jobs").await,
            1
        );
    }

    #[tokio::test]
    async fn an_unchanged_response_confirms_at_most_two_missing_jobs() {
        for (missing, closed) in [(&["1", "2"][..], [2, 0]), (&["1", "2", "3"], [0, 3])] {
            let store = store_with(20).await;
            let missing = names(missing);
            scan(
                &store,
                at("09:00:00"),
                ListingCoverage::Complete(&missing),
                &[],
            )
            .await;
            assert_eq!(
                source(&store).await.read_whole,
                missing.len() > 2,
                "{} are missing",
                missing.len()
            );

            let unchanged = scan(&store, at("10:00:00"), ListingCoverage::Unchanged, &[])
                .await
                .closed;
            let left = if unchanged == 0 { &missing[..] } else { &[] };
            let whole = scan(&store, at("11:00:00"), ListingCoverage::Complete(left), &[])
                .await
                .closed;

            assert_eq!([unchanged, whole], closed, "{} are missing", missing.len());
            assert!(!source(&store).await.read_whole);
        }
    }

    /// An older version has counted two scans that missed the jobs.
    #[tokio::test]
    async fn a_migrated_source_with_a_large_drop_becomes_in_doubt() {
        let older = store_before(12).await;
        fill_older(&older, 6).await;
        let missing = "missing_since = '2026-11-23T08:30:00.000Z', missed_scans = 2";
        spoil(
            &older,
            &format!("UPDATE jobs SET {missing} WHERE external_id IN ('1', '2', '3')"),
        )
        .await;

        let store = older.migrated().await;
        assert!(!in_doubt(&store).await);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM source_sizes").await, 0);
        let change = scan(&store, at("09:00:00"), ListingCoverage::Unchanged, &[]).await;
        assert_eq!(
            (
                change.closed,
                change.suspicious_drop.is_some(),
                in_doubt(&store).await
            ),
            (0, true, true)
        );
    }

    #[tokio::test]
    async fn a_gradually_shrinking_board_is_in_doubt_once_half_is_lost() {
        let store = store_with(20).await;
        let ids: Vec<ExternalId> = (1..=20)
            .map(|n: i32| ExternalId::new(n.to_string()).unwrap())
            .collect();
        for (when, missing, in_doubt) in [
            ("09:00:00", 0..6, false),
            ("10:00:00", 0..6, false),
            ("11:00:00", 6..10, true),
        ] {
            let change = scan(
                &store,
                at(when),
                ListingCoverage::Complete(&ids[missing]),
                &[],
            )
            .await;
            assert_eq!(change.suspicious_drop.is_some(), in_doubt, "{when}");
        }
        assert_eq!(closed(&store).await, 6);
        assert_eq!(
            closings(&store, at("11:15:00"), 5, &ids[6..10]).await,
            [0, 0, 0, 0, 4]
        );
        // Later listings are compared with the remaining jobs.
        let next = scan(
            &store,
            at("13:00:00"),
            ListingCoverage::Complete(&ids[10..13]),
            &[],
        )
        .await;
        assert_eq!(next, PresenceChange::default());
    }

    /// The clock is set forward by years, and corrected after three scans.
    #[tokio::test]
    async fn a_clock_leap_ages_neither_missing_jobs_nor_sizes() {
        let ids: Vec<ExternalId> = (1..=10)
            .map(|n: i32| ExternalId::new(n.to_string()).unwrap())
            .collect();
        let most = ListingCoverage::Complete(&ids[1..]);
        let ahead =
            |minutes: i64| at("09:00:00") + SignedDuration::from_mins(60 * 24 * 4_000 + minutes);

        let store = store_with(10).await;
        assert_eq!(scan(&store, at("09:00:00"), most, &[]).await.closed, 0);
        for minutes in [0, 15, 30] {
            let change = scan_judged(&store, ahead(minutes), at("09:00:00"), most, &[]).await;
            assert_eq!(
                (change.closed, in_doubt(&store).await),
                (0, true),
                "{minutes}"
            );
        }
        let sizes = "SELECT group_concat(day || ' ' || jobs) FROM source_sizes";
        assert_eq!(text(&store, sizes).await.unwrap(), "2026-11-23 10");

        let store = store_with(10).await;
        scan_judged(&store, ahead(0), at("08:00:00"), most, &[]).await;
        for minutes in [15, 30] {
            assert_eq!(
                scan_judged(&store, ahead(minutes), at("08:00:00"), most, &[])
                    .await
                    .closed,
                0,
                "{minutes}"
            );
        }
        assert_eq!(
            scan(&store, at("09:00:00"), most, &[]).await.closed,
            0,
            "the clock was corrected"
        );
    }

    #[tokio::test]
    async fn doubt_ends_when_only_a_window_is_read() {
        let store = store_with(6).await;
        let ids = names(&["1", "2", "3", "4", "5", "6"]);
        assert_eq!(closings(&store, at("09:00:00"), 5, &ids[..3]).await, [0; 5]);
        scan(
            &store,
            at("11:00:00"),
            ListingCoverage::Partial(&ids[3..]),
            &[],
        )
        .await;
        assert!(in_doubt(&store).await, "a partial listing does not end it");
        scan(
            &store,
            at("11:15:00"),
            ListingCoverage::Window(&ids[3..]),
            &[],
        )
        .await;
        assert_eq!((in_doubt(&store).await, closed(&store).await), (false, 0));

        let whole = scan(
            &store,
            at("11:30:00"),
            ListingCoverage::Complete(&ids[..3]),
            &[],
        )
        .await;
        assert_eq!(
            (whole.closed, whole.suspicious_drop.is_some()),
            (0, true),
            "earlier listings no longer count"
        );
    }

    #[tokio::test]
    async fn doubt_ends_when_the_last_missing_job_expires() {
        let ids = names(&["1", "2", "3", "4", "5", "6"]);
        for coverage in [
            ListingCoverage::Complete(&ids[..3]),
            ListingCoverage::Unchanged,
            ListingCoverage::Partial(&ids[3..]),
        ] {
            let store = store_with(6).await;
            scan(
                &store,
                at("09:00:00"),
                ListingCoverage::Complete(&ids[..3]),
                &[],
            )
            .await;
            spoil(&store, "UPDATE jobs SET expires_at = '2026-11-23T09:30:00.000Z' WHERE missing_since IS NOT NULL")
                .await;
            let change = scan(&store, at("10:00:00"), coverage, &[]).await;
            assert_eq!(
                change,
                PresenceChange {
                    closed: 3,
                    suspicious_drop: None
                },
                "{coverage:?}"
            );
            assert!(!in_doubt(&store).await, "{coverage:?}");
            let largest = "SELECT COALESCE(MAX(jobs), 0) FROM source_sizes";
            assert!(
                number(&store, largest).await <= 3,
                "{coverage:?}: expired jobs are not compared with"
            );
        }
    }

    #[tokio::test]
    async fn an_old_listing_size_is_ignored() {
        let store = store_with(20).await;
        let ids: Vec<ExternalId> = (1..=20)
            .map(|n: i32| ExternalId::new(n.to_string()).unwrap())
            .collect();
        let day = |days: i64| at("09:00:00") + SignedDuration::from_hours(24 * days);
        for days in 0..2 {
            scan(
                &store,
                day(days),
                ListingCoverage::Complete(&ids[0..6]),
                &[],
            )
            .await;
        }
        scan(&store, day(9), ListingCoverage::Complete(&[]), &[]).await;
        assert_eq!(
            scan(&store, day(10), ListingCoverage::Complete(&ids[6..10]), &[]).await,
            PresenceChange::default()
        );
    }

    #[tokio::test]
    async fn jobs_still_missing_after_doubt_must_be_missed_again() {
        let store = store_with(10).await;
        let most = names(&["1", "2", "3", "4", "5", "6", "7", "8"]);
        assert_eq!(closings(&store, at("09:00:00"), 4, &most).await, [0; 4]);
        let change = scan(
            &store,
            at("10:00:00"),
            ListingCoverage::Complete(&most[..2]),
            &most[2..],
        )
        .await;
        assert_eq!(
            (change, in_doubt(&store).await),
            (PresenceChange::default(), false)
        );
        assert_eq!(
            scan(
                &store,
                at("10:15:00"),
                ListingCoverage::Complete(&most[..2]),
                &[]
            )
            .await
            .closed,
            2
        );
    }

    #[tokio::test]
    async fn less_than_half_or_most_of_a_small_board_closes_normally() {
        for (open, missing) in [(7, &["1", "2", "3"][..]), (4, &["1", "2", "3"])] {
            let store = store_with(open).await;
            let missing = names(missing);
            scan(
                &store,
                at("09:00:00"),
                ListingCoverage::Complete(&missing),
                &[],
            )
            .await;
            assert_eq!(
                scan(
                    &store,
                    at("10:00:00"),
                    ListingCoverage::Complete(&missing),
                    &[]
                )
                .await
                .closed,
                3,
                "{open} open"
            );
        }
    }

    #[tokio::test]
    async fn a_partial_listing_closes_nothing() {
        let store = store_with(2).await;
        for hour in 9..20 {
            let change = scan(
                &store,
                at(&format!("{hour:02}:00:00")),
                ListingCoverage::Partial(&names(&["1"])),
                &[],
            )
            .await;
            assert_eq!(change, PresenceChange::default());
        }
        assert_eq!(last_seen(&store, "1").await, "2026-11-23T19:00:00.000Z");
        assert_eq!(last_seen(&store, "2").await, "2026-11-23T08:00:00.000Z");
    }

    #[tokio::test]
    async fn a_window_closes_jobs_unseen_for_45_days() {
        let store = store_with(2).await;
        let later = |days: i64| at("08:00:00") + SignedDuration::from_hours(24 * days);
        let one = names(&["1"]);
        assert_eq!(
            scan(&store, later(45), ListingCoverage::Window(&one), &[])
                .await
                .closed,
            0
        );
        assert_eq!(
            scan(&store, later(46), ListingCoverage::Window(&one), &[])
                .await
                .closed,
            1
        );
        assert_eq!(last_seen(&store, "2").await, "2026-11-23T08:00:00.000Z");
    }

    #[tokio::test]
    async fn an_expired_job_closes_at_once_even_in_an_unchanged_listing() {
        let store = store_with(1).await;
        let source = source(&store).await;
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let mut tx = store
            .begin_scan(source.id, source.generation, run, at("08:30:00"))
            .await
            .unwrap()
            .unwrap();
        let ends = [
            ("day", "2026-11-23"),
            ("over", "2026-11-22"),
            ("soon", "2026-11-23T11:00:00Z"),
        ];
        let jobs = ends.map(|(id, end)| {
            let mut result = job(id, 1);
            result.job.expires_at = Some(end.parse().unwrap());
            result
        });
        tx.record_jobs(&jobs, false).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();

        assert_eq!(
            scan(&store, at("10:59:00"), ListingCoverage::Partial(&[]), &[])
                .await
                .closed,
            0
        );
        assert_eq!(
            scan(&store, at("10:59:00"), ListingCoverage::Unchanged, &[])
                .await
                .closed,
            0
        );
        assert_eq!(
            scan(&store, at("12:01:00"), ListingCoverage::Unchanged, &[])
                .await
                .closed,
            2
        );
        assert_eq!(
            last_seen(&store, "soon").await,
            "2026-11-23T12:01:00.000Z",
            "the board still listed it"
        );
        assert_eq!(closed(&store).await, 2);
    }
}
