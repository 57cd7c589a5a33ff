//! The Careers Site API: which request brings a board, and the answer as Recruitee gives it.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored. The
//! address that applications are mailed to is one of them.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, FetchRequest, Header, Request, SourceError, Text};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Stands in for the company's site.
    #[serde(default)]
    base_url: Option<String>,
    /// Stands for the company's Careers API token, which the host puts in.
    #[serde(default)]
    token: Option<String>,
}

/// The request for a whole board.
pub fn listing(request: &FetchRequest) -> Result<Request, SourceError> {
    let options: Options = request.read_options()?;
    let site = request.company_site("recruitee.com", options.base_url.as_deref())?;
    let mut request = Request::get(site.path("api/offers/"));
    request.headers.extend(options.token.map(|value| Header {
        name: "X-Careers-Sites-Token".to_owned(),
        value,
    }));
    Ok(request)
}

/// A board's listing.
#[derive(Debug, serde::Deserialize)]
struct Listing<'a> {
    #[serde(borrow)]
    offers: Elements<'a>,
}

/// One offer.
#[derive(Debug, serde::Deserialize)]
pub struct Offer<'a> {
    /// A number.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// On the company's own domain, where it has one.
    #[serde(borrow)]
    pub careers_url: Text<'a>,
    /// The form to apply.
    #[serde(borrow, default)]
    pub careers_apply_url: Text<'a>,
    /// As people know it.
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    /// Free text.
    #[serde(borrow, default)]
    pub department: Text<'a>,
    /// Such as `fulltime_permanent`.
    #[serde(borrow, default)]
    pub employment_type_code: Text<'a>,
    /// Several of the three may be true.
    #[serde(default)]
    pub remote: Option<bool>,
    /// See `remote`.
    #[serde(default)]
    pub hybrid: Option<bool>,
    /// See `remote`.
    #[serde(default)]
    pub on_site: Option<bool>,
    /// City, region and country of the first place.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// The first place in parts, as those of `locations` are.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// See `city`.
    #[serde(borrow, default)]
    pub state_name: Text<'a>,
    /// See `city`.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// See `city`.
    #[serde(borrow, default)]
    pub country_code: Text<'a>,
    /// All places; older records have none.
    #[serde(borrow, default)]
    pub locations: Option<Vec<Place<'a>>>,
    /// HTML.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// HTML, not part of the description.
    #[serde(borrow, default)]
    pub requirements: Text<'a>,
    /// What it pays.
    #[serde(borrow, default)]
    pub salary: Option<Pay<'a>>,
    /// `2026-07-17 11:00:39 UTC`.
    #[serde(borrow, default)]
    pub published_at: Text<'a>,
    /// In the same form.
    #[serde(borrow, default)]
    pub updated_at: Text<'a>,
    /// In the same form.
    #[serde(borrow, default)]
    pub close_at: Text<'a>,
}

/// Where a job is.
#[derive(Debug, serde::Deserialize)]
pub struct Place<'a> {
    /// What the company calls it.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// The city.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// The region.
    #[serde(borrow, default)]
    pub state: Text<'a>,
    /// By name.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// ISO 3166-1 alpha-2.
    #[serde(borrow, default)]
    pub country_code: Text<'a>,
}

/// What a job pays; every part may be null.
#[derive(Debug, serde::Deserialize)]
pub struct Pay<'a> {
    /// A number, written as text.
    #[serde(borrow, default)]
    pub min: Text<'a>,
    /// A number, written as text.
    #[serde(borrow, default)]
    pub max: Text<'a>,
    /// ISO 4217.
    #[serde(borrow, default)]
    pub currency: Text<'a>,
    /// `year`, `month` or `hour`.
    #[serde(borrow, default)]
    pub period: Text<'a>,
}

/// Reads a listing. One odd offer does not hide the others.
pub fn read(body: &[u8]) -> Result<Each<Offer<'_>>, SourceError> {
    json::decode::<Listing>(body)?.offers.read("offers")
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_token_is_sent_where_there_is_one() {
        let sent = |options: &str| {
            let headers = listing(&testing::request("acme", options))
                .expect("a request")
                .headers;
            headers
                .into_iter()
                .find(|header| header.name == "X-Careers-Sites-Token")
                .map(|header| header.value)
        };
        assert_eq!(sent("{}"), None);
        assert_eq!(
            sent(r#"{"token": "{{secret:token}}"}"#).as_deref(),
            Some("{{secret:token}}")
        );
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Recruitee, Options>();
    }
}
