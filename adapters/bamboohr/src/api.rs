//! The public list of openings: its requests and the format of its responses.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, FetchRequest, Request, SourceError, Text, Url};

const DOMAIN: &str = "bamboohr.com";

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Replaces the company's site.
    #[serde(default)]
    base_url: Option<String>,
}

/// The openings of one company.
#[derive(Debug)]
pub struct Board {
    /// The public pages.
    pages: Url,
    /// The company's API.
    site: Url,
}

impl Board {
    /// Returns the board of a request.
    pub fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        Ok(Self {
            pages: request.company_site(DOMAIN, None)?,
            site: request.company_site(DOMAIN, options.base_url.as_deref())?,
        })
    }

    /// Returns the request for the whole listing.
    pub fn listing(&self) -> Request {
        Request::get(self.site.clone().path("careers/list")).without_redirects()
    }

    /// Returns the request for one opening with its text.
    pub fn opening(&self, id: &str) -> Request {
        Request::get(self.site.clone().path("careers").segment(id).path("detail"))
    }

    /// Returns the URL of an opening's public page.
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

/// An opening in the listing.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Opening<'a> {
    /// Digits only.
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub job_opening_name: Text<'a>,
    #[serde(borrow, default)]
    pub department_label: Text<'a>,
    /// For example `Full-Time`.
    #[serde(borrow, default)]
    pub employment_status_label: Text<'a>,
    /// The place, for jobs at a place of the company.
    #[serde(borrow, default)]
    pub location: Option<Place<'a>>,
    /// The place, for all other jobs.
    #[serde(borrow, default)]
    pub ats_location: Option<Place<'a>>,
    /// Only some openings have it.
    #[serde(default)]
    pub is_remote: Option<bool>,
    /// `0` is on-site, `1` is remote, `2` is hybrid.
    #[serde(borrow, default)]
    pub location_type: Text<'a>,
    /// A plain date. Only some openings have it.
    #[serde(borrow, default)]
    pub date_posted: Text<'a>,
}

/// A place. Empty if the other of the two is used.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place<'a> {
    #[serde(borrow, default)]
    pub city: Text<'a>,
    #[serde(borrow, default)]
    pub state: Text<'a>,
    /// Used instead of a state.
    #[serde(borrow, default)]
    pub province: Text<'a>,
    /// The English name. The response for one opening calls it `addressCountry`.
    #[serde(borrow, default, alias = "addressCountry")]
    pub country: Text<'a>,
}

/// The response for one opening, with its text.
#[derive(Debug, serde::Deserialize)]
pub struct OpeningResponse<'a> {
    #[serde(borrow)]
    pub result: OpeningResult<'a>,
}

/// The result of a response.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpeningResult<'a> {
    #[serde(borrow)]
    pub job_opening: Details<'a>,
}

/// The fields of an opening that the listing does not contain.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details<'a> {
    /// HTML.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// A plain date.
    #[serde(borrow, default)]
    pub date_posted: Text<'a>,
    /// The pay, as text.
    #[serde(borrow, default)]
    pub compensation: Text<'a>,
    /// For example `Full-Time`.
    #[serde(borrow, default)]
    pub employment_status_label: Text<'a>,
    /// For example `Experienced`.
    #[serde(borrow, default)]
    pub minimum_experience: Text<'a>,
    /// The place, with its country.
    #[serde(borrow, default)]
    pub location: Option<Place<'a>>,
    /// The place, for jobs that are not at a place of the company. Usually without the province.
    #[serde(borrow, default)]
    pub ats_location: Option<Place<'a>>,
}

/// Parses a listing. Returns the openings and the number of openings that the board states. A
/// malformed opening does not hide the others.
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
