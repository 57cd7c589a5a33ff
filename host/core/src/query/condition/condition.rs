//! Conditions on the values of a job that boards state in fields of their own.
//!
//! A condition on a value that the board does not state is unknown.

use jiff::{SignedDuration, Timestamp};

use super::age;
use super::employment::words_of;
use super::pay::Pay;
use crate::job::{BoardTime, Location, Salary, Workplace};
use crate::query::lexer::ComparisonSign;
use crate::query::truth::Truth;
use crate::words;

/// The values of a job that conditions compare.
#[derive(Debug, Clone, Copy)]
pub struct JobValues<'a> {
    pub locations: &'a [Location],
    pub workplace: Option<Workplace>,
    /// The employment type in the board's words.
    pub employment_type: Option<&'a str>,
    pub salary: Option<&'a Salary>,
    /// A BCP 47 tag.
    pub language: Option<&'a str>,
    pub has_description: bool,
    /// The time of posting, as the board states it.
    pub posted_at: Option<BoardTime>,
    /// The time at which the job was first listed to us.
    pub first_seen_at: Timestamp,
    /// The time at which ages are computed.
    pub now: Timestamp,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// `salary >= 70000 EUR/year`
    Salary(ComparisonSign, Pay),
    /// `workplace:remote|hybrid`
    Workplace(Vec<Workplace>),
    /// `country:DE|AT`: codes in upper case
    Country(Vec<String>),
    /// `type:full-time`: words in lower case, separated by single spaces
    EmploymentType(Vec<String>),
    /// `lang:de`: tags in lower case
    Language(Vec<String>),
    /// `posted < 7d`
    Posted(ComparisonSign, SignedDuration),
    /// `first_seen < 7d`
    FirstSeen(ComparisonSign, SignedDuration),
    /// `has:salary`
    Has(Attribute),
}

words! {
    /// A value that a job has or not.
    pub enum Attribute: "a value that a job may have" {
        Salary = "salary",
        Location = "location",
        Workplace = "workplace",
        Country = "country",
        EmploymentType = "type",
        Language = "lang",
        Posted = "posted",
        Description = "description",
    }
}

impl Condition {
    /// Evaluates the condition.
    pub(crate) fn truth(&self, job: &JobValues<'_>) -> Truth {
        match self {
            Self::Salary(comparison, pay) => pay.compare(*comparison, job.salary),
            Self::Workplace(wanted) => {
                known(job.workplace, |workplace| wanted.contains(&workplace))
            }
            Self::Country(wanted) => country(wanted, job.locations),
            Self::EmploymentType(wanted) => known(job.employment_type, |text| {
                let words = words_of(text);
                wanted.iter().any(|wanted| has_words(&words, wanted))
            }),
            Self::Language(wanted) => known(job.language, |tag| {
                wanted.iter().any(|wanted| is_language(tag, wanted))
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

    /// Returns the value of the job that decided; `None` if the board does not state it.
    pub(crate) fn value(&self, job: &JobValues<'_>) -> Option<String> {
        match self {
            Self::Salary(..) => job.salary.map(salary_in_words),
            Self::Workplace(_) => job.workplace.map(|workplace| workplace.to_string()),
            Self::Country(_) => {
                let countries = job
                    .locations
                    .iter()
                    .filter_map(|place| place.country.clone());
                Some(countries.collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
            }
            Self::EmploymentType(_) => job.employment_type.map(str::to_owned),
            Self::Language(_) => job.language.map(str::to_owned),
            Self::Posted(..) => job.posted_at.map(|posted| posted.to_string()),
            Self::FirstSeen(..) => Some(BoardTime::Moment(job.first_seen_at).to_string()),
            Self::Has(attribute) => Some(
                if attribute.is_stated(job) {
                    "stated"
                } else {
                    "not stated"
                }
                .to_owned(),
            ),
        }
    }
}

impl Attribute {
    fn is_stated(self, job: &JobValues<'_>) -> bool {
        match self {
            Self::Salary => job
                .salary
                .is_some_and(|salary| salary.min.is_some() || salary.max.is_some()),
            Self::Location => !job.locations.is_empty(),
            Self::Workplace => job.workplace.is_some(),
            Self::Country => job.locations.iter().any(|place| place.country.is_some()),
            Self::EmploymentType => job.employment_type.is_some(),
            Self::Language => job.language.is_some(),
            Self::Posted => job.posted_at.is_some(),
            Self::Description => job.has_description,
        }
    }
}

fn known<T>(value: Option<T>, holds: impl FnOnce(T) -> bool) -> Truth {
    value.map_or(Truth::Unknown, |value| holds(value).into())
}

/// True if a place is in one of the countries, false if the countries of all places are known and
/// none is, unknown otherwise.
fn country(wanted: &[String], places: &[Location]) -> Truth {
    let is_wanted = |place: &Location| {
        let country = place.country.as_deref();
        country.is_some_and(|country| wanted.iter().any(|wanted| wanted == country))
    };
    if places.iter().any(is_wanted) {
        return Truth::True;
    }
    let all_known = !places.is_empty() && places.iter().all(|place| place.country.is_some());
    if all_known {
        Truth::False
    } else {
        Truth::Unknown
    }
}

/// Returns true if the words contain the wanted words in a row.
fn has_words(words: &str, wanted: &str) -> bool {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let wanted: Vec<&str> = wanted.split(' ').collect();
    words.windows(wanted.len()).any(|window| window == wanted)
}

/// Returns true if the tag is the wanted language, or a variety of it (`de-AT` is `de`).
fn is_language(tag: &str, wanted: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    tag.strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn salary_in_words(salary: &Salary) -> String {
    let number = |amount: Option<f64>| amount.map_or_else(String::new, |amount| amount.to_string());
    let range = match (salary.min, salary.max) {
        (None, None) => return salary.text.clone().unwrap_or_default(),
        (min, max) if min == max => number(min),
        (min, max) => format!("{}–{}", number(min), number(max)),
    };
    let currency = salary.currency.as_deref().unwrap_or("?");
    let period = salary.period.map_or("?", |period| period.as_str());
    format!("{range} {currency}/{period}")
}
