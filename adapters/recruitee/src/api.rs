//! The Careers Site API: its request and the format of its response.
//!
//! Fields that are not used are not declared, including the mail address for applications. New
//! fields appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, FetchRequest, Header, Request, SourceError, Text};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces the company's site.
    #[serde(default)]
    base_url: Option<String>,
    /// The placeholder for the company's Careers API token, which the host replaces by the token.
    #[serde(default)]
    token: Option<String>,
}

/// Returns the request for the whole board.
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

/// The listing of a board.
#[derive(Debug, serde::Deserialize)]
struct Listing<'a> {
    #[serde(borrow)]
    offers: Elements<'a>,
}

/// An offer.
#[derive(Debug, serde::Deserialize)]
pub struct Offer<'a> {
    /// A number.
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub title: Text<'a>,
    /// URL on the company's own domain, if it has one.
    #[serde(borrow)]
    pub careers_url: Text<'a>,
    /// URL of the application form.
    #[serde(borrow, default)]
    pub careers_apply_url: Text<'a>,
    /// The name as people know it.
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    /// Free text.
    #[serde(borrow, default)]
    pub department: Text<'a>,
    /// For example `fulltime_permanent`.
    #[serde(borrow, default)]
    pub employment_type_code: Text<'a>,
    /// Hours per week.
    #[serde(borrow, default)]
    pub min_hours: Text<'a>,
    #[serde(borrow, default)]
    pub max_hours: Text<'a>,
    /// For example `mid_level`.
    #[serde(borrow, default)]
    pub experience_code: Text<'a>,
    /// For example `vocational`.
    #[serde(borrow, default)]
    pub education_code: Text<'a>,
    /// For example `accountancy`.
    #[serde(borrow, default)]
    pub category_code: Text<'a>,
    /// More than one of `remote`, `hybrid` and `on_site` may be true.
    #[serde(default)]
    pub remote: Option<bool>,
    #[serde(default)]
    pub hybrid: Option<bool>,
    #[serde(default)]
    pub on_site: Option<bool>,
    /// City, region and country of the first place.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// The first place in parts, in the format of `locations`.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    #[serde(borrow, default)]
    pub state_name: Text<'a>,
    #[serde(borrow, default)]
    pub country: Text<'a>,
    #[serde(borrow, default)]
    pub country_code: Text<'a>,
    /// All places. Older records have none.
    #[serde(borrow, default)]
    pub locations: Option<Vec<Place<'a>>>,
    /// HTML.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// HTML that is not part of the description.
    #[serde(borrow, default)]
    pub requirements: Text<'a>,
    /// The pay.
    #[serde(borrow, default)]
    pub salary: Option<Pay<'a>>,
    /// For example `2026-07-17 11:00:39 UTC`.
    #[serde(borrow, default)]
    pub published_at: Text<'a>,
    /// In the format of `published_at`.
    #[serde(borrow, default)]
    pub updated_at: Text<'a>,
    /// In the format of `published_at`.
    #[serde(borrow, default)]
    pub close_at: Text<'a>,
}

/// A place of work.
#[derive(Debug, serde::Deserialize)]
pub struct Place<'a> {
    /// The company's name for the place.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    #[serde(borrow, default)]
    pub city: Text<'a>,
    #[serde(borrow, default)]
    pub state: Text<'a>,
    /// The name of the country.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// [ISO 3166-1 alpha-2](https://www.iso.org/iso-3166-country-codes.html) code.
    #[serde(borrow, default)]
    pub country_code: Text<'a>,
    /// Plain text, such as where else the work may be done.
    #[serde(borrow, default)]
    pub note: Text<'a>,
}

/// The pay of a job. Every field may be null.
#[derive(Debug, serde::Deserialize)]
pub struct Pay<'a> {
    /// A number as a string.
    #[serde(borrow, default)]
    pub min: Text<'a>,
    /// A number as a string.
    #[serde(borrow, default)]
    pub max: Text<'a>,
    /// [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html) code.
    #[serde(borrow, default)]
    pub currency: Text<'a>,
    /// `year`, `month` or `hour`.
    #[serde(borrow, default)]
    pub period: Text<'a>,
}

/// Parses a listing. A malformed offer does not hide the others.
pub fn read(body: &[u8]) -> Result<Each<Offer<'_>>, SourceError> {
    json::decode::<Listing>(body)?.offers.read("offers")
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_token_is_sent_if_it_is_configured() {
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
