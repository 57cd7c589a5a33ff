//! Losses that are too large to be believed at once: a listing lacks so many jobs that the board
//! itself may be broken.
//!
//! A listing is compared with what is open and with what the source listed in the last days, so
//! that a board which shrinks in steps is noticed as well. From the first sight of such a loss
//! until it is resolved the source is *in doubt*: nothing that is missing closes before many whole
//! answers agree. A source in doubt, and any of which more than a job or two are missing, is asked
//! without validators: a short answer that is confirmed to be unchanged agrees with nothing. The
//! doubt ends when enough jobs are back, when the missing ones are closed, or when the listing is
//! no longer read whole.
//!
//! Not here: which jobs are missing ([`presence`](crate::scan::presence)), and telling the operator
//! ([`notices`](crate::delivery::notices)).

use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, SqliteConnection};

use crate::columns::{day, time};
use crate::error::StoreError;
use crate::ids::SourceId;

/// With fewer jobs than these, half of them is nothing to wonder about; all of them always is.
const MIN_JOBS_FOR_SHARE: i64 = 5;

/// So many jobs leave a board any day, however it has shrunk before. Where more are missing, the
/// listing is read whole until they are back or closed.
const USUAL_LOSS: i64 = 2;

/// For how long what a source listed is compared with what it lists.
const RECENT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The number of whole answers in a row that have to miss a job before it closes; it depends on how
/// much is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Agreement {
    /// So many are enough by themselves.
    pub(crate) listings: i64,
    /// So many are enough when the first of them is as old as `over`.
    pub(crate) sparse_listings: i64,
    /// See `sparse_listings`. Answers that follow each other closely may all come of one fault.
    pub(crate) over: SignedDuration,
}

/// A loss of half or more.
const HALF_LOST: Agreement = Agreement {
    listings: 6,
    sparse_listings: 3,
    over: SignedDuration::from_hours(24),
};

/// A loss of nine tenths or more.
const MOST_LOST: Agreement = Agreement {
    listings: 12,
    sparse_listings: 3,
    over: SignedDuration::from_hours(3 * 24),
};

/// The numbers of jobs that a source has and had, at the end of a scan.
#[derive(Debug, Clone, Copy, FromRow)]
pub(crate) struct ListingSize {
    /// Those that are not closed, missing ones included.
    open: i64,
    /// Those of them that are missing.
    missing: i64,
    /// Those of them that this scan saw for the first time.
    new: i64,
    /// The most there were on one of the last days.
    recent: i64,
    /// Before the loss that the source is in doubt for.
    lost_from: Option<i64>,
}

/// A loss that is not believed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LargeDrop {
    /// The number of jobs before it.
    pub(crate) before: i64,
    /// The answers that it takes to believe it.
    pub(crate) agreement: Agreement,
}

impl ListingSize {
    /// The number of open jobs, missing ones included.
    pub(crate) fn open(self) -> i64 {
        self.open
    }

    /// The number of jobs that the source lists.
    pub(crate) fn listed(self) -> i64 {
        self.open - self.missing
    }

    /// The number of missing jobs.
    pub(crate) fn missing(self) -> i64 {
        self.missing
    }

    /// Returns true if a board loses as many jobs as are missing on any day.
    pub(crate) fn is_ordinary(self) -> bool {
        self.missing <= USUAL_LOSS
    }

    /// Returns true if the source is in doubt since an earlier scan.
    pub(crate) fn is_in_doubt(self) -> bool {
        self.lost_from.is_some()
    }

    /// The loss that the missing jobs are, if it is too large to be believed at once.
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

    /// The number of jobs before the loss that the source is in doubt for, if that is still large.
    fn size_before_doubt(self) -> Option<i64> {
        let before = self.lost_from?;
        let is_large = self.missing >= before
            || (before >= MIN_JOBS_FOR_SHARE && self.lost_from_size(before) * 2 >= before);
        is_large.then_some(before)
    }

    /// The same of a loss that no earlier scan has noticed.
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

    /// The number of so many jobs that are lost. New ones make up for none that is missing.
    fn lost_from_size(self, before: i64) -> i64 {
        self.missing.max(before - self.listed())
    }
}

/// Counts the jobs of a source. Call it when those that the scan at hand, which began at `now`,
/// listed are recorded. `judged_at` decides which days are the last ones.
pub(crate) async fn listing_size(
    conn: &mut SqliteConnection,
    source: SourceId,
    judged_at: Timestamp,
    now: Timestamp,
) -> Result<ListingSize, StoreError> {
    let size = sqlx::query_as(
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
    conn: &mut SqliteConnection,
    source: SourceId,
) -> Result<bool, StoreError> {
    let losing = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM jobs WHERE source_id = $1 AND missing_since IS NOT NULL AND closed_at IS NULL)",
    );
    Ok(losing.bind(source).fetch_one(conn).await?)
}

/// Returns true if more jobs of a source are missing than leave any day.
pub(crate) async fn misses_more_than_usual(
    conn: &mut SqliteConnection,
    source: SourceId,
) -> Result<bool, StoreError> {
    let missing: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT 1 FROM jobs
         WHERE source_id = $1 AND missing_since IS NOT NULL AND closed_at IS NULL LIMIT $2)",
    )
    .bind(source)
    .bind(USUAL_LOSS + 1)
    .fetch_one(conn)
    .await?;

    Ok(missing > USUAL_LOSS)
}

/// Puts a source in doubt. One that is already stays so since then.
pub(crate) async fn mark_in_doubt(
    conn: &mut SqliteConnection,
    source: SourceId,
    large_drop: LargeDrop,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE sources SET lost_since = $1, lost_from = $2 WHERE source_id = $3 AND lost_since IS NULL")
        .bind(time(now))
        .bind(large_drop.before)
        .bind(source)
        .execute(conn)
        .await?;

    Ok(())
}

/// Ends the doubt about a source, if there is one, because enough jobs are back or its listing is
/// no longer read whole. What is still missing has to be missed again: the answer that brought the
/// others may have been cut as well.
pub(crate) async fn dismiss_doubt(
    conn: &mut SqliteConnection,
    source: SourceId,
) -> Result<(), StoreError> {
    if !end_doubt(conn, source).await? {
        return Ok(());
    }

    sqlx::query(
        "UPDATE jobs SET missed_scans = 1 WHERE source_id = $1 AND missing_since IS NOT NULL AND closed_at IS NULL",
    )
    .bind(source)
    .execute(conn)
    .await?;

    Ok(())
}

/// Ends the doubt about a source, if there is one, because its loss is believed or nothing is
/// missing any more: from now on it is compared with what it has left.
pub(crate) async fn accept_current_size(
    conn: &mut SqliteConnection,
    source: SourceId,
) -> Result<(), StoreError> {
    if end_doubt(conn, source).await? {
        sqlx::query("DELETE FROM source_sizes WHERE source_id = $1")
            .bind(source)
            .execute(conn)
            .await?;
    }

    Ok(())
}

/// `false` when there was no doubt.
async fn end_doubt(conn: &mut SqliteConnection, source: SourceId) -> Result<bool, StoreError> {
    let ended = sqlx::query(
        "UPDATE sources SET lost_since = NULL, lost_from = NULL WHERE source_id = $1 AND lost_since IS NOT NULL",
    );
    Ok(ended.bind(source).execute(conn).await?.rows_affected() > 0)
}

/// Writes down how many jobs a source has, if that is more than it had earlier that day.
pub(crate) async fn record_size(
    conn: &mut SqliteConnection,
    source: SourceId,
    jobs: i64,
    judged_at: Timestamp,
) -> Result<(), StoreError> {
    let old =
        sqlx::query("DELETE FROM source_sizes WHERE source_id = $1 AND (day < $2 OR day > $3)");
    old.bind(source)
        .bind(day(cutoff(judged_at)))
        .bind(day(judged_at))
        .execute(&mut *conn)
        .await?;

    sqlx::query(
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

/// Returns the earliest moment of what is recent.
fn cutoff(now: Timestamp) -> Timestamp {
    now.checked_sub(RECENT).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The size that a scan leaves of `known` jobs when it misses some of them and finds some new
    /// ones.
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
            "also when they are not new any more"
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
            "these leave any day"
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
