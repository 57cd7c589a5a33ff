//! The public list of openings: which requests bring a board and an opening, and the answers as
//! BambooHR gives them.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, FetchRequest, Request, SourceError, Text, Url};

const DOMAIN: &str = "bamboohr.com";

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Stands in for the company's site.
    #[serde(default)]
    base_url: Option<String>,
}

/// The openings of one company.
#[derive(Debug)]
pub struct Board {
    /// Where people read them.
    pages: Url,
    /// Where they are asked for.
    site: Url,
}

impl Board {
    /// The board that a request asks for.
    pub fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        Ok(Self {
            pages: request.company_site(DOMAIN, None)?,
            site: request.company_site(DOMAIN, options.base_url.as_deref())?,
        })
    }

    /// The request for the whole listing.
    pub fn listing(&self) -> Request {
        Request::get(self.site.clone().path("careers/list")).without_redirects()
    }

    /// The request for one opening with its text.
    pub fn opening(&self, id: &str) -> Request {
        Request::get(self.site.clone().path("careers").segment(id).path("detail"))
    }

    /// The public page of an opening.
    pub fn page(&self, id: &str) -> String {
        self.pages.clone().path("careers").segment(id).into()
    }
}

#[derive(serde::Deserialize)]
struct Listing<'a> {
    #[serde(default)]
    meta: Option<Meta>,
    #[serde(borrow)]
    result: Elements<'a>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    #[serde(default)]
    total_count: Option<u32>,
}

/// One opening as the listing has it.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Opening<'a> {
    /// Digits.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub job_opening_name: Text<'a>,
    /// Whose it is.
    #[serde(borrow, default)]
    pub department_label: Text<'a>,
    /// Such as `Full-Time`.
    #[serde(borrow, default)]
    pub employment_status_label: Text<'a>,
    /// Where, for jobs at a place of the company's.
    #[serde(borrow, default)]
    pub location: Option<Place<'a>>,
    /// Where, for all others.
    #[serde(borrow, default)]
    pub ats_location: Option<Place<'a>>,
    /// Only some have it.
    #[serde(default)]
    pub is_remote: Option<bool>,
    /// `0` at the place, `1` remote, `2` hybrid.
    #[serde(borrow, default)]
    pub location_type: Text<'a>,
    /// A date; only some have it.
    #[serde(borrow, default)]
    pub date_posted: Text<'a>,
}

/// A place. Empty where the other of the two is meant.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place<'a> {
    /// The city.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// The state.
    #[serde(borrow, default)]
    pub state: Text<'a>,
    /// In place of a state.
    #[serde(borrow, default)]
    pub province: Text<'a>,
    /// In English; openings call it `addressCountry`.
    #[serde(borrow, default, alias = "addressCountry")]
    pub country: Text<'a>,
}

/// One opening with its text.
#[derive(Debug, serde::Deserialize)]
pub struct OpeningResponse<'a> {
    /// What it is about.
    #[serde(borrow)]
    pub result: OpeningResult<'a>,
}

/// What an answer is about.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpeningResult<'a> {
    /// The opening.
    #[serde(borrow)]
    pub job_opening: Details<'a>,
}

/// What an opening has beside the listing.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details<'a> {
    /// HTML.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// A date.
    #[serde(borrow, default)]
    pub date_posted: Text<'a>,
    /// What it pays, in words.
    #[serde(borrow, default)]
    pub compensation: Text<'a>,
    /// Such as `Full-Time`.
    #[serde(borrow, default)]
    pub employment_status_label: Text<'a>,
    /// Such as `Experienced`.
    #[serde(borrow, default)]
    pub minimum_experience: Text<'a>,
    /// Where, with the country.
    #[serde(borrow, default)]
    pub location: Option<Place<'a>>,
    /// Where, for jobs that are at no place of the company's.
    #[serde(borrow, default)]
    pub ats_location: Option<Place<'a>>,
}

/// Reads a listing, and how many openings the board says that it has. One odd opening does not hide
/// the others.
pub fn read(body: &[u8]) -> Result<(Each<Opening<'_>>, Option<u32>), SourceError> {
    let listing: Listing = json::decode(body)?;
    Ok((
        listing.result.read("result")?,
        listing.meta.and_then(|meta| meta.total_count),
    ))
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::BambooHr, Options>();
    }
}
