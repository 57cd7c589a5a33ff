//! The public XML of positions: which request brings it.

use job_scanner_sdk::{FetchRequest, Request, SourceError, Url};

const DOMAIN: &str = "jobs.personio.de";

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Stands in for the company's site.
    #[serde(default)]
    base_url: Option<String>,
    /// Two letters.
    #[serde(default)]
    language: Option<String>,
}

/// The positions of one company.
#[derive(Debug)]
pub struct Board {
    /// Where people read them.
    pages: Url,
    /// Where they are asked for.
    listing: Url,
}

impl Board {
    /// The board that a request asks for.
    pub fn of(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        let listing = request.company_site(DOMAIN, options.base_url.as_deref())?.path("xml");
        let listing = match options.language {
            Some(language) => listing.query("language", &language),
            None => listing,
        };
        Ok(Self { pages: request.company_site(DOMAIN, None)?, listing })
    }

    /// The request for the whole board.
    pub fn listing(&self) -> Request {
        Request::get_xml(self.listing.clone()).conditional()
    }

    /// The public page of a position, which the XML does not name.
    pub fn page(&self, id: &str) -> String {
        self.pages.clone().path("job").segment(id).into()
    }
}
