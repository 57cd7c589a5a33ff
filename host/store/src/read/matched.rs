//! Stored jobs as profiles are matched with them.

use jiff::Timestamp;
use job_scanner_core::matching::{JobSource, MatchTimes, MatchedFields, MatchedJob};

use crate::read::listing::ListedJob;

impl ListedJob {
    /// Prepares the job for matching. Its ages are those at `now`.
    pub fn matched(&self, now: Timestamp) -> MatchedJob<'_> {
        let source = JobSource {
            key: &self.key.source,
            name: &self.source_name,
        };
        let times = MatchTimes {
            first_seen_at: self.first_seen_at,
            now,
        };
        MatchedFields::from(&self.job).of(source, times)
    }
}
