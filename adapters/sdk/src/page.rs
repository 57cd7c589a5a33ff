//! Constructors of pages.

use crate::{Coverage, Outcome, Page, RawJob};

impl Page {
    /// Returns the only page of a board that lists all its open jobs in one response.
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

    /// Adds jobs of the listing that could not be read, each as a message for the operator.
    ///
    /// The messages become warnings. The jobs count as open although they are not in `jobs`:
    /// `total` becomes larger than the number of jobs, so the host does not take the listing for a
    /// complete one and closes nothing.
    #[must_use]
    pub fn with_unreadable(mut self, unreadable: Vec<String>) -> Self {
        if !unreadable.is_empty() {
            let listed = u32::try_from(self.jobs.len() + unreadable.len()).unwrap_or(u32::MAX);
            self.total = Some(self.total.unwrap_or(0).max(listed));
            self.warnings.extend(unreadable);
        }
        self
    }

    /// Like [`with_unreadable`](Self::with_unreadable), for one of several pages, which does not
    /// know the number of jobs on all of them.
    ///
    /// The listing becomes a window, so the host closes nothing.
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
    /// Applies a function to the page. `NotModified` stays as it is.
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
    fn a_job_that_cannot_be_read_counts_as_open() {
        let page = |total| Page {
            total,
            ..Page::whole_board(vec![RawJob::new("1", "Cook", "https://a.example/1")])
        };
        let unreadable = || vec!["jobs[1]: malformed".to_owned()];
        assert_eq!(page(None).with_unreadable(unreadable()).total, Some(2));
        assert_eq!(page(Some(1)).with_unreadable(unreadable()).total, Some(2));
        assert_eq!(page(Some(7)).with_unreadable(unreadable()).total, Some(7));
        assert_eq!(
            page(None).with_unreadable(unreadable()).warnings,
            unreadable()
        );
        assert_eq!(page(None).with_unreadable(Vec::new()), page(None));
        assert_eq!(
            page(None).with_unreadable_as_window(unreadable()).coverage,
            Coverage::Window
        );
        assert_eq!(page(None).with_unreadable_as_window(Vec::new()), page(None));
    }
}
