//! The two feeds of a site: which requests bring them.

use job_scanner_sdk::{FetchRequest, Paging, Request, SourceError, Url, company_site};

/// The RSS feed's; no board has so many jobs that its end would matter.
pub const PAGING: Paging = Paging {
    page_size: 100,
    max_pages: 100,
};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Stands in for the company's site.
    #[serde(default)]
    base_url: Option<String>,
    #[serde(default)]
    feed: Feed,
}

/// Which feed to read.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// The one with departments and who may work remotely.
    #[default]
    Rss,
    /// The one with regions and the last day to apply.
    Json,
    /// Either with what the other leaves out.
    Both,
}

/// A company's site.
#[derive(Debug)]
pub struct Site {
    site: Url,
    /// Which feed to read.
    pub feed: Feed,
}

impl Site {
    /// The site that a request asks for.
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

    /// The request for the part of the RSS feed that follows after so many jobs.
    pub fn rss(&self, skip: usize) -> Request {
        let url = self.site.clone().path("jobs.rss");
        Request::get_xml(if skip == 0 {
            url
        } else {
            url.query("offset", &skip.to_string())
        })
    }

    /// The request for the JSON feed.
    pub fn json(&self) -> Request {
        Request::get(self.site.clone().path("jobs.json"))
    }
}

/// A part of the world whose sites have a domain of their own: `na`, `au`.
fn is_region(label: &str) -> bool {
    label.len() == 2 && label.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_part_of_the_world_has_a_domain_of_its_own() {
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
