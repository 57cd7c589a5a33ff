//! The searched texts of a job, and their derivation from its fields.

use std::iter;

use crate::job::{Job, Location, ShownCompany, Workplace};
use crate::words;

/// The texts of one job that are searched: plain text in NFC, as [`crate::normalize`] creates it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobText<'a> {
    pub title: &'a str,
    pub company: Option<&'a str>,
    pub department: Option<&'a str>,
    /// The names of the places. A phrase never spans two of them.
    pub locations: Vec<&'a str>,
    pub description: Option<&'a str>,
    /// Texts that only a query searches, never a profile.
    pub other: Vec<&'a str>,
}

/// The fields of a job that its searched texts are derived from. Normalized jobs and rows of stored
/// jobs both have them.
#[derive(Debug, Clone, Copy)]
pub struct SearchedFields<'a> {
    pub title: &'a str,
    pub company: Option<&'a str>,
    pub department: Option<&'a str>,
    pub locations: &'a [Location],
    pub workplace: Option<Workplace>,
    pub description: Option<&'a str>,
}

words! {
    /// A part of a job.
    pub enum Field: "a part of a job" {
        Title = "title",
        Company = "company",
        Department = "department",
        Location = "location",
        Description = "description",
        /// Found only by a query.
        Other = "other",
    }
}

impl<'a> JobText<'a> {
    /// Returns all texts in order of preference: a hit in one is preferred to a hit in the next.
    pub(super) fn fields(&self) -> impl Iterator<Item = (Field, &'a str)> {
        let one = |field, text: Option<&'a str>| text.map(|text| (field, text));
        let title = iter::once((Field::Title, self.title));
        let locations = self.locations.iter().map(|name| (Field::Location, *name));
        let other = self.other.iter().map(|text| (Field::Other, *text));

        title
            .chain(one(Field::Company, self.company))
            .chain(one(Field::Department, self.department))
            .chain(locations)
            .chain(one(Field::Description, self.description))
            .chain(other)
    }
}

impl<'a> SearchedFields<'a> {
    /// Returns the texts that a profile searches.
    ///
    /// The company is that of [`ShownCompany`]. The workplace counts as a place, so a profile with
    /// the term `remote` matches it in whatever form the board states it.
    pub fn texts(self, source_name: &'a str) -> JobText<'a> {
        let names = self.locations.iter().map(|location| location.name.as_str());
        let workplace = self.workplace.map(Workplace::as_str);

        JobText {
            title: self.title,
            company: Some(ShownCompany::of(self.company, source_name).name),
            department: self.department,
            locations: names.chain(workplace).collect(),
            description: self.description,
            other: Vec::new(),
        }
    }
}

impl Job {
    /// Returns the texts that a query searches: those that a profile searches, and the other words
    /// of the board that are shown.
    pub fn query_texts<'a>(&'a self, source_name: &'a str) -> JobText<'a> {
        let pay = self.salary.as_ref().and_then(|pay| pay.text.as_deref());
        let places = self.locations.iter();
        let parts_of_places =
            places.flat_map(|place| [place.city.as_deref(), place.region.as_deref()]);
        let extra = self.extra.iter();
        let extra = extra.flat_map(|(name, value)| [Some(name.as_str()), Some(value.as_str())]);

        let other = [self.employment_type.as_deref(), pay].into_iter();
        JobText {
            other: other
                .chain(parts_of_places)
                .chain(extra)
                .flatten()
                .collect(),
            ..SearchedFields::from(self).texts(source_name)
        }
    }
}

impl<'a> From<&'a Job> for SearchedFields<'a> {
    fn from(job: &'a Job) -> Self {
        Self {
            title: &job.title,
            company: job.company.as_deref(),
            department: job.department.as_deref(),
            locations: &job.locations,
            workplace: job.workplace,
            description: job.description.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{ContentHash, Salary};
    use crate::key::ExternalId;

    const ENGINEER: SearchedFields<'static> = SearchedFields {
        title: "Engineer",
        company: None,
        department: None,
        locations: &[],
        workplace: None,
        description: None,
    };

    /// Returns a job with only the required fields.
    fn job() -> Job {
        Job {
            external_id: ExternalId::new("7").unwrap(),
            title: "Cook".to_owned(),
            company: None,
            department: None,
            locations: Vec::new(),
            workplace: None,
            employment_type: None,
            salary: None,
            description: None,
            language: None,
            url: "https://acme.example/jobs/7".to_owned(),
            apply_url: None,
            posted_at: None,
            updated_at: None,
            expires_at: None,
            extra: Vec::new(),
            content_hash: ContentHash::from_bytes([1; 32]),
        }
    }

    #[test]
    fn the_name_of_the_source_replaces_a_missing_company() {
        let named = SearchedFields {
            company: Some("Acme Inc."),
            ..ENGINEER
        };

        assert_eq!(ENGINEER.texts("Acme").company, Some("Acme"));
        assert_eq!(named.texts("Acme").company, Some("Acme Inc."));
    }

    #[test]
    fn only_a_query_searches_the_other_words_that_are_shown() {
        let wien = Location {
            name: "Vienna office".to_owned(),
            city: Some("Wien".to_owned()),
            region: Some("Niederösterreich".to_owned()),
            country: Some("AT".to_owned()),
        };
        let job = Job {
            department: Some("Kitchen".to_owned()),
            locations: vec![wien],
            employment_type: Some("Minijob".to_owned()),
            salary: Some(Salary {
                text: Some("tips included".to_owned()),
                ..Salary::default()
            }),
            extra: vec![("Shift".to_owned(), "early".to_owned())],
            ..job()
        };

        let texts = job.query_texts("Acme");
        assert_eq!(
            texts.other,
            [
                "Minijob",
                "tips included",
                "Wien",
                "Niederösterreich",
                "Shift",
                "early"
            ]
        );
        let of_profile = SearchedFields::from(&job).texts("Acme");
        assert_eq!(
            of_profile,
            JobText {
                other: Vec::new(),
                ..texts
            }
        );
    }

    #[test]
    fn the_workplace_is_searched_after_the_places() {
        let berlin = Location {
            name: "Berlin".to_owned(),
            city: None,
            region: None,
            country: None,
        };
        let remote = SearchedFields {
            locations: &[berlin],
            workplace: Some(Workplace::Remote),
            ..ENGINEER
        };

        assert_eq!(remote.texts("Acme").locations, ["Berlin", "remote"]);
    }
}
