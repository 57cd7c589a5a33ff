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
//!    opening, unless the listing is read in another way than before: a new version of an adapter may
//!    change some ids of a page. If the listing is not complete, an unread part of it may contain the
//!    stored job under its own id, so the URL alone must identify the job.
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

/// The way in which a listing was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// True if the whole listing was read.
    pub(crate) is_complete: bool,
    /// True if it was read in another way than the last one, so that ids may differ without a change
    /// of the board.
    pub(crate) is_reprocessed: bool,
}

/// A page, with the title if that tells the jobs of one page apart.
type PageKey<'a> = (&'a str, Option<&'a str>);

impl Reading {
    fn page_key<'a>(self, url: &'a str, title: &'a str) -> Option<PageKey<'a>> {
        Some((page_of(url)?, self.is_complete.then_some(title)))
    }
}

impl NewIds {
    /// Recognizes the known jobs among the new ones in `results`. `open` are the addresses of all
    /// stored jobs that are not closed, and `missing` those of them that the listing lacks.
    pub(crate) fn recognize(
        results: &[NormalizationResult],
        missing: &[ExternalId],
        open: &[OpenAddress],
        reading: Reading,
    ) -> Self {
        let mut stored = pairs_by_id(results, missing);
        let taken: HashSet<ExternalId> = stored.values().cloned().collect();
        for (listed, old) in pairs_by_page(results, missing, open, reading) {
            if !taken.contains(old) {
                stored.entry(listed.clone()).or_insert_with(|| old.clone());
            }
        }
        Self { stored }
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

/// Applies the first rule. Returns the stored id of each new id.
fn pairs_by_id(
    results: &[NormalizationResult],
    missing: &[ExternalId],
) -> HashMap<ExternalId, ExternalId> {
    let page_and_id = |id| Some((page_of(ExternalId::as_str(id))?, id));
    let new = results.iter().filter(|it| it.change == Change::New);
    let listed = unique(new.filter_map(|it| page_and_id(&it.job.external_id)));
    let stored = unique(missing.iter().filter_map(page_and_id));

    let pair = |(page, listed): (&str, &ExternalId)| {
        let stored: &ExternalId = stored.get(page)?;
        Some((listed.clone(), stored.clone()))
    };
    listed.into_iter().filter_map(pair).collect()
}

/// Applies the second rule. Returns pairs of a new and a stored id.
fn pairs_by_page<'a>(
    results: &'a [NormalizationResult],
    missing: &[ExternalId],
    open: &'a [OpenAddress],
    reading: Reading,
) -> Vec<(&'a ExternalId, &'a ExternalId)> {
    // A listed job that is not new shares its page as well, so all are counted.
    let listed = unique(results.iter().filter_map(|result| {
        let job = &result.job;
        Some((reading.page_key(&job.url, &job.title)?, result))
    }));
    let stored = unique(
        open.iter()
            .filter_map(|job| Some((reading.page_key(&job.url, &job.title)?, job))),
    );
    let missing: HashSet<&ExternalId> = missing.iter().collect();
    let trusted = pages_that_keep_ids(results, reading);

    let pair = |(key, result): (PageKey<'a>, &'a NormalizationResult)| {
        let old: &'a OpenAddress = stored.get(&key)?;
        let is_same = result.change == Change::New
            && missing.contains(&old.external_id)
            && old.title == result.job.title
            && !trusted.contains(key.0);
        is_same.then_some((&result.job.external_id, &old.external_id))
    };
    listed.into_iter().filter_map(pair).collect()
}

/// Returns the pages on which another id is another opening: those with a job that keeps its id.
fn pages_that_keep_ids(results: &[NormalizationResult], reading: Reading) -> HashSet<&str> {
    if reading.is_reprocessed {
        return HashSet::new();
    }
    let known = results.iter().filter(|it| it.change != Change::New);
    known.filter_map(|it| page_of(&it.job.url)).collect()
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

    const COMPLETE: Reading = Reading {
        is_complete: true,
        is_reprocessed: false,
    };
    const PARTIAL: Reading = Reading {
        is_complete: false,
        ..COMPLETE
    };
    const REPROCESSED: Reading = Reading {
        is_reprocessed: true,
        ..COMPLETE
    };

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
    fn recognized(stored: &[Job<'_>], listed: &[Job<'_>], reading: Reading) -> Vec<String> {
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
        NewIds::recognize(&results, &missing, &open, reading)
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
            for reading in [COMPLETE, PARTIAL] {
                let found = recognized(&stored, &[(listed, PAGE, "Chef")], reading);
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
        assert_eq!(recognized(&stored, &listed, COMPLETE), [""; 0]);
    }

    #[test]
    fn a_page_with_the_same_title_is_the_same_job() {
        let listed = [("new", "http://www.acme.example/jobs/7/", "Cook")];
        let found = recognized(&[("old", PAGE, "Cook")], &listed, COMPLETE);
        assert_eq!(found, ["old>new"]);
        let other_title = recognized(&[("old", PAGE, "Waiter")], &listed, COMPLETE);
        assert_eq!(other_title, [""; 0]);
        let other_page = recognized(&[("old", CAREERS, "Cook")], &listed, COMPLETE);
        assert_eq!(other_page, [""; 0]);
    }

    #[test]
    fn a_job_that_is_listed_under_its_own_id_keeps_it() {
        let stored = [("old", PAGE, "Cook")];
        let listed = [("old", PAGE, "Cook"), ("new", PAGE, "Cook")];
        assert_eq!(recognized(&stored, &listed, COMPLETE), [""; 0]);
    }

    #[test]
    fn jobs_that_share_page_and_title_are_not_recognized() {
        let cooks = [("1", CAREERS, "Cook"), ("2", CAREERS, "Cook")];
        let new_cook = [("3", CAREERS, "Cook")];
        assert_eq!(recognized(&cooks, &new_cook, COMPLETE), [""; 0]);
        assert_eq!(recognized(&new_cook, &cooks, COMPLETE), [""; 0]);
        let one_left = [cooks[1], new_cook[0]];
        assert_eq!(
            recognized(&cooks, &one_left, COMPLETE),
            [""; 0],
            "the third may be another opening than the first"
        );
    }

    #[test]
    fn the_title_tells_the_jobs_of_a_page_apart_only_in_a_complete_listing() {
        let stored = [("1", CAREERS, "Cook"), ("2", CAREERS, "Waiter")];
        let listed = [("a", CAREERS, "Waiter"), ("b", CAREERS, "Cook")];
        assert_eq!(recognized(&stored, &listed, COMPLETE), ["1>b", "2>a"]);
        assert_eq!(recognized(&stored, &listed, PARTIAL), [""; 0]);
        let own_page = [("1", PAGE, "Cook")];
        assert_eq!(
            recognized(&own_page, &[("a", PAGE, "Cook")], PARTIAL),
            ["1>a"]
        );
    }

    #[test]
    fn a_new_opening_on_a_page_whose_other_job_keeps_its_id_is_another_job() {
        let stored = [("R-1", CAREERS, "Cook"), ("R-2", CAREERS, "Waiter")];
        let listed = [("R-3", CAREERS, "Cook"), ("R-2", CAREERS, "Waiter")];
        assert_eq!(recognized(&stored, &listed, COMPLETE), [""; 0]);
    }

    #[test]
    fn a_new_version_of_an_adapter_may_change_some_ids_of_a_page() {
        let stored = [
            ("careers#7", CAREERS, "Cook"),
            ("careers#b", CAREERS, "Waiter"),
        ];
        let listed = [("7", CAREERS, "Cook"), ("careers#b", CAREERS, "Waiter")];
        assert_eq!(recognized(&stored, &listed, REPROCESSED), ["careers#7>7"]);
        assert_eq!(recognized(&stored, &listed, COMPLETE), [""; 0]);
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
            recognized(&stored, &listed, COMPLETE),
            [
                "http://acme.example/7>https://acme.example/7",
                "http://acme.example/8>https://acme.example/8"
            ]
        );
    }
}
