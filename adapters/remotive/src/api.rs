//! The public API: its request and the format of its response.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, Request, SourceError, Text, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces Remotive's scheme and host.
    #[serde(default = "Options::remotive")]
    base_url: String,
}

impl Options {
    fn remotive() -> String {
        "https://remotive.com".to_owned()
    }
}

/// The identifier for all categories.
pub const ALL: &str = "all";

/// Returns the request for all jobs, or for those of one category.
pub fn listing(options: &Options, category: &str) -> Request {
    let url = Url::at(&options.base_url).path("api/remote-jobs");
    Request::get(if category == ALL {
        url
    } else {
        url.query("category", category)
    })
}

/// The listing of all jobs.
#[derive(Debug)]
pub struct Listing<'a> {
    /// The number of jobs that Remotive states.
    pub total: Option<u32>,
    pub jobs: Each<Job<'a>>,
}

#[derive(Debug, serde::Deserialize)]
struct ListingResponse<'a> {
    #[serde(default, rename = "job-count")]
    total: Option<u32>,
    #[serde(borrow)]
    jobs: Elements<'a>,
}

/// A job.
#[derive(Debug, serde::Deserialize)]
pub struct Job<'a> {
    /// A number.
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub title: Text<'a>,
    /// URL on Remotive.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// The name as people know it.
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    /// For example `Software Development`.
    #[serde(borrow, default)]
    pub category: Text<'a>,
    /// Free text.
    #[serde(borrow, default)]
    pub tags: Option<Vec<Text<'a>>>,
    /// For example `full_time`. May be empty.
    #[serde(borrow, default)]
    pub job_type: Text<'a>,
    /// ISO 8601, without an offset.
    #[serde(borrow, default)]
    pub publication_date: Text<'a>,
    /// The places in which applicants may live.
    #[serde(borrow, default)]
    pub candidate_required_location: Text<'a>,
    /// The pay, as text. May be empty.
    #[serde(borrow, default)]
    pub salary: Text<'a>,
    /// HTML.
    #[serde(borrow, default)]
    pub description: Text<'a>,
}

/// Parses a listing. A malformed job does not hide the others.
pub fn read(body: &[u8]) -> Result<Listing<'_>, SourceError> {
    let response: ListingResponse = json::decode(body)?;
    Ok(Listing {
        total: response.total,
        jobs: response.jobs.read("jobs")?,
    })
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_category_restricts_the_listing() {
        let options: Options = serde_json::from_str("{}").expect("options");
        assert_eq!(
            listing(&options, "all").url,
            "https://remotive.com/api/remote-jobs"
        );
        assert_eq!(
            listing(&options, "qa").url,
            "https://remotive.com/api/remote-jobs?category=qa"
        );
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Remotive, Options>();
    }
}
