//! The source's state: the number of chunks of its listing, and the openings of compared postings.
//!
//! Without it, a job would get another id when the oldest of its postings vanishes.

use std::collections::{BTreeMap, HashSet};

/// The maximum length of a state, in bytes. The contract allows 64 KiB.
const MAX_STATE_BYTES: usize = 60 * 1_024;

/// The maximum length of the id of a job, which is usually a UUID.
const MAX_JOB_ID_BYTES: usize = 100;

/// The things that scans have learned.
///
/// As text, the first line is the number of chunks. Each other line is an opening: its id, its job
/// and its postings, separated by spaces.
#[derive(Debug, Default)]
pub struct Memory {
    /// The state of the listing, which the SDK reads.
    chunks: Option<String>,
    /// Postings by id, including those that have vanished from their opening.
    postings: BTreeMap<String, Known>,
}

#[derive(Debug)]
struct Known {
    /// SmartRecruiters' own id of the job, which all postings of an opening name.
    job_id: String,
    /// The external id of the opening. `None` until it is remembered.
    opening: Option<String>,
}

impl Memory {
    /// Reads a state. Malformed lines are skipped.
    pub fn read(state: Option<&str>) -> Self {
        let mut lines = state.unwrap_or_default().lines();
        let mut memory = Self {
            chunks: state.and(lines.next()).map(str::to_owned),
            postings: BTreeMap::new(),
        };

        for line in lines {
            let mut words = line.split(' ');
            if let (Some(opening), Some(job_id)) = (words.next(), words.next()) {
                for posting in words {
                    memory.learn(posting, job_id);
                    memory.remember(opening, posting);
                }
            }
        }
        memory
    }

    /// Returns the state of the listing.
    pub fn chunks(&self) -> Option<String> {
        self.chunks.clone()
    }

    /// Returns the state to store. `chunks` is that of the listing. `None` if there is nothing to
    /// store.
    pub fn state(&self, chunks: Option<String>) -> Option<String> {
        let mut openings: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for (posting, known) in &self.postings {
            if let Some(opening) = &known.opening {
                let postings = openings.entry((opening, &known.job_id)).or_default();
                postings.push(posting);
            }
        }
        if openings.is_empty() {
            return chunks;
        }

        let mut state = chunks.unwrap_or_else(|| "1".to_owned());
        for ((opening, job_id), postings) in openings {
            let line = format!("\n{opening} {job_id} {}", postings.join(" "));
            if state.len() + line.len() > MAX_STATE_BYTES {
                break;
            }
            state.push_str(&line);
        }
        Some(state)
    }

    /// Learns the job of a posting. An id that does not fit into a line stays unknown.
    pub fn learn(&mut self, posting: &str, job_id: &str) {
        let is_word = !job_id.is_empty() && !job_id.contains(char::is_whitespace);
        if is_word && job_id.len() <= MAX_JOB_ID_BYTES {
            let known = Known {
                job_id: job_id.to_owned(),
                opening: None,
            };
            self.postings.entry(posting.to_owned()).or_insert(known);
        }
    }

    /// Returns the job of a posting. `None` if it is unknown.
    pub fn job_id(&self, posting: &str) -> Option<&str> {
        let known = self.postings.get(posting)?;
        Some(&known.job_id)
    }

    /// Returns the external id of the opening that a posting belongs to.
    pub fn opening(&self, posting: &str) -> Option<&str> {
        self.postings.get(posting)?.opening.as_deref()
    }

    /// Remembers the opening of a posting, unless the posting's job is unknown.
    pub fn remember(&mut self, opening: &str, posting: &str) {
        if let Some(known) = self.postings.get_mut(posting) {
            known.opening = Some(opening.to_owned());
        }
    }

    /// Forgets openings of which no posting is listed.
    pub fn forget_unlisted(&mut self, listed: &HashSet<String>) {
        let openings: HashSet<String> = listed
            .iter()
            .filter_map(|posting| self.opening(posting).map(str::to_owned))
            .collect();
        self.postings.retain(|posting, known| {
            let is_open = |opening: &String| openings.contains(opening);
            listed.contains(posting) || known.opening.as_ref().is_some_and(is_open)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ids: &[&str]) -> HashSet<String> {
        ids.iter().map(|&id| id.to_owned()).collect()
    }

    #[test]
    fn a_state_is_read_as_it_was_stored() {
        let text = "3\n1 job-a 1 2\n3 job-b 3";
        let memory = Memory::read(Some(text));
        assert_eq!(memory.chunks().as_deref(), Some("3"));
        assert_eq!(
            (memory.opening("2"), memory.job_id("3"), memory.opening("4")),
            (Some("1"), Some("job-b"), None)
        );
        assert_eq!(memory.state(memory.chunks()).as_deref(), Some(text));
    }

    #[test]
    fn without_openings_the_state_is_that_of_the_listing() {
        for state in [None, Some("1"), Some("12")] {
            let memory = Memory::read(state);
            assert_eq!(memory.state(memory.chunks()).as_deref(), state);
        }
    }

    #[test]
    fn an_opening_is_forgotten_with_the_last_of_its_postings() {
        let mut memory = Memory::read(Some("1\n1 job-a 1 2\n3 job-b 3"));
        memory.forget_unlisted(&set(&["2"]));
        assert_eq!(memory.state(None).as_deref(), Some("1\n1 job-a 1 2"));
        memory.forget_unlisted(&set(&["5"]));
        assert_eq!(memory.state(None), None);
    }

    #[test]
    fn a_state_stays_below_the_limit_of_the_contract() {
        let mut memory = Memory::default();
        for number in 0..5_000 {
            let posting = format!("{number:015}");
            memory.learn(&posting, "00000000-0000-0000-0000-000000000000");
            memory.remember(&posting, &posting);
        }
        let state = memory.state(None).expect("a state");
        assert!((MAX_STATE_BYTES - 100..=MAX_STATE_BYTES).contains(&state.len()));
    }

    #[test]
    fn an_id_that_does_not_fit_into_a_line_stays_unknown() {
        let mut memory = Memory::default();
        for job_id in ["", "a b", "a\nb", &"a".repeat(101)] {
            memory.learn("1", job_id);
            assert_eq!(memory.job_id("1"), None, "{job_id:?}");
        }
    }
}
