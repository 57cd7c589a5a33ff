//! What Workday's career sites ask their server for, and the answers as it gives them. They are not
//! documented.
//!
//! Fields that we do not use are not named; new ones appear without notice and are ignored.

use job_scanner_sdk::{Elements, Header, Paging, Request, Response, SourceError, Text};

use crate::site::Site;

/// The server answers no more than twenty jobs at once, and begins again beyond the two thousandth.
pub const PAGING: Paging = Paging {
    page_size: 20,
    max_pages: 100,
};

/// The request for the part of the listing that follows after so many jobs.
pub fn listing(site: &Site, skip: usize) -> Request {
    let most = PAGING.page_size;
    let body =
        format!(r#"{{"appliedFacets":{{}},"limit":{most},"offset":{skip},"searchText":""}}"#);
    let mut request = Request {
        method: "POST".to_owned(),
        body: Some(body.into_bytes()),
        // A redirect would be followed without the question.
        ..Request::get(site.api().path("jobs")).without_redirects()
    };
    request.headers.push(Header {
        name: "Content-Type".to_owned(),
        value: "application/json".to_owned(),
    });
    request
}

/// The request for one job with its text; `path` is as the listing has it.
pub fn posting(site: &Site, path: &str) -> Request {
    Request::get(site.posting(path))
}

/// Lets a success pass. What the server does not want to answer now it redirects, or answers with a
/// page for people.
pub fn accept(response: Response) -> Result<Response, SourceError> {
    match response.status {
        status if is_redirect(&response) => {
            let target = response.header("location").unwrap_or_default();
            Err(SourceError::Upstream((
                status,
                format!("{} redirects to {target:?}", response.url),
            )))
        }
        200 if is_page(&response) => {
            let message = format!(
                "{} is a page for people, as while a site is maintained",
                response.url
            );
            Err(SourceError::UnexpectedResponse(message))
        }
        _ => response.ok(),
    }
}

/// Bursts of them were seen; the same question, asked again, is answered.
pub fn is_redirect(response: &Response) -> bool {
    matches!(response.status, 301..=303 | 307 | 308)
}

fn is_page(response: &Response) -> bool {
    response.body.trim_ascii_start().starts_with(b"<")
}

/// A part of the listing.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing<'a> {
    /// How many jobs there are, at most 2,000; zero in all parts but the first.
    pub total: u32,
    /// Those of this part: [`Posting`].
    #[serde(borrow)]
    pub job_postings: Elements<'a>,
}

/// One job as the listing has it.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Posting<'a> {
    /// The title.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// Below the site: `/job/PLACE/TITLE_NUMBER`.
    #[serde(borrow)]
    pub external_path: Text<'a>,
    /// The place, or how many there are.
    #[serde(borrow, default)]
    pub locations_text: Text<'a>,
    /// Such as `Full time`; only some tenants show it.
    #[serde(borrow, default)]
    pub time_type: Text<'a>,
    /// In the tenant's own words; only some show it.
    #[serde(borrow, default)]
    pub remote_type: Text<'a>,
}

/// One job with its text.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PostingResponse<'a> {
    /// The job.
    #[serde(borrow)]
    pub job_posting_info: Details<'a>,
    /// Whose it is.
    #[serde(borrow, default)]
    pub hiring_organization: Option<Organization<'a>>,
}

/// What a job has beside the listing.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details<'a> {
    /// HTML.
    #[serde(borrow, default)]
    pub job_description: Text<'a>,
    /// The first place.
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// The others.
    #[serde(borrow, default)]
    pub additional_locations: Option<Vec<Text<'a>>>,
    /// The day on which it was posted.
    #[serde(borrow, default)]
    pub start_date: Text<'a>,
    /// The last day, if there is one.
    #[serde(borrow, default)]
    pub end_date: Text<'a>,
    /// Such as `Full time`.
    #[serde(borrow, default)]
    pub time_type: Text<'a>,
    /// In the tenant's own words.
    #[serde(borrow, default)]
    pub remote_type: Text<'a>,
    /// The employer's own number for the opening.
    #[serde(borrow, default)]
    pub job_req_id: Text<'a>,
    /// Where the opening is.
    #[serde(borrow, default)]
    pub job_requisition_location: Option<RequisitionLocation<'a>>,
    /// `false` when it is not open any more.
    #[serde(default)]
    pub posted: Option<bool>,
    /// The public page.
    #[serde(borrow, default)]
    pub external_url: Text<'a>,
}

/// Where an opening is.
#[derive(Debug, serde::Deserialize)]
pub struct RequisitionLocation<'a> {
    /// In which country.
    #[serde(borrow, default)]
    pub country: Option<Country<'a>>,
}

/// A country.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Country<'a> {
    /// ISO 3166-1 alpha-2.
    #[serde(borrow, default)]
    pub alpha2_code: Text<'a>,
}

/// A company.
#[derive(Debug, serde::Deserialize)]
pub struct Organization<'a> {
    /// Its legal name.
    #[serde(borrow, default)]
    pub name: Text<'a>,
}
