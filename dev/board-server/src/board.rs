//! Boards and their jobs, in no particular board's words: each API module says them in its own.

use serde_json::Value;

/// What one company offers at the moment. Order and repeated ids are served as they stand here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Board {
    /// The display name; the token where `None`.
    pub company: Option<String>,
    /// The vacancies, in the order they are served.
    pub jobs: Vec<BoardJob>,
}

impl Board {
    /// A board with these jobs, named after its token.
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

    /// Takes every job of that id off the board.
    pub fn remove(&mut self, id: u64) {
        self.jobs.retain(|job| job.id != id);
    }

    /// Replaces the first job of the same id, or appends this one.
    pub fn put(&mut self, job: BoardJob) {
        match self.jobs.iter_mut().find(|known| known.id == job.id) {
            Some(known) => *known = job,
            None => self.jobs.push(job),
        }
    }
}

/// One vacancy. Built by [`job`]; every field may also be set directly.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardJob {
    /// What the board calls it.
    pub id: u64,
    /// The opening behind it, shared by posts of one opening in several places.
    pub opening: Option<u64>,
    /// As written by the employer, stray spaces included.
    pub title: String,
    /// One free text; several places are joined by `;`.
    pub location: String,
    /// The description as HTML, not escaped; `None` for a job without a text.
    pub content_html: Option<String>,
    /// The page to read it on; one under `careers.example` where `None`.
    pub url: Option<String>,
    /// RFC 3339 with an offset.
    pub first_published: Option<String>,
    /// RFC 3339 with an offset.
    pub updated_at: String,
    /// The employer's own number for the opening.
    pub requisition: Option<String>,
    /// The application form's language, in the board's words.
    pub language: String,
    /// Where in the company.
    pub departments: Vec<String>,
    /// The company's places that list it.
    pub offices: Vec<Office>,
    /// The employer's own fields, where the API has such; `None` where it shows none.
    pub metadata: Option<Vec<Metadata>>,
    /// Where the work is done, where the API has a field for it.
    pub workplace: Option<Workplace>,
    /// How the job is contracted, where the API has a field for it.
    pub employment: Option<Employment>,
    /// What it pays.
    pub salary: Option<Salary>,
}

/// Where the work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workplace {
    /// At the company's place.
    OnSite,
    /// There and elsewhere.
    Hybrid,
    /// Elsewhere.
    Remote,
}

/// How a job is contracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Employment {
    /// For the whole week.
    FullTime,
    /// For a part of it.
    PartTime,
    /// To learn.
    Intern,
    /// As a company of one's own.
    Contract,
    /// For a while.
    Temporary,
}

/// What a job pays in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salary {
    /// Whole units of the currency.
    pub min: u64,
    /// Whole units of the currency.
    pub max: u64,
    /// ISO 4217.
    pub currency: String,
}

/// One place of a company.
#[derive(Debug, Clone, PartialEq)]
pub struct Office {
    /// What the company calls it.
    pub name: String,
    /// Where it is, in full.
    pub location: Option<String>,
}

/// One of the fields that an employer defined for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    /// What the employer calls it.
    pub name: String,
    /// `single_select`, `short_text`, `user` and so on.
    pub value_type: String,
    /// In the shape that goes with the type.
    pub value: Value,
}

/// A plain, valid job to start from.
pub fn job(id: u64) -> BoardJob {
    BoardJob {
        id,
        opening: Some(id),
        title: format!("Job {id}"),
        location: "Berlin, Germany".to_owned(),
        content_html: Some("<p>We are looking for somebody who likes their work.</p>".to_owned()),
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

/// Each method replaces one field, or appends to a list.
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

    /// Takes the description away.
    #[must_use]
    pub fn without_content(mut self) -> Self {
        self.content_html = None;
        self
    }

    /// Sets the page to read the job on.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Makes it one of the posts of that opening.
    #[must_use]
    pub fn opening(mut self, opening: u64) -> Self {
        self.opening = Some(opening);
        self
    }

    /// Sets when it was first published.
    #[must_use]
    pub fn first_published(mut self, at: impl Into<String>) -> Self {
        self.first_published = Some(at.into());
        self
    }

    /// Sets when it was last touched.
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

    /// Makes this its only department.
    #[must_use]
    pub fn department(mut self, department: impl Into<String>) -> Self {
        self.departments = vec![department.into()];
        self
    }

    /// Adds a place of the company.
    #[must_use]
    pub fn office(mut self, name: impl Into<String>, location: impl Into<String>) -> Self {
        self.offices.push(Office {
            name: name.into(),
            location: Some(location.into()),
        });
        self
    }

    /// Sets where the work is done.
    #[must_use]
    pub fn workplace(mut self, workplace: Workplace) -> Self {
        self.workplace = Some(workplace);
        self
    }

    /// Sets how it is contracted.
    #[must_use]
    pub fn employment(mut self, employment: Employment) -> Self {
        self.employment = Some(employment);
        self
    }

    /// Sets what it pays in a year.
    #[must_use]
    pub fn salary(mut self, min: u64, max: u64, currency: impl Into<String>) -> Self {
        self.salary = Some(Salary {
            min,
            max,
            currency: currency.into(),
        });
        self
    }

    /// Its places one by one.
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        self.location
            .split(';')
            .map(str::trim)
            .filter(|place| !place.is_empty())
    }

    /// Adds one of the employer's own fields.
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
