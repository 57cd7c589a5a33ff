//! The Job Postings API: its request and the format of its response.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored. Two
//! are omitted on purpose: `isRemote`, which is also true for hybrid jobs, and `descriptionPlain`,
//! which repeats the HTML.

use job_scanner_sdk::{Elements, Request, SourceError, Text, Url, json};
use serde_json::value::RawValue;

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces Ashby's scheme and host.
    #[serde(default = "Options::ashby")]
    base_url: String,
}

impl Options {
    fn ashby() -> String {
        "https://api.ashbyhq.com".to_owned()
    }
}

/// Returns the request for the whole board, with the pay of its jobs.
pub fn listing(options: &Options, board: &str) -> Request {
    let url = Url::at(&options.base_url)
        .path("posting-api/job-board")
        .segment(board);
    Request::get(url.query("includeCompensation", "true"))
}

/// The listing of a board.
#[derive(Debug, serde::Deserialize)]
pub struct Listing<J> {
    /// The published jobs.
    pub jobs: Vec<J>,
    /// A message for the operator about each malformed job. Not part of the response.
    #[serde(skip)]
    pub unreadable: Vec<String>,
}

/// A job.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job<'a> {
    /// A UUID.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// May have surrounding spaces.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// URL on Ashby's own site.
    #[serde(borrow)]
    pub job_url: Text<'a>,
    /// URL of the application form, on the same site.
    #[serde(borrow, default)]
    pub apply_url: Text<'a>,
    /// For example `Engineering`.
    #[serde(borrow, default)]
    pub department: Text<'a>,
    /// The team within the department. Same as the department if there is none.
    #[serde(borrow, default)]
    pub team: Text<'a>,
    /// `FullTime`, `PartTime`, `Intern`, `Contract` or `Temporary`.
    #[serde(borrow, default)]
    pub employment_type: Text<'a>,
    /// The primary place, in the employer's words.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// The primary place, in parts.
    #[serde(borrow, default)]
    pub address: Option<Address<'a>>,
    #[serde(borrow, default)]
    pub secondary_locations: Option<Vec<Place<'a>>>,
    /// `OnSite`, `Hybrid` or `Remote`.
    #[serde(borrow, default)]
    pub workplace_type: Text<'a>,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), with an offset.
    #[serde(borrow, default)]
    pub published_at: Text<'a>,
    /// `false` if the job is not shown on the board and only available to those who have the link.
    #[serde(default)]
    pub is_listed: Option<bool>,
    /// HTML, without an additional level of escaping.
    #[serde(borrow, default)]
    pub description_html: Text<'a>,
    /// `false` if the pay is not public.
    #[serde(default)]
    pub should_display_compensation_on_job_postings: Option<bool>,
    /// The pay.
    #[serde(borrow, default)]
    pub compensation: Option<Compensation<'a>>,
}

/// A place in addition to the primary one.
#[derive(Debug, serde::Deserialize)]
pub struct Place<'a> {
    /// The place in the employer's words.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// The place in parts.
    #[serde(borrow, default)]
    pub address: Option<Address<'a>>,
}

/// An address. Empty for places without one.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address<'a> {
    #[serde(borrow, default)]
    pub postal_address: Option<PostalAddress<'a>>,
}

/// A place in parts, each as free text.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PostalAddress<'a> {
    #[serde(borrow, default)]
    pub address_locality: Text<'a>,
    /// The state, or whatever the employer entered as one.
    #[serde(borrow, default)]
    pub address_region: Text<'a>,
    /// The name of the country, or of something larger, for example `European Union`.
    #[serde(borrow, default)]
    pub address_country: Text<'a>,
}

/// The pay of a job, in several tiers for several places.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Compensation<'a> {
    /// The range of all tiers together.
    #[serde(borrow, default)]
    pub summary_components: Option<Vec<Component<'a>>>,
    /// All components as text, for example `$119K – $189K • Offers Equity`.
    #[serde(borrow, default)]
    pub compensation_tier_summary: Text<'a>,
    /// The salary as text, for example `$119K - $189K`.
    #[serde(borrow, default)]
    pub scrapeable_compensation_salary_summary: Text<'a>,
}

/// One component of the pay.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Component<'a> {
    /// `Salary`, `Bonus`, `Commission`, `EquityCashValue` or `EquityPercentage`.
    #[serde(borrow, default)]
    pub compensation_type: Text<'a>,
    /// For example `1 YEAR`, `1 HOUR` or `NONE`.
    #[serde(borrow, default)]
    pub interval: Text<'a>,
    /// [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html) code.
    #[serde(borrow, default)]
    pub currency_code: Text<'a>,
    /// In major units.
    #[serde(default)]
    pub min_value: Option<f64>,
    /// In major units.
    #[serde(default)]
    pub max_value: Option<f64>,
}

/// Parses a listing. A malformed job does not hide the others. A listing with only malformed jobs
/// is an error.
///
/// Parsing the whole list takes half as long as parsing job by job, which is done only if a job is
/// malformed.
pub fn read(body: &[u8]) -> Result<Listing<Job<'_>>, SourceError> {
    json::decode(body).or_else(|error| {
        let Ok(listing) = json::decode::<Listing<&RawValue>>(body) else {
            return Err(error);
        };
        let each = Elements(listing.jobs).read("jobs")?;
        Ok(Listing {
            jobs: each.read,
            unreadable: each.unreadable,
        })
    })
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_base_url_replaces_scheme_and_host() {
        let url =
            |options: &str| listing(&serde_json::from_str(options).expect("options"), "Acme").url;
        assert_eq!(
            url("{}"),
            "https://api.ashbyhq.com/posting-api/job-board/Acme?includeCompensation=true"
        );
        assert_eq!(
            url(r#"{"base_url": "http://127.0.0.1:8080/ashby/"}"#),
            "http://127.0.0.1:8080/ashby/posting-api/job-board/Acme?includeCompensation=true"
        );
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Ashby, Options>();
    }
}
