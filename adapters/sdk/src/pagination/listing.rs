//! A listing while its parts come in.

use std::collections::HashSet;

use crate::{Page, RawJob, SourceError};

/// One part of a listing.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The jobs in it.
    pub jobs: Vec<RawJob>,
    /// What could not be read of it, in words for a person.
    pub unreadable: Vec<String>,
    /// How many jobs the board has, which is taken from the first part: some boards say zero on
    /// later ones. None: the board does not say.
    pub total: Option<u32>,
}

impl Chunk {
    pub(super) fn len(&self) -> usize {
        self.jobs.len() + self.unreadable.len()
    }
}

/// What was read so far.
#[derive(Default)]
pub(super) struct Listing {
    jobs: Vec<RawJob>,
    /// The ids of these jobs.
    known: HashSet<String>,
    unreadable: Vec<String>,
    total: Option<u32>,
    failure: Option<SourceError>,
}

impl Listing {
    /// A listing of which nothing was read yet, and of which the board says how many jobs it has.
    pub(super) fn of_total(total: Option<u32>) -> Self {
        Self {
            total,
            ..Self::default()
        }
    }

    /// Adds a part; says how much of it was new.
    ///
    /// A job that appears while the parts are read moves others into the next part, where they come
    /// again.
    pub(super) fn take(&mut self, part: Chunk) -> usize {
        let before = self.jobs.len() + self.unreadable.len();

        for job in part.jobs {
            if self.known.insert(job.external_id.clone()) {
                self.jobs.push(job);
            }
        }
        self.unreadable.extend(part.unreadable);

        self.jobs.len() + self.unreadable.len() - before
    }

    /// Keeps the first failure, unless the board itself speaks in a later one, perhaps of how long
    /// it wants to rest.
    pub(super) fn fail(&mut self, error: SourceError) {
        let is_kept =
            |kept: &SourceError| kept.concerns_all_requests() || !error.concerns_all_requests();
        if !self.failure.as_ref().is_some_and(is_kept) {
            self.failure = Some(error);
        }
    }

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
    fn a_job_that_moved_into_the_next_part_is_one() {
        let job = |id: &str| RawJob::new(id, "Cook", "https://a.example");
        let part = |ids: [&str; 2]| Chunk {
            jobs: ids.map(job).to_vec(),
            ..Chunk::default()
        };
        let mut listing = Listing::default();
        assert_eq!(
            (
                listing.take(part(["1", "2"])),
                listing.take(part(["2", "3"]))
            ),
            (2, 1)
        );
        assert_eq!(listing.jobs, ["1", "2", "3"].map(job));
    }
}
