//! The requests for the two feeds of a site.

use job_scanner_sdk::{FetchRequest, Paging, Request, SourceError, Url, company_site};

/// The chunks of the RSS feed. No board has so many jobs that the maximum matters.
pub const PAGING: Paging = Paging {
    page_size: 100,
    max_pages: 100,
};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Replaces the company's site.
    #[serde(default)]
    base_url: Option<String>,
    #[serde(default)]
    feed: Feed,
}

/// The feed to read.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// The feed with departments and remote work.
    #[default]
    Rss,
    /// The feed with regions and the last day to apply.
    Json,
    /// The RSS feed, completed from the JSON feed.
    Both,
}

/// The site of a company.
#[derive(Debug)]
pub struct Site {
    site: Url,
    pub feed: Feed,
}

impl Site {
    /// Returns the site of a request.
    pub fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        let (name, domain) = match request.identifier.split_once('.') {
            Some((name, region)) if is_region(region) => (name, format!("{region}.teamtailor.com")),
            _ => (request.identifier.as_str(), "teamtailor.com".to_owned()),
        };
        let site = company_site(name, &domain, options.base_url.as_deref())?;
        Ok(Self {
            site,
            feed: options.feed,
        })
    }

    /// Returns the request for the chunk of the RSS feed after the first `skip` jobs.
    pub fn rss(&self, skip: usize) -> Request {
        let url = self.site.clone().path("jobs.rss");
        Request::get_xml(if skip == 0 {
            url
        } else {
            url.query("offset", &skip.to_string())
        })
    }

    /// Returns the request for the JSON feed.
    pub fn json(&self) -> Request {
        Request::get(self.site.clone().path("jobs.json"))
    }
}

/// Returns true for a region whose sites have their own domain: `na`, `au`.
fn is_region(label: &str) -> bool {
    label.len() == 2 && label.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_region_has_its_own_domain() {
        for (identifier, expected) in [
            ("acme", Some("https://acme.teamtailor.com/jobs.json")),
            ("acme.na", Some("https://acme.na.teamtailor.com/jobs.json")),
            ("acme.example", None),
            (".na", None),
        ] {
            let site = Site::from_request(&testing::request(identifier, "{}"));
            assert_eq!(
                site.ok().map(|site| site.json().url).as_deref(),
                expected,
                "{identifier}"
            );
        }
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Teamtailor, Options>();
    }
}
