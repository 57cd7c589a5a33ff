//! The requests for the public XML of positions.

use job_scanner_sdk::{FetchRequest, Request, SourceError, Url};

const DOMAIN: &str = "jobs.personio.de";

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Replaces the company's site.
    #[serde(default)]
    base_url: Option<String>,
    /// The languages to request, in order of preference.
    #[serde(default)]
    language: Languages,
}

/// Codes of two letters. Empty: the company's own language.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
enum Languages {
    One(String),
    Several(Vec<String>),
}

impl Default for Languages {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

/// The positions of one company.
#[derive(Debug)]
pub struct Board {
    /// The public pages.
    pages: Url,
    /// The XML, once per language.
    listings: Vec<Url>,
}

impl Board {
    /// Returns the board of a request.
    pub fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        let listing = request
            .company_site(DOMAIN, options.base_url.as_deref())?
            .path("xml");
        let languages = match options.language {
            Languages::One(language) => vec![language],
            Languages::Several(languages) => languages,
        };
        let mut listings: Vec<Url> = languages
            .iter()
            .map(|language| listing.clone().query("language", language))
            .collect();
        if listings.is_empty() {
            listings.push(listing);
        }
        Ok(Self {
            pages: request.company_site(DOMAIN, None)?,
            listings,
        })
    }

    /// Returns the requests for the whole board, one per language.
    pub fn listings(&self) -> Vec<Request> {
        self.listings
            .iter()
            .map(|url| Request::get_xml(url.clone()).without_redirects())
            .collect()
    }

    /// Returns the URL of a position's public page, which the XML does not contain.
    pub fn page(&self, id: &str) -> String {
        self.pages.clone().path("job").segment(id).into()
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Personio, Options>();
    }
}
