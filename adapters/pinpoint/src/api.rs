//! The public list of postings: its request and the format of its response.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, FetchRequest, Request, SourceError, Text};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces the company's site.
    #[serde(default)]
    base_url: Option<String>,
}

/// Returns the request for the whole board.
pub fn listing(request: &FetchRequest) -> Result<Request, SourceError> {
    let options: Options = request.read_options()?;
    let site = request.company_site("pinpointhq.com", options.base_url.as_deref())?;
    Ok(Request::get(site.path("postings.json")).without_redirects())
}

/// The listing of a board.
#[derive(Debug, serde::Deserialize)]
struct Listing<'a> {
    #[serde(borrow)]
    data: Elements<'a>,
}

/// A posting.
#[derive(Debug, serde::Deserialize)]
pub struct Posting<'a> {
    /// Digits only.
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub title: Text<'a>,
    /// URL of the public page, on the company's site.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// HTML of an editor that leaves comments in it. The next three parts have the same format,
    /// each with its own heading.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// HTML, like `description`.
    #[serde(borrow, default)]
    pub key_responsibilities: Text<'a>,
    /// The heading of that part, in the employer's words.
    #[serde(borrow, default)]
    pub key_responsibilities_header: Text<'a>,
    /// HTML, like `description`.
    #[serde(borrow, default)]
    pub skills_knowledge_expertise: Text<'a>,
    /// The heading of that part, in the employer's words.
    #[serde(borrow, default)]
    pub skills_knowledge_expertise_header: Text<'a>,
    /// HTML, like `description`.
    #[serde(borrow, default)]
    pub benefits: Text<'a>,
    /// The heading of that part, in the employer's words.
    #[serde(borrow, default)]
    pub benefits_header: Text<'a>,
    /// A code, for example `full_time`.
    #[serde(borrow, default)]
    pub employment_type: Text<'a>,
    /// The employment type as text.
    #[serde(borrow, default)]
    pub employment_type_text: Text<'a>,
    /// `onsite`, `hybrid` or `remote`.
    #[serde(borrow, default)]
    pub workplace_type: Text<'a>,
    /// The pay, as text.
    #[serde(borrow, default)]
    pub compensation: Text<'a>,
    /// In major units.
    #[serde(default)]
    pub compensation_minimum: Option<f64>,
    /// In major units.
    #[serde(default)]
    pub compensation_maximum: Option<f64>,
    /// [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html) code.
    #[serde(borrow, default)]
    pub compensation_currency: Text<'a>,
    /// For example `year`.
    #[serde(borrow, default)]
    pub compensation_frequency: Text<'a>,
    /// `false` if the employer does not want the pay shown. The response contains the numbers
    /// nevertheless.
    #[serde(default)]
    pub compensation_visible: Option<bool>,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), with an offset.
    #[serde(borrow, default)]
    pub deadline_at: Text<'a>,
    #[serde(borrow, default)]
    pub location: Option<Place<'a>>,
    #[serde(borrow, default)]
    pub job: Option<Opening<'a>>,
}

/// A place of work.
#[derive(Debug, serde::Deserialize)]
pub struct Place<'a> {
    /// The company's name for the place.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// May be empty.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// May be empty.
    #[serde(borrow, default)]
    pub province: Text<'a>,
}

/// The opening that a posting belongs to.
#[derive(Debug, serde::Deserialize)]
pub struct Opening<'a> {
    /// The employer's own number of the opening.
    #[serde(borrow, default)]
    pub requisition_id: Text<'a>,
    #[serde(borrow, default)]
    pub department: Option<Named<'a>>,
    /// A division of the company.
    #[serde(borrow, default)]
    pub division: Option<Named<'a>>,
}

/// A record of which only the name is used.
#[derive(Debug, serde::Deserialize)]
pub struct Named<'a> {
    #[serde(borrow, default)]
    pub name: Text<'a>,
}

/// Parses a listing. A malformed posting does not hide the others.
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
