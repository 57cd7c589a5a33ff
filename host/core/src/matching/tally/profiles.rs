//! The account of all profiles over the jobs of several sources.

use super::tally::QueryTally;
use crate::matching::{MatchedJob, Profile, QueryMatcher};

/// The account of each profile, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileTallies(Vec<ProfileTally>);

/// The account of a profile over the jobs of the sources that it applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileTally {
    pub profile: Profile,
    pub tally: QueryTally,
}

impl ProfileTallies {
    /// Starts the account of the profiles of a matcher, with no jobs.
    pub fn new(matcher: &QueryMatcher) -> Self {
        let start = |profile: &Profile| ProfileTally {
            profile: profile.clone(),
            tally: QueryTally::new(&profile.query),
        };
        Self(matcher.profiles().map(start).collect())
    }

    /// Adds a job to the accounts of the profiles that apply to its source. `matcher` is that of the
    /// profiles.
    pub fn add(&mut self, matcher: &QueryMatcher, job: &MatchedJob<'_>) {
        let truths = matcher.leaf_truths(job);
        for (ProfileTally { profile, tally }, truths) in self.0.iter_mut().zip(truths) {
            if profile.covers(job.source_key()) {
                tally.add(&profile.query, &truths, job.title());
            }
        }
    }

    /// Adds the jobs of other accounts of the same profiles.
    pub fn merge(&mut self, others: &Self) {
        for (tally, other) in self.0.iter_mut().zip(&others.0) {
            tally.tally.merge(&other.tally);
        }
    }

    /// Forgets the jobs of all other profiles.
    pub fn keep_only(&mut self, is_kept: impl Fn(&Profile) -> bool) {
        for ProfileTally { profile, tally } in &mut self.0 {
            if !is_kept(profile) {
                *tally = QueryTally::new(&profile.query);
            }
        }
    }

    /// Returns the accounts that have any job, in the order of the profiles.
    pub fn with_jobs(&self) -> impl Iterator<Item = &ProfileTally> {
        self.0.iter().filter(|it| it.tally.jobs > 0)
    }
}
