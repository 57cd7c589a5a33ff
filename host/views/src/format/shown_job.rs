//! The cells with the facts of a job that a person chooses by: company, place, pay, age, and the
//! terms that matched.
//!
//! All tables of jobs take their cells from [`ShownJob`], so that a job looks the same in each.

use jiff::Timestamp;
use job_scanner_core::job::{BoardTime, Job, Location, Salary, ShownCompany, Workplace};
use job_scanner_core::matching::MatchResult;
use job_scanner_store::{AlertedJob, ListedJob, PendingAlert};

use crate::cells::whole;
use crate::format::age::{age_since, age_since_posting};
use crate::format::pay::pay;

/// The profile of `search_criteria`, which is not named in cells.
const DEFAULT_PROFILE: &str = "default";

/// The facts of a job that tables show.
#[derive(Debug, Clone, Copy)]
pub struct ShownJob<'a> {
    pub(crate) title: &'a str,
    pub(crate) company: ShownCompany<'a>,
    pub(crate) locations: &'a [Location],
    pub(crate) url: &'a str,
    workplace: Option<Workplace>,
    salary: Option<&'a Salary>,
    posted_at: Option<BoardTime>,
    /// `None` if the table does not know it.
    first_seen_at: Option<Timestamp>,
}

impl<'a> ShownJob<'a> {
    /// Shows a job of the source with the name `source_name`.
    pub fn new(job: &'a Job, source_name: &'a str) -> Self {
        Self {
            title: &job.title,
            company: ShownCompany::of(job.company.as_deref(), source_name),
            locations: &job.locations,
            url: &job.url,
            workplace: job.workplace,
            salary: job.salary.as_ref(),
            posted_at: job.posted_at,
            first_seen_at: None,
        }
    }

    /// Returns the whole title.
    pub fn title_cell(&self) -> String {
        whole(self.title)
    }

    /// Returns the name of the company, or otherwise that of the source.
    pub fn company_cell(&self) -> String {
        whole(self.company.name)
    }

    /// Returns the first place and the number of others, such as `Berlin +2`, with `remote` in
    /// front if no place says so. Without a place, it is the workplace.
    pub fn place_cell(&self) -> String {
        let Some((first, others)) = self.locations.split_first() else {
            let workplace = self.workplace.map(Workplace::as_str);
            return workplace.unwrap_or_default().to_owned();
        };
        let says_remote = |place: &Location| place.name.to_lowercase().contains("remote");
        let is_told = self.locations.iter().any(says_remote);
        let remote = match self.workplace {
            Some(Workplace::Remote) if !is_told => "remote, ",
            _ => "",
        };
        let more = match others.len() {
            0 => String::new(),
            number => format!(" +{number}"),
        };
        format!("{remote}{}{more}", whole(&first.name))
    }

    /// Returns the pay, such as `70–90k EUR/yr`; empty if the board gives none.
    pub fn pay_cell(&self) -> String {
        self.salary.map(pay).unwrap_or_default()
    }

    /// Returns the age at `now`, such as `3d` by the date of the board. If it gives none, `3d+` is
    /// the time since the job was first seen.
    pub fn age_cell(&self, now: Timestamp) -> String {
        match (self.posted_at, self.first_seen_at) {
            (Some(posted), _) => age_since_posting(posted, now),
            (None, Some(first_seen)) => age_since(first_seen, now) + "+",
            (None, None) => String::new(),
        }
    }
}

impl<'a> From<&'a ListedJob> for ShownJob<'a> {
    fn from(listed: &'a ListedJob) -> Self {
        Self {
            first_seen_at: Some(listed.first_seen_at),
            ..Self::new(&listed.job, &listed.source_name)
        }
    }
}

impl<'a> From<&'a PendingAlert> for ShownJob<'a> {
    fn from(alert: &'a PendingAlert) -> Self {
        let job: &AlertedJob = &alert.job;
        Self {
            title: &job.title,
            company: ShownCompany::of(job.company.as_deref(), &alert.source_name),
            locations: &job.locations,
            url: &job.url,
            workplace: job.workplace,
            salary: job.salary.as_ref(),
            posted_at: job.posted_at,
            first_seen_at: None,
        }
    }
}

/// Returns the terms and conditions of a match, each once, such as `rust, salary >= 70k EUR`.
pub(crate) fn terms(result: &MatchResult) -> String {
    let mut terms: Vec<&str> = Vec::new();
    for reason in &result.reasons {
        if !terms.contains(&reason.term.as_str()) {
            terms.push(&reason.term);
        }
    }
    whole(&terms.join(", "))
}

/// Returns the terms of several matches. A profile other than `default` is named: `rust, go; data:
/// python`.
pub(crate) fn why_cell<'a>(matches: impl IntoIterator<Item = &'a MatchResult>) -> String {
    let matches = matches
        .into_iter()
        .map(|result| match result.profile.as_str() {
            DEFAULT_PROFILE => terms(result),
            name => format!("{}: {}", whole(name), terms(result)),
        });
    let matches: Vec<String> = matches.collect();
    matches.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_place_shows_the_first_and_the_number_of_others() {
        let mut listed = samples::plain_job();
        let mut place = |names: &[&str], workplace| {
            let berlin = &samples::listed_job().job.locations[0];
            let named = |name: &&str| Location {
                name: (*name).to_owned(),
                ..berlin.clone()
            };
            listed.job.locations = names.iter().map(named).collect();
            listed.job.workplace = workplace;
            ShownJob::from(&listed).place_cell()
        };
        assert_eq!(place(&["Oslo"], None), "Oslo");
        assert_eq!(place(&["Oslo", "Bergen", "Bodø"], None), "Oslo +2");
        assert_eq!(place(&["Oslo"], Some(Workplace::Hybrid)), "Oslo");
        let remote = Some(Workplace::Remote);
        assert_eq!(place(&["Oslo", "Bergen"], remote), "remote, Oslo +1");
        assert_eq!(place(&["Norway (Remote)"], remote), "Norway (Remote)");
        assert_eq!(place(&[], remote), "remote");
        assert_eq!(place(&[], None), "");
        assert_eq!(place(&["a\u{1b}[2J"], None), "a\\u{1b}[2J");
    }

    #[test]
    fn an_age_is_that_of_the_board_or_at_least_that_since_it_was_first_seen() {
        let mut listed = samples::plain_job();
        let mut age = |posted: Option<&str>, now: &str| {
            listed.job.posted_at = posted.map(|at| at.parse().unwrap());
            ShownJob::from(&listed).age_cell(now.parse().unwrap())
        };
        for (now, first_seen) in [
            ("2026-11-21T10:15:59Z", "0m+"),
            ("2026-11-21T11:14:00Z", "59m+"),
            ("2026-11-22T10:14:00Z", "23h+"),
            ("2026-12-05T10:14:00Z", "13d+"),
            ("2026-12-05T10:15:00Z", "2w+"),
            ("2028-11-20T10:15:00Z", "2y+"),
            ("2026-11-20T10:15:00Z", "0m+"),
        ] {
            assert_eq!(age(None, now), first_seen, "{now}");
        }
        let now = "2026-11-23T01:00:00Z";
        assert_eq!(age(Some("2026-11-20"), now), "3d");
        assert_eq!(age(Some("2026-11-24"), now), "0d");
        assert_eq!(age(Some("2026-11-22T20:00:00Z"), now), "5h");
    }

    #[test]
    fn the_terms_of_each_profile_are_named_once() {
        let mut twice = samples::result();
        twice.reasons.extend(samples::result().reasons);
        let data = MatchResult {
            profile: "data".to_owned(),
            ..samples::result()
        };
        assert_eq!(
            why_cell([&twice, &data]),
            "engineer*, workplace:hybrid; data: engineer*, workplace:hybrid"
        );
        assert_eq!(why_cell([]), "");
    }
}
