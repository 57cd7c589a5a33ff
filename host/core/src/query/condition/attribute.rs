//! Values that a job has or not: `has:salary`.

use super::job_values::JobValues;
use crate::normalize::facts::KnownPay;
use crate::normalize::facts::place::Place;
use crate::words;

words! {
    /// A value that a job has or not.
    pub enum Attribute: "a value that a job may have" {
        Salary = "salary",
        Location = "location",
        Workplace = "workplace",
        Country = "country",
        Region = "region",
        City = "city",
        OpenTo = "open-to",
        EmploymentType = "type",
        Language = "lang",
        Level = "level",
        Years = "years",
        Posted = "posted",
        Description = "description",
    }
}

impl Attribute {
    /// Returns true if the board states the value, in a field or in a text.
    pub(super) fn is_stated(self, job: &JobValues<'_>) -> bool {
        let facts = job.facts;
        let any_place = |is_known: fn(&Place) -> bool| facts.places.iter().any(is_known);
        match self {
            Self::Salary => facts.pay.iter().any(KnownPay::is_base_here),
            Self::Location => job.has_location,
            Self::Workplace => job.workplace.is_some(),
            Self::Country => any_place(|place| place.country.is_some()),
            Self::Region => any_place(|place| place.region.is_some()),
            Self::City => any_place(|place| place.city.is_some()),
            Self::OpenTo => facts.open_to.is_some(),
            Self::EmploymentType => job.employment_type.is_some() || !facts.employment.is_empty(),
            Self::Language => facts.language.is_some(),
            Self::Level => !facts.levels.is_empty(),
            Self::Years => facts.years.is_some(),
            Self::Posted => job.posted_at.is_some(),
            Self::Description => job.has_description,
        }
    }
}
