//! The public API: its request and the format of its responses.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::{Elements, Request, Text, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces Himalayas' scheme and host.
    #[serde(default = "Options::himalayas")]
    base_url: String,
    /// The number of pages to read.
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

/// The number of jobs in a page. The board does not return more.
pub const PAGE_SIZE: usize = 20;

/// Returns the request for the page after the first `skip` jobs.
pub fn listing(options: &Options, skip: usize) -> Request {
    let url = Url::at(&options.base_url).path("jobs/api");
    Request::get(
        url.query("limit", &PAGE_SIZE.to_string())
            .query("offset", &skip.to_string()),
    )
}

/// One page of the listing.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing<'a> {
    /// The number of jobs on the board. Not every response has it.
    #[serde(borrow, default)]
    pub total_count: Text<'a>,
    /// The jobs of this page, each a [`Job`].
    #[serde(borrow)]
    pub jobs: Elements<'a>,
}

/// A job.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job<'a> {
    /// URL of the public page. There is no other id.
    #[serde(borrow)]
    pub guid: Text<'a>,
    #[serde(borrow)]
    pub title: Text<'a>,
    /// The name as people know it.
    #[serde(borrow, default)]
    pub company_name: Text<'a>,
    /// For example `Full Time`.
    #[serde(borrow, default)]
    pub employment_type: Text<'a>,
    /// In major units.
    #[serde(default)]
    pub min_salary: Option<f64>,
    /// In major units.
    #[serde(default)]
    pub max_salary: Option<f64>,
    /// [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html) code, set even without a
    /// salary.
    #[serde(borrow, default)]
    pub currency: Text<'a>,
    /// For example `Senior`.
    #[serde(borrow, default)]
    pub seniority: Option<Vec<Text<'a>>>,
    /// The English names of the countries in which applicants may live. Empty: anywhere.
    #[serde(borrow, default)]
    pub location_restrictions: Option<Vec<Text<'a>>>,
    /// The offsets from UTC in which applicants may live, in hours. Empty: any.
    #[serde(borrow, default)]
    pub timezone_restrictions: Option<Vec<Text<'a>>>,
    /// For example `Business-Development`.
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
    /// URL of the application form.
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
