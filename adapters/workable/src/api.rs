//! The public job widget: which request brings a board, and the answer as Workable gives it.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, Request, SourceError, Text, Url};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Stands in for Workable's scheme and host.
    #[serde(default = "Options::workable")]
    base_url: String,
}

impl Options {
    fn workable() -> String {
        "https://apply.workable.com".to_owned()
    }
}

/// The request for a whole board with descriptions.
pub fn listing(options: &Options, account: &str) -> Request {
    let url = Url::at(&options.base_url)
        .path("api/v1/widget/accounts")
        .segment(account)
        .query("details", "true");
    Request::get(url)
}

/// A board's listing.
#[derive(Debug)]
pub struct Listing<'a> {
    /// The company, as people know it.
    pub company: Text<'a>,
    /// Every open post, once for each of its places.
    pub posts: Each<Post<'a>>,
}

#[derive(Debug, serde::Deserialize)]
struct ListingResponse<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow)]
    jobs: Elements<'a>,
}

/// One post at one place.
#[derive(Debug, serde::Deserialize)]
pub struct Post<'a> {
    /// The same for all places of a job.
    #[serde(borrow)]
    pub shortcode: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// On Workable's site.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// The form to apply.
    #[serde(borrow, default)]
    pub application_url: Text<'a>,
    /// The employer's own number for the opening; commonly empty.
    #[serde(borrow, default)]
    pub code: Text<'a>,
    /// Perhaps empty, like all that follow.
    #[serde(borrow, default)]
    pub department: Text<'a>,
    /// The employer's words, such as `Full-time`.
    #[serde(borrow, default)]
    pub employment_type: Text<'a>,
    /// Whether the work can be done from afar. There is no word for hybrid.
    #[serde(default)]
    pub telecommuting: Option<bool>,
    /// HTML, with requirements and benefits.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// A date.
    #[serde(borrow, default)]
    pub published_on: Text<'a>,
    /// A date, perhaps before the job was public.
    #[serde(borrow, default)]
    pub created_at: Text<'a>,
    /// This post's place.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// Its region.
    #[serde(borrow, default)]
    pub state: Text<'a>,
    /// Its country by name.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// All places in a form of their own.
    #[serde(borrow, default)]
    pub locations: Option<Vec<Place<'a>>>,
    /// Such as `Mid-Senior level`.
    #[serde(borrow, default)]
    pub experience: Text<'a>,
    /// Such as `Engineering`.
    #[serde(borrow, default)]
    pub function: Text<'a>,
    /// The company's.
    #[serde(borrow, default)]
    pub industry: Text<'a>,
    /// Such as `Master's Degree`.
    #[serde(borrow, default)]
    pub education: Text<'a>,
}

/// Where a job is.
#[derive(Debug, serde::Deserialize)]
pub struct Place<'a> {
    /// Perhaps empty.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// Perhaps empty.
    #[serde(borrow, default)]
    pub region: Text<'a>,
    /// By name.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// ISO 3166-1 alpha-2.
    #[serde(borrow, default, rename = "countryCode")]
    pub country_code: Text<'a>,
    /// The employer does not want this place shown.
    #[serde(default)]
    pub hidden: Option<bool>,
}

/// Reads a listing. One odd post does not hide the others.
pub fn read(body: &[u8]) -> Result<Listing<'_>, SourceError> {
    let response: ListingResponse = json::decode(body)?;
    Ok(Listing {
        company: response.name,
        posts: response.jobs.read("jobs")?,
    })
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_base_url_takes_the_place_of_scheme_and_host() {
        let url =
            |options: &str| listing(&serde_json::from_str(options).expect("options"), "acme").url;
        assert_eq!(
            url("{}"),
            "https://apply.workable.com/api/v1/widget/accounts/acme?details=true"
        );
        assert_eq!(
            url(r#"{"base_url": "http://127.0.0.1:8080/workable/"}"#),
            "http://127.0.0.1:8080/workable/api/v1/widget/accounts/acme?details=true"
        );
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Workable, Options>();
    }
}
