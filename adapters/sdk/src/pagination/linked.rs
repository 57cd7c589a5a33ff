//! Listings whose answers name the address of the next one, such as feeds.
//!
//! The first cannot tell whether those after it have changed, so only a listing of one answer is
//! asked whether it has. How many there were is the source's state.

use crate::{FetchRequest, Outcome, Page, Request, Response, SourceError};

/// What the state says of a listing that goes on.
const SEVERAL: &str = "several answers";

/// What it says of one that went on before, and does not any more: without a word, the old one
/// would stay.
const ONE: &str = "one answer";

/// Reads the next answer of a listing, or finds that the only one has not changed.
///
/// `ask` makes the request for the address that the last answer named, or for the first answer;
/// `read` reads one that is a success, and says in `next` where the listing goes on.
pub fn fetch_linked(
    request: &FetchRequest,
    ask: impl FnOnce(Option<&str>) -> Result<Request, SourceError>,
    read: impl FnOnce(&Response) -> Result<Page, SourceError>,
) -> Result<Outcome, SourceError> {
    let mut get = ask(request.cursor.as_deref())?;
    if may_be_unchanged(request) {
        get = get.conditional();
    }

    let answer = get.send()?.ok()?;
    if answer.unchanged {
        return Ok(Outcome::NotModified);
    }

    let page = read(&answer)?;
    Ok(Outcome::Page(Page {
        state: state(request, &page).map(str::to_owned),
        ..page
    }))
}

fn may_be_unchanged(request: &FetchRequest) -> bool {
    request.cursor.is_none() && request.state.as_deref() != Some(SEVERAL)
}

/// The first page knows whether there are others. That there is one is not remembered, unless
/// there were more.
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
    fn only_a_listing_of_one_answer_may_be_unchanged() {
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
    fn a_listing_that_shrank_to_one_answer_is_no_longer_one_of_several() {
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
