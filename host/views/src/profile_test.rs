//! A profile tried on the stored jobs: `job-scanner profile test`.

use jiff::Timestamp;
use job_scanner_core::job::CompanyOrigin;
use job_scanner_core::matching::{QueryTally, TermTally};
use job_scanner_core::query::Query;
use job_scanner_store::ListedJob;
use serde::Serialize;

use crate::cells::whole;
use crate::column::Column;
use crate::format::shown_job::ShownJob;

/// The columns of the table of terms.
pub const TERM_COLUMNS: [Column; 6] = [
    Column::text("term", 20),
    Column::number("hits"),
    Column::number("unknown").late(1),
    Column::number("matching"),
    Column::number("only by it"),
    Column::number("vetoed"),
];

/// The columns of the table of samples.
pub const SAMPLE_COLUMNS: [Column; 6] = [
    Column::text("title", 26),
    Column::text("company", 10).late(2),
    Column::text("place", 14).late(4),
    Column::text("pay", 16).late(3),
    Column::word("age").late(1),
    Column::copied("job").early(1),
];

/// The counts of a profile, and some of the jobs that it matches.
#[derive(Debug, Serialize)]
pub struct ProfileTestView<'a> {
    /// `None` if the query was given without a profile.
    profile: Option<&'a str>,
    query: String,
    jobs: u64,
    matching: u64,
    vetoed: u64,
    terms: Vec<TermView<'a>>,
    samples: &'a [SampleView],
}

/// The counts of a term or condition.
#[derive(Debug, Serialize)]
struct TermView<'a> {
    term: &'a str,
    negative: bool,
    hits: u64,
    /// `None` for a term, which is never unknown.
    unknown: Option<u64>,
    matching: u64,
    /// `None` if it is negative.
    only_by_it: Option<u64>,
    /// `None` if it is positive.
    vetoed: Option<u64>,
}

/// A matching job.
#[derive(Debug, Serialize)]
pub struct SampleView {
    key: String,
    title: String,
    company: String,
    company_from: CompanyOrigin,
    locations: Vec<String>,
    /// The row in the table.
    #[serde(skip)]
    row: [String; 6],
}

impl<'a> ProfileTestView<'a> {
    /// Shows the counts of `query`, and the first matching jobs.
    pub fn new(
        profile: Option<&'a str>,
        query: &Query,
        tally: &'a QueryTally<'_>,
        samples: &'a [SampleView],
    ) -> Self {
        Self {
            profile,
            query: query.to_string(),
            jobs: tally.jobs,
            matching: tally.matching,
            vetoed: tally.vetoed,
            terms: tally.terms.iter().map(TermView::from).collect(),
            samples,
        }
    }

    /// Returns true if there was any job to try the profile on.
    pub fn has_jobs(&self) -> bool {
        self.jobs > 0
    }

    /// Returns the number of jobs that match, and that the negative terms keep out.
    pub fn headline(&self) -> String {
        let name = match self.profile {
            Some(name) => format!("profile {}", whole(name)),
            None => "query".to_owned(),
        };
        if !self.has_jobs() {
            return format!(
                "{name}: there are no open jobs to try it on; `job-scanner jobs` lists the stored jobs"
            );
        }
        let mut line = format!("{name}: {} of {} open jobs match", self.matching, self.jobs);
        if self.vetoed > 0 {
            let more = format!("; {} more would without the negative terms", self.vetoed);
            line.push_str(&more);
        }
        line
    }

    /// Returns the rows of the table of samples.
    pub fn sample_rows(&self) -> impl Iterator<Item = [String; 6]> + '_ {
        self.samples.iter().map(|sample| sample.row.clone())
    }

    /// Returns the line below the samples; `None` if there are none.
    pub fn samples_caption(&self) -> Option<String> {
        let (shown, all) = (self.samples.len(), self.matching);
        match shown as u64 {
            0 => None,
            number if number == all => Some("all that match".to_owned()),
            _ => Some(format!("the newest {shown} of {all}")),
        }
    }

    /// Returns the rows of the table of terms.
    pub fn term_rows(&self) -> impl Iterator<Item = [String; 6]> + '_ {
        self.terms.iter().map(TermView::row)
    }

    /// Returns the line with the terms and conditions that are true for no job; `None` if each of
    /// them is true for some, or if there are no jobs.
    pub fn never_true(&self) -> Option<String> {
        let never = self.terms.iter().filter(|term| term.hits == 0);
        let never: Vec<String> = never
            .map(|term| format!("`{}`", whole(term.term)))
            .collect();
        let has_any = self.has_jobs() && !never.is_empty();
        has_any.then(|| format!("true for none of these jobs: {}", never.join(", ")))
    }
}

impl<'a> From<&'a TermTally> for TermView<'a> {
    fn from(tally: &'a TermTally) -> Self {
        Self {
            term: &tally.written,
            negative: !tally.is_positive,
            hits: tally.hits,
            unknown: tally.is_condition.then_some(tally.unknown),
            matching: tally.matching,
            only_by_it: tally.is_positive.then_some(tally.only_by_it),
            vetoed: (!tally.is_positive).then_some(tally.vetoed),
        }
    }
}

impl TermView<'_> {
    fn row(&self) -> [String; 6] {
        let not = if self.negative { "NOT " } else { "" };
        let count = |count: Option<u64>| count.map(|it| it.to_string()).unwrap_or_default();
        [
            format!("{not}{}", whole(self.term)),
            self.hits.to_string(),
            count(self.unknown),
            self.matching.to_string(),
            count(self.only_by_it),
            count(self.vetoed),
        ]
    }
}

impl SampleView {
    /// Shows a stored job. Its age is that at `now`.
    pub fn new(listed: &ListedJob, now: Timestamp) -> Self {
        let job = ShownJob::from(listed);
        let key = listed.key.to_string();
        Self {
            row: [
                job.title_cell(),
                job.company_cell(),
                job.place_cell(),
                job.pay_cell(),
                job.age_cell(now),
                whole(&key),
            ],
            key,
            title: job.title.to_owned(),
            company: job.company.name.to_owned(),
            company_from: job.company.from,
            locations: job.locations.iter().map(|it| it.name.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::query::Truth::{False, True, Unknown};

    use super::*;
    use crate::json::json;
    use crate::samples;

    fn query() -> Query {
        Query::parse("engineer* AND (go OR workplace:hybrid) AND NOT intern").unwrap()
    }

    fn sample() -> SampleView {
        SampleView::new(&samples::listed_job(), samples::at("08:15:00"))
    }

    /// Returns the counts over three jobs: one matches, one is vetoed, one states no workplace.
    fn tally(query: &Query) -> QueryTally<'_> {
        let mut tally = QueryTally::new(query);
        tally.add(&[True, False, True, False]);
        tally.add(&[True, False, True, True]);
        tally.add(&[False, False, Unknown, False]);
        tally
    }

    #[test]
    fn a_profile_test_has_the_documented_keys() {
        let (query, samples) = (query(), [sample()]);
        let tally = tally(&query);
        let view = ProfileTestView::new(Some("default"), &query, &tally, &samples);
        insta::assert_snapshot!("profile_test", json(&view).unwrap());
    }

    #[test]
    fn the_tables_show_what_each_term_does() {
        let (query, samples) = (query(), [sample()]);
        let tally = tally(&query);
        let view = ProfileTestView::new(None, &query, &tally, &samples);
        assert_eq!(
            view.headline(),
            "query: 1 of 3 open jobs match; 1 more would without the negative terms"
        );
        let terms: Vec<[String; 6]> = view.term_rows().collect();
        assert_eq!(
            terms,
            [
                ["engineer*", "2", "", "1", "1", ""],
                ["go", "0", "", "0", "0", ""],
                ["workplace:hybrid", "2", "1", "1", "1", ""],
                ["NOT intern", "1", "", "0", "", "1"],
            ]
        );
        let never = view.never_true().unwrap();
        assert_eq!(never, "true for none of these jobs: `go`");
        let rows: Vec<[String; 6]> = view.sample_rows().collect();
        let (place, pay) = ("Berlin, Germany", "70–90k EUR/yr");
        let key = "greenhouse/acme/4711";
        assert_eq!(rows, [["Rust Engineer", "Acme", place, pay, "3d", key]]);
        assert_eq!(view.samples_caption().unwrap(), "all that match");
    }

    #[test]
    fn a_test_without_jobs_says_so_and_blames_no_term() {
        let query = query();
        let tally = QueryTally::new(&query);
        let view = ProfileTestView::new(Some("mine"), &query, &tally, &[]);
        assert_eq!(
            view.headline(),
            "profile mine: there are no open jobs to try it on; `job-scanner jobs` lists the stored jobs"
        );
        assert_eq!((view.never_true(), view.samples_caption()), (None, None));
    }
}
