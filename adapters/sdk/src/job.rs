//! Short ways to make the contract's records.

use std::collections::HashMap;

use crate::{Coverage, Page, RawJob};

impl RawJob {
    /// A job of which only the necessary is known; the rest is filled in by field.
    pub fn new(
        external_id: impl Into<String>,
        title: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        Self {
            external_id: external_id.into(),
            title: title.into(),
            url: url.into(),
            apply_url: None,
            company: None,
            department: None,
            locations: Vec::new(),
            workplace: None,
            employment_type: None,
            salary: None,
            description: None,
            language: None,
            posted_at: None,
            updated_at: None,
            expires_at: None,
            revision: None,
            extra: Vec::new(),
        }
    }
}

impl RawJob {
    /// A job of which nothing is known: what details fill in with all that they add to the listing.
    pub fn blank() -> Self {
        Self::new("", "", "")
    }
}

/// A job's `extra` from what the board has under names that have no field of their own.
pub fn extras<const N: usize>(named: [(&str, Option<String>); N]) -> Vec<(String, String)> {
    named
        .into_iter()
        .filter_map(|(name, text)| Some((name.to_owned(), text?)))
        .collect()
}

/// Words of a list as one text, without blank ones; none if all are.
pub fn joined<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Option<String> {
    let mut text = String::new();
    for word in words {
        let word = word.as_ref().trim();
        if !word.is_empty() {
            text.push_str(if text.is_empty() { "" } else { ", " });
            text.push_str(word);
        }
    }
    (!text.is_empty()).then_some(text)
}

/// Makes one job of those with one id, with the places of all: some boards list a job once for each
/// of its places.
pub fn merge_places(jobs: impl IntoIterator<Item = RawJob>) -> Vec<RawJob> {
    let mut merged: Vec<RawJob> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for job in jobs {
        if let Some(&at) = known.get(&job.external_id) {
            let places = &mut merged[at].locations;
            for place in job.locations {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        } else {
            known.insert(job.external_id.clone(), merged.len());
            merged.push(job);
        }
    }
    merged
}

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
    pub fn with_unreadable_among_pages(mut self, unreadable: Vec<String>) -> Self {
        if !unreadable.is_empty() {
            self.coverage = Coverage::Window;
            self.warnings.extend(unreadable);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Location;

    #[test]
    fn words_are_joined_but_for_blank_ones() {
        assert_eq!(joined([" a ", "", " ", "b"]).as_deref(), Some("a, b"));
        assert_eq!(joined([" "]), None);
    }

    #[test]
    fn a_job_that_is_listed_for_each_of_its_places_is_one() {
        let at = |id: &str, place: &str| RawJob {
            locations: vec![Location::named(place)],
            ..RawJob::new(id, "Cook", "https://a.example")
        };
        let merged = merge_places([
            at("1", "Bonn"),
            at("2", "Bonn"),
            at("1", "Köln"),
            at("1", "Bonn"),
        ]);
        let both = RawJob {
            locations: vec![Location::named("Bonn"), Location::named("Köln")],
            ..at("1", "")
        };
        assert_eq!(merged, [both, at("2", "Bonn")]);
    }

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
            page(None).with_unreadable_among_pages(odd()).coverage,
            Coverage::Window
        );
        assert_eq!(
            page(None).with_unreadable_among_pages(Vec::new()),
            page(None)
        );
    }
}
