//! Boards that list all their jobs in one answer.

use crate::{Outcome, Page, Request, Response, SourceError};

/// Reads a board that comes whole in one answer, or finds that it has not changed.
///
/// `listing` is the request that brings all jobs, `read` makes a page of an answer that is a
/// success.
pub fn fetch_whole_board(
    listing: Request,
    read: impl FnOnce(&Response) -> Result<Page, SourceError>,
) -> Result<Outcome, SourceError> {
    fetch_whole_board_accepted(listing, Response::ok, read)
}

/// The same for a board whose statuses mean something else: `accept` lets a success pass, as
/// [`Response::ok`] does.
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
    let answer = send(&listing.conditional())?;
    let answer = accept(answer)?;

    // An unchanged answer has no body: read, it would pass for an empty board, or for none.
    if answer.unchanged {
        return Ok(Outcome::NotModified);
    }
    read(&answer).map(Outcome::Page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RawJob;

    fn page() -> Page {
        Page::whole_board(vec![RawJob::new("1", "Cook", "https://a.example/1")])
    }

    /// What becomes of an answer of that status, whose body is always good.
    fn outcome(status: u16, unchanged: bool) -> Result<Outcome, SourceError> {
        let listing = Request::get("https://api.example.com/jobs");
        let send = |request: &Request| {
            assert!(request.conditional, "else no answer is unchanged");
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
    fn an_answer_that_is_no_success_is_not_read() {
        assert_eq!(outcome(429, false), Err(SourceError::RateLimited(None)));
    }
}
