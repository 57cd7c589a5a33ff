//! A listing that is collected chunk by chunk.

use std::collections::HashSet;

use crate::{Page, RawJob, SourceError};

/// One chunk of a listing: the jobs of one response.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The jobs that could be read.
    pub jobs: Vec<RawJob>,
    /// A message for the operator about each job that could not be read.
    pub unreadable: Vec<String>,
    /// The number of jobs on the board. `None`: the board does not provide it.
    ///
    /// Only the value of the first chunk is used: some boards return zero in later ones.
    pub total: Option<u32>,
}

impl Chunk {
    pub(super) fn len(&self) -> usize {
        self.jobs.len() + self.unreadable.len()
    }
}

/// The chunks that were read so far, merged.
#[derive(Default)]
pub(super) struct Listing {
    jobs: Vec<RawJob>,
    /// The ids of `jobs`.
    known: HashSet<String>,
    unreadable: Vec<String>,
    total: Option<u32>,
    failure: Option<SourceError>,
}

impl Listing {
    /// Returns an empty listing of a board with this number of jobs.
    pub(super) fn with_total(total: Option<u32>) -> Self {
        Self {
            total,
            ..Self::default()
        }
    }

    /// Adds a chunk and returns how many of its jobs are new.
    ///
    /// A job that is posted during the scan moves others into the next chunk, so they are returned
    /// twice.
    pub(super) fn add(&mut self, chunk: Chunk) -> usize {
        let before = self.jobs.len() + self.unreadable.len();

        for job in chunk.jobs {
            if self.known.insert(job.external_id.clone()) {
                self.jobs.push(job);
            }
        }
        self.unreadable.extend(chunk.unreadable);

        self.jobs.len() + self.unreadable.len() - before
    }

    /// Records a failure. The first one is kept, unless a later one concerns all requests: that one
    /// may contain the pause that the board asks for.
    pub(super) fn fail(&mut self, error: SourceError) {
        let is_kept =
            |kept: &SourceError| kept.concerns_all_requests() || !error.concerns_all_requests();
        if !self.failure.as_ref().is_some_and(is_kept) {
            self.failure = Some(error);
        }
    }

    /// Returns all jobs as one page. After a failure, its cursor makes the next call fail.
    pub(super) fn into_page(self) -> Page {
        let page = Page {
            total: self.total,
            next: self.failure.map(|error| error.to_cursor()),
            ..Page::whole_board(self.jobs)
        };
        page.with_unreadable(self.unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_moved_into_the_next_chunk_is_kept_once() {
        let job = |id: &str| RawJob::new(id, "Cook", "https://a.example");
        let chunk = |ids: [&str; 2]| Chunk {
            jobs: ids.map(job).to_vec(),
            ..Chunk::default()
        };
        let mut listing = Listing::default();
        assert_eq!(
            (
                listing.add(chunk(["1", "2"])),
                listing.add(chunk(["2", "3"]))
            ),
            (2, 1)
        );
        assert_eq!(listing.jobs, ["1", "2", "3"].map(job));
    }
}
