//! The public list of positions: its requests and the format of its responses.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, FetchRequest, Request, Response, SourceError, Text, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Replaces the company's site.
    #[serde(default)]
    base_url: Option<String>,
}

/// The positions of one company.
#[derive(Debug)]
pub struct Board(Url);

impl Board {
    /// Returns the board of a request.
    pub fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        Ok(Self(
            request.company_site("breezy.hr", options.base_url.as_deref())?,
        ))
    }

    /// Returns the request for the whole listing.
    pub fn listing(&self) -> Request {
        Request::get(self.0.clone().path("json")).without_redirects()
    }

    /// Returns the request for the page of a position.
    pub fn page(&self, name: &str) -> Request {
        Request::get_html(self.0.clone().path("p").segment(name))
    }
}

/// Returns the response if it is a success, else the error that it means. 403 is a rate limit.
pub fn accept(response: Response) -> Result<Response, SourceError> {
    match response.status {
        403 => Err(SourceError::RateLimited(None)),
        _ => response.ok_unless_redirected(),
    }
}

/// A position.
#[derive(Debug, serde::Deserialize)]
pub struct Position<'a> {
    /// Twelve hexadecimal digits.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The last part of the URL of its page: the id and the title.
    #[serde(borrow, default)]
    pub friendly_id: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    /// URL of the public page, on the company's site.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), in UTC.
    #[serde(borrow, default)]
    pub published_date: Text<'a>,
    /// For example `Full-Time`.
    #[serde(borrow, default, rename = "type")]
    pub kind: Option<Named<'a>>,
    #[serde(borrow, default)]
    pub department: Text<'a>,
    /// The pay, as text.
    #[serde(borrow, default)]
    pub salary: Text<'a>,
    /// HTML. Most boards omit it and have it on the position's page.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    #[serde(borrow, default)]
    pub location: Option<Place<'a>>,
    /// All places. Only newer records have it.
    #[serde(borrow, default)]
    pub locations: Option<Vec<Place<'a>>>,
    #[serde(borrow, default)]
    pub company: Option<Named<'a>>,
}

/// A place of work. Every field may be null.
#[derive(Debug, serde::Deserialize)]
pub struct Place<'a> {
    #[serde(borrow, default)]
    pub name: Text<'a>,
    #[serde(borrow, default)]
    pub city: Text<'a>,
    #[serde(borrow, default)]
    pub state: Option<Named<'a>>,
    /// Its `id` is the [ISO 3166-1 alpha-2](https://www.iso.org/iso-3166-country-codes.html) code.
    #[serde(borrow, default)]
    pub country: Option<Named<'a>>,
    /// True if the work can be done remotely.
    #[serde(default)]
    pub is_remote: Option<bool>,
}

/// A record with a name, and possibly a code.
#[derive(Debug, serde::Deserialize)]
pub struct Named<'a> {
    #[serde(borrow, default)]
    pub name: Text<'a>,
    #[serde(borrow, default)]
    pub id: Text<'a>,
}

/// Parses a listing, which is a list of positions. A malformed position does not hide the others.
pub fn read(body: &[u8]) -> Result<Each<Position<'_>>, SourceError> {
    json::decode::<Elements>(body)?.read("positions")
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    fn response(status: u16) -> Response {
        let url = "https://acme.breezy.hr/json".to_owned();
        Response {
            status,
            url,
            headers: Vec::new(),
            body: b"[]".to_vec(),
            unchanged: false,
        }
    }

    #[test]
    fn an_unknown_company_is_not_found_and_403_is_a_rate_limit() {
        assert!(matches!(
            accept(response(302)),
            Err(SourceError::NotFound(_))
        ));
        assert!(matches!(
            accept(response(404)),
            Err(SourceError::NotFound(_))
        ));
        assert!(matches!(
            accept(response(403)),
            Err(SourceError::RateLimited(None))
        ));
        assert!(accept(response(200)).is_ok());
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Breezy, Options>();
    }
}
