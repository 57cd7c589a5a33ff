//! Openings with several postings, such as one per language.
//!
//! The listing has a posting for each advertisement. Postings with the same number and the same
//! place are one job if their details name the same job. As long as that is unknown, they are one
//! job if they are in different languages.
//!
//! Not here: requests, which [`crate`] makes, and the texts of several postings
//! ([`map`](crate::map)).

use std::collections::{HashMap, HashSet};

use job_scanner_sdk::{Description, RawJob, joined};

use crate::memory::Memory;

/// The postings of a listing. Each group has postings with the same number and the same place.
pub struct Groups(Vec<Vec<RawJob>>);

impl Groups {
    /// Groups the jobs of a listing, each of which is a posting.
    pub fn of(postings: Vec<RawJob>) -> Self {
        let mut groups: Vec<Vec<RawJob>> = Vec::new();
        let mut known: HashMap<(String, String), usize> = HashMap::new();

        for posting in postings {
            let Some(key) = key(&posting) else {
                groups.push(vec![posting]);
                continue;
            };
            let at = *known.entry(key).or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.push(posting),
                None => groups.push(vec![posting]),
            }
        }
        Self(groups)
    }

    /// Returns the ids of the postings that have to be compared, and whose job is unknown.
    pub fn unknown(&self, memory: &Memory) -> Vec<String> {
        let several = self.0.iter().filter(|group| group.len() > 1);
        several
            .flatten()
            .map(|posting| posting.external_id.clone())
            .filter(|id| memory.job_id(id).is_none())
            .collect()
    }

    /// Merges the postings of each opening into one job, and remembers the openings.
    pub fn merge(self, memory: &mut Memory) -> Vec<RawJob> {
        let openings: Vec<Vec<RawJob>> = self
            .0
            .into_iter()
            .flat_map(|group| split(group, memory))
            .collect();
        let listed: HashSet<String> = ids(openings.iter().flatten()).collect();
        memory.forget_unlisted(&listed);

        let mut taken = HashSet::new();
        let mut jobs = Vec::with_capacity(openings.len());
        for postings in openings {
            let own: Vec<String> = ids(&postings).collect();
            // A posting may have moved to another place, and is then a job of its own.
            let is_free = |id: &&str| {
                !taken.contains(*id) && (own.iter().any(|it| it == id) || !listed.contains(*id))
            };
            let id = match own.iter().find_map(|posting| memory.opening(posting)) {
                Some(id) if is_free(&id) => id.to_owned(),
                _ => oldest(&own),
            };
            for posting in &own {
                memory.remember(&id, posting);
            }
            taken.insert(id.clone());
            jobs.push(job(postings, id));
        }
        jobs
    }
}

/// Returns the number and the place of a posting. `None` without a number.
fn key(posting: &RawJob) -> Option<(String, String)> {
    let (_, number) = posting
        .extra
        .iter()
        .find(|(name, _)| name == "requisition")?;
    let place = posting.locations.first().map(|place| {
        let parts = [&place.city, &place.region, &place.country];
        // The name may be in the language of the posting.
        joined(parts.into_iter().flatten()).unwrap_or_else(|| place.name.clone())
    });
    Some((number.clone(), place.unwrap_or_default().to_lowercase()))
}

/// Splits postings with the same number and place into openings.
fn split(group: Vec<RawJob>, memory: &Memory) -> Vec<Vec<RawJob>> {
    let are_translations = are_translations(&group);
    let mut openings: Vec<(Option<&str>, Vec<RawJob>)> = Vec::new();

    for posting in group {
        let job_id = memory.job_id(&posting.external_id);
        let same = openings
            .iter_mut()
            .find(|(id, _)| id.is_some() && *id == job_id);
        match same {
            Some((_, postings)) => postings.push(posting),
            None => openings.push((job_id, vec![posting])),
        }
    }

    let jobs = openings.iter().filter(|(id, _)| id.is_some()).count();
    let openings = openings.into_iter().map(|(_, postings)| postings);
    if are_translations && jobs <= 1 {
        return vec![openings.flatten().collect()];
    }
    openings.collect()
}

/// Returns true if no two postings are in the same language.
fn are_translations(postings: &[RawJob]) -> bool {
    let mut languages = HashSet::new();
    postings
        .iter()
        .all(|posting| posting.language.is_some() && languages.insert(posting.language.as_ref()))
}

fn ids<'a>(postings: impl IntoIterator<Item = &'a RawJob>) -> impl Iterator<Item = String> {
    postings
        .into_iter()
        .map(|posting| posting.external_id.clone())
}

/// Returns the lowest of several ids: they are numbers, which grow.
fn oldest(ids: &[String]) -> String {
    let oldest = ids.iter().min_by_key(|id| (id.len(), *id));
    oldest.cloned().unwrap_or_default()
}

/// Returns the job of an opening. Its fields are those of the posting whose id it has, or else of
/// the oldest one. Its text is that of all postings.
fn job(mut postings: Vec<RawJob>, id: String) -> RawJob {
    if postings.len() > 1 {
        postings.sort_by_key(|it| {
            (
                it.external_id != id,
                it.external_id.len(),
                it.external_id.clone(),
            )
        });
    }
    let token = ids(&postings).collect::<Vec<_>>().join(" ");
    let languages = joined(postings.iter().flat_map(|posting| &posting.language));
    let is_merged = postings.len() > 1;

    let mut job = postings.swap_remove(0);
    job.external_id = id;
    if is_merged {
        job.description = Some(Description::Deferred(token));
        let languages = languages.map(|languages| ("languages".to_owned(), languages));
        job.extra.extend(languages);
    }
    job
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::Location;

    use super::*;

    fn posting(id: &str, number: &str, language: &str) -> RawJob {
        RawJob {
            locations: vec![Location::named("Bonn")],
            language: Some(language.to_owned()),
            description: Some(Description::Deferred(id.to_owned())),
            extra: vec![("requisition".to_owned(), number.to_owned())],
            ..RawJob::new(id, format!("Cook {language}"), "https://a.example")
        }
    }

    /// Returns the ids of the jobs of a listing. `known`: postings and their jobs.
    fn merged(postings: Vec<RawJob>, known: &[(&str, &str)]) -> Vec<String> {
        let mut memory = Memory::default();
        for (posting, job) in known {
            memory.learn(posting, job);
        }
        merged_by(postings, &mut memory)
    }

    fn merged_by(postings: Vec<RawJob>, memory: &mut Memory) -> Vec<String> {
        ids(&Groups::of(postings).merge(memory)).collect()
    }

    #[test]
    fn postings_of_one_job_become_one_with_the_id_of_the_oldest() {
        let mut memory = Memory::default();
        memory.learn("102", "job");
        memory.learn("99", "job");
        let postings = vec![
            posting("102", "REF1", "en"),
            posting("7", "REF2", "en"),
            posting("99", "REF1", "da"),
        ];
        let jobs = Groups::of(postings).merge(&mut memory);
        assert_eq!(ids(&jobs).collect::<Vec<_>>(), ["99", "7"]);
        assert_eq!(jobs[0].title, "Cook da");
        assert_eq!(
            jobs[0].description,
            Some(Description::Deferred("99 102".to_owned()))
        );
        assert_eq!(
            jobs[0].extra[1],
            ("languages".to_owned(), "da, en".to_owned())
        );
        assert_eq!(jobs[1], posting("7", "REF2", "en"));
    }

    #[test]
    fn only_postings_with_the_same_number_place_and_job_are_merged() {
        let (one, other) = (posting("1", "REF1", "da"), posting("2", "REF1", "en"));
        let same_job = [("1", "job"), ("2", "job")];
        let elsewhere = RawJob {
            locations: vec![Location::named("Köln")],
            ..other.clone()
        };
        let another_number = posting("2", "REF2", "en");
        let without_number = |id: &str| RawJob {
            extra: Vec::new(),
            ..posting(id, "", id)
        };
        for (postings, known, expected) in [
            (vec![one.clone(), other.clone()], &same_job[..], &["1"][..]),
            (vec![one.clone(), other.clone()], &[], &["1"]),
            (vec![one.clone(), other.clone()], &[("1", "job")], &["1"]),
            (
                vec![one.clone(), other],
                &[("1", "job"), ("2", "another")],
                &["1", "2"],
            ),
            (vec![one.clone(), elsewhere], &same_job, &["1", "2"]),
            (vec![one, another_number], &same_job, &["1", "2"]),
            (
                vec![without_number("1"), without_number("2")],
                &same_job,
                &["1", "2"],
            ),
        ] {
            assert_eq!(merged(postings, known), expected);
        }
    }

    #[test]
    fn postings_in_one_language_are_merged_only_if_their_job_is_known() {
        let postings = || vec![posting("1", "REF1", "en"), posting("2", "REF1", "en")];
        assert_eq!(merged(postings(), &[]), ["1", "2"]);
        assert_eq!(merged(postings(), &[("1", "job"), ("2", "job")]), ["1"]);
    }

    #[test]
    fn the_name_of_a_place_may_be_in_the_language_of_the_posting() {
        let at = |id: &str, language: &str, name: &str| RawJob {
            locations: vec![Location {
                name: name.to_owned(),
                city: Some("Bonn".to_owned()),
                region: None,
                country: Some("DE".to_owned()),
            }],
            ..posting(id, "REF1", language)
        };
        let postings = vec![
            at("1", "de", "Bonn, Deutschland"),
            at("2", "en", "Bonn, Germany"),
        ];
        assert_eq!(merged(postings, &[]), ["1"]);
    }

    #[test]
    fn an_opening_keeps_its_id_while_postings_vanish_and_come_back() {
        let mut memory = Memory::default();
        let (da, en, fr) = (
            posting("1", "REF1", "da"),
            posting("2", "REF1", "en"),
            posting("3", "REF1", "fr"),
        );
        for listing in [
            vec![da.clone(), en.clone()],
            vec![en.clone()],
            vec![fr.clone(), en.clone()],
            vec![fr.clone()],
            vec![da.clone(), fr.clone()],
            vec![fr, en, da],
        ] {
            for id in ids(&listing) {
                memory.learn(&id, "job");
            }
            assert_eq!(merged_by(listing, &mut memory), ["1"]);
            memory = Memory::read(memory.state(None).as_deref());
        }
    }

    #[test]
    fn a_posting_that_moved_to_another_place_is_a_job_of_its_own() {
        let mut memory = Memory::default();
        memory.learn("1", "job");
        memory.learn("2", "job");
        let (one, other) = (posting("1", "REF1", "da"), posting("2", "REF1", "en"));
        assert_eq!(
            merged_by(vec![one.clone(), other.clone()], &mut memory),
            ["1"]
        );

        let moved = RawJob {
            locations: vec![Location::named("Köln")],
            ..other
        };
        assert_eq!(merged_by(vec![moved, one], &mut memory), ["2", "1"]);
    }

    #[test]
    fn only_postings_that_may_be_one_job_have_to_be_compared() {
        let mut memory = Memory::default();
        memory.learn("1", "job");
        let groups = Groups::of(vec![
            posting("1", "REF1", "da"),
            posting("2", "REF1", "en"),
            posting("3", "REF2", "en"),
        ]);
        assert_eq!(groups.unknown(&memory), ["2"]);
    }
}
