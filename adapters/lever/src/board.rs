//! A board in as many requests as it takes.
//!
//! Lever answers with the whole board when it is asked without a limit, as far as is known; where exactly
//! [`FULL_PART`] postings come, there may be more, so parts are asked for until one is shorter. How many requests it
//! took is what the next scan has to know, to ask whether any of them changed: it is the source's state. A board that
//! comes whole needs none.

use job_scanner_sdk::{Outcome, Page, Request, Response, SourceError};

use crate::api::{self, FULL_PART};
use crate::map;

/// Parts of which a board can consist; far more than any company has open jobs for.
const MOST_PARTS: usize = 200;

/// Fetches a board. `part` makes the request for what follows after so many postings, `send` sends requests.
pub(crate) fn fetch(
    state: Option<&str>,
    part: impl Fn(usize) -> Request,
    send: impl Fn(&[Request]) -> Vec<Result<Response, SourceError>>,
) -> Result<Outcome, SourceError> {
    let parts = state.and_then(|state| state.parse().ok()).unwrap_or(1_usize).clamp(1, MOST_PARTS);
    let asked: Vec<Request> = (0..parts).map(|index| part(index * FULL_PART).conditional()).collect();
    let mut answers = send(&asked).into_iter().map(|answer| answer?.ok()).collect::<Result<Vec<_>, _>>()?;
    if answers.iter().all(|answer| answer.unchanged) {
        return Ok(Outcome::NotModified);
    }
    // The one part of a one-part board is at hand already; of several, some may have come without a body.
    let first = if parts == 1 { answers.pop() } else { None };
    drop(answers);
    read_all(first, parts, part, send).map(|(page, parts)| {
        // A board that has shrunk to one part must not leave the old number behind.
        let state = (parts > 1 || state.is_some()).then(|| parts.to_string());
        Outcome::Page(Page { state, ..page })
    })
}

/// Reads parts until one is short; returns how many there were. So many have been `asked` for already, conditionally.
fn read_all(
    mut first: Option<Response>,
    asked: usize,
    part: impl Fn(usize) -> Request,
    send: impl Fn(&[Request]) -> Vec<Result<Response, SourceError>>,
) -> Result<(Page, usize), SourceError> {
    let ask = |request| send(&[request]).into_iter().next().ok_or_else(no_answer)??.ok();
    let (mut jobs, mut unreadable) = (Vec::new(), Vec::new());
    for index in 0..MOST_PARTS {
        let answer = match first.take() {
            Some(first) => first,
            None if index < asked => ask(part(index * FULL_PART))?,
            // The host remembers only answers to conditional requests, and the next scan will want this one.
            None => {
                let answer = ask(part(index * FULL_PART).conditional())?;
                if answer.unchanged { ask(part(index * FULL_PART))? } else { answer }
            }
        };
        let listing = api::read(&answer.body)?;
        let listed = listing.postings.len() + listing.unreadable.len();
        jobs.extend(listing.postings.into_iter().map(map::raw_job));
        unreadable.extend(listing.unreadable);
        if listed != FULL_PART {
            return Ok((Page::whole_board(jobs).with_unreadable(unreadable), index + 1));
        }
    }
    Err(SourceError::UnexpectedResponse(format!("more than {MOST_PARTS} parts of {FULL_PART} postings each")))
}

fn no_answer() -> SourceError {
    SourceError::Other(("no-answer".to_owned(), "a request was not answered".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::ops::Range;

    use super::*;

    /// A board of so many postings that lists at most `limit` an answer, and whose parts in `unchanged` are so.
    struct Board {
        postings: usize,
        limit: usize,
        unchanged: Range<usize>,
        asked: RefCell<Vec<String>>,
    }

    impl Board {
        fn of(postings: usize) -> Self {
            Self { postings, limit: FULL_PART, unchanged: 0..0, asked: RefCell::default() }
        }

        fn fetch(&self, state: Option<&str>) -> Result<Outcome, SourceError> {
            fetch(
                state,
                |skip| Request::get(skip.to_string()),
                |requests| requests.iter().map(|it| Ok(self.answer(it))).collect(),
            )
        }

        fn answer(&self, request: &Request) -> Response {
            self.asked.borrow_mut().push(format!("{}{}", request.url, if request.conditional { "?" } else { "" }));
            let skip: usize = request.url.parse().expect("a number");
            let unchanged = request.conditional && self.unchanged.contains(&(skip / FULL_PART));
            let ids = skip..self.postings.min(skip.saturating_add(self.limit));
            let postings =
                ids.map(|id| format!(r#"{{"id": "{id}", "text": "Cook", "hostedUrl": "https://a.example/{id}"}}"#));
            let body = if unchanged { String::new() } else { format!("[{}]", postings.collect::<Vec<_>>().join(",")) };
            Response { status: 200, url: request.url.clone(), headers: Vec::new(), body: body.into_bytes(), unchanged }
        }

        fn asked(&self) -> Vec<String> {
            self.asked.take()
        }
    }

    fn page(outcome: Result<Outcome, SourceError>) -> Page {
        match outcome {
            Ok(Outcome::Page(page)) => page,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_board_that_comes_whole_takes_one_request_and_no_state() {
        for postings in [0, 1, 99, 250] {
            let board = Board { limit: usize::MAX, ..Board::of(postings) };
            let page = page(board.fetch(None));
            assert_eq!((page.jobs.len(), page.state, page.next), (postings, None, None));
            assert_eq!(board.asked(), ["0?"]);
        }
    }

    #[test]
    fn after_a_hundred_postings_it_is_asked_for_more_until_a_part_is_short() {
        for (postings, asked) in [(100, vec!["0?", "100?"]), (240, vec!["0?", "100?", "200?"])] {
            let board = Board::of(postings);
            let page = page(board.fetch(None));
            assert_eq!((page.jobs.len(), board.asked()), (postings, asked.iter().map(ToString::to_string).collect()));
            assert_eq!(page.state, Some(asked.len().to_string()));
        }
    }

    #[test]
    fn a_long_board_is_unchanged_only_if_every_part_is() {
        let board = Board { unchanged: 0..3, ..Board::of(240) };
        assert_eq!(board.fetch(Some("3")), Ok(Outcome::NotModified));
        assert_eq!(board.asked(), ["0?", "100?", "200?"]);

        let board = Board { unchanged: 0..2, ..Board::of(240) };
        assert_eq!(page(board.fetch(Some("3"))).jobs.len(), 240);
        assert_eq!(board.asked(), ["0?", "100?", "200?", "0", "100", "200"]);
    }

    #[test]
    fn a_part_that_was_there_before_is_read_although_it_is_unchanged() {
        let board = Board { unchanged: 2..3, ..Board::of(240) };
        assert_eq!(page(board.fetch(Some("2"))).jobs.len(), 240);
        assert_eq!(board.asked(), ["0?", "100?", "0", "100", "200?", "200"]);
    }

    #[test]
    fn a_board_that_has_shrunk_does_not_keep_its_old_number_of_parts() {
        assert_eq!(page(Board::of(40).fetch(Some("3"))).state.as_deref(), Some("1"));
    }

    #[test]
    fn a_state_that_is_no_number_is_as_none() {
        let board = Board::of(3);
        assert_eq!(page(board.fetch(Some("soon"))).jobs.len(), 3);
        assert_eq!(board.asked(), ["0?"]);
    }

    #[test]
    fn one_part_that_fails_fails_the_board() {
        let send = |requests: &[Request]| -> Vec<_> {
            let answers = requests.iter().map(|request| {
                let mut answer = Board::of(240).answer(request);
                answer.status = if request.url == "100" { 500 } else { 200 };
                Ok(answer)
            });
            answers.collect()
        };
        let error = fetch(None, |skip| Request::get(skip.to_string()), send).expect_err("half a board");
        assert!(matches!(error, SourceError::Upstream((500, _))), "{error:?}");
    }

    #[test]
    fn a_board_without_end_is_given_up() {
        let error = Board::of(1_000_000).fetch(None).expect_err("too long");
        assert!(matches!(error, SourceError::UnexpectedResponse(_)), "{error:?}");
    }
}
