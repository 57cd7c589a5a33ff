//! Boards that list all their jobs in one response.

use crate::{Outcome, Page, Request, Response, SourceError};

/// Fetches a board that lists all its jobs in one response, or finds out that it has not changed.
///
/// `listing` is the request for all jobs. It is sent as a conditional request. `read` turns a
/// successful response into a page.
pub fn fetch_whole_board(
    listing: Request,
    read: impl FnOnce(&Response) -> Result<Page, SourceError>,
) -> Result<Outcome, SourceError> {
    fetch_whole_board_accepted(listing, Response::ok, read)
}

/// Like [`fetch_whole_board`], for boards whose statuses have a meaning of their own.
///
/// `accept` replaces [`Response::ok`]: it returns a successful response, or the error that the
/// response means.
pub fn fetch_whole_board_accepted(
    listing: Request,
    accept: impl FnOnce(Response) -> Result<Response, SourceError>,
    read: impl FnOnce(&Response) -> Result<Page, SourceError>,
) -> Result<Outcome, SourceError> {
    fetch(listing, Request::send, accept, read)
}

fn fetch(
    listing: Request,
    send: impl FnOnce(&Request) -> Result<Response, SourceError>,
    accept: impl FnOnce(Response) -> Result<Response, SourceError>,
    read: impl FnOnce(&Response) -> Result<Page, SourceError>,
) -> Result<Outcome, SourceError> {
    let response = send(&listing.conditional())?;
    let response = accept(response)?;

    // An unchanged response has no body: `read` would return an empty board or an error.
    if response.unchanged {
        return Ok(Outcome::NotModified);
    }
    read(&response).map(Outcome::Page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RawJob;

    fn page() -> Page {
        Page::whole_board(vec![RawJob::new("1", "Cook", "https://a.example/1")])
    }

    /// Returns the outcome of a response with this status and a valid body.
    fn outcome(status: u16, unchanged: bool) -> Result<Outcome, SourceError> {
        let listing = Request::get("https://api.example.com/jobs");
        let send = |request: &Request| {
            assert!(request.conditional, "otherwise no response is unchanged");
            Ok(Response {
                status,
                url: request.url.clone(),
                headers: Vec::new(),
                body: Vec::new(),
                unchanged,
            })
        };
        let read = |_: &Response| {
            assert!(!unchanged, "there is no body to read");
            Ok(page())
        };
        fetch(listing, send, Response::ok, read)
    }

    #[test]
    fn a_board_is_read_unless_it_is_unchanged() {
        assert_eq!(outcome(200, false), Ok(Outcome::Page(page())));
        assert_eq!(outcome(200, true), Ok(Outcome::NotModified));
    }

    #[test]
    fn a_response_that_is_not_a_success_is_an_error() {
        assert_eq!(outcome(429, false), Err(SourceError::RateLimited(None)));
    }
}
