//! The public list of jobs: which requests bring a board and a job, and the answers as Rippling
//! gives them.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, FetchRequest, Request, SourceError, Text, Url};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Stands in for Rippling's scheme and host.
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
    /// The board that a request asks for.
    pub fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        let url = Url::at(&options.base_url).path("platform/api/ats/v1/board");
        Ok(Self(url.segment(&request.identifier).path("jobs")))
    }

    /// The request for the whole listing.
    pub fn listing(&self) -> Request {
        Request::get(self.0.clone())
    }

    /// The request for one job with its text.
    pub fn job(&self, uuid: &str) -> Request {
        Request::get(self.0.clone().segment(uuid))
    }
}

/// One job at one place. A job of several places comes once for each.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job<'a> {
    /// The job's, at whatever place.
    #[serde(borrow)]
    pub uuid: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// The public page.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// Whose it is.
    #[serde(borrow, default)]
    pub department: Option<Label<'a>>,
    /// Where; `Remote (COUNTRY)` where it is nowhere.
    #[serde(borrow, default)]
    pub work_location: Option<Label<'a>>,
}

/// Anything of which only the words matter.
#[derive(Debug, serde::Deserialize)]
pub struct Label<'a> {
    /// As people read it.
    #[serde(borrow, default)]
    pub label: Text<'a>,
    /// In `employmentType` this one is for people, and the other a word of the API.
    #[serde(borrow, default)]
    pub id: Text<'a>,
}

/// What a job has beside the listing.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details<'a> {
    /// The company's name.
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    /// The text.
    #[serde(borrow)]
    pub description: Texts<'a>,
    /// All places.
    #[serde(borrow, default)]
    pub work_locations: Option<Vec<Text<'a>>>,
    /// Such as `Salaried, full-time`.
    #[serde(borrow, default)]
    pub employment_type: Option<Label<'a>>,
    /// What it pays, at each place or level.
    #[serde(borrow, default)]
    pub pay_range_details: Option<Vec<PayRange<'a>>>,
    /// RFC 3339.
    #[serde(borrow, default)]
    pub created_on: Text<'a>,
}

/// What a job pays.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayRange<'a> {
    /// Where, or at which level.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// In whole units of the currency.
    #[serde(borrow, default)]
    pub range_start: Text<'a>,
    /// In whole units of the currency.
    #[serde(borrow, default)]
    pub range_end: Text<'a>,
    /// ISO 4217.
    #[serde(borrow, default)]
    pub currency: Text<'a>,
    /// `YEAR`, `HOUR` or the like.
    #[serde(borrow, default)]
    pub frequency: Text<'a>,
}

/// The two parts of a text.
#[derive(Debug, serde::Deserialize)]
pub struct Texts<'a> {
    /// Who they are: HTML.
    #[serde(borrow, default)]
    pub company: Text<'a>,
    /// What there is to do: HTML.
    #[serde(borrow, default)]
    pub role: Text<'a>,
}

/// Reads a listing, which is a list of jobs and nothing else. One odd job does not hide the others.
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
