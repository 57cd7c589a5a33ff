//! The public API: which request brings the jobs, and the answer as Remotive gives it.

use job_scanner_sdk::json::{self, Each};
use job_scanner_sdk::{Elements, Request, SourceError, Text, Url};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Stands in for Remotive's scheme and host.
    #[serde(default = "Options::remotive")]
    base_url: String,
}

impl Options {
    fn remotive() -> String {
        "https://remotive.com".to_owned()
    }
}

/// The identifier that stands for all categories.
pub const ALL: &str = "all";

/// The request for all jobs, or those of one category.
pub fn listing(options: &Options, category: &str) -> Request {
    let url = Url::at(&options.base_url).path("api/remote-jobs");
    Request::get(if category == ALL {
        url
    } else {
        url.query("category", category)
    })
}

/// All jobs.
#[derive(Debug)]
pub struct Listing<'a> {
    /// How many there are, as Remotive says.
    pub total: Option<u32>,
    /// The jobs.
    pub jobs: Each<Job<'a>>,
}

#[derive(Debug, serde::Deserialize)]
struct ListingResponse<'a> {
    #[serde(default, rename = "job-count")]
    total: Option<u32>,
    #[serde(borrow)]
    jobs: Elements<'a>,
}

/// One job.
#[derive(Debug, serde::Deserialize)]
pub struct Job<'a> {
    /// A number.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// On Remotive.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// As people know it.
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    /// Such as `Software Development`.
    #[serde(borrow, default)]
    pub category: Text<'a>,
    /// Free words.
    #[serde(borrow, default)]
    pub tags: Option<Vec<Text<'a>>>,
    /// Such as `full_time`; perhaps empty.
    #[serde(borrow, default)]
    pub job_type: Text<'a>,
    /// ISO 8601 without a zone.
    #[serde(borrow, default)]
    pub publication_date: Text<'a>,
    /// Where applicants may be.
    #[serde(borrow, default)]
    pub candidate_required_location: Text<'a>,
    /// What it pays, in words; perhaps empty.
    #[serde(borrow, default)]
    pub salary: Text<'a>,
    /// HTML.
    #[serde(borrow, default)]
    pub description: Text<'a>,
}

/// Reads a listing. One odd job does not hide the others.
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
    fn a_category_narrows_the_listing() {
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
