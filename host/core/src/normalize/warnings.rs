//! Warnings about values that were dropped or cut, counted over a batch: one line per kind, not one
//! per job.

use std::collections::BTreeMap;

use crate::escape::PrintableStart;

/// The number of characters of an external id that an example shows.
const EXAMPLE_CHARS: usize = 64;

/// A kind of problem that costs a value but not the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Problem {
    /// Two jobs of a batch have the same id but differ.
    DuplicateId,
    TitleCut,
    DescriptionCut,
    /// A short field other than the title was too long.
    FieldCut,
    LocationsCut,
    /// There were too many extras, or one was too long.
    ExtraCut,
    /// The date cannot be parsed.
    Date,
    /// The salary is not plausible.
    Salary,
    /// The currency is not a code.
    Currency,
    /// The language is not a tag.
    Language,
    /// The apply URL is not valid.
    ApplyUrl,
}

impl Problem {
    /// Returns a stable name and a sentence.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::DuplicateId => (
                "duplicate-id",
                "different jobs under one external id; the first was kept",
            ),
            Self::TitleCut => ("title-cut", "the title is longer than 1 KiB and was cut"),
            Self::DescriptionCut => (
                "description-cut",
                "the description is longer than 1 MiB and was cut",
            ),
            Self::FieldCut => ("field-cut", "a field is longer than 1 KiB and was cut"),
            Self::LocationsCut => (
                "locations-cut",
                "more than 256 locations; the rest was dropped",
            ),
            Self::ExtraCut => (
                "extra-cut",
                "more than 64 extras, or one longer than 1 KiB; the rest was dropped",
            ),
            Self::Date => (
                "bad-date",
                "neither RFC 3339 with an offset nor a plain date; left out",
            ),
            Self::Salary => (
                "bad-salary",
                "not a positive number, or the lower end above the upper; left out",
            ),
            Self::Currency => ("bad-currency", "not a code of three letters; left out"),
            Self::Language => ("bad-language", "not a BCP 47 tag; left out"),
            Self::ApplyUrl => (
                "bad-apply-url",
                "the apply URL is not an absolute http or https URL; left out",
            ),
        }
    }
}

/// The problems of a batch.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<Problem, Count>);

#[derive(Debug)]
struct Count {
    times: usize,
    first_id: String,
}

impl Tally {
    /// Returns the collector for the job with this external id.
    pub(super) fn of<'a>(&'a mut self, external_id: &'a str) -> Warnings<'a> {
        Warnings {
            tally: self,
            external_id,
        }
    }

    /// Returns one line per kind, ready to print.
    pub(super) fn into_lines(self) -> Vec<String> {
        self.0
            .into_iter()
            .map(|(problem, count)| line(problem, &count))
            .collect()
    }
}

/// The collector for the problems of one job.
#[derive(Debug)]
pub(super) struct Warnings<'a> {
    tally: &'a mut Tally,
    external_id: &'a str,
}

impl Warnings<'_> {
    pub(super) fn note(&mut self, problem: Problem) {
        let id = self.external_id;
        let first = || {
            let example = PrintableStart {
                text: id,
                limit: EXAMPLE_CHARS,
            };
            Count {
                times: 0,
                first_id: example.to_string(),
            }
        };

        let count = self.tally.0.entry(problem).or_insert_with(first);
        count.times += 1;
    }
}

fn line(problem: Problem, Count { times, first_id }: &Count) -> String {
    let (name, sentence) = problem.words();
    match times {
        1 => format!("{name}: {sentence} (once, job `{first_id}`)"),
        _ => format!("{name}: {sentence} ({times} times, first in job `{first_id}`)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_problem_is_one_line_with_a_count_and_an_example() {
        let mut tally = Tally::default();
        tally.of("7\n").note(Problem::Date);
        tally.of("8").note(Problem::Date);
        tally.of("8").note(Problem::TitleCut);
        assert_eq!(
            tally.into_lines(),
            [
                "title-cut: the title is longer than 1 KiB and was cut (once, job `8`)",
                "bad-date: neither RFC 3339 with an offset nor a plain date; left out (2 times, first in job `7\\n`)",
            ]
        );
    }
}
