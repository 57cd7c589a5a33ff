//! The effects of the terms of a profile: `job-scanner profile test`, and the first scans of
//! `job-scanner scan`.

use std::cmp::Reverse;

use job_scanner_core::matching::{ProfileTally, QueryTally, TermTally};
use job_scanner_core::quantity::counted;
use job_scanner_core::query::Query;
use serde::Serialize;

use crate::cells::{short, whole};
use crate::column::Column;

/// The columns of the table of counts.
pub const COLUMNS: [Column; 6] = [
    Column::text("term", 20),
    Column::number("hits"),
    Column::number("unknown").late(1),
    Column::number("matching"),
    Column::number("only by it"),
    Column::number("vetoed"),
];

/// The columns of the table of effects.
pub const EFFECT_COLUMNS: [Column; 4] = [
    Column::text("term", 20),
    Column::number("brings in"),
    Column::number("keeps out"),
    Column::text("such as", 20),
];

/// The maximum number of terms in the table of effects. A terminal page has room for them, and most
/// profiles have fewer.
const MAX_EFFECTS: usize = 10;

/// The account of a profile over many jobs.
#[derive(Debug, Serialize)]
pub struct ProfileTallyView<'a> {
    /// `None` for a query without a profile.
    profile: Option<&'a str>,
    query: String,
    jobs: u64,
    matching: u64,
    vetoed: u64,
    terms: Vec<TermView<'a>>,
    #[serde(skip)]
    parsed: &'a Query,
    #[serde(skip)]
    tally: &'a QueryTally,
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
    /// Some of the jobs that it brings in or keeps out.
    titles: &'a [String],
}

impl<'a> ProfileTallyView<'a> {
    /// Shows the account of `query`.
    pub fn new(profile: Option<&'a str>, query: &'a Query, tally: &'a QueryTally) -> Self {
        Self {
            profile,
            query: query.to_string(),
            jobs: tally.jobs,
            matching: tally.matching,
            vetoed: tally.vetoed,
            terms: tally.terms.iter().map(TermView::from).collect(),
            parsed: query,
            tally,
        }
    }

    /// Returns the number of jobs that match.
    pub(crate) fn matching(&self) -> u64 {
        self.matching
    }

    /// Returns true if there was any job.
    pub fn has_jobs(&self) -> bool {
        self.jobs > 0
    }

    /// Returns the name of the profile, escaped.
    pub(crate) fn name(&self) -> String {
        match self.profile {
            Some(name) => format!("profile {}", whole(name)),
            None => "query".to_owned(),
        }
    }

    /// Returns the number of jobs that match, and that the negative terms keep out. `jobs` is the
    /// word for the jobs.
    pub fn headline(&self, jobs: &str) -> String {
        let (name, all) = (self.name(), self.jobs);
        let mut line = format!("{name}: {} of {all} {jobs} match", self.matching);
        if self.vetoed > 0 {
            let more = format!("; {} more would without the negative terms", self.vetoed);
            line.push_str(&more);
        }
        line
    }

    /// Returns the rows of the table of counts.
    pub fn term_rows(&self) -> impl Iterator<Item = [String; 6]> + '_ {
        self.terms.iter().map(TermView::row)
    }

    /// Returns the rows of the table of effects: the terms that bring in or keep out most jobs,
    /// with some titles.
    pub fn effect_rows(&self) -> impl Iterator<Item = [String; 4]> + '_ {
        let mut terms: Vec<(&TermTally, &TermView<'_>)> =
            self.tally.terms.iter().zip(&self.terms).collect();
        terms.retain(|(tally, _)| tally.effect() > 0);
        terms.sort_by_key(|(tally, _)| Reverse(tally.effect()));
        let shown = terms.into_iter().take(MAX_EFFECTS);
        shown.map(|(tally, view)| view.effect_row(tally.effect()))
    }

    /// Returns the line below the table of effects; `None` if it has all terms that have an effect.
    pub fn more_effects(&self) -> Option<String> {
        let terms = self.tally.terms.iter();
        let all = terms.filter(|term| term.effect() > 0).count();
        let more = all.saturating_sub(MAX_EFFECTS);
        (more > 0).then(|| format!("and {}", counted(more as u64, "more term", "more terms")))
    }

    /// Returns a line for each thing that the operator may want to change: terms that are true for
    /// no job, the part of the query that keeps all jobs out, and a term that is too broad.
    pub fn hints(&self) -> impl Iterator<Item = String> {
        [self.never_true(), self.obstacle(), self.broad()]
            .into_iter()
            .flatten()
    }

    /// Returns the line with the terms and conditions that are true for no job; `None` if each of
    /// them is true for some, or if there are no jobs.
    fn never_true(&self) -> Option<String> {
        let never: Vec<&TermView<'_>> = self.terms.iter().filter(|it| it.hits == 0).collect();
        let named = never.iter().take(MAX_EFFECTS);
        let named: Vec<String> = named.map(|it| format!("`{}`", short(it.term))).collect();
        let has_any = self.has_jobs() && !never.is_empty();
        let more = match never.len() - named.len() {
            0 => String::new(),
            more => format!(" and {}", counted(more as u64, "other", "others")),
        };
        has_any.then(|| format!("true for none of these jobs: {}{more}", named.join(", ")))
    }

    /// Returns the line with the part of the query without which most jobs would match; `None` if
    /// any job matches.
    fn obstacle(&self) -> Option<String> {
        if self.matching > 0 {
            return None;
        }
        let (part, jobs) = self.tally.largest_obstacle()?;
        let part = short(&self.parsed.required_part(part)?);
        Some(format!(
            "without `{part}`, {} would match",
            counted(jobs, "job", "jobs")
        ))
    }

    /// Returns the line about a term that is too broad.
    fn broad(&self) -> Option<String> {
        let term = self.tally.broad_term()?;
        let (written, percent) = (short(&term.written), self.tally.percent());
        let advice = if term.is_condition || term.written.contains(':') {
            "add another term with `AND`".to_owned()
        } else {
            format!("`title:{written}` searches only the titles")
        };
        Some(format!(
            "{percent} % of these jobs match, most of them only by `{written}`; {advice}"
        ))
    }
}

impl<'a> From<&'a ProfileTally> for ProfileTallyView<'a> {
    fn from(ProfileTally { profile, tally }: &'a ProfileTally) -> Self {
        Self::new(Some(&profile.name), &profile.query, tally)
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
            titles: &tally.titles,
        }
    }
}

impl TermView<'_> {
    fn row(&self) -> [String; 6] {
        let count = |count: Option<u64>| count.map(|it| it.to_string()).unwrap_or_default();
        [
            self.name(),
            self.hits.to_string(),
            count(self.unknown),
            self.matching.to_string(),
            count(self.only_by_it),
            count(self.vetoed),
        ]
    }

    fn effect_row(&self, jobs: u64) -> [String; 4] {
        let (brings_in, keeps_out) = if self.negative {
            (String::new(), jobs.to_string())
        } else {
            (jobs.to_string(), String::new())
        };
        let titles: Vec<String> = self.titles.iter().map(|title| short(title)).collect();
        [self.name(), brings_in, keeps_out, titles.join("; ")]
    }

    fn name(&self) -> String {
        let not = if self.negative { "NOT " } else { "" };
        format!("{not}{}", whole(self.term))
    }
}
