//! The account of a query over many jobs: which terms bring jobs in, and which keep them out.
//!
//! Only counts are kept, so the memory does not depend on the number of jobs.

use crate::query::{LeafKind, Query, Truth};

/// The counts of a query over jobs that are added one by one.
#[derive(Debug, Clone)]
pub struct QueryTally<'q> {
    query: &'q Query,
    /// The jobs that were added.
    pub jobs: u64,
    /// Those that match.
    pub matching: u64,
    /// Those that do not match, but would if no negative term or condition were true.
    pub vetoed: u64,
    /// The distinct terms and conditions, in the order written.
    pub terms: Vec<TermTally>,
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
    /// The numbers of its leaves. A query may contain a term several times.
    leaves: Vec<usize>,
}

impl<'q> QueryTally<'q> {
    /// Starts with no jobs.
    pub fn new(query: &'q Query) -> Self {
        let mut tally = Self {
            query,
            jobs: 0,
            matching: 0,
            vetoed: 0,
            terms: Vec::new(),
        };
        for number in 0..query.leaves().len() {
            tally.add_leaf(number);
        }
        tally
    }

    /// Counts a leaf with the earlier ones that are written in the same way.
    fn add_leaf(&mut self, number: usize) {
        let leaf = &self.query.leaves()[number];
        let is_same = |term: &&mut TermTally| {
            term.written == leaf.written && term.is_positive == leaf.is_positive
        };
        if let Some(term) = self.terms.iter_mut().find(is_same) {
            term.leaves.push(number);
            return;
        }
        self.terms.push(TermTally {
            written: leaf.written.clone(),
            is_positive: leaf.is_positive,
            is_condition: matches!(leaf.kind, LeafKind::Condition(_)),
            hits: 0,
            unknown: 0,
            matching: 0,
            only_by_it: 0,
            vetoed: 0,
            leaves: vec![number],
        });
    }

    /// Adds a job whose leaves have these values, by number. Returns true if it matches.
    pub fn add(&mut self, truths: &[Truth]) -> bool {
        let query = self.query;
        let matches = query.matches(|number| truths[number]);
        for term in &mut self.terms {
            term.add(query, truths, matches);
        }

        self.jobs += 1;
        self.matching += u64::from(matches);
        self.vetoed += u64::from(!matches && would_match_without_exclusions(query, truths));
        matches
    }
}

impl TermTally {
    fn add(&mut self, query: &Query, truths: &[Truth], matches: bool) {
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
        let is_decisive = u64::from(query.matches(if_false) != matches);
        if self.is_positive {
            self.only_by_it += is_decisive;
        } else {
            self.vetoed += is_decisive;
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
    fn counts<'a>(tally: &'a QueryTally<'_>) -> Vec<(&'a str, [u64; 5])> {
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
        .map(|truths| tally.add(&truths));
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
            tally.add(&truths);
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
            tally.add(&truths);
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
        tally.add(&[True, True, True, True, False]);
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
}
