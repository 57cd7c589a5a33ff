//! The public list of postings: which request brings a board, and the answer as Pinpoint gives it.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, FetchRequest, Request, SourceError, Text};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Stands in for the company's site.
    #[serde(default)]
    base_url: Option<String>,
}

/// The request for a whole board.
pub fn listing(request: &FetchRequest) -> Result<Request, SourceError> {
    let options: Options = request.read_options()?;
    let site = request.company_site("pinpointhq.com", options.base_url.as_deref())?;
    Ok(Request::get(site.path("postings.json")).without_redirects())
}

/// A board's listing.
#[derive(Debug, serde::Deserialize)]
struct Listing<'a> {
    #[serde(borrow)]
    data: Elements<'a>,
}

/// One posting.
#[derive(Debug, serde::Deserialize)]
pub struct Posting<'a> {
    /// Digits.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// On the company's site.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// HTML of an editor that leaves comments in it; so are the three that follow, each under its
    /// own heading.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// See `description`.
    #[serde(borrow, default)]
    pub key_responsibilities: Text<'a>,
    /// The employer's words for it.
    #[serde(borrow, default)]
    pub key_responsibilities_header: Text<'a>,
    /// See `description`.
    #[serde(borrow, default)]
    pub skills_knowledge_expertise: Text<'a>,
    /// The employer's words for it.
    #[serde(borrow, default)]
    pub skills_knowledge_expertise_header: Text<'a>,
    /// See `description`.
    #[serde(borrow, default)]
    pub benefits: Text<'a>,
    /// The employer's words for it.
    #[serde(borrow, default)]
    pub benefits_header: Text<'a>,
    /// A code, such as `full_time`.
    #[serde(borrow, default)]
    pub employment_type: Text<'a>,
    /// The same in words.
    #[serde(borrow, default)]
    pub employment_type_text: Text<'a>,
    /// `onsite`, `hybrid` or `remote`.
    #[serde(borrow, default)]
    pub workplace_type: Text<'a>,
    /// What it pays, in words.
    #[serde(borrow, default)]
    pub compensation: Text<'a>,
    /// In whole units of the currency.
    #[serde(default)]
    pub compensation_minimum: Option<f64>,
    /// In whole units of the currency.
    #[serde(default)]
    pub compensation_maximum: Option<f64>,
    /// ISO 4217.
    #[serde(borrow, default)]
    pub compensation_currency: Text<'a>,
    /// Such as `year`.
    #[serde(borrow, default)]
    pub compensation_frequency: Text<'a>,
    /// Numbers are served even where the employer does not want them shown.
    #[serde(default)]
    pub compensation_visible: Option<bool>,
    /// RFC 3339 with offset.
    #[serde(borrow, default)]
    pub deadline_at: Text<'a>,
    /// Where it is.
    #[serde(borrow, default)]
    pub location: Option<Place<'a>>,
    /// The opening behind it.
    #[serde(borrow, default)]
    pub job: Option<Opening<'a>>,
}

/// Where a job is.
#[derive(Debug, serde::Deserialize)]
pub struct Place<'a> {
    /// What the company calls it.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// Perhaps empty.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// Perhaps empty.
    #[serde(borrow, default)]
    pub province: Text<'a>,
}

/// The opening behind a posting.
#[derive(Debug, serde::Deserialize)]
pub struct Opening<'a> {
    /// The employer's own number for it.
    #[serde(borrow, default)]
    pub requisition_id: Text<'a>,
    /// Whose it is.
    #[serde(borrow, default)]
    pub department: Option<Named<'a>>,
    /// A part of the company.
    #[serde(borrow, default)]
    pub division: Option<Named<'a>>,
}

/// Anything of which only the name matters.
#[derive(Debug, serde::Deserialize)]
pub struct Named<'a> {
    /// As people read it.
    #[serde(borrow, default)]
    pub name: Text<'a>,
}

/// Reads a listing. One odd posting does not hide the others.
pub fn read(body: &[u8]) -> Result<Each<Posting<'_>>, SourceError> {
    json::decode::<Listing>(body)?.data.read("data")
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Pinpoint, Options>();
    }
}
