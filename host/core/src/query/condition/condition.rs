//! Conditions on the values of a job, which the board states in a field or in a text.
//!
//! A condition on a value that is not known is unknown.

use jiff::SignedDuration;

use super::attribute::Attribute;
use super::bounds::Bounds;
use super::employment_type::WantedType;
use super::job_values::JobValues;
use super::pay::Pay;
use super::{age, places, value};
use crate::job::{BoardTime, Workplace};
use crate::normalize::facts::Level;
use crate::normalize::facts::in_words;
use crate::normalize::facts::open_to::Area;
use crate::normalize::facts::place::{Near, RegionName};
use crate::query::lexer::ComparisonSign;
use crate::query::truth::Truth;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// `salary >= 70000 EUR/year`
    Salary(ComparisonSign, Pay),
    /// `workplace:remote|hybrid`
    Workplace(Vec<Workplace>),
    /// `country:DE|AT`: codes in upper case
    Country(Vec<String>),
    /// `region:Bavaria`
    Region(Vec<RegionName>),
    /// `near:"Berlin, 50 km"`
    Near(Vec<Near>),
    /// `open-to:europe`
    OpenTo(Vec<Area>),
    /// `type:full-time`
    EmploymentType(Vec<WantedType>),
    /// `lang:de`: tags in lower case
    Language(Vec<String>),
    /// `level:senior`
    Level(Vec<Level>),
    /// `years <= 3`
    Years(ComparisonSign, u8),
    /// `posted < 7d`
    Posted(ComparisonSign, SignedDuration),
    /// `first_seen < 7d`
    FirstSeen(ComparisonSign, SignedDuration),
    /// `has:salary`
    Has(Attribute),
}

impl Condition {
    /// Evaluates the condition.
    pub(crate) fn truth(&self, job: &JobValues<'_>) -> Truth {
        let facts = job.facts;
        match self {
            Self::Salary(comparison, pay) => pay.compare(*comparison, &facts.pay),
            Self::Workplace(wanted) => {
                known(job.workplace, |workplace| wanted.contains(&workplace))
            }
            Self::Country(wanted) => places::country(wanted, facts),
            Self::Region(wanted) => places::region(wanted, facts),
            Self::Near(wanted) => places::near(wanted, facts),
            Self::OpenTo(wanted) => open_to(wanted, job),
            Self::EmploymentType(wanted) => {
                Truth::of_values(wanted.iter().map(|wanted| wanted.is_of(job)))
            }
            Self::Language(wanted) => known(facts.language.as_ref(), |tag| {
                wanted.iter().any(|wanted| is_language(&tag.value, wanted))
            }),
            Self::Level(wanted) => {
                let is_wanted = |level| wanted.contains(level).into();
                Truth::of_values(facts.levels.iter().map(is_wanted))
            }
            Self::Years(comparison, wanted) => facts.years.map_or(Truth::Unknown, |years| {
                let bounds = Bounds {
                    min: Some(years.min.into()),
                    max: years.max.map(Into::into),
                };
                bounds.compare(*comparison, (*wanted).into())
            }),
            Self::Posted(comparison, age) => known(job.posted_at, |posted| {
                comparison.holds(&age::of(posted, job.now), age)
            }),
            Self::FirstSeen(comparison, age) => comparison
                .holds(&age::between(job.first_seen_at, job.now), age)
                .into(),
            Self::Has(attribute) => attribute.is_stated(job).into(),
        }
    }

    /// Returns the value of the job that decided; `None` if it is not known.
    pub(crate) fn value(&self, job: &JobValues<'_>) -> Option<String> {
        let facts = job.facts;
        match self {
            Self::Salary(..) => in_words::salary(facts),
            Self::Workplace(_) => workplace(job),
            Self::Country(_) => in_words::country(facts),
            Self::Region(_) => in_words::region(facts),
            Self::Near(wanted) => value::near(wanted, facts),
            Self::OpenTo(_) => in_words::open_to(facts).or_else(|| workplace(job)),
            Self::EmploymentType(_) => value::employment(job),
            Self::Language(_) => in_words::language(facts),
            Self::Level(_) => in_words::level(facts),
            Self::Years(..) => in_words::years(facts),
            Self::Posted(..) => job.posted_at.map(|posted| posted.to_string()),
            Self::FirstSeen(..) => Some(BoardTime::Moment(job.first_seen_at).to_string()),
            Self::Has(attribute) => {
                let is_stated = attribute.is_stated(job);
                Some(if is_stated { "stated" } else { "not stated" }.to_owned())
            }
        }
    }
}

fn workplace(job: &JobValues<'_>) -> Option<String> {
    job.workplace.map(|workplace| workplace.to_string())
}

/// True if the job may be done remotely from one of the areas. False if it may not, or is not a
/// remote job.
fn open_to(wanted: &[Area], job: &JobValues<'_>) -> Truth {
    if matches!(job.workplace, Some(Workplace::Hybrid | Workplace::OnSite)) {
        return Truth::False;
    }
    let Some(open_to) = &job.facts.open_to else {
        return Truth::Unknown;
    };
    Truth::of_values(
        wanted
            .iter()
            .map(|area| known(open_to.includes(area), |is_open| is_open)),
    )
}

fn known<T>(value: Option<T>, holds: impl FnOnce(T) -> bool) -> Truth {
    value.map_or(Truth::Unknown, |value| holds(value).into())
}

/// Returns true if the tag is the wanted language, or a variety of it (`de-AT` is `de`).
fn is_language(tag: &str, wanted: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    tag.strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
