//! The public API: which request brings the newest jobs, and the answer as Remote OK gives it.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, Request, SourceError, Text, Url};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Stands in for Remote OK's scheme and host.
    #[serde(default = "Options::remoteok")]
    base_url: String,
}

impl Options {
    fn remoteok() -> String {
        "https://remoteok.com".to_owned()
    }
}

/// The identifier that stands for jobs with any tag.
pub const ALL: &str = "all";

/// The request for the newest jobs, with that tag unless it is [`ALL`].
pub fn listing(options: &Options, tag: &str) -> Request {
    let url = Url::at(&options.base_url).path("api");
    Request::get(if tag == ALL {
        url
    } else {
        url.query("tag", tag)
    })
}

/// One job.
#[derive(Debug, serde::Deserialize)]
pub struct Job<'a> {
    /// Digits.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub position: Text<'a>,
    /// On Remote OK.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// The same in most jobs.
    #[serde(borrow, default)]
    pub apply_url: Text<'a>,
    /// As people know it, perhaps with spaces around.
    #[serde(borrow, default)]
    pub company: Text<'a>,
    /// Where applicants may be; free text, perhaps empty.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// HTML.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// Words that Remote OK found.
    #[serde(borrow, default)]
    pub tags: Option<Vec<Text<'a>>>,
    /// RFC 3339 with offset.
    #[serde(borrow, default)]
    pub date: Text<'a>,
    /// In whole units of a currency that is not served, over a period that is not, either; zero
    /// where the board does not say.
    #[serde(default)]
    pub salary_min: Option<f64>,
    /// See `salary_min`.
    #[serde(default)]
    pub salary_max: Option<f64>,
}

/// Reads a listing. Its first element is no job but the terms of use. One odd job does not hide the
/// others.
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
    fn a_tag_narrows_the_listing() {
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
