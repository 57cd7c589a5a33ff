//! Boards and their jobs, independent of any API: each API module writes them in its own format.

use serde_json::Value;

/// The current jobs of one company. Their order and repeated ids are served unchanged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Board {
    /// The display name. With `None`, the token is used.
    pub company: Option<String>,
    pub jobs: Vec<BoardJob>,
}

impl Board {
    /// Creates a board with these jobs, named after its token.
    pub fn new(jobs: impl IntoIterator<Item = BoardJob>) -> Self {
        Self {
            company: None,
            jobs: jobs.into_iter().collect(),
        }
    }

    /// Appends a job.
    pub fn add(&mut self, job: BoardJob) {
        self.jobs.push(job);
    }

    /// Removes every job with that id.
    pub fn remove(&mut self, id: u64) {
        self.jobs.retain(|job| job.id != id);
    }

    /// Replaces the first job with the same id, or appends this one.
    pub fn put(&mut self, job: BoardJob) {
        match self.jobs.iter_mut().find(|known| known.id == job.id) {
            Some(known) => *known = job,
            None => self.jobs.push(job),
        }
    }
}

/// A job on a board. [`job`] creates one; every field may also be set directly.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardJob {
    pub id: u64,
    /// The id of the opening. Posts of one opening in several places share it.
    pub opening: Option<u64>,
    /// The title as the employer wrote it, stray spaces included.
    pub title: String,
    /// A free text. Several places are separated by `;`.
    pub location: String,
    /// The description as HTML, not escaped. `None` for a job without a description.
    pub content_html: Option<String>,
    /// The URL of the job's page. With `None`, the API module makes one up, such as one under
    /// `careers.example`.
    pub url: Option<String>,
    /// RFC 3339 with an offset.
    pub first_published: Option<String>,
    /// RFC 3339 with an offset.
    pub updated_at: String,
    /// The employer's own number for the opening.
    pub requisition: Option<String>,
    /// The language of the application form.
    pub language: String,
    pub departments: Vec<String>,
    pub offices: Vec<Office>,
    /// The employer's own fields, for APIs that have such fields. With `None`, the API sends
    /// `null`.
    pub metadata: Option<Vec<Metadata>>,
    /// Served by the APIs that have a field for it.
    pub workplace: Option<Workplace>,
    /// Served by the APIs that have a field for it.
    pub employment: Option<Employment>,
    pub salary: Option<Salary>,
}

/// The place of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workplace {
    OnSite,
    Hybrid,
    Remote,
}

/// The kind of employment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Employment {
    FullTime,
    PartTime,
    Intern,
    Contract,
    Temporary,
}

/// A salary per year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salary {
    /// Whole units of the currency.
    pub min: u64,
    /// Whole units of the currency.
    pub max: u64,
    /// [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html) code.
    pub currency: String,
}

/// An office of a company.
#[derive(Debug, Clone, PartialEq)]
pub struct Office {
    pub name: String,
    /// The full address, such as `Berlin, Germany`.
    pub location: Option<String>,
}

/// A custom field that an employer defined.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    pub name: String,
    /// `single_select`, `short_text`, `user` and so on.
    pub value_type: String,
    /// A value in the format of the type.
    pub value: Value,
}

/// Creates a plain, valid job for a test to change.
pub fn job(id: u64) -> BoardJob {
    BoardJob {
        id,
        opening: Some(id),
        title: format!("Job {id}"),
        location: "Berlin, Germany".to_owned(),
        content_html: Some("<p>We are looking for a person who likes their work.</p>".to_owned()),
        url: None,
        first_published: Some("2026-03-02T09:30:00-04:00".to_owned()),
        updated_at: "2026-03-05T17:45:10-04:00".to_owned(),
        requisition: None,
        language: "en".to_owned(),
        departments: vec!["Engineering".to_owned()],
        offices: Vec::new(),
        metadata: None,
        workplace: None,
        employment: None,
        salary: None,
    }
}

/// Setters: each replaces one field or appends to a list.
impl BoardJob {
    /// Sets the title.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the location text.
    #[must_use]
    pub fn location(mut self, location: impl Into<String>) -> Self {
        self.location = location.into();
        self
    }

    /// Sets the description, as HTML that is not escaped yet.
    #[must_use]
    pub fn content_html(mut self, html: impl Into<String>) -> Self {
        self.content_html = Some(html.into());
        self
    }

    /// Removes the description.
    #[must_use]
    pub fn without_content(mut self) -> Self {
        self.content_html = None;
        self
    }

    /// Sets the URL of the job's page.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Sets the id of the opening.
    #[must_use]
    pub fn opening(mut self, opening: u64) -> Self {
        self.opening = Some(opening);
        self
    }

    /// Sets the time of first publication, as RFC 3339 with an offset.
    #[must_use]
    pub fn first_published(mut self, at: impl Into<String>) -> Self {
        self.first_published = Some(at.into());
        self
    }

    /// Sets the time of the last change, as RFC 3339 with an offset.
    #[must_use]
    pub fn updated_at(mut self, at: impl Into<String>) -> Self {
        self.updated_at = at.into();
        self
    }

    /// Sets the employer's number for the opening.
    #[must_use]
    pub fn requisition(mut self, requisition: impl Into<String>) -> Self {
        self.requisition = Some(requisition.into());
        self
    }

    /// Sets the only department.
    #[must_use]
    pub fn department(mut self, department: impl Into<String>) -> Self {
        self.departments = vec![department.into()];
        self
    }

    /// Adds an office.
    #[must_use]
    pub fn office(mut self, name: impl Into<String>, location: impl Into<String>) -> Self {
        self.offices.push(Office {
            name: name.into(),
            location: Some(location.into()),
        });
        self
    }

    /// Sets the place of work.
    #[must_use]
    pub fn workplace(mut self, workplace: Workplace) -> Self {
        self.workplace = Some(workplace);
        self
    }

    /// Sets the kind of employment.
    #[must_use]
    pub fn employment(mut self, employment: Employment) -> Self {
        self.employment = Some(employment);
        self
    }

    /// Sets the salary per year.
    #[must_use]
    pub fn salary(mut self, min: u64, max: u64, currency: impl Into<String>) -> Self {
        self.salary = Some(Salary {
            min,
            max,
            currency: currency.into(),
        });
        self
    }

    /// Iterates over the places in the location text.
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        self.location
            .split(';')
            .map(str::trim)
            .filter(|place| !place.is_empty())
    }

    /// Adds a custom field of the employer.
    #[must_use]
    pub fn metadata(
        mut self,
        name: impl Into<String>,
        value_type: impl Into<String>,
        value: impl Into<Value>,
    ) -> Self {
        let entry = Metadata {
            name: name.into(),
            value_type: value_type.into(),
            value: value.into(),
        };
        self.metadata.get_or_insert_default().push(entry);
        self
    }
}
