//! Suspicious drops: a listing lacks so many jobs that the board itself may be broken.
//!
//! A listing is compared with the open jobs and with the sizes of the source's listings in the last
//! days, so that a board that shrinks in steps is detected too. From the first such listing until
//! the drop is resolved, the source is *in doubt*: missing jobs do not close before many complete
//! listings agree. A source in doubt, or with more than [`USUAL_LOSS`] missing jobs, is requested
//! without validators, because an unchanged response repeats an earlier listing and confirms
//! nothing. The doubt ends when enough jobs have returned, when the missing jobs are closed, or
//! when the listing is no longer read completely.
//!
//! Not here: which jobs are missing ([`presence`](crate::scan::presence)), and the notice to the
//! operator ([`notices`](crate::delivery::notices)).

use jiff::{SignedDuration, Timestamp};
use job_scanner_row_derive::FromRow;

use crate::columns::{day, time};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::SourceId;

/// The smallest number of jobs for which a loss of half is suspicious. A loss of all jobs always
/// is.
const MIN_JOBS_FOR_SHARE: i64 = 5;

/// The number of missing jobs that is usual on any day, however the board has shrunk before. While
/// more are missing, the whole listing is read until they return or are closed.
const USUAL_LOSS: i64 = 2;

/// The period for which earlier sizes of a listing are compared with the current one.
const RECENT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The number of complete listings in a row that have to miss a job before it closes. It depends on
/// the size of the drop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Agreement {
    /// The number that is enough regardless of time.
    pub(crate) listings: i64,
    /// The number that is enough when the first of them is at least `over` old.
    pub(crate) sparse_listings: i64,
    /// See `sparse_listings`. Responses in quick succession may share one fault.
    pub(crate) over: SignedDuration,
}

/// For a drop by half or more.
const HALF_LOST: Agreement = Agreement {
    listings: 6,
    sparse_listings: 3,
    over: SignedDuration::from_hours(24),
};

/// For a drop by nine tenths or more.
const MOST_LOST: Agreement = Agreement {
    listings: 12,
    sparse_listings: 3,
    over: SignedDuration::from_hours(3 * 24),
};

/// The current and earlier numbers of a source's jobs, at the end of a scan.
#[derive(Debug, Clone, Copy, FromRow)]
pub(crate) struct ListingSize {
    /// Jobs that are not closed, including missing ones.
    open: i64,
    /// Open jobs that are missing.
    missing: i64,
    /// Open jobs that this scan saw for the first time.
    new: i64,
    /// The largest number of jobs on one of the last days.
    recent: i64,
    /// The number of jobs before the current doubt; `None` while the source is not in doubt.
    lost_from: Option<i64>,
}

/// A drop that is not accepted until several listings agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LargeDrop {
    /// The number of jobs before the drop.
    pub(crate) before: i64,
    /// The listings that have to agree before missing jobs close.
    pub(crate) agreement: Agreement,
}

impl ListingSize {
    /// Returns the number of open jobs, including missing ones.
    pub(crate) fn open(self) -> i64 {
        self.open
    }

    /// Returns the number of jobs that the source lists.
    pub(crate) fn listed(self) -> i64 {
        self.open - self.missing
    }

    /// Returns the number of missing jobs.
    pub(crate) fn missing(self) -> i64 {
        self.missing
    }

    /// Returns true if no more jobs are missing than on any usual day.
    pub(crate) fn is_ordinary(self) -> bool {
        self.missing <= USUAL_LOSS
    }

    /// Returns true if an earlier scan put the source in doubt.
    pub(crate) fn is_in_doubt(self) -> bool {
        self.lost_from.is_some()
    }

    /// Returns the drop that the missing jobs amount to; `None` if it is not suspicious.
    pub(crate) fn large_drop(self) -> Option<LargeDrop> {
        if self.missing == 0 {
            return None;
        }

        let before = self
            .size_before_doubt()
            .or_else(|| self.size_before_new_drop())?;
        let agreement = if self.lost_from_size(before) * 10 >= before * 9 {
            MOST_LOST
        } else {
            HALF_LOST
        };

        Some(LargeDrop { before, agreement })
    }

    /// Returns the number of jobs before the current doubt, if the drop is still suspicious.
    fn size_before_doubt(self) -> Option<i64> {
        let before = self.lost_from?;
        let is_large = self.missing >= before
            || (before >= MIN_JOBS_FOR_SHARE && self.lost_from_size(before) * 2 >= before);
        is_large.then_some(before)
    }

    /// Returns the number of jobs before a suspicious drop that no earlier scan has seen.
    fn size_before_new_drop(self) -> Option<i64> {
        let known = self.open - self.new;
        if self.missing >= known || (known >= MIN_JOBS_FOR_SHARE && self.missing * 2 >= known) {
            return Some(known.max(self.recent));
        }

        let recent = self.recent;
        let is_step = self.missing > USUAL_LOSS
            && recent >= MIN_JOBS_FOR_SHARE
            && (recent - self.listed()) * 2 >= recent;
        is_step.then_some(recent)
    }

    /// Returns the number of jobs lost from a listing of `before` jobs. New jobs do not offset
    /// missing ones.
    fn lost_from_size(self, before: i64) -> i64 {
        self.missing.max(before - self.listed())
    }
}

/// Counts the jobs of a source. Call it after the jobs of the current scan, which began at `now`,
/// are recorded. The recent days end with the day of `judged_at`.
pub(crate) async fn listing_size(
    conn: &mut Connection,
    source: SourceId,
    judged_at: Timestamp,
    now: Timestamp,
) -> Result<ListingSize, StoreError> {
    let size = Statement::new(
        "SELECT COUNT(*) AS open, COUNT(missing_since) AS missing,
             COUNT(CASE WHEN missing_since IS NULL AND first_seen_at = $2 THEN 1 END) AS new,
             (SELECT COALESCE(MAX(z.jobs), 0) FROM source_sizes AS z
              WHERE z.source_id = $1 AND z.day >= $3 AND z.day <= $4) AS recent,
             (SELECT s.lost_from FROM sources AS s WHERE s.source_id = $1) AS lost_from
         FROM jobs WHERE source_id = $1 AND closed_at IS NULL",
    );

    let (cutoff, today) = (day(cutoff(judged_at)), day(judged_at));
    Ok(size
        .bind(source)
        .bind(time(now))
        .bind(cutoff)
        .bind(today)
        .fetch_one(conn)
        .await?)
}

/// Returns true if jobs of a source are missing.
pub(crate) async fn has_missing_jobs(
    conn: &mut Connection,
    source: SourceId,
) -> Result<bool, StoreError> {
    let losing = Statement::new(
        "SELECT EXISTS (SELECT 1 FROM jobs WHERE source_id = $1 AND missing_since IS NOT NULL AND closed_at IS NULL)",
    );
    Ok(losing.bind(source).fetch_value(conn).await?)
}

/// Returns true if more jobs of a source are missing than on any usual day.
pub(crate) async fn misses_more_than_usual(
    conn: &mut Connection,
    source: SourceId,
) -> Result<bool, StoreError> {
    let missing: i64 = Statement::new(
        "SELECT COUNT(*) FROM (SELECT 1 FROM jobs
         WHERE source_id = $1 AND missing_since IS NOT NULL AND closed_at IS NULL LIMIT $2)",
    )
    .bind(source)
    .bind(USUAL_LOSS + 1)
    .fetch_value(conn)
    .await?;

    Ok(missing > USUAL_LOSS)
}

/// Puts a source in doubt. A source that is already in doubt keeps its original time and size.
pub(crate) async fn mark_in_doubt(
    conn: &mut Connection,
    source: SourceId,
    large_drop: LargeDrop,
    now: Timestamp,
) -> Result<(), StoreError> {
    Statement::new("UPDATE sources SET lost_since = $1, lost_from = $2 WHERE source_id = $3 AND lost_since IS NULL")
        .bind(time(now))
        .bind(large_drop.before)
        .bind(source)
        .execute(conn)
        .await?;

    Ok(())
}

/// Ends the doubt about a source, if there is one, because enough jobs have returned or its listing
/// is no longer read completely. Jobs that are still missing have to be missed again: the response
/// that contained the others may have been incomplete as well.
pub(crate) async fn dismiss_doubt(
    conn: &mut Connection,
    source: SourceId,
) -> Result<(), StoreError> {
    if !end_doubt(conn, source).await? {
        return Ok(());
    }

    Statement::new(
        "UPDATE jobs SET missed_scans = 1 WHERE source_id = $1 AND missing_since IS NOT NULL AND closed_at IS NULL",
    )
    .bind(source)
    .execute(conn)
    .await?;

    Ok(())
}

/// Ends the doubt about a source, if there is one, because its missing jobs are closed or no job is
/// missing any more. The earlier sizes are deleted, so that later listings are compared with the
/// current size.
pub(crate) async fn accept_current_size(
    conn: &mut Connection,
    source: SourceId,
) -> Result<(), StoreError> {
    if end_doubt(conn, source).await? {
        Statement::new("DELETE FROM source_sizes WHERE source_id = $1")
            .bind(source)
            .execute(conn)
            .await?;
    }

    Ok(())
}

/// Ends the doubt. Returns false if the source was not in doubt.
async fn end_doubt(conn: &mut Connection, source: SourceId) -> Result<bool, StoreError> {
    let ended = Statement::new(
        "UPDATE sources SET lost_since = NULL, lost_from = NULL WHERE source_id = $1 AND lost_since IS NOT NULL",
    );
    Ok(ended.bind(source).execute(conn).await? > 0)
}

/// Records the number of a source's jobs, if it is larger than the one recorded earlier that day.
/// Deletes the sizes that are not recent.
pub(crate) async fn record_size(
    conn: &mut Connection,
    source: SourceId,
    jobs: i64,
    judged_at: Timestamp,
) -> Result<(), StoreError> {
    let old =
        Statement::new("DELETE FROM source_sizes WHERE source_id = $1 AND (day < $2 OR day > $3)");
    old.bind(source)
        .bind(day(cutoff(judged_at)))
        .bind(day(judged_at))
        .execute(&mut *conn)
        .await?;

    Statement::new(
        "INSERT INTO source_sizes (source_id, day, jobs) VALUES ($1, $2, $3)
         ON CONFLICT (source_id, day) DO UPDATE SET jobs = excluded.jobs WHERE excluded.jobs > jobs",
    )
    .bind(source)
    .bind(day(judged_at))
    .bind(jobs)
    .execute(conn)
    .await?;

    Ok(())
}

/// Returns the earliest time that counts as recent.
fn cutoff(now: Timestamp) -> Timestamp {
    now.checked_sub(RECENT).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The size after a scan that misses some of `known` jobs and finds some new ones.
    fn size(known: i64, missing: i64, new: i64, recent: i64) -> ListingSize {
        ListingSize {
            open: known + new,
            missing,
            new,
            recent,
            lost_from: None,
        }
    }

    #[test]
    fn the_share_of_missing_jobs_decides_the_drop() {
        let large = |before| {
            Some(LargeDrop {
                before,
                agreement: HALF_LOST,
            })
        };
        let largest = |before| {
            Some(LargeDrop {
                before,
                agreement: MOST_LOST,
            })
        };
        for (known, missing, loss) in [
            (100, 1, None),
            (100, 49, None),
            (100, 50, large(100)),
            (100, 89, large(100)),
            (100, 90, largest(100)),
            (100, 100, largest(100)),
            (5, 2, None),
            (5, 3, large(5)),
            (4, 3, None),
            (4, 4, largest(4)),
            (1, 1, largest(1)),
            (0, 0, None),
        ] {
            assert_eq!(
                size(known, missing, 0, known).large_drop(),
                loss,
                "{missing} of {known}"
            );
        }
    }

    #[test]
    fn new_jobs_do_not_offset_missing_ones() {
        let renamed = size(100, 100, 100, 100);
        assert_eq!(
            renamed.large_drop(),
            Some(LargeDrop {
                before: 100,
                agreement: MOST_LOST
            })
        );
        let later = ListingSize {
            new: 0,
            lost_from: Some(100),
            ..renamed
        };
        assert_eq!(
            later.large_drop(),
            renamed.large_drop(),
            "also when they are no longer new"
        );
    }

    #[test]
    fn a_gradually_shrinking_board_is_compared_with_recent_days() {
        assert_eq!(size(1_180, 380, 0, 1_180).large_drop(), None);
        assert_eq!(
            size(800, 300, 0, 1_180).large_drop(),
            Some(LargeDrop {
                before: 1_180,
                agreement: HALF_LOST
            })
        );
        assert_eq!(
            size(300, 190, 0, 1_180).large_drop(),
            Some(LargeDrop {
                before: 1_180,
                agreement: MOST_LOST
            })
        );
        assert_eq!(
            size(500, USUAL_LOSS, 0, 1_180).large_drop(),
            None,
            "a usual loss"
        );
    }

    #[test]
    fn doubt_lasts_until_less_than_half_is_missing() {
        let in_doubt = |missing| ListingSize {
            lost_from: Some(100),
            ..size(100, missing, 0, 100)
        };
        assert!(
            in_doubt(50).large_drop().is_some()
                && in_doubt(49).large_drop().is_none()
                && in_doubt(0).large_drop().is_none()
        );
    }
}
