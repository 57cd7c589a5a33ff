//! The two feeds of a site: which requests bring them.

use job_scanner_sdk::{FetchRequest, Request, SourceError, Url};

/// How many jobs a part of the RSS feed holds.
pub const PART: usize = 100;

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

/// Which of the two feeds to read.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// The one with departments and who may work remotely.
    #[default]
    Rss,
    /// The one with regions and the last day to apply.
    Json,
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
    pub fn of(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        let site = request.company_site("teamtailor.com", options.base_url.as_deref())?;
        Ok(Self { site, feed: options.feed })
    }

    /// The request for the part of the RSS feed that follows after so many jobs.
    pub fn rss(&self, skip: usize) -> Request {
        let url = self.site.clone().path("jobs.rss");
        Request::get_xml(if skip == 0 { url } else { url.query("offset", &skip.to_string()) })
    }

    /// The request for the JSON feed.
    pub fn json(&self) -> Request {
        Request::get(self.site.clone().path("jobs.json")).conditional()
    }
}
