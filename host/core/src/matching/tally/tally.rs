//! The account of a query over many jobs: which terms bring jobs in, and which keep them out.
//!
//! Only counts and a few titles are kept, so the memory does not depend on the number of jobs.

use std::collections::HashMap;

use crate::query::{Leaf, LeafKind, Query, Truth};

/// The maximum number of titles that are kept for a term.
const MAX_TITLES: usize = 3;

/// A query is broad if it matches this share of the jobs, or more. A search of one kind of work
/// rarely matches that much.
const BROAD_PERCENT: u64 = 40;

/// The minimum number of jobs for which a share is meaningful.
const MIN_JOBS_FOR_SHARE: u64 = 50;

/// The counts of a query over jobs that are added one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryTally {
    /// The jobs that were added.
    pub jobs: u64,
    /// Those that match.
    pub matching: u64,
    /// Those that do not match, but would if no negative term or condition were true.
    pub vetoed: u64,
    /// The distinct terms and conditions, in the order written.
    pub terms: Vec<TermTally>,
    /// The jobs that would match without one required part of the query, by number of the part.
    missed_by_part: Vec<u64>,
}

/// The counts of a term or condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermTally {
    /// As written, with its field.
    pub written: String,
    /// False if it is below an odd number of `NOT`s.
    pub is_positive: bool,
    pub is_condition: bool,
    /// The jobs for which it is true.
    pub hits: u64,
    /// The jobs for which a condition is unknown.
    pub unknown: u64,
    /// The matching jobs for which it is true.
    pub matching: u64,
    /// The matching jobs that would not match if it were false. 0 if it is negative.
    pub only_by_it: u64,
    /// The jobs that do not match, but would if it were false. 0 if it is positive.
    pub vetoed: u64,
    /// Different titles of the first jobs that it brings in (`matching`) or keeps out (`vetoed`).
    /// They are untrusted.
    pub titles: Vec<String>,
    /// The numbers of its leaves. A query may contain a term several times.
    leaves: Vec<usize>,
}

impl QueryTally {
    /// Starts the account of a query, with no jobs.
    pub fn new(query: &Query) -> Self {
        let mut terms: Vec<TermTally> = Vec::new();
        let mut numbers = HashMap::new();
        for (number, leaf) in query.leaves().iter().enumerate() {
            // Leaves that are written in the same way are counted together.
            let key = (leaf.written.as_str(), leaf.is_positive);
            let term = *numbers.entry(key).or_insert(terms.len());
            match terms.get_mut(term) {
                Some(known) => known.leaves.push(number),
                None => terms.push(TermTally::new(leaf, number)),
            }
        }
        Self {
            jobs: 0,
            matching: 0,
            vetoed: 0,
            terms,
            missed_by_part: vec![0; query.required_parts()],
        }
    }

    /// Adds a job with this title, whose leaves have these values, by number. `query` is that of the
    /// account. Returns true if the job matches.
    pub fn add(&mut self, query: &Query, truths: &[Truth], title: &str) -> bool {
        let matches = query.matches(|number| truths[number]);
        for term in &mut self.terms {
            term.add(query, truths, matches, title);
        }

        self.jobs += 1;
        self.matching += u64::from(matches);
        self.vetoed += u64::from(!matches && would_match_without_exclusions(query, truths));
        if let Some(part) = query.only_obstacle(|number| truths[number]) {
            self.missed_by_part[part] += 1;
        }
        matches
    }

    /// Adds the jobs of another account of the same query.
    pub fn merge(&mut self, other: &Self) {
        self.jobs += other.jobs;
        self.matching += other.matching;
        self.vetoed += other.vetoed;
        for (term, other) in self.terms.iter_mut().zip(&other.terms) {
            term.merge(other);
        }
        for (missed, other) in self.missed_by_part.iter_mut().zip(&other.missed_by_part) {
            *missed += other;
        }
    }

    /// Returns the required part of the query, by number, without which most more jobs would match,
    /// and their number. `None` if leaving out one part changes nothing.
    pub fn largest_obstacle(&self) -> Option<(usize, u64)> {
        let parts = self.missed_by_part.iter().copied().enumerate();
        // Of several equal ones, the first is returned.
        let largest = parts.rev().max_by_key(|(_, missed)| *missed);
        largest.filter(|(_, missed)| *missed > 0)
    }
}

impl QueryTally {
    /// Returns the share of the jobs that match, in percent, rounded down. 0 if there are no jobs.
    pub fn percent(&self) -> u64 {
        (self.matching * 100).checked_div(self.jobs).unwrap_or(0)
    }

    /// Returns the positive term by which alone most matching jobs match, if the query matches a large
    /// share of the jobs. `None` if no single term is responsible for it.
    pub fn broad_term(&self) -> Option<&TermTally> {
        let is_broad = self.jobs >= MIN_JOBS_FOR_SHARE && self.percent() >= BROAD_PERCENT;
        let positive = self.terms.iter().filter(|term| term.is_positive);
        let broadest = positive.max_by_key(|term| (term.only_by_it, term.hits))?;
        let is_responsible = broadest.only_by_it * 2 >= self.matching;
        (is_broad && is_responsible).then_some(broadest)
    }
}

impl TermTally {
    fn new(leaf: &Leaf, number: usize) -> Self {
        Self {
            written: leaf.written.clone(),
            is_positive: leaf.is_positive,
            is_condition: matches!(leaf.kind, LeafKind::Condition(_)),
            hits: 0,
            unknown: 0,
            matching: 0,
            only_by_it: 0,
            vetoed: 0,
            titles: Vec::new(),
            leaves: vec![number],
        }
    }

    fn add(&mut self, query: &Query, truths: &[Truth], matches: bool, title: &str) {
        let truth = truths[self.leaves[0]];
        self.unknown += u64::from(truth == Truth::Unknown);
        if truth != Truth::True {
            return;
        }
        self.hits += 1;
        self.matching += u64::from(matches);

        // A positive leaf only helps a job to match, and a negative one only prevents it. So the
        // result differs only in the direction that is counted.
        let if_false = |number: usize| {
            let is_changed = self.leaves.contains(&number);
            if is_changed {
                Truth::False
            } else {
                truths[number]
            }
        };
        let is_decisive = query.matches(if_false) != matches;
        if self.is_positive {
            self.only_by_it += u64::from(is_decisive);
        } else {
            self.vetoed += u64::from(is_decisive);
        }

        let is_example = if self.is_positive {
            matches
        } else {
            is_decisive
        };
        if is_example {
            self.add_title(title);
        }
    }

    fn add_title(&mut self, title: &str) {
        let is_new = self.titles.iter().all(|known| known != title);
        if self.titles.len() < MAX_TITLES && is_new {
            self.titles.push(title.to_owned());
        }
    }

    fn merge(&mut self, other: &Self) {
        self.hits += other.hits;
        self.unknown += other.unknown;
        self.matching += other.matching;
        self.only_by_it += other.only_by_it;
        self.vetoed += other.vetoed;
        for title in &other.titles {
            self.add_title(title);
        }
    }

    /// Returns the number of jobs that a positive term brings in, or that only this negative one
    /// keeps out.
    pub fn effect(&self) -> u64 {
        if self.is_positive {
            self.matching
        } else {
            self.vetoed
        }
    }
}

fn would_match_without_exclusions(query: &Query, truths: &[Truth]) -> bool {
    let leaves = query.leaves();
    query.matches(|number| match truths[number] {
        Truth::True if !leaves[number].is_positive => Truth::False,
        unchanged => unchanged,
    })
}

#[cfg(test)]
mod tests {
    use super::Truth::{False, True, Unknown};
    use super::*;

    /// Returns the counts of the terms over jobs: hits, unknown, matching, only by it, vetoed.
    fn counts(tally: &QueryTally) -> Vec<(&str, [u64; 5])> {
        let counts = |it: &TermTally| [it.hits, it.unknown, it.matching, it.only_by_it, it.vetoed];
        let terms = tally.terms.iter();
        terms.map(|it| (it.written.as_str(), counts(it))).collect()
    }

    #[test]
    fn a_term_brings_in_the_jobs_that_no_other_term_does() {
        let query = Query::parse("cook AND (berlin OR lyon OR rome)").unwrap();
        let mut tally = QueryTally::new(&query);
        let matches = [
            [True, True, True, False],
            [True, True, False, False],
            [True, False, True, False],
            [True, False, True, False],
            [False, True, False, False],
        ]
        .map(|truths| tally.add(&query, &truths, "Cook"));
        assert_eq!(matches, [true, true, true, true, false]);
        assert_eq!((tally.jobs, tally.matching, tally.vetoed), (5, 4, 0));
        let expected = [
            ("cook", [4, 0, 4, 4, 0]),
            ("berlin", [3, 0, 2, 1, 0]),
            ("lyon", [3, 0, 3, 2, 0]),
            ("rome", [0; 5]),
        ];
        assert_eq!(counts(&tally), expected);
    }

    #[test]
    fn a_negative_term_vetoes_only_the_jobs_that_match_without_it() {
        let query = Query::parse("cook AND NOT (head OR trainee)").unwrap();
        let mut tally = QueryTally::new(&query);
        for truths in [
            [True, False, False],
            [True, True, False],
            [True, True, True],
            [False, False, True],
        ] {
            tally.add(&query, &truths, "Cook");
        }
        // The third job has two of them: without one of the two it still does not match.
        assert_eq!((tally.matching, tally.vetoed), (1, 2));
        let expected = [
            ("cook", [3, 0, 1, 1, 0]),
            ("head", [2, 0, 0, 0, 1]),
            ("trainee", [2, 0, 0, 0, 0]),
        ];
        assert_eq!(counts(&tally), expected);
    }

    #[test]
    fn a_condition_counts_the_jobs_that_do_not_state_its_value() {
        let query = Query::parse("cook AND workplace:remote AND NOT lang:fr").unwrap();
        let mut tally = QueryTally::new(&query);
        for truths in [
            [True, True, Unknown],
            [True, Unknown, True],
            [True, False, False],
        ] {
            tally.add(&query, &truths, "Cook");
        }
        let expected = [
            ("cook", [3, 0, 1, 1, 0]),
            ("workplace:remote", [1, 1, 1, 1, 0]),
            ("lang:fr", [1, 1, 0, 0, 1]),
        ];
        assert_eq!(counts(&tally), expected);
        let is_condition: Vec<bool> = tally.terms.iter().map(|it| it.is_condition).collect();
        assert_eq!(is_condition, [false, true, true]);
    }

    #[test]
    fn a_term_that_is_written_twice_is_one_term() {
        let query = Query::parse("(cook AND berlin) OR (cook AND lyon) AND NOT cook").unwrap();
        let mut tally = QueryTally::new(&query);
        tally.add(&query, &[True, True, True, True, False], "Cook");
        let terms: Vec<(&str, bool)> = tally
            .terms
            .iter()
            .map(|it| (it.written.as_str(), it.is_positive))
            .collect();
        assert_eq!(
            terms,
            [
                ("cook", true),
                ("berlin", true),
                ("lyon", true),
                ("cook", false)
            ]
        );
        assert_eq!(counts(&tally)[0], ("cook", [1, 0, 1, 1, 0]));
    }

    #[test]
    fn a_term_keeps_three_different_titles_of_its_jobs() {
        let query = Query::parse("cook AND NOT head").unwrap();
        let mut tally = QueryTally::new(&query);
        for (title, is_head) in [
            ("Cook", False),
            ("Cook", False),
            ("Head Cook", True),
            ("Sous Cook", False),
            ("Day Cook", False),
            ("Night Cook", False),
        ] {
            tally.add(&query, &[True, is_head], title);
        }
        tally.add(&query, &[False, True], "Head of Sales");
        assert_eq!(tally.terms[0].titles, ["Cook", "Sous Cook", "Day Cook"]);
        // The last job does not match without the negative term either.
        assert_eq!(tally.terms[1].titles, ["Head Cook"]);
    }

    #[test]
    fn the_largest_obstacle_is_the_part_without_which_most_more_jobs_match() {
        let query = Query::parse("cook AND lyon AND day").unwrap();
        let mut tally = QueryTally::new(&query);
        assert_eq!(tally.largest_obstacle(), None);
        for truths in [
            [True, True, False],
            [True, False, True],
            [True, False, True],
            [False, False, True],
        ] {
            tally.add(&query, &truths, "Cook");
        }
        assert_eq!(tally.largest_obstacle(), Some((1, 2)));
    }

    #[test]
    fn merged_accounts_equal_that_of_all_jobs() {
        let query = Query::parse("(cook OR waiter) AND lyon AND NOT head").unwrap();
        let jobs = [
            ("Cook", [True, False, True, False]),
            ("Waiter", [False, True, True, False]),
            ("Head Cook", [True, False, True, True]),
            ("Waiter", [False, True, False, False]),
        ];
        let of = |jobs: &[(&str, [Truth; 4])]| {
            let mut tally = QueryTally::new(&query);
            for (title, truths) in jobs {
                tally.add(&query, truths, title);
            }
            tally
        };
        let mut merged = of(&jobs[..1]);
        merged.merge(&of(&jobs[1..]));
        assert_eq!(merged, of(&jobs));
    }

    #[test]
    fn a_broad_term_is_responsible_for_most_of_many_matches() {
        let of = |query: &str, jobs: &[(usize, &[Truth])]| {
            let query = Query::parse(query).unwrap();
            let mut tally = QueryTally::new(&query);
            for (count, truths) in jobs {
                for _ in 0..*count {
                    tally.add(&query, truths, "Cook");
                }
            }
            tally.broad_term().map(|term| term.written.clone())
        };
        let both = "cook AND day";
        for (query, jobs, expected) in [
            // Both terms are necessary. The one that is true for more jobs narrows less.
            (
                both,
                &[
                    (30, &[True, True][..]),
                    (10, &[True, False]),
                    (20, &[False, False]),
                ][..],
                Some("cook"),
            ),
            (both, &[(19, &[True, True]), (31, &[True, False])], None),
            (both, &[(40, &[True, True])], None),
            (
                "cook OR waiter OR host",
                &[
                    (20, &[True, False, False]),
                    (20, &[False, True, False]),
                    (20, &[False, False, True]),
                ],
                None,
            ),
        ] {
            assert_eq!(of(query, jobs).as_deref(), expected, "{query}: {jobs:?}");
        }
    }
}
