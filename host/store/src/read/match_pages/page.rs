//! One page of vacancies, and how many there are.

use std::collections::HashSet;

use crate::database::Store;
use crate::decision::silence::HiddenNames;
use crate::driver::Connection;
use crate::error::StoreError;
use crate::ids::{ClusterId, JobId};
use crate::read::listing::{ListedJob, jobs_by_id};
use crate::read::match_pages::filter::MatchFilter;
use crate::read::match_pages::walk::{MatchPosting, Range, select_postings};

/// The largest number of vacancies that the first page counts. A person decides about fewer in a
/// day, and counting thousands would take longer than reading the page.
const MAX_COUNTED: usize = 500;

/// The number of postings that one statement reads. The first page of a person with a few hundred
/// matches needs one statement.
const POSTINGS_PER_STATEMENT: u16 = 512;

/// A page of vacancies.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchPage {
    /// The newest posting of each vacancy that passes the filter, newest first.
    pub jobs: Vec<(JobId, ListedJob)>,
    /// The posting after which the next page begins; `None` on the last page.
    pub next: Option<JobId>,
    /// The number of vacancies of all pages; `None` on other pages than the first one.
    pub found: Option<FoundMatches>,
}

/// A number of vacancies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundMatches {
    pub number: usize,
    /// True if there are more.
    pub or_more: bool,
}

/// A page while it is read.
struct Reading<'a> {
    filter: &'a MatchFilter,
    hidden: &'a HiddenNames,
    after: Option<JobId>,
    /// The vacancies that are shown on this page or on one before.
    seen: HashSet<ClusterId>,
    limit: usize,
    ids: Vec<JobId>,
    found: FoundMatches,
    has_next: bool,
}

impl Store {
    /// Returns the vacancies that pass the filter, at most `limit` of them, from the newest one or
    /// from the end of the page before.
    #[tracing::instrument(name = "store.match.page", skip_all)]
    pub async fn match_page(
        &self,
        filter: &MatchFilter,
        after: Option<JobId>,
        limit: usize,
    ) -> Result<MatchPage, StoreError> {
        // One connection for all statements: pages that each wait for a second one would block each
        // other.
        let mut conn = self.readers().acquire().await?;
        let hidden = HiddenNames::read(&mut conn, filter.now).await?;
        let mut reading = Reading::new(filter, &hidden, after, limit);
        reading.walk(&mut conn).await?;
        drop(conn);
        reading.finish(self).await
    }
}

impl<'a> Reading<'a> {
    fn new(
        filter: &'a MatchFilter,
        hidden: &'a HiddenNames,
        after: Option<JobId>,
        limit: usize,
    ) -> Self {
        Self {
            filter,
            hidden,
            after,
            seen: HashSet::new(),
            limit,
            ids: Vec::with_capacity(limit),
            found: FoundMatches {
                number: 0,
                or_more: false,
            },
            has_next: false,
        }
    }

    /// Reads postings until the page is complete.
    async fn walk(&mut self, conn: &mut Connection) -> Result<(), StoreError> {
        let mut before = self.after;
        loop {
            let mut statement = select_postings(self.filter, Range::Before(before));
            statement.push(" LIMIT ").push_bind(POSTINGS_PER_STATEMENT);
            let postings: Vec<MatchPosting> = statement.fetch_all(&mut *conn).await?;

            for posting in &postings {
                if self.is_new(conn, posting).await? && self.add(posting.job_id).is_complete() {
                    return Ok(());
                }
            }
            if postings.len() < usize::from(POSTINGS_PER_STATEMENT) {
                return Ok(());
            }
            before = postings.last().map(|posting| posting.job_id);
        }
    }

    /// Returns true if the posting passes the filter and its vacancy has not been shown yet.
    async fn is_new(
        &mut self,
        conn: &mut Connection,
        posting: &MatchPosting,
    ) -> Result<bool, StoreError> {
        if self.seen.contains(&posting.cluster_id) || !posting.passes(self.filter, self.hidden)? {
            return Ok(false);
        }
        self.seen.insert(posting.cluster_id);
        match self.after {
            Some(after) if posting.has_others => {
                let was_shown = self.was_shown(conn, posting.cluster_id, after).await?;
                Ok(!was_shown)
            }
            _ => Ok(true),
        }
    }

    /// Returns true if a page before has shown the vacancy: then one of its newer postings passes
    /// the filter.
    async fn was_shown(
        &self,
        conn: &mut Connection,
        cluster: ClusterId,
        after: JobId,
    ) -> Result<bool, StoreError> {
        let statement = select_postings(self.filter, Range::OfCluster(cluster, after));
        let newer = statement;
        for posting in newer.fetch_all::<MatchPosting>(conn).await? {
            if posting.passes(self.filter, self.hidden)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn add(&mut self, job: JobId) -> &mut Self {
        if self.ids.len() < self.limit {
            self.ids.push(job);
        } else {
            self.has_next = true;
        }
        if self.found.number < MAX_COUNTED {
            self.found.number += 1;
        } else {
            self.found.or_more = true;
        }
        self
    }

    /// Returns true if no other posting can change the page. Only the first page counts further.
    fn is_complete(&self) -> bool {
        self.has_next && (self.after.is_some() || self.found.or_more)
    }

    async fn finish(self, store: &Store) -> Result<MatchPage, StoreError> {
        let jobs = jobs_by_id(store, &self.ids, self.hidden).await?;
        let next = self.ids.last().copied().filter(|_| self.has_next);
        let found = self.after.is_none().then_some(self.found);
        Ok(MatchPage { jobs, next, found })
    }
}
