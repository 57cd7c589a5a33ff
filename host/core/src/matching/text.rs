//! The texts of a job that are searched, and the rules by which they follow from its fields.

use std::iter;

use crate::job::{Job, Location, Workplace};
use crate::words;

/// The texts of one job that terms are looked for in: plain text in NFC, as [`crate::normalize`]
/// makes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobText<'a> {
    /// The title.
    pub title: &'a str,
    /// Who hires.
    pub company: Option<&'a str>,
    /// The department or team.
    pub department: Option<&'a str>,
    /// The names of the places. A phrase never spans two of them.
    pub locations: Vec<&'a str>,
    /// The description.
    pub description: Option<&'a str>,
}

/// The fields of a job that its texts follow from. A normalized job has them, and so does the row
/// of a stored one.
#[derive(Debug, Clone, Copy)]
pub struct SearchedFields<'a> {
    /// The title.
    pub title: &'a str,
    /// The company, if the board names one.
    pub company: Option<&'a str>,
    /// The department or team.
    pub department: Option<&'a str>,
    /// The places.
    pub locations: &'a [Location],
    /// The workplace, if the board tells it.
    pub workplace: Option<Workplace>,
    /// The description.
    pub description: Option<&'a str>,
}

words! {
    /// A part of a job.
    pub enum Field: "a part of a job" {
        /// The title.
        Title = "title",
        /// The employer.
        Company = "company",
        /// The department or team.
        Department = "department",
        /// One of the places.
        Location = "location",
        /// The description.
        Description = "description",
    }
}

impl<'a> JobText<'a> {
    /// All texts in the order in which a hit in one is preferred to a hit in the next.
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
    /// Returns the texts that terms are looked for in.
    ///
    /// The source's name stands in for a company that the board does not name. The workplace counts
    /// as a place: a profile with the term `remote` means it as well, however the board tells it.
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
    fn the_name_of_the_source_stands_in_for_a_missing_company() {
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
