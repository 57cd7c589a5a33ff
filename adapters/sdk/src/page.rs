//! Short ways to make a page of a listing.

use crate::{Coverage, Outcome, Page, RawJob};

impl Page {
    /// The only page of a board that lists all its open jobs in one answer.
    pub fn whole_board(jobs: Vec<RawJob>) -> Self {
        Self {
            jobs,
            next: None,
            state: None,
            total: None,
            coverage: Coverage::Complete,
            warnings: Vec::new(),
        }
    }

    /// Adds what could not be read of the listing, in words for a person: each a warning, and a job
    /// that is open although it is not among `jobs`, so that the scan does not pass for a complete
    /// one.
    #[must_use]
    pub fn with_unreadable(mut self, unreadable: Vec<String>) -> Self {
        if !unreadable.is_empty() {
            let listed = u32::try_from(self.jobs.len() + unreadable.len()).unwrap_or(u32::MAX);
            self.total = Some(self.total.unwrap_or(0).max(listed));
            self.warnings.extend(unreadable);
        }
        self
    }

    /// The same for one page of several, of which none knows how many jobs there are in all: the
    /// listing becomes a window, which closes nothing.
    #[must_use]
    pub fn with_unreadable_as_window(mut self, unreadable: Vec<String>) -> Self {
        if !unreadable.is_empty() {
            self.coverage = Coverage::Window;
            self.warnings.extend(unreadable);
        }
        self
    }
}

impl Outcome {
    /// Changes the page, if there is one: what the adapter knows of its board besides the listing.
    #[must_use]
    pub fn map_page(self, change: impl FnOnce(Page) -> Page) -> Self {
        match self {
            Self::Page(page) => Self::Page(change(page)),
            Self::NotModified => Self::NotModified,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_cannot_be_read_is_still_open() {
        let page = |total| Page {
            total,
            ..Page::whole_board(vec![RawJob::new("1", "Cook", "https://a.example/1")])
        };
        let odd = || vec!["jobs[1]: odd".to_owned()];
        assert_eq!(page(None).with_unreadable(odd()).total, Some(2));
        assert_eq!(page(Some(1)).with_unreadable(odd()).total, Some(2));
        assert_eq!(page(Some(7)).with_unreadable(odd()).total, Some(7));
        assert_eq!(page(None).with_unreadable(odd()).warnings, odd());
        assert_eq!(page(None).with_unreadable(Vec::new()), page(None));
        assert_eq!(
            page(None).with_unreadable_as_window(odd()).coverage,
            Coverage::Window
        );
        assert_eq!(page(None).with_unreadable_as_window(Vec::new()), page(None));
    }
}
