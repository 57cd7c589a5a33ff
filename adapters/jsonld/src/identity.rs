//! The ids of jobs.
//!
//! A job's id must stay the same for as long as the job exists: a job with another id is another
//! job, and recipients hear of it again. Two jobs must not have the same id: the host keeps one of
//! them. Sites give no such id for certain, so each posting has several *candidates*, from best to
//! last, which depend on nothing but the posting and its page:
//!
//! 1. its own identifier, if it can be one ([`can_identify`]). It survives a new title and a new
//!    address, and it is the same on a list of jobs and on the job's own page.
//! 2. its own address, `url` or `@id`.
//! 3. the address of the page, if the page is about this posting: a heading of it contains the
//!    title. A page with one posting may have several tomorrow, so their number decides nothing.
//! 4. the address of the page and the title, and at last also the places.
//!
//! The id is the first candidate that no *other* posting has too. Many sites write the number of
//! the company as the identifier of each job, the address of the list as the address of each job,
//! or the same requisition into the pages of several towns. One page cannot tell. What was seen at
//! two jobs is remembered from scan to scan, so an id changes at most once, when its candidate turns
//! out to be shared, and not back when one of the two jobs ends. The host recognizes a job whose id
//! changed by its address and title.
//!
//! A position is never part of an id: the record of one job would become that of another.

use std::collections::{HashMap, HashSet};

use job_scanner_sdk::RawJob;

use crate::state::hash;

/// A job without an id, and what may become its id.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Posting {
    pub(crate) job: RawJob,
    /// The URL of the page that contains the posting.
    pub(crate) page: String,
    /// The posting's own address. `None` if it states none.
    pub(crate) own_address: Option<String>,
    /// The candidates, from best to last. There is at least one.
    pub(crate) candidates: Vec<String>,
}

impl Posting {
    /// Returns true if both are the same posting: repeated in one page, in a list of jobs and the
    /// job's own page, or under two addresses of a page that state the same address and number.
    fn is_same(&self, other: &Self) -> bool {
        let same_text = self.job.title == other.job.title && self.own_address == other.own_address;
        let same_places = self.job.locations == other.job.locations;
        let is_own_page = |posting: &Self| posting.own_address.as_ref() == Some(&posting.page);

        same_text
            && match self.page == other.page {
                true => same_places,
                false if is_own_page(self) || is_own_page(other) => true,
                false => {
                    same_places
                        && self.own_address.is_some()
                        && self.candidates.first() == other.candidates.first()
                        && self.candidates.first() != self.own_address.as_ref()
                }
            }
    }
}

/// The postings and candidates that were seen in this scan, and the candidates that were ever
/// shared.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    owners: HashMap<String, Posting>,
    given: HashSet<String>,
    shared: HashSet<u32>,
}

impl Registry {
    /// Returns a registry for a scan. `shared` are the hashes of candidates that earlier scans saw
    /// at several jobs.
    pub(crate) fn new(shared: HashSet<u32>) -> Self {
        Self {
            shared,
            ..Self::default()
        }
    }

    /// Returns the hashes of candidates that were seen at several jobs, now or earlier.
    pub(crate) fn shared(&self) -> &HashSet<u32> {
        &self.shared
    }

    /// Returns the jobs of these postings with their ids. A posting that was there already is left
    /// out. Of two in the same call the one on its own page is kept, since lists say less.
    pub(crate) fn identify(&mut self, postings: Vec<Posting>) -> Vec<RawJob> {
        for posting in &postings {
            self.note(posting);
        }

        let mut jobs: Vec<RawJob> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for posting in postings {
            let id = self.id(&posting);
            let is_own_page = posting.own_address.as_ref() == Some(&posting.page);
            let job = RawJob {
                external_id: id.clone(),
                ..posting.job
            };
            match places.get(&id) {
                Some(&at) if is_own_page => jobs[at] = job,
                Some(_) => {}
                None if self.given.contains(&id) => {}
                None => {
                    places.insert(id, jobs.len());
                    jobs.push(job);
                }
            }
        }
        self.given.extend(places.into_keys());
        jobs
    }

    /// Compares a posting with the earlier ones that have the same candidates.
    fn note(&mut self, posting: &Posting) {
        for candidate in &posting.candidates {
            match self.owners.get(candidate) {
                Some(owner) if owner.is_same(posting) => {}
                Some(_) => _ = self.shared.insert(hash(candidate)),
                None => _ = self.owners.insert(candidate.clone(), without_text(posting)),
            }
        }
    }

    fn id(&self, posting: &Posting) -> String {
        let is_own = |candidate: &&String| !self.shared.contains(&hash(candidate));
        let own = posting.candidates.iter().find(is_own);
        own.or(posting.candidates.last())
            .cloned()
            .unwrap_or_default()
    }
}

/// Returns a posting with only what is compared: a site has thousands of them.
fn without_text(posting: &Posting) -> Posting {
    let job = RawJob {
        locations: posting.job.locations.clone(),
        ..RawJob::new("", posting.job.title.clone(), "")
    };
    Posting {
        job,
        page: posting.page.clone(),
        own_address: posting.own_address.clone(),
        candidates: posting.candidates.iter().take(1).cloned().collect(),
    }
}

/// Returns true if a posting's identifier can identify it. Many sites write the name of the company
/// there, or a word that is the same everywhere. A number or a key has a digit.
pub(crate) fn can_identify(identifier: &str, job: &RawJob) -> bool {
    const MAX_BYTES: usize = 200;

    let has_digit = identifier.bytes().any(|it| it.is_ascii_digit());
    let is = |name: &str| identifier.trim().to_lowercase() == name.trim().to_lowercase();
    has_digit
        && identifier.len() <= MAX_BYTES
        && !is(&job.title)
        && !job.company.as_deref().is_some_and(is)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::Location;

    use super::*;

    fn posting(title: &str, page: &str, own_address: Option<&str>, candidates: &[&str]) -> Posting {
        Posting {
            job: RawJob::new("", title, page),
            page: page.to_owned(),
            own_address: own_address.map(str::to_owned),
            candidates: candidates.iter().map(ToString::to_string).collect(),
        }
    }

    fn ids(registry: &mut Registry, postings: &[Posting]) -> Vec<String> {
        let jobs = registry.identify(postings.to_vec());
        jobs.into_iter().map(|job| job.external_id).collect()
    }

    #[test]
    fn an_id_is_the_first_candidate_that_no_other_job_has() {
        let cook = posting("Cook", "/1", None, &["4711", "/1"]);
        let waiter = posting("Waiter", "/2", None, &["4711", "/2"]);
        let writer = posting("Writer", "/3", None, &["R-3", "/3"]);
        let mut registry = Registry::default();
        assert_eq!(
            ids(&mut registry, &[cook.clone(), waiter, writer]),
            ["/1", "/2", "R-3"]
        );

        // The waiter is gone, and what was shared stays so.
        let mut next = Registry::new(registry.shared().clone());
        assert_eq!(ids(&mut next, &[cook]), ["/1"]);
    }

    #[test]
    fn a_candidate_that_a_later_call_finds_shared_is_no_id_from_then_on() {
        let cook = posting("Cook", "/1", None, &["4711", "/1"]);
        let waiter = posting("Waiter", "/2", None, &["4711", "/2"]);
        let mut registry = Registry::default();
        assert_eq!(ids(&mut registry, std::slice::from_ref(&cook)), ["4711"]);
        assert_eq!(ids(&mut registry, std::slice::from_ref(&waiter)), ["/2"]);
        let mut next = Registry::new(registry.shared().clone());
        assert_eq!(ids(&mut next, &[cook]), ["/1"]);
        assert_eq!(ids(&mut next, &[waiter]), ["/2"]);
    }

    #[test]
    fn a_requisition_in_several_towns_is_several_jobs() {
        let bonn = posting("Cook", "/bonn", None, &["R-1", "/bonn"]);
        let ulm = posting("Cook", "/ulm", None, &["R-1", "/ulm"]);
        assert_eq!(
            ids(&mut Registry::default(), &[bonn, ulm]),
            ["/bonn", "/ulm"]
        );

        let mut bonn = posting("Cook", "/list", None, &["/list#Cook", "/list#Cook, Bonn"]);
        bonn.job.locations.push(Location::named("Bonn"));
        let mut ulm = posting("Cook", "/list", None, &["/list#Cook", "/list#Cook, Ulm"]);
        ulm.job.locations.push(Location::named("Ulm"));
        assert_eq!(
            ids(&mut Registry::default(), &[bonn, ulm]),
            ["/list#Cook, Bonn", "/list#Cook, Ulm"]
        );
    }

    #[test]
    fn a_posting_in_a_list_and_on_its_own_page_is_one_job() {
        let in_list = posting("Cook", "/jobs", Some("/jobs/1"), &["R-1", "/jobs/1"]);
        let mut on_page = posting("Cook", "/jobs/1", Some("/jobs/1"), &["R-1", "/jobs/1"]);
        on_page.job.language = Some("the longer text".to_owned());

        let mut registry = Registry::default();
        let jobs = registry.identify(vec![in_list.clone(), in_list.clone(), on_page.clone()]);
        assert_eq!(
            jobs,
            [RawJob {
                external_id: "R-1".to_owned(),
                ..on_page.job.clone()
            }]
        );
        assert!(registry.identify(vec![in_list]).is_empty());
        assert!(registry.shared().is_empty());

        let home = |page: &str| posting("Cook", page, Some("/"), &["/", page]);
        assert_eq!(
            ids(&mut Registry::default(), &[home("/1"), home("/2")]),
            ["/1", "/2"],
            "the address of all jobs is that of the site"
        );
        let with_number = |page: &str| posting("Cook", page, Some("/1"), &["R-1", "/1", page]);
        assert_eq!(
            ids(
                &mut Registry::default(),
                &[with_number("/1?a"), with_number("/1?b")]
            ),
            ["R-1"],
            "two addresses of the same page"
        );
    }

    #[test]
    fn a_name_does_not_identify_a_job() {
        let job = RawJob {
            company: Some("Studio 54".to_owned()),
            ..RawJob::new("", "Level 3 Cook", "")
        };
        for (identifier, expected) in [
            ("R-1", true),
            ("17", true),
            ("studio 54", false),
            ("level 3 cook ", false),
            ("careers", false),
            ("", false),
            (&"1".repeat(201), false),
        ] {
            assert_eq!(can_identify(identifier, &job), expected, "{identifier}");
        }
    }
}
