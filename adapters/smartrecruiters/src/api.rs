//! The Posting API: its requests and the format of its responses.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::{Elements, FetchRequest, Paging, Request, SourceError, Text, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Replaces SmartRecruiters' scheme and host.
    #[serde(default = "Options::smartrecruiters")]
    base_url: String,
}

impl Options {
    fn smartrecruiters() -> String {
        "https://api.smartrecruiters.com".to_owned()
    }
}

/// The API returns at most a hundred postings at once. No company has ten thousand there.
pub const PAGING: Paging = Paging {
    page_size: 100,
    max_pages: 100,
};

/// The postings of one company.
#[derive(Debug)]
pub struct Board {
    postings: Url,
    /// The company's identifier, as the source spells it.
    pub company: String,
}

impl Board {
    /// Returns the board of a request.
    pub fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        let company = request.identifier.clone();
        Ok(Self {
            postings: Url::at(&options.base_url)
                .path("v1/companies")
                .segment(&company)
                .path("postings"),
            company,
        })
    }

    /// Returns the request for the chunk of the listing after the first `skip` postings.
    pub fn listing(&self, skip: usize) -> Request {
        let size = PAGING.page_size.to_string();
        Request::get(
            self.postings
                .clone()
                .query("limit", &size)
                .query("offset", &skip.to_string()),
        )
    }

    /// Returns the request for one posting with its text.
    pub fn posting(&self, id: &str) -> Request {
        Request::get(self.postings.clone().segment(id))
    }
}

/// One chunk of the listing. An unknown company has no postings, like one that is not hiring.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing<'a> {
    /// The number of postings on the board.
    pub total_found: u32,
    /// The postings of this chunk, each a [`Posting`].
    #[serde(borrow)]
    pub content: Elements<'a>,
}

/// A posting in the listing.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Posting<'a> {
    /// Digits only.
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    /// The employer's own number of the posting.
    #[serde(borrow, default)]
    pub ref_number: Text<'a>,
    #[serde(borrow, default)]
    pub company: Option<Company<'a>>,
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), in UTC.
    #[serde(borrow, default)]
    pub released_date: Text<'a>,
    #[serde(borrow, default)]
    pub location: Option<Place<'a>>,
    /// The label is empty if there is no department.
    #[serde(borrow, default)]
    pub department: Option<Label<'a>>,
    /// For example `Information Technology`.
    #[serde(borrow, default)]
    pub function: Option<Label<'a>>,
    /// For example `Full-time`, in the posting's language.
    #[serde(borrow, default)]
    pub type_of_employment: Option<Label<'a>>,
    /// For example `Mid-Senior Level`.
    #[serde(borrow, default)]
    pub experience_level: Option<Label<'a>>,
    /// For example `Computer Hardware`.
    #[serde(borrow, default)]
    pub industry: Option<Label<'a>>,
    /// The language of the text.
    #[serde(borrow, default)]
    pub language: Option<Language<'a>>,
}

/// The company of a posting.
#[derive(Debug, serde::Deserialize)]
pub struct Company<'a> {
    /// The identifier in the URLs of the company's pages, in the spelling that they require.
    #[serde(borrow, default)]
    pub identifier: Text<'a>,
    /// The name as people know it.
    #[serde(borrow, default)]
    pub name: Text<'a>,
}

/// A place, and the possibility to work elsewhere.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place<'a> {
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// The state or province.
    #[serde(borrow, default)]
    pub region: Text<'a>,
    /// [ISO 3166-1 alpha-2](https://www.iso.org/iso-3166-country-codes.html) code, in lower case.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// The whole place, with an empty part between commas if something is missing.
    #[serde(borrow, default)]
    pub full_location: Text<'a>,
    /// True if the work is fully remote.
    #[serde(default)]
    pub remote: Option<bool>,
    /// True if the work is partly remote.
    #[serde(default)]
    pub hybrid: Option<bool>,
    /// The employer's words about partly remote work.
    #[serde(borrow, default)]
    pub hybrid_description: Text<'a>,
}

/// A record of which only the label is used.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Label<'a> {
    #[serde(borrow, default)]
    pub label: Text<'a>,
}

/// The language of a posting.
#[derive(Debug, serde::Deserialize)]
pub struct Language<'a> {
    /// For example `en` or `en-GB`.
    #[serde(borrow, default)]
    pub code: Text<'a>,
}

/// The fields of a posting that the listing does not contain.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details<'a> {
    /// The title.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// URL of the public page.
    #[serde(borrow, default)]
    pub posting_url: Text<'a>,
    /// URL of the application form.
    #[serde(borrow, default)]
    pub apply_url: Text<'a>,
    #[serde(borrow)]
    pub job_ad: JobAd<'a>,
    /// The pay, if the employer states it.
    #[serde(borrow, default)]
    pub compensation: Option<Compensation<'a>>,
}

/// The job that a posting advertises, from the same response as [`Details`].
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job<'a> {
    /// The same for all postings of one job.
    #[serde(borrow, default)]
    pub job_id: Text<'a>,
}

/// The text of a posting.
#[derive(Debug, serde::Deserialize)]
pub struct JobAd<'a> {
    #[serde(borrow)]
    pub sections: Sections<'a>,
}

/// The parts of a text, in the order of the public page.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sections<'a> {
    #[serde(borrow, default)]
    pub company_description: Section<'a>,
    #[serde(borrow, default)]
    pub job_description: Section<'a>,
    #[serde(borrow, default)]
    pub qualifications: Section<'a>,
    #[serde(borrow, default)]
    pub additional_information: Section<'a>,
}

/// A part of a text.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Section<'a> {
    /// The heading, in plain text.
    #[serde(borrow, default)]
    pub title: Text<'a>,
    /// HTML.
    #[serde(borrow, default)]
    pub text: Text<'a>,
}

/// The pay of a job.
#[derive(Debug, serde::Deserialize)]
pub struct Compensation<'a> {
    /// In major units.
    #[serde(default)]
    pub min: Option<f64>,
    /// In major units.
    #[serde(default)]
    pub max: Option<f64>,
    /// [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html) code.
    #[serde(borrow, default)]
    pub currency: Text<'a>,
    /// For example `HOURLY`.
    #[serde(borrow, default)]
    pub period: Text<'a>,
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::SmartRecruiters, Options>();
    }
}
