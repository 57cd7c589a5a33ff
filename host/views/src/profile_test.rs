//! A profile tried on the stored jobs: `job-scanner profile test`.

use jiff::Timestamp;
use job_scanner_core::job::CompanyOrigin;
use job_scanner_core::matching::QueryTally;
use job_scanner_core::query::Query;
use job_scanner_store::ListedJob;
use serde::Serialize;

use crate::cells::whole;
use crate::column::Column;
use crate::format::shown_job::ShownJob;
use crate::tally::ProfileTallyView;

/// The columns of the table of samples.
pub const SAMPLE_COLUMNS: [Column; 6] = [
    Column::text("title", 26),
    Column::text("company", 10).late(2),
    Column::text("place", 14).late(4),
    Column::text("pay", 16).late(3),
    Column::word("age").late(1),
    Column::copied("job").early(1),
];

/// The account of a profile, and some of the jobs that it matches.
#[derive(Debug, Serialize)]
pub struct ProfileTestView<'a> {
    #[serde(flatten)]
    pub account: ProfileTallyView<'a>,
    samples: &'a [SampleView],
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
    /// Shows the account of `query`, and the first matching jobs.
    pub fn new(
        profile: Option<&'a str>,
        query: &'a Query,
        tally: &'a QueryTally,
        samples: &'a [SampleView],
    ) -> Self {
        Self {
            account: ProfileTallyView::new(profile, query, tally),
            samples,
        }
    }

    /// Returns the number of jobs that match, and that the negative terms keep out.
    pub fn headline(&self) -> String {
        if self.account.has_jobs() {
            return self.account.headline("open jobs");
        }
        let name = self.account.name();
        format!(
            "{name}: there are no open jobs to try it on; `job-scanner jobs` lists the stored jobs"
        )
    }

    /// Returns the rows of the table of samples.
    pub fn sample_rows(&self) -> impl Iterator<Item = [String; 6]> + '_ {
        self.samples.iter().map(|sample| sample.row.clone())
    }

    /// Returns the line below the samples; `None` if there are none.
    pub fn samples_caption(&self) -> Option<String> {
        let (shown, all) = (self.samples.len(), self.account.matching());
        match shown as u64 {
            0 => None,
            number if number == all => Some("all that match".to_owned()),
            _ => Some(format!("the newest {shown} of {all}")),
        }
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
    fn tally(query: &Query) -> QueryTally {
        let mut tally = QueryTally::new(query);
        tally.add(query, &[True, False, True, False], "Rust Engineer");
        tally.add(query, &[True, False, True, True], "Rust Intern");
        tally.add(query, &[False, False, Unknown, False], "Cook");
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
        let terms: Vec<[String; 6]> = view.account.term_rows().collect();
        assert_eq!(
            terms,
            [
                ["engineer*", "2", "", "1", "1", ""],
                ["go", "0", "", "0", "0", ""],
                ["workplace:hybrid", "2", "1", "1", "1", ""],
                ["NOT intern", "1", "", "0", "", "1"],
            ]
        );
        let hints: Vec<String> = view.account.hints().collect();
        assert_eq!(hints, ["true for none of these jobs: `go`"]);
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
        assert_eq!(
            (view.account.hints().next(), view.samples_caption()),
            (None, None)
        );
    }
}
