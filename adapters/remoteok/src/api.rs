//! The public API: its request and the format of its response.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, Request, SourceError, Text, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces Remote OK's scheme and host.
    #[serde(default = "Options::remoteok")]
    base_url: String,
}

impl Options {
    fn remoteok() -> String {
        "https://remoteok.com".to_owned()
    }
}

/// The identifier for jobs with any tag.
pub const ALL: &str = "all";

/// Returns the request for the newest jobs with this tag, or with any tag for [`ALL`].
pub fn listing(options: &Options, tag: &str) -> Request {
    let url = Url::at(&options.base_url).path("api");
    Request::get(if tag == ALL {
        url
    } else {
        url.query("tag", tag)
    })
}

/// A job.
#[derive(Debug, serde::Deserialize)]
pub struct Job<'a> {
    /// Digits only.
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub position: Text<'a>,
    /// URL on Remote OK.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// URL of the application form, which is the same as `url` in most jobs.
    #[serde(borrow, default)]
    pub apply_url: Text<'a>,
    /// The name as people know it. May have surrounding spaces.
    #[serde(borrow, default)]
    pub company: Text<'a>,
    /// The places in which applicants may live, as free text. May be empty.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// HTML.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// Tags that Remote OK assigns.
    #[serde(borrow, default)]
    pub tags: Option<Vec<Text<'a>>>,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), with an offset.
    #[serde(borrow, default)]
    pub date: Text<'a>,
    /// In major units. The board provides neither currency nor period. Zero: not given.
    #[serde(default)]
    pub salary_min: Option<f64>,
    /// Like `salary_min`.
    #[serde(default)]
    pub salary_max: Option<f64>,
}

/// Parses a listing. Its first element is the terms of use, not a job. A malformed job does not
/// hide the others.
pub fn read(body: &[u8]) -> Result<Each<Job<'_>>, SourceError> {
    let mut elements: Elements = json::decode(body)?;
    elements.0.retain(|element| !is_terms(element.get()));
    elements.read("jobs")
}

fn is_terms(element: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Terms {
        #[serde(rename = "legal")]
        _legal: serde::de::IgnoredAny,
    }
    serde_json::from_str::<Terms>(element).is_ok()
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_tag_restricts_the_listing() {
        let options: Options = serde_json::from_str("{}").expect("options");
        assert_eq!(listing(&options, "all").url, "https://remoteok.com/api");
        assert_eq!(
            listing(&options, "c++").url,
            "https://remoteok.com/api?tag=c%2B%2B"
        );
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::RemoteOk, Options>();
    }
}
