//! Stored jobs as profiles are matched with them.

use jiff::Timestamp;
use job_scanner_core::matching::{JobSource, MatchTimes, MatchedFields, MatchedJob};
use job_scanner_store::ListedJob;

/// Prepares a stored job for matching. Its ages are those at `now`.
pub(super) fn matched(job: &ListedJob, now: Timestamp) -> MatchedJob<'_> {
    let source = JobSource {
        key: &job.key.source,
        name: &job.source_name,
    };
    let times = MatchTimes {
        first_seen_at: job.first_seen_at,
        now,
    };
    MatchedFields::from(&job.job).of(source, times)
}
