//! The public list of jobs: its requests and the format of its responses.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, FetchRequest, Request, SourceError, Text, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Replaces Rippling's scheme and host.
    #[serde(default = "Options::rippling")]
    base_url: String,
}

impl Options {
    fn rippling() -> String {
        "https://api.rippling.com".to_owned()
    }
}

/// The jobs of one company.
#[derive(Debug)]
pub struct Board(Url);

impl Board {
    /// Returns the board of a request.
    pub fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        let url = Url::at(&options.base_url).path("platform/api/ats/v1/board");
        Ok(Self(url.segment(&request.identifier).path("jobs")))
    }

    /// Returns the request for the whole listing.
    pub fn listing(&self) -> Request {
        Request::get(self.0.clone())
    }

    /// Returns the request for one job with its text.
    pub fn job(&self, uuid: &str) -> Request {
        Request::get(self.0.clone().segment(uuid))
    }
}

/// A job at one place. A job with several places is listed once for each.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job<'a> {
    /// The id of the job, the same at every place.
    #[serde(borrow)]
    pub uuid: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    /// URL of the public page.
    #[serde(borrow)]
    pub url: Text<'a>,
    #[serde(borrow, default)]
    pub department: Option<Label<'a>>,
    /// The place, or `Remote (COUNTRY)` if there is none.
    #[serde(borrow, default)]
    pub work_location: Option<Label<'a>>,
}

/// A record of which only the label is used.
#[derive(Debug, serde::Deserialize)]
pub struct Label<'a> {
    #[serde(borrow, default)]
    pub label: Text<'a>,
    /// In `employmentType`, this is the text for people and `label` is the API's name.
    #[serde(borrow, default)]
    pub id: Text<'a>,
}

/// The fields of a job that the listing does not contain.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details<'a> {
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    #[serde(borrow)]
    pub description: Texts<'a>,
    #[serde(borrow, default)]
    pub work_locations: Option<Vec<Text<'a>>>,
    /// For example `Salaried, full-time`.
    #[serde(borrow, default)]
    pub employment_type: Option<Label<'a>>,
    /// The pay, at each place or level.
    #[serde(borrow, default)]
    pub pay_range_details: Option<Vec<PayRange<'a>>>,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339).
    #[serde(borrow, default)]
    pub created_on: Text<'a>,
}

/// The pay of a job.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayRange<'a> {
    /// The place or level.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// In major units.
    #[serde(borrow, default)]
    pub range_start: Text<'a>,
    /// In major units.
    #[serde(borrow, default)]
    pub range_end: Text<'a>,
    /// [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html) code.
    #[serde(borrow, default)]
    pub currency: Text<'a>,
    /// For example `YEAR` or `HOUR`.
    #[serde(borrow, default)]
    pub frequency: Text<'a>,
}

/// The two parts of a text.
#[derive(Debug, serde::Deserialize)]
pub struct Texts<'a> {
    /// HTML about the company.
    #[serde(borrow, default)]
    pub company: Text<'a>,
    /// HTML about the job.
    #[serde(borrow, default)]
    pub role: Text<'a>,
}

/// Parses a listing, which is a list of jobs. A malformed job does not hide the others.
pub fn read(body: &[u8]) -> Result<Each<Job<'_>>, SourceError> {
    json::decode::<Elements>(body)?.read("jobs")
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Rippling, Options>();
    }
}
