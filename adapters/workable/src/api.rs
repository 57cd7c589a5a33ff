//! The public job widget: its request and the format of its response.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, Request, SourceError, Text, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces Workable's scheme and host.
    #[serde(default = "Options::workable")]
    base_url: String,
}

impl Options {
    fn workable() -> String {
        "https://apply.workable.com".to_owned()
    }
}

/// Returns the request for the whole board, with descriptions.
pub fn listing(options: &Options, account: &str) -> Request {
    let url = Url::at(&options.base_url)
        .path("api/v1/widget/accounts")
        .segment(account)
        .query("details", "true");
    Request::get(url)
}

/// The listing of a board.
#[derive(Debug)]
pub struct Listing<'a> {
    /// The company's name as people know it.
    pub company: Text<'a>,
    /// The open posts, once for each place.
    pub posts: Each<Post<'a>>,
}

#[derive(Debug, serde::Deserialize)]
struct ListingResponse<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow)]
    jobs: Elements<'a>,
}

/// A post at one place.
#[derive(Debug, serde::Deserialize)]
pub struct Post<'a> {
    /// The id of the job, the same for all its places.
    #[serde(borrow)]
    pub shortcode: Text<'a>,
    #[serde(borrow)]
    pub title: Text<'a>,
    /// URL on Workable's site.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// URL of the application form.
    #[serde(borrow, default)]
    pub application_url: Text<'a>,
    /// The employer's own number of the opening. Usually empty.
    #[serde(borrow, default)]
    pub code: Text<'a>,
    /// May be empty, like all fields that follow.
    #[serde(borrow, default)]
    pub department: Text<'a>,
    /// The employer's words, for example `Full-time`.
    #[serde(borrow, default)]
    pub employment_type: Text<'a>,
    /// True if the work can be done remotely. The board has no value for hybrid.
    #[serde(default)]
    pub telecommuting: Option<bool>,
    /// HTML, including requirements and benefits.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// A plain date.
    #[serde(borrow, default)]
    pub published_on: Text<'a>,
    /// A plain date, possibly before the job was public.
    #[serde(borrow, default)]
    pub created_at: Text<'a>,
    /// The place of this post.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    #[serde(borrow, default)]
    pub state: Text<'a>,
    /// The name of the country.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// All places, in parts.
    #[serde(borrow, default)]
    pub locations: Option<Vec<Place<'a>>>,
    /// For example `Mid-Senior level`.
    #[serde(borrow, default)]
    pub experience: Text<'a>,
    /// For example `Engineering`.
    #[serde(borrow, default)]
    pub function: Text<'a>,
    /// The industry of the company.
    #[serde(borrow, default)]
    pub industry: Text<'a>,
    /// For example `Master's Degree`.
    #[serde(borrow, default)]
    pub education: Text<'a>,
}

/// A place of work.
#[derive(Debug, serde::Deserialize)]
pub struct Place<'a> {
    /// May be empty.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// May be empty.
    #[serde(borrow, default)]
    pub region: Text<'a>,
    /// The name of the country.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// [ISO 3166-1 alpha-2](https://www.iso.org/iso-3166-country-codes.html) code.
    #[serde(borrow, default, rename = "countryCode")]
    pub country_code: Text<'a>,
    /// True if the employer does not want this place shown.
    #[serde(default)]
    pub hidden: Option<bool>,
}

/// Parses a listing. A malformed post does not hide the others.
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
    fn a_base_url_replaces_scheme_and_host() {
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
