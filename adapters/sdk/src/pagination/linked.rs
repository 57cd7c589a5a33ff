//! Listings whose responses contain the URL of the next one, such as feeds.
//!
//! An unchanged first response does not mean that the others are unchanged. Only a listing that had
//! a single response is therefore requested with a conditional request. The source's state says
//! whether there were several.

use crate::{FetchRequest, Outcome, Page, Request, Response, SourceError};

/// The state of a listing that had several responses.
const SEVERAL: &str = "several answers";

/// The state of a listing that has a single response, but had several before. Without a new state
/// the host would keep the old one.
const ONE: &str = "one answer";

/// Fetches the next response of a listing, or finds out that its only response has not changed.
///
/// `make_request` returns the request for the URL that the last response contained, or for the
/// first response. `read` turns a successful response into a page. Its `next` is the URL of the
/// next response.
pub fn fetch_linked(
    request: &FetchRequest,
    make_request: impl FnOnce(Option<&str>) -> Result<Request, SourceError>,
    read: impl FnOnce(&Response) -> Result<Page, SourceError>,
) -> Result<Outcome, SourceError> {
    let mut get = make_request(request.cursor.as_deref())?;
    if may_be_unchanged(request) {
        get = get.conditional();
    }

    let response = get.send()?.ok()?;
    if response.unchanged {
        return Ok(Outcome::NotModified);
    }

    let page = read(&response)?;
    Ok(Outcome::Page(Page {
        state: state(request, &page).map(str::to_owned),
        ..page
    }))
}

fn may_be_unchanged(request: &FetchRequest) -> bool {
    request.cursor.is_none() && request.state.as_deref() != Some(SEVERAL)
}

/// Returns the state to store, which only the first page sets. A single response needs none, unless
/// there were several before.
fn state(request: &FetchRequest, page: &Page) -> Option<&'static str> {
    match (&request.cursor, &page.next) {
        (Some(_), _) => None,
        (None, Some(_)) => Some(SEVERAL),
        (None, None) => request.state.is_some().then_some(ONE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn request(cursor: Option<&str>, state: Option<&str>) -> FetchRequest {
        let [cursor, state] = [cursor, state].map(|word| word.map(str::to_owned));
        FetchRequest {
            cursor,
            state,
            ..testing::request("acme", "{}")
        }
    }

    #[test]
    fn only_a_listing_of_one_response_may_be_unchanged() {
        for (cursor, before, expected) in [
            (None, None, true),
            (None, Some(ONE), true),
            (None, Some(SEVERAL), false),
            (Some("https://a.example/2"), None, false),
            (Some("https://a.example/2"), Some(ONE), false),
        ] {
            assert_eq!(
                may_be_unchanged(&request(cursor, before)),
                expected,
                "{cursor:?}, {before:?}"
            );
        }
    }

    #[test]
    fn the_state_says_whether_the_listing_had_several_responses() {
        for (cursor, before, next, expected) in [
            (None, None, None, None),
            (None, None, Some("2"), Some(SEVERAL)),
            (None, Some(SEVERAL), Some("2"), Some(SEVERAL)),
            (None, Some(SEVERAL), None, Some(ONE)),
            (None, Some(ONE), None, Some(ONE)),
            (None, Some(ONE), Some("2"), Some(SEVERAL)),
            (Some("2"), Some(SEVERAL), None, None),
        ] {
            let page = Page {
                next: next.map(str::to_owned),
                ..Page::whole_board(Vec::new())
            };
            assert_eq!(
                state(&request(cursor, before), &page),
                expected,
                "{cursor:?}, {before:?}, {next:?}"
            );
        }
    }
}
