//! The Posting API: which requests bring a board and a posting, and the answers as SmartRecruiters
//! gives them.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::{Elements, FetchRequest, Paging, Request, SourceError, Text, Url};

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Stands in for SmartRecruiters' scheme and host.
    #[serde(default = "Options::smartrecruiters")]
    base_url: String,
}

impl Options {
    fn smartrecruiters() -> String {
        "https://api.smartrecruiters.com".to_owned()
    }
}

/// A hundred is the most that the API gives at once; no company has ten thousand jobs there.
pub const PAGING: Paging = Paging {
    page_size: 100,
    max_pages: 100,
};

/// The postings of one company.
#[derive(Debug)]
pub struct Board {
    postings: Url,
    /// As the source spells it.
    pub company: String,
}

impl Board {
    /// The board that a request asks for.
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

    /// The request for the part of the listing that follows after so many postings.
    pub fn listing(&self, skip: usize) -> Request {
        let size = PAGING.page_size.to_string();
        Request::get(
            self.postings
                .clone()
                .query("limit", &size)
                .query("offset", &skip.to_string()),
        )
    }

    /// The request for one posting with its text.
    pub fn posting(&self, id: &str) -> Request {
        Request::get(self.postings.clone().segment(id))
    }
}

/// A part of the listing. An unknown company has no postings, like one that does not hire.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing<'a> {
    /// How many postings there are in all.
    pub total_found: u32,
    /// Those of this part: [`Posting`].
    #[serde(borrow)]
    pub content: Elements<'a>,
}

/// One posting as the listing has it.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Posting<'a> {
    /// Digits.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The title.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// The employer's own number for the posting.
    #[serde(borrow, default)]
    pub ref_number: Text<'a>,
    /// Whose it is.
    #[serde(borrow, default)]
    pub company: Option<Company<'a>>,
    /// RFC 3339 in UTC.
    #[serde(borrow, default)]
    pub released_date: Text<'a>,
    /// Where.
    #[serde(borrow, default)]
    pub location: Option<Place<'a>>,
    /// Empty where there is none.
    #[serde(borrow, default)]
    pub department: Option<Label<'a>>,
    /// Such as `Information Technology`.
    #[serde(borrow, default)]
    pub function: Option<Label<'a>>,
    /// Such as `Full-time`, in the posting's language.
    #[serde(borrow, default)]
    pub type_of_employment: Option<Label<'a>>,
    /// Such as `Mid-Senior Level`.
    #[serde(borrow, default)]
    pub experience_level: Option<Label<'a>>,
    /// Such as `Computer Hardware`.
    #[serde(borrow, default)]
    pub industry: Option<Label<'a>>,
    /// Of the posting's text.
    #[serde(borrow, default)]
    pub language: Option<Language<'a>>,
}

/// A company.
#[derive(Debug, serde::Deserialize)]
pub struct Company<'a> {
    /// In the addresses of its pages, in the spelling that they want.
    #[serde(borrow, default)]
    pub identifier: Text<'a>,
    /// As people know it.
    #[serde(borrow, default)]
    pub name: Text<'a>,
}

/// A place and what is said of working elsewhere.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place<'a> {
    /// The city.
    #[serde(borrow, default)]
    pub city: Text<'a>,
    /// State or province.
    #[serde(borrow, default)]
    pub region: Text<'a>,
    /// ISO 3166-1 alpha-2, in lower case.
    #[serde(borrow, default)]
    pub country: Text<'a>,
    /// All of it, with an empty part between commas where something is missing.
    #[serde(borrow, default)]
    pub full_location: Text<'a>,
    /// Wholly elsewhere.
    #[serde(default)]
    pub remote: Option<bool>,
    /// Partly elsewhere.
    #[serde(default)]
    pub hybrid: Option<bool>,
}

/// Anything of which only the words matter.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Label<'a> {
    /// As people read it.
    #[serde(borrow, default)]
    pub label: Text<'a>,
}

/// A language.
#[derive(Debug, serde::Deserialize)]
pub struct Language<'a> {
    /// Such as `en` or `en-GB`.
    #[serde(borrow, default)]
    pub code: Text<'a>,
}

/// What one posting has beside the listing.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details<'a> {
    /// The public page.
    #[serde(borrow, default)]
    pub posting_url: Text<'a>,
    /// Its form.
    #[serde(borrow, default)]
    pub apply_url: Text<'a>,
    /// The text.
    #[serde(borrow)]
    pub job_ad: JobAd<'a>,
    /// What it pays, where the employer says it.
    #[serde(borrow, default)]
    pub compensation: Option<Compensation<'a>>,
}

/// The text of a posting.
#[derive(Debug, serde::Deserialize)]
pub struct JobAd<'a> {
    /// Its parts.
    #[serde(borrow)]
    pub sections: Sections<'a>,
}

/// The parts of a text, in the order in which the public page shows them.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sections<'a> {
    /// Who they are.
    #[serde(borrow, default)]
    pub company_description: Section<'a>,
    /// What there is to do.
    #[serde(borrow, default)]
    pub job_description: Section<'a>,
    /// Who is wanted.
    #[serde(borrow, default)]
    pub qualifications: Section<'a>,
    /// What else there is to say.
    #[serde(borrow, default)]
    pub additional_information: Section<'a>,
}

/// One part of a text.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Section<'a> {
    /// Its heading, in plain text.
    #[serde(borrow, default)]
    pub title: Text<'a>,
    /// HTML.
    #[serde(borrow, default)]
    pub text: Text<'a>,
}

/// What a job pays.
#[derive(Debug, serde::Deserialize)]
pub struct Compensation<'a> {
    /// In major units.
    #[serde(default)]
    pub min: Option<f64>,
    /// In major units.
    #[serde(default)]
    pub max: Option<f64>,
    /// ISO 4217.
    #[serde(borrow, default)]
    pub currency: Text<'a>,
    /// Such as `HOURLY`.
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
