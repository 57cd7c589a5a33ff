//! The Job Postings API: which request brings a board, and the answer as Ashby gives it.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored. Left
//! out on purpose: `isRemote`, which is true for hybrid jobs too, and `descriptionPlain`, which
//! repeats the HTML.

use job_scanner_sdk::{Elements, Request, SourceError, Text, Url, json};
use serde_json::value::RawValue;

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Stands in for Ashby's scheme and host.
    #[serde(default = "Options::ashby")]
    base_url: String,
}

impl Options {
    fn ashby() -> String {
        "https://api.ashbyhq.com".to_owned()
    }
}

/// The request for a whole board with what its jobs pay.
pub fn listing(options: &Options, board: &str) -> Request {
    let url = Url::at(&options.base_url)
        .path("posting-api/job-board")
        .segment(board);
    Request::get(url.query("includeCompensation", "true"))
}

/// A board's listing.
#[derive(Debug, serde::Deserialize)]
pub struct Listing<J> {
    /// Every published job.
    pub jobs: Vec<J>,
    /// Jobs that make no sense, in words for a person; not part of the answer.
    #[serde(skip)]
    pub unreadable: Vec<String>,
}

/// One job.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job<'a> {
    /// A UUID.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// Perhaps with spaces around.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// On Ashby's own site.
    #[serde(borrow)]
    pub job_url: Text<'a>,
    /// The form on the same site.
    #[serde(borrow, default)]
    pub apply_url: Text<'a>,
    /// Such as `Engineering`.
    #[serde(borrow, default)]
    pub department: Text<'a>,
    /// Within the department; the department again where there is none.
    #[serde(borrow, default)]
    pub team: Text<'a>,
    /// `FullTime`, `PartTime`, `Intern`, `Contract` or `Temporary`.
    #[serde(borrow, default)]
    pub employment_type: Text<'a>,
    /// The primary place, in the employer's words.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// The primary place in parts.
    #[serde(borrow, default)]
    pub address: Option<Address<'a>>,
    /// The other places.
    #[serde(borrow, default)]
    pub secondary_locations: Option<Vec<Place<'a>>>,
    /// `OnSite`, `Hybrid` or `Remote`.
    #[serde(borrow, default)]
    pub workplace_type: Text<'a>,
    /// RFC 3339 with offset.
    #[serde(borrow, default)]
    pub published_at: Text<'a>,
    /// Whether the employer shows the job on its board; one that is not is for those who have the
    /// link.
    #[serde(default)]
    pub is_listed: Option<bool>,
    /// HTML, not escaped.
    #[serde(borrow, default)]
    pub description_html: Text<'a>,
    /// Whether what it pays is meant for our eyes.
    #[serde(default)]
    pub should_display_compensation_on_job_postings: Option<bool>,
    /// What it pays.
    #[serde(borrow, default)]
    pub compensation: Option<Compensation<'a>>,
}

/// A place besides the primary one.
#[derive(Debug, serde::Deserialize)]
pub struct Place<'a> {
    /// In the employer's words.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// The same in parts.
    #[serde(borrow, default)]
    pub address: Option<Address<'a>>,
}

/// An address; empty for places that have none.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address<'a> {
    /// The parts.
    #[serde(borrow, default)]
    pub postal_address: Option<PostalAddress<'a>>,
}

/// A place in parts, each free text.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PostalAddress<'a> {
    /// The city.
    #[serde(borrow, default)]
    pub address_locality: Text<'a>,
    /// The state, or whatever the employer took for one.
    #[serde(borrow, default)]
    pub address_region: Text<'a>,
    /// The country by name, or something larger, such as `European Union`.
    #[serde(borrow, default)]
    pub address_country: Text<'a>,
}

/// What a job pays, in several tiers for several places.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Compensation<'a> {
    /// What the tiers span together.
    #[serde(borrow, default)]
    pub summary_components: Option<Vec<Component<'a>>>,
    /// The salary in words, such as `$119K - $189K`.
    #[serde(borrow, default)]
    pub scrapeable_compensation_salary_summary: Text<'a>,
}

/// One part of what a job pays.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Component<'a> {
    /// `Salary`, `Bonus`, `Commission`, `EquityCashValue` or `EquityPercentage`.
    #[serde(borrow, default)]
    pub compensation_type: Text<'a>,
    /// Such as `1 YEAR`, `1 HOUR` or `NONE`.
    #[serde(borrow, default)]
    pub interval: Text<'a>,
    /// ISO 4217.
    #[serde(borrow, default)]
    pub currency_code: Text<'a>,
    /// Major units.
    #[serde(default)]
    pub min_value: Option<f64>,
    /// Major units.
    #[serde(default)]
    pub max_value: Option<f64>,
}

/// Reads a listing. One odd job does not hide the others; a listing of nothing but odd ones is an
/// error.
///
/// Whole takes half as long as job by job, which only a listing with an odd one is worth.
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
    fn a_base_url_takes_the_place_of_scheme_and_host() {
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
