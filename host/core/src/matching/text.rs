//! The parts of a job that are matched: the texts that terms search, and the values that conditions
//! compare.

use std::iter;

use jiff::Timestamp;

use crate::job::{BoardTime, Facts, Job, Location, ShownCompany, Workplace};
use crate::key::SourceKey;
use crate::query::{Field, JobValues, words_of};

/// The fields of a job that are matched. Normalized jobs and rows of stored jobs both have them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatchedFields<'a> {
    pub title: &'a str,
    pub company: Option<&'a str>,
    pub department: Option<&'a str>,
    pub locations: &'a [Location],
    pub workplace: Option<Workplace>,
    /// The board's words.
    pub employment_type: Option<&'a str>,
    pub description: Option<&'a str>,
    pub url: &'a str,
    pub posted_at: Option<BoardTime>,
    pub facts: &'a Facts,
}

/// The source of a job.
#[derive(Debug, Clone, Copy)]
pub struct JobSource<'a> {
    pub key: &'a SourceKey,
    /// The configured name.
    pub name: &'a str,
}

/// The times that ages are computed with.
#[derive(Debug, Clone, Copy)]
pub struct MatchTimes {
    /// The time at which the job was first listed to us.
    pub first_seen_at: Timestamp,
    pub now: Timestamp,
}

/// A job as profiles are matched with it.
#[derive(Debug, Clone)]
pub struct MatchedJob<'a> {
    pub(super) fields: MatchedFields<'a>,
    pub(super) source: JobSource<'a>,
    pub(super) values: JobValues<'a>,
    /// The employment type, split into words.
    employment_type: Option<String>,
    /// The printed key of the source.
    pub(super) source_key: String,
    /// The texts of [`Field::Other`].
    other: Vec<&'a str>,
}

impl MatchedFields<'static> {
    /// A job of which nothing is known, to fill the fields that a value leaves out.
    pub const UNKNOWN: Self = Self {
        title: "",
        company: None,
        department: None,
        locations: &[],
        workplace: None,
        employment_type: None,
        description: None,
        url: "",
        posted_at: None,
        facts: &Facts::UNKNOWN,
    };
}

impl<'a> MatchedFields<'a> {
    /// Adds what a job does not know about itself.
    pub fn of(self, source: JobSource<'a>, times: MatchTimes) -> MatchedJob<'a> {
        let values = JobValues {
            facts: self.facts,
            has_location: !self.locations.is_empty(),
            workplace: self.workplace,
            employment_type: self.employment_type,
            has_description: self.description.is_some(),
            posted_at: self.posted_at,
            first_seen_at: times.first_seen_at,
            now: times.now,
        };
        MatchedJob {
            fields: self,
            source,
            values,
            employment_type: self.employment_type.map(words_of),
            source_key: source.key.to_string(),
            other: Vec::new(),
        }
    }
}

impl<'a> MatchedJob<'a> {
    /// Adds everything else of the job that is shown, for a search among stored jobs.
    #[must_use]
    pub fn with_all_shown(mut self, job: &'a Job) -> Self {
        let pay = job.salary.as_ref().and_then(|pay| pay.text.as_deref());
        let parts = |place: &'a Location| [place.city.as_deref(), place.region.as_deref()];
        let texts = |(name, value): &'a (String, String)| [name.as_str(), value.as_str()];
        let places = job.locations.iter().flat_map(parts);
        let extra = job.extra.iter().flat_map(texts).map(Some);

        self.other = iter::once(pay)
            .chain(places)
            .chain(extra)
            .flatten()
            .collect();
        self
    }
}

impl<'a> From<&'a Job> for MatchedFields<'a> {
    fn from(job: &'a Job) -> Self {
        Self {
            title: &job.title,
            company: job.company.as_deref(),
            department: job.department.as_deref(),
            locations: &job.locations,
            workplace: job.workplace,
            employment_type: job.employment_type.as_deref(),
            description: job.description.as_deref(),
            url: &job.url,
            posted_at: job.posted_at,
            facts: &job.facts,
        }
    }
}

impl MatchedJob<'_> {
    pub(super) fn title(&self) -> &str {
        self.fields.title
    }

    /// Returns the printed key of the source.
    pub(super) fn source_key(&self) -> &str {
        &self.source_key
    }

    /// Returns all texts in order of preference: a hit in one is preferred to a hit in the next. The
    /// name of the source replaces a company that the board does not name. A phrase never spans two
    /// texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = (Field, &str)> {
        let fields = &self.fields;
        let company = ShownCompany::of(fields.company, self.source.name).name;
        let places = fields.locations.iter();
        let one = |field, text| iter::once((field, text));
        let optional = |field, text: Option<_>| text.map(|text| (field, text));

        one(Field::Title, fields.title)
            .chain(one(Field::Company, company))
            .chain(optional(Field::Department, fields.department))
            .chain(places.map(|place| (Field::Location, place.name.as_str())))
            .chain(optional(
                Field::Workplace,
                fields.workplace.map(Workplace::as_str),
            ))
            .chain(optional(
                Field::EmploymentType,
                self.employment_type.as_deref(),
            ))
            .chain(optional(Field::Description, fields.description))
            .chain(one(Field::Url, fields.url))
            .chain(one(Field::Source, &self.source_key))
            .chain(one(Field::Source, self.source.name))
            .chain(self.other.iter().map(|text| (Field::Other, *text)))
    }
}
