//! Recognizes known jobs that are listed under another external id than before. Pure.
//!
//! A board may move its ids from `http` to `https`, and a new version of an adapter may take a better
//! id from the same page. A job that is only renamed must not trigger a second alert, and must keep
//! its history. Two rules recognize it, both only between a job that is not stored and one that is
//! stored, is not closed, and is not listed:
//!
//! 1. Both ids are URLs of the same page: they differ only in the scheme, `www.` or a slash at the
//!    end.
//! 2. The URL of the job's page (compared in the same way) and the title are the same. Several jobs
//!    may share both, such as two openings on one careers page; then nothing is recognized. If
//!    another job of the page keeps its id, the ids of the page hold, and another id is another
//!    opening. If the listing is not complete, an unread part of it may contain the stored job under
//!    its own id, so the URL alone must identify the job.
//!
//! A closed job is not recognized: an opening that is advertised again is a new job.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::{Change, KnownJobs, NormalizationResult};
use job_scanner_store::{NewId, OpenAddress};

/// The known jobs that a listing contains under a new id.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewIds {
    /// The stored id of each new id.
    stored: HashMap<ExternalId, ExternalId>,
}

impl NewIds {
    /// Recognizes the known jobs among the new ones in `results`. `open` are the addresses of all
    /// stored jobs that are not closed, and `missing` those of them that the listing lacks.
    pub(crate) fn recognize(
        results: &[NormalizationResult],
        missing: &[ExternalId],
        open: &[OpenAddress],
        is_complete: bool,
    ) -> Self {
        let mut new_ids = Self::by_id(results, missing);
        let by_page = Self::by_page(results, missing, open, is_complete);
        let taken: HashSet<ExternalId> = new_ids.stored.values().cloned().collect();
        for (listed, stored) in by_page.stored {
            if !taken.contains(&stored) {
                new_ids.stored.entry(listed).or_insert(stored);
            }
        }
        new_ids
    }

    /// Applies the first rule.
    fn by_id(results: &[NormalizationResult], missing: &[ExternalId]) -> Self {
        let listed = unique(new(results).filter_map(|result| {
            let id = &result.job.external_id;
            Some((page_of(id.as_str())?, id))
        }));
        let stored = unique(
            missing
                .iter()
                .filter_map(|id| Some((page_of(id.as_str())?, id))),
        );
        Self::paired(listed, &stored)
    }

    /// Applies the second rule.
    fn by_page(
        results: &[NormalizationResult],
        missing: &[ExternalId],
        open: &[OpenAddress],
        is_complete: bool,
    ) -> Self {
        let title = |title: &str| {
            if is_complete {
                title.to_owned()
            } else {
                String::new()
            }
        };
        // A listed job that is not new shares its page as well, so all are counted.
        let mut listed = unique(results.iter().filter_map(|result| {
            let page = page_of(&result.job.url)?;
            Some(((page, title(&result.job.title)), result))
        }));
        let known = results.iter().filter(|it| it.change != Change::New);
        let keeps_ids: HashSet<&str> = known.filter_map(|it| page_of(&it.job.url)).collect();
        listed
            .retain(|(page, _), result| result.change == Change::New && !keeps_ids.contains(page));
        let mut stored = unique(open.iter().filter_map(|job| {
            let page = page_of(&job.url)?;
            Some(((page, title(&job.title)), job))
        }));
        let missing: HashSet<&ExternalId> = missing.iter().collect();
        stored.retain(|_, job| missing.contains(&job.external_id));

        let mut new_ids = Self::default();
        for (key, result) in listed {
            if let Some(job) = stored.get(&key)
                && job.title == result.job.title
            {
                let listed = result.job.external_id.clone();
                new_ids.stored.insert(listed, job.external_id.clone());
            }
        }
        new_ids
    }

    fn paired<K: Eq + Hash>(
        listed: HashMap<K, &ExternalId>,
        stored: &HashMap<K, &ExternalId>,
    ) -> Self {
        let pairs = listed.into_iter().filter_map(|(key, listed)| {
            let stored = *stored.get(&key)?;
            Some((listed.clone(), stored.clone()))
        });
        Self {
            stored: pairs.collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.stored.len()
    }

    /// Returns the id under which a job is stored.
    pub(crate) fn stored_id<'i>(&'i self, listed: &'i ExternalId) -> &'i ExternalId {
        self.stored.get(listed).unwrap_or(listed)
    }

    /// Moves the values of stored ids to the new ids.
    pub(crate) fn move_keys<V>(&self, stored: &mut HashMap<ExternalId, V>) {
        for (listed, old) in &self.stored {
            if let Some(value) = stored.remove(old) {
                stored.insert(listed.clone(), value);
            }
        }
    }

    /// Compares the renamed jobs with the stored ones. `known` has the new ids.
    pub(crate) fn compare_again(&self, results: &mut [NormalizationResult], known: &KnownJobs) {
        for NormalizationResult { job, change, .. } in results {
            if self.stored.contains_key(&job.external_id) {
                *change = Change::between(known.get(&job.external_id), job);
            }
        }
    }

    /// Returns all pairs, sorted by the stored id.
    pub(crate) fn pairs(&self) -> Vec<NewId> {
        let pair = |(listed, stored): (&ExternalId, &ExternalId)| NewId {
            stored: stored.clone(),
            listed: listed.clone(),
        };
        let mut pairs: Vec<NewId> = self.stored.iter().map(pair).collect();
        pairs.sort_by(|a, b| a.stored.cmp(&b.stored));
        pairs
    }
}

fn new(results: &[NormalizationResult]) -> impl Iterator<Item = &NormalizationResult> {
    results.iter().filter(|result| result.change == Change::New)
}

/// Collects values by key and drops the keys of several values.
fn unique<K: Eq + Hash, V>(pairs: impl Iterator<Item = (K, V)>) -> HashMap<K, V> {
    let mut values: HashMap<K, Option<V>> = HashMap::new();
    for (key, value) in pairs {
        values
            .entry(key)
            .and_modify(|several| *several = None)
            .or_insert(Some(value));
    }
    let one = |(key, value): (K, Option<V>)| Some((key, value?));
    values.into_iter().filter_map(one).collect()
}

/// Returns a URL without its scheme, `www.` and a slash at its end; `None` if the text is not the URL
/// of a page.
fn page_of(text: &str) -> Option<&str> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    Some(rest.strip_suffix('/').unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use job_scanner_core::normalize::JobNormalizer;
    use job_scanner_core::raw::RawJob;

    use super::*;

    /// A job as id, URL and title.
    type Job<'t> = (&'t str, &'t str, &'t str);

    const PAGE: &str = "https://acme.example/jobs/7";
    const CAREERS: &str = "https://acme.example/careers";

    fn results(jobs: &[Job<'_>]) -> Vec<NormalizationResult> {
        let raw = jobs.iter().map(|(id, url, title)| RawJob {
            external_id: (*id).to_owned(),
            title: (*title).to_owned(),
            url: (*url).to_owned(),
            ..RawJob::default()
        });
        JobNormalizer::new(&KnownJobs::new())
            .normalize_all(raw.collect())
            .results
    }

    /// Returns the pairs `stored>listed` that are recognized.
    fn recognized(stored: &[Job<'_>], listed: &[Job<'_>], is_complete: bool) -> Vec<String> {
        let open: Vec<_> = results(stored)
            .into_iter()
            .map(|result| OpenAddress {
                external_id: result.job.external_id,
                url: result.job.url,
                title: result.job.title,
            })
            .collect();
        let is_listed = |id: &ExternalId| listed.iter().any(|job| job.0 == id.as_str());
        let missing: Vec<_> = open
            .iter()
            .map(|job| job.external_id.clone())
            .filter(|id| !is_listed(id))
            .collect();
        let mut results = results(listed);
        for result in &mut results {
            if open
                .iter()
                .any(|job| job.external_id == result.job.external_id)
            {
                result.change = Change::Unchanged;
            }
        }
        NewIds::recognize(&results, &missing, &open, is_complete)
            .pairs()
            .iter()
            .map(|pair| format!("{}>{}", pair.stored.as_str(), pair.listed.as_str()))
            .collect()
    }

    #[test]
    fn ids_that_are_urls_of_the_same_page_are_the_same() {
        let stored = [("http://acme.example/7", CAREERS, "Cook")];
        for (listed, expected) in [
            ("https://acme.example/7", true),
            ("https://www.acme.example/7/", true),
            ("https://acme.example/8", false),
            ("acme.example/7", false),
        ] {
            for is_complete in [true, false] {
                let found = recognized(&stored, &[(listed, PAGE, "Chef")], is_complete);
                assert_eq!(found.len(), usize::from(expected), "{listed}: {found:?}");
            }
        }
    }

    #[test]
    fn one_new_id_for_two_stored_ids_is_not_recognized() {
        let stored = [
            ("http://acme.example/7", CAREERS, "A"),
            ("http://www.acme.example/7", CAREERS, "B"),
        ];
        let listed = [("https://acme.example/7", PAGE, "C")];
        assert_eq!(recognized(&stored, &listed, true), [""; 0]);
    }

    #[test]
    fn a_page_with_the_same_title_is_the_same_job() {
        let listed = [("new", "http://www.acme.example/jobs/7/", "Cook")];
        let found = recognized(&[("old", PAGE, "Cook")], &listed, true);
        assert_eq!(found, ["old>new"]);
        let other_title = recognized(&[("old", PAGE, "Waiter")], &listed, true);
        assert_eq!(other_title, [""; 0]);
        let other_page = recognized(&[("old", CAREERS, "Cook")], &listed, true);
        assert_eq!(other_page, [""; 0]);
    }

    #[test]
    fn a_job_that_is_listed_under_its_own_id_keeps_it() {
        let stored = [("old", PAGE, "Cook")];
        let listed = [("old", PAGE, "Cook"), ("new", PAGE, "Cook")];
        assert_eq!(recognized(&stored, &listed, true), [""; 0]);
    }

    #[test]
    fn jobs_that_share_page_and_title_are_not_recognized() {
        let cooks = [("1", CAREERS, "Cook"), ("2", CAREERS, "Cook")];
        let new_cook = [("3", CAREERS, "Cook")];
        assert_eq!(recognized(&cooks, &new_cook, true), [""; 0]);
        assert_eq!(recognized(&new_cook, &cooks, true), [""; 0]);
        let one_left = [cooks[1], new_cook[0]];
        assert_eq!(
            recognized(&cooks, &one_left, true),
            [""; 0],
            "the third may be another opening than the first"
        );
    }

    #[test]
    fn the_title_tells_the_jobs_of_a_page_apart_only_in_a_complete_listing() {
        let stored = [("1", CAREERS, "Cook"), ("2", CAREERS, "Waiter")];
        let listed = [("a", CAREERS, "Waiter"), ("b", CAREERS, "Cook")];
        assert_eq!(recognized(&stored, &listed, true), ["1>b", "2>a"]);
        assert_eq!(recognized(&stored, &listed, false), [""; 0]);
        let own_page = [("1", PAGE, "Cook")];
        assert_eq!(
            recognized(&own_page, &[("a", PAGE, "Cook")], false),
            ["1>a"]
        );
    }

    #[test]
    fn a_new_opening_on_a_page_whose_other_job_keeps_its_id_is_another_job() {
        let stored = [("R-1", CAREERS, "Cook"), ("R-2", CAREERS, "Waiter")];
        let listed = [("R-3", CAREERS, "Cook"), ("R-2", CAREERS, "Waiter")];
        assert_eq!(recognized(&stored, &listed, true), [""; 0]);
    }

    #[test]
    fn the_id_decides_before_the_page() {
        let stored = [
            ("http://acme.example/7", PAGE, "Cook"),
            ("http://acme.example/8", CAREERS, "Waiter"),
        ];
        let listed = [
            ("https://acme.example/7", CAREERS, "Waiter"),
            ("https://acme.example/8", PAGE, "Cook"),
        ];
        assert_eq!(
            recognized(&stored, &listed, true),
            [
                "http://acme.example/7>https://acme.example/7",
                "http://acme.example/8>https://acme.example/8"
            ]
        );
    }
}
