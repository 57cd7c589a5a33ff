//! The searched texts of a job, and their derivation from its fields.

use std::iter;

use crate::job::{Job, Location, Workplace};
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
    }
}

impl<'a> JobText<'a> {
    /// Returns all texts in order of preference: a hit in one is preferred to a hit in the next.
    pub(super) fn fields(&self) -> impl Iterator<Item = (Field, &'a str)> {
        let one = |field, text: Option<&'a str>| text.map(|text| (field, text));
        let title = iter::once((Field::Title, self.title));
        let locations = self.locations.iter().map(|name| (Field::Location, *name));

        title
            .chain(one(Field::Company, self.company))
            .chain(one(Field::Department, self.department))
            .chain(locations)
            .chain(one(Field::Description, self.description))
    }
}

impl<'a> SearchedFields<'a> {
    /// Returns the texts that are searched.
    ///
    /// If the board does not name a company, the source's name is used instead. The workplace
    /// counts as a place, so a profile with the term `remote` matches it in whatever form the board
    /// states it.
    pub fn texts(self, source_name: &'a str) -> JobText<'a> {
        let names = self.locations.iter().map(|location| location.name.as_str());
        let workplace = self.workplace.map(Workplace::as_str);

        JobText {
            title: self.title,
            company: Some(self.company.unwrap_or(source_name)),
            department: self.department,
            locations: names.chain(workplace).collect(),
            description: self.description,
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

    const ENGINEER: SearchedFields<'static> = SearchedFields {
        title: "Engineer",
        company: None,
        department: None,
        locations: &[],
        workplace: None,
        description: None,
    };

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
