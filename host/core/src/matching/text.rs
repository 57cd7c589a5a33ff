//! What of a job is searched.

use crate::job::Job;
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
        one(Field::Title, Some(self.title))
            .into_iter()
            .chain(one(Field::Company, self.company))
            .chain(one(Field::Department, self.department))
            .chain(self.locations.iter().map(|name| (Field::Location, *name)))
            .chain(one(Field::Description, self.description))
    }
}

impl<'a> From<&'a Job> for JobText<'a> {
    fn from(job: &'a Job) -> Self {
        Self {
            title: &job.title,
            company: job.company.as_deref(),
            department: job.department.as_deref(),
            locations: job
                .locations
                .iter()
                .map(|location| location.name.as_str())
                .collect(),
            description: job.description.as_deref(),
        }
    }
}
