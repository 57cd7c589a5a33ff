//! The public API: which request brings a page, and the answer as Himalayas gives it.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::{Elements, Request, Text, Url};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Stands in for Himalayas' scheme and host.
    #[serde(default = "Options::himalayas")]
    base_url: String,
    /// How many pages to read.
    #[serde(default = "Options::five")]
    pub pages: usize,
}

impl Options {
    fn himalayas() -> String {
        "https://himalayas.app".to_owned()
    }

    fn five() -> usize {
        5
    }
}

/// How many jobs a page has; more are never given.
pub const PAGE: usize = 20;

/// The request for the page that follows after so many jobs.
pub fn listing(options: &Options, skip: usize) -> Request {
    let url = Url::at(&options.base_url).path("jobs/api");
    Request::get(
        url.query("limit", &PAGE.to_string())
            .query("offset", &skip.to_string()),
    )
}

/// A page.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing<'a> {
    /// How many jobs there are in all.
    pub total_count: u32,
    /// Those of this page: [`Job`].
    #[serde(borrow)]
    pub jobs: Elements<'a>,
}

/// One job.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job<'a> {
    /// The public page, which is the only id.
    #[serde(borrow)]
    pub guid: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// As people know it.
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    /// Such as `Full Time`.
    #[serde(borrow, default)]
    pub employment_type: Text<'a>,
    /// In major units.
    #[serde(default)]
    pub min_salary: Option<f64>,
    /// In major units.
    #[serde(default)]
    pub max_salary: Option<f64>,
    /// ISO 4217; there without a salary, too.
    #[serde(borrow, default)]
    pub currency: Text<'a>,
    /// Such as `Senior`.
    #[serde(borrow, default)]
    pub seniority: Option<Vec<Text<'a>>>,
    /// Countries from which one may work, in English; anywhere if empty.
    #[serde(borrow, default)]
    pub location_restrictions: Option<Vec<Text<'a>>>,
    /// Such as `Business-Development`.
    #[serde(borrow, default)]
    pub categories: Option<Vec<Text<'a>>>,
    /// HTML.
    #[serde(borrow, default)]
    pub description: Text<'a>,
    /// Seconds since 1970.
    #[serde(default)]
    pub pub_date: Option<i64>,
    /// Seconds since 1970.
    #[serde(default)]
    pub expiry_date: Option<i64>,
    /// Where to apply.
    #[serde(borrow, default)]
    pub application_link: Text<'a>,
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Himalayas, Options>();
    }
}
