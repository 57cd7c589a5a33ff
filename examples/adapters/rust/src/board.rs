//! The board's URLs, and the conversion of its responses to raw jobs. Unused fields are not
//! mentioned, and the board may add new ones.

use serde_json::Value;

use crate::bindings::job_scanner::source::http::Request;
use crate::bindings::job_scanner::source::types::{
    Description, Location, RawJob, SourceError, Workplace,
};
use crate::web::{encoded, get, needed, text, unexpected};

const BOARD: &str = "https://api.jobs.example";

/// A company on the board, with its configured options.
pub struct Source {
    url: String,
    department: Option<String>,
}

impl Source {
    /// Reads the options, which the host has validated against the manifest's schema.
    pub fn new(company: &str, options: &str) -> Result<Self, SourceError> {
        let options: Value = serde_json::from_str(options)
            .map_err(|error| SourceError::InvalidOptions(error.to_string()))?;
        let base = options["base_url"]
            .as_str()
            .unwrap_or(BOARD)
            .trim_end_matches('/');
        let department = options["department"].as_str().map(str::to_owned);
        Ok(Self {
            url: format!("{base}/companies/{}", encoded(company)),
            department,
        })
    }
}

/// A page of the listing.
pub struct Listing {
    /// The number of jobs on all pages.
    pub total: u32,
    /// The number of the next page.
    pub next: Option<u32>,
    pub jobs: Vec<RawJob>,
    /// Jobs that could not be read.
    pub warnings: Vec<String>,
}

/// Returns the request for a page of the listing, counted from 1.
pub fn listing_request(source: &Source, page: u32, conditional: bool) -> Request {
    let department = source
        .department
        .as_ref()
        .map(|department| format!("&department={}", encoded(department)));
    get(
        format!(
            "{}/jobs?page={page}{}",
            source.url,
            department.unwrap_or_default()
        ),
        conditional,
    )
}

/// Returns the request for the details of one job.
pub fn details_request(source: &Source, id: &str) -> Request {
    get(format!("{}/jobs/{}", source.url, encoded(id)), false)
}

/// Reads a page of the listing.
pub fn read_listing(answer: &Value) -> Result<Listing, SourceError> {
    let entries = answer["jobs"]
        .as_array()
        .ok_or_else(|| unexpected("jobs: expected a list"))?;
    let total = count(&answer["total"]).ok_or_else(|| unexpected("total: expected a number"))?;
    let next = match &answer["next"] {
        Value::Null => None,
        next => Some(count(next).ok_or_else(|| unexpected("next: expected a number or null"))?),
    };
    let mut listing = Listing {
        total,
        next,
        jobs: Vec::new(),
        warnings: Vec::new(),
    };
    for (index, entry) in entries.iter().enumerate() {
        match listed_job(entry) {
            Ok(job) => listing.jobs.push(job),
            Err(words) => listing.warnings.push(format!("jobs[{index}].{words}")),
        }
    }
    Ok(listing)
}

/// Reads a job of the listing. Fields that the board does not give stay `None`.
fn listed_job(entry: &Value) -> Result<RawJob, String> {
    let changed = text(entry, "changed")?;
    Ok(RawJob {
        external_id: needed(entry, "id")?,
        title: needed(entry, "title")?,
        url: needed(entry, "url")?,
        updated_at: changed.clone(),
        // This board sets it exactly when the job changes.
        revision: changed,
        apply_url: None,
        company: None,
        department: None,
        locations: Vec::new(),
        workplace: None,
        employment_type: None,
        salary: None,
        description: None,
        language: None,
        posted_at: None,
        expires_at: None,
        extra: Vec::new(),
    })
}

/// Adds the details to a job.
pub fn add_details(job: &mut RawJob, details: &Value) -> Result<(), SourceError> {
    let field = |key| text(details, key).map_err(|words| unexpected(&words));
    let (location, html, department) = (
        field("location")?,
        field("description")?,
        field("department")?,
    );
    let (workplace, published) = (field("workplace")?, field("published")?);
    job.department = department;
    job.locations.extend(location.map(|name| Location {
        name,
        city: None,
        region: None,
        country: None,
    }));
    job.workplace = match workplace.as_deref() {
        Some("on-site") => Some(Workplace::OnSite),
        Some("hybrid") => Some(Workplace::Hybrid),
        Some("remote") => Some(Workplace::Remote),
        _ => None,
    };
    job.description = html.map(Description::Html);
    job.posted_at = published;
    Ok(())
}

fn count(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}
