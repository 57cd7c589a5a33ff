//! Trials of profiles on the stored open jobs, which change and send nothing.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use job_scanner_core::matching::{MatcherError, Profile, QueryMatcher, QueryTally};
use job_scanner_store::{JobFilter, ListedJob, Store, StoreError};

/// The extent of a trial.
#[derive(Debug, Clone, Copy, Default)]
pub struct TrialLimits {
    /// Only jobs first seen at this time or later; `None` for all.
    pub first_seen_from: Option<Timestamp>,
    /// The maximum number of matching jobs that are returned.
    pub samples: usize,
    /// The time after which the trial stops, even if it has not tried all jobs; `None` for no
    /// limit.
    pub time: Option<Duration>,
}

/// The result of a trial.
#[derive(Debug)]
pub struct Trial {
    /// The counts over the jobs that were tried.
    pub tally: QueryTally,
    /// The newest matching jobs.
    pub samples: Vec<ListedJob>,
    /// False if the time was over before all jobs were tried. The newest ones were.
    pub is_complete: bool,
}

/// The reason why a profile could not be tried.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    #[error("cannot prepare the query")]
    Query(#[from] MatcherError),
    #[error("cannot read the stored jobs")]
    Store(#[from] StoreError),
}

/// Tries a profile on the open jobs of its sources. Jobs of sources that are no longer in the
/// configuration are left out. Ages are those at `now`.
///
/// # Errors
///
/// Fails if the database fails, or if the terms do not fit into memory.
pub async fn try_profile(
    store: &Store,
    profile: &Profile,
    limits: TrialLimits,
    now: Timestamp,
) -> Result<Trial, TrialError> {
    let matcher = QueryMatcher::new(vec![profile.clone()])?;
    let filter = JobFilter {
        first_seen_from: limits.first_seen_from,
        closed: Some(false),
        now,
        ..JobFilter::default()
    };
    let mut trial = Trial {
        tally: QueryTally::new(&profile.query),
        samples: Vec::new(),
        is_complete: true,
    };

    // One job after the other, because all of them together may be larger than memory.
    let begun = Instant::now();
    let add = |job: ListedJob| {
        if limits.time.is_some_and(|time| begun.elapsed() > time) {
            trial.is_complete = false;
            return Ok(ControlFlow::Break(()));
        }
        if job.watched && profile.covers(&job.key.source.to_string()) {
            let truths = matcher.leaf_truths(&job.matched(now)).concat();
            let is_match = trial.tally.add(&profile.query, &truths, &job.job.title);
            if is_match && trial.samples.len() < limits.samples {
                trial.samples.push(job);
            }
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    };
    store.for_each_job(&filter, add).await?;
    Ok(trial)
}
