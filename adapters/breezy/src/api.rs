//! The public list of positions: which requests bring a board and the page of a position, and the
//! list as Breezy gives it.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, FetchRequest, Request, Response, SourceError, Text, Url};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Stands in for the company's site.
    #[serde(default)]
    base_url: Option<String>,
}

/// The positions of one company.
#[derive(Debug)]
pub struct Board(Url);

impl Board {
    /// The board that a request asks for.
    pub fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        Ok(Self(
            request.company_site("breezy.hr", options.base_url.as_deref())?,
        ))
    }

    /// The request for the whole listing.
    pub fn listing(&self) -> Request {
        Request::get(self.0.clone().path("json")).without_redirects()
    }

    /// The request for the page of a position.
    pub fn page(&self, name: &str) -> Request {
        Request::get_html(self.0.clone().path("p").segment(name))
    }
}

/// Lets a success pass; 403 means "too fast".
pub fn accept(response: Response) -> Result<Response, SourceError> {
    match response.status {
        403 => Err(SourceError::RateLimited(None)),
        _ => response.ok_unless_redirected(),
    }
}

/// One position.
#[derive(Debug, serde::Deserialize)]
pub struct Position<'a> {
    /// Twelve hexadecimal digits.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The last part of its page's address: the id and the title.
    #[serde(borrow, default)]
    pub friendly_id: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// On the company's site.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// RFC 3339 in UTC.
    #[serde(borrow, default)]
    pub published_date: Text<'a>,
    /// Such as `Full-Time`.
    #[serde(borrow, default, rename = "type")]
    pub kind: Option<Named<'a>>,
    /// Whose it is.
    #[serde(borrow, default)]
    pub department: Text<'a>,
    /// What it pays, in words.
    #[serde(borrow, default)]
    pub salary: Text<'a>,
    /// HTML; most boards leave it out, and have it on the position's page.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// The first place.
    #[serde(borrow, default)]
    pub location: Option<Place<'a>>,
    /// All places, in newer records.
    #[serde(borrow, default)]
    pub locations: Option<Vec<Place<'a>>>,
    /// Whose board it is.
    #[serde(borrow, default)]
    pub company: Option<Named<'a>>,
}

/// Where a job is; all of it may be null.
#[derive(Debug, serde::Deserialize)]
pub struct Place<'a> {
    /// As people read it.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// The city.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// The region.
    #[serde(borrow, default)]
    pub state: Option<Named<'a>>,
    /// `id` is ISO 3166-1 alpha-2.
    #[serde(borrow, default)]
    pub country: Option<Named<'a>>,
    /// Whether the work can be done from afar.
    #[serde(default)]
    pub is_remote: Option<bool>,
}

/// Anything with a name, and perhaps a code.
#[derive(Debug, serde::Deserialize)]
pub struct Named<'a> {
    /// As people read it.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// As machines do.
    #[serde(borrow, default)]
    pub id: Text<'a>,
}

/// Reads a listing, which is a list of positions and nothing else. One odd position does not hide
/// the others.
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
    fn an_unknown_company_and_a_hurry_are_told_apart() {
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
