//! The undocumented API of Workday's career sites: its requests and the format of its responses.
//!
//! Fields that are not used are not declared. New fields appear without notice and are ignored.

use job_scanner_sdk::{Elements, Header, Paging, Request, Response, SourceError, Text};

use crate::site::Site;

/// The server returns at most twenty jobs per response, and starts over after the two-thousandth
/// job.
pub const PAGING: Paging = Paging {
    page_size: 20,
    max_pages: 100,
};

/// Returns the request for the chunk of the listing after the first `skip` jobs.
pub fn listing(site: &Site, skip: usize) -> Request {
    let limit = PAGING.page_size;
    let body =
        format!(r#"{{"appliedFacets":{{}},"limit":{limit},"offset":{skip},"searchText":""}}"#);
    let mut request = Request {
        method: "POST".to_owned(),
        body: Some(body.into_bytes()),
        // A followed redirect would lose the body.
        ..Request::get(site.api().path("jobs")).without_redirects()
    };
    request.headers.push(Header {
        name: "Content-Type".to_owned(),
        value: "application/json".to_owned(),
    });
    request
}

/// Returns the request for one job with its text. `path` is from the listing.
pub fn posting(site: &Site, path: &str) -> Request {
    Request::get(site.posting(path))
}

/// Returns the response if it is a success, else the error that it means. A server that cannot
/// respond now redirects, or returns a web page.
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
                "{} returned a web page, as during maintenance",
                response.url
            );
            Err(SourceError::UnexpectedResponse(message))
        }
        _ => response.ok(),
    }
}

/// Returns true for a redirect. They have been seen in bursts: the same request succeeds when it is
/// sent again.
pub fn is_redirect(response: &Response) -> bool {
    matches!(response.status, 301..=303 | 307 | 308)
}

fn is_page(response: &Response) -> bool {
    response.body.trim_ascii_start().starts_with(b"<")
}

/// One chunk of the listing.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing<'a> {
    /// The number of jobs, at most 2,000. Zero in all chunks but the first.
    pub total: u32,
    /// The postings of this chunk, each a [`Posting`].
    #[serde(borrow)]
    pub job_postings: Elements<'a>,
}

/// A job in the listing.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Posting<'a> {
    #[serde(borrow)]
    pub title: Text<'a>,
    /// Path below the site: `/job/PLACE/TITLE_NUMBER`.
    #[serde(borrow)]
    pub external_path: Text<'a>,
    /// The place, or the number of places.
    #[serde(borrow, default)]
    pub locations_text: Text<'a>,
    /// For example `Full time`. Only some tenants show it.
    #[serde(borrow, default)]
    pub time_type: Text<'a>,
    /// Free text of the tenant. Only some tenants show it.
    #[serde(borrow, default)]
    pub remote_type: Text<'a>,
    /// Texts that the tenant chose. Most tenants show the number of the opening.
    #[serde(borrow, default)]
    pub bullet_fields: Option<Elements<'a>>,
}

/// The response for one job, with its text.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PostingResponse<'a> {
    #[serde(borrow)]
    pub job_posting_info: Details<'a>,
    #[serde(borrow, default)]
    pub hiring_organization: Option<Organization<'a>>,
}

/// The fields of a job that the listing does not contain.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details<'a> {
    /// HTML.
    #[serde(borrow, default)]
    pub job_description: Text<'a>,
    #[serde(borrow, default)]
    pub location: Text<'a>,
    /// The places after the first.
    #[serde(borrow, default)]
    pub additional_locations: Option<Vec<Text<'a>>>,
    /// The date of posting.
    #[serde(borrow, default)]
    pub start_date: Text<'a>,
    /// The last day to apply.
    #[serde(borrow, default)]
    pub end_date: Text<'a>,
    /// For example `Full time`.
    #[serde(borrow, default)]
    pub time_type: Text<'a>,
    /// Free text of the tenant.
    #[serde(borrow, default)]
    pub remote_type: Text<'a>,
    /// The employer's own number of the opening.
    #[serde(borrow, default)]
    pub job_req_id: Text<'a>,
    #[serde(borrow, default)]
    pub job_requisition_location: Option<RequisitionLocation<'a>>,
    /// `false` if the job is no longer open.
    #[serde(default)]
    pub posted: Option<bool>,
    /// URL of the public page.
    #[serde(borrow, default)]
    pub external_url: Text<'a>,
}

/// The place of an opening.
#[derive(Debug, serde::Deserialize)]
pub struct RequisitionLocation<'a> {
    #[serde(borrow, default)]
    pub country: Option<Country<'a>>,
}

/// The country of an opening.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Country<'a> {
    /// [ISO 3166-1 alpha-2](https://www.iso.org/iso-3166-country-codes.html) code.
    #[serde(borrow, default)]
    pub alpha2_code: Text<'a>,
}

/// The company of a job.
#[derive(Debug, serde::Deserialize)]
pub struct Organization<'a> {
    /// The legal name.
    #[serde(borrow, default)]
    pub name: Text<'a>,
}
