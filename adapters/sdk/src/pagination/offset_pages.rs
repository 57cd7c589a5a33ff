//! Boards that list their jobs in parts of a fixed size.
//!
//! Some say how many jobs there are, and their parts are read side by side. Others do not, and are
//! asked for part after part until one is not full. Either way all of it happens within one call,
//! and how many parts there were is the source's state: the next scan asks all of them whether
//! anything changed, and an unchanged board costs these answers and nothing else.

use std::ops::Range;

use super::listing::{Chunk, Listing};
use crate::{FetchRequest, Outcome, Request, Response, SourceError, send_all};

/// How many parts are asked for at once: fewer than the host lets pass in one batch.
const AT_ONCE: usize = 32;

/// A board in parts.
pub trait OffsetPages {
    /// How it is divided.
    fn paging(&self) -> Paging;

    /// The request for the part that follows after so many jobs.
    fn request(&self, skip: usize) -> Request;

    /// Reads a part's answer.
    fn read(&self, answer: &Response) -> Result<Chunk, SourceError>;

    /// Lets a success pass.
    fn accept(&self, answer: Response) -> Result<Response, SourceError> {
        answer.ok()
    }

    /// Whether an answer is such that the same request, sent once more, may well have another one.
    fn is_transient(&self, _answer: &Response) -> bool {
        false
    }

    /// Whether there is more to the listing than these parts, and that has changed: then they are
    /// read although they have not.
    fn has_other_changes(&self) -> bool {
        false
    }
}

/// How a board is divided.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// How many jobs a part holds, but for the last.
    pub page_size: usize,
    /// At most so many parts are read.
    pub max_pages: usize,
}

/// Reads a whole board, or finds that nothing has changed.
///
/// A later part that fails does not lose the others: the page has what was read, and the next one
/// is the failure. A board that does not want to be asked any more is not.
pub fn fetch_offset_pages(
    request: &FetchRequest,
    board: &impl OffsetPages,
) -> Result<Outcome, SourceError> {
    fetch(request, board, send_all)
}

fn fetch<B: OffsetPages>(
    request: &FetchRequest,
    board: &B,
    send: impl Fn(&[Request]) -> Vec<Answer>,
) -> Result<Outcome, SourceError> {
    // Before anything is asked: a board that wanted a pause gets it.
    request.check_cursor()?;

    let mut reader = Reader {
        board,
        send,
        answers: Vec::new(),
    };
    reader.ask(0..known_parts(request, board.paging().max_pages));
    if reader.answers.iter().all(is_unchanged) && !board.has_other_changes() {
        return Ok(Outcome::NotModified);
    }

    reader.ask_for_bodies();
    let (listing, parts) = reader.read()?;
    let mut page = listing.into_page();

    // A single part is not remembered; but a board that has shrunk to one must not leave
    // the old number behind.
    page.state = (parts > 1 || request.state.is_some()).then(|| parts.to_string());
    Ok(Outcome::Page(page))
}

/// The number of parts at the last scan, and one at the first.
fn known_parts(request: &FetchRequest, most: usize) -> usize {
    let state = request.state.as_deref();
    let known = state.and_then(|state| state.parse().ok());
    known.unwrap_or(1).clamp(1, most)
}

type Answer = Result<Response, SourceError>;

struct Reader<'b, B, S> {
    board: &'b B,
    send: S,
    /// To the first parts; what is taken out leaves an error behind.
    answers: Vec<Answer>,
}

impl<B: OffsetPages, S: Fn(&[Request]) -> Vec<Answer>> Reader<'_, B, S> {
    /// Reads all parts; returns how many there are, too.
    fn read(&mut self) -> Result<(Listing, usize), SourceError> {
        let first = self.read_part(0)?;
        let mut listing = Listing::of_total(first.total);

        let parts = match first.total {
            Some(total) => {
                listing.take(first);
                self.read_counted(total as usize, &mut listing)
            }
            None => self.read_until_short(first, &mut listing),
        };
        Ok((listing, parts))
    }

    /// Reads the parts after the first.
    fn read_counted(&mut self, total: usize, listing: &mut Listing) -> usize {
        let Paging {
            page_size: size,
            max_pages: most,
        } = self.board.paging();
        let parts = total.div_ceil(size).clamp(1, most);

        // A board that has shrunk was asked for parts that are no more, and whose failure is none.
        self.answers.truncate(parts);
        self.ask(self.answers.len()..parts);
        self.ask_for_bodies();

        for index in 1..self.answers.len() {
            match self.read_part(index) {
                Ok(part) => _ = listing.take(part),
                Err(error) => listing.fail(error),
            }
        }
        parts
    }

    /// Reads part after part, until one is not full, or brings nothing new: a board that does not
    /// know parts answers with the same jobs again.
    fn read_until_short(&mut self, first: Chunk, listing: &mut Listing) -> usize {
        let Paging {
            page_size: size,
            max_pages: most,
        } = self.board.paging();
        let goes_on = |part: Chunk, listing: &mut Listing| {
            let is_full = part.len() == size;
            listing.take(part) > 0 && is_full
        };

        let mut parts = 1;
        let mut is_open = goes_on(first, listing);
        while is_open {
            if parts == most {
                let words = format!("more than {most} parts of {size} jobs each");
                listing.fail(SourceError::UnexpectedResponse(words));
                break;
            }

            if self.answers.len() == parts {
                self.ask(parts..parts + 1);
                self.ask_for_bodies();
            }

            match self.read_part(parts) {
                Ok(part) => is_open = goes_on(part, listing),
                Err(error) => {
                    listing.fail(error);
                    break;
                }
            }
            parts += 1;
        }
        parts
    }

    fn read_part(&mut self, index: usize) -> Result<Chunk, SourceError> {
        let Some(answer) = self.answers.get_mut(index) else {
            return Err(no_answer());
        };

        let answer = std::mem::replace(answer, Err(no_answer()))?;
        self.board.read(&answer)
    }

    /// Asks for parts, for which it is an answer that they are as before, until the board wants no
    /// more of it.
    fn ask(&mut self, parts: Range<usize>) {
        let requests: Vec<Request> = parts.map(|part| self.request(part).conditional()).collect();

        for batch in requests.chunks(AT_ONCE) {
            self.answers.extend(self.send(batch));
            if self.answers.iter().any(wants_no_more) {
                return;
            }
        }
    }

    /// Asks once more for those that came without a body, which the others make worth reading.
    fn ask_for_bodies(&mut self) {
        let missing: Vec<usize> = (0..self.answers.len())
            .filter(|&part| is_unchanged(&self.answers[part]))
            .collect();

        for batch in missing.chunks(AT_ONCE) {
            let requests: Vec<Request> = batch.iter().map(|&part| self.request(part)).collect();
            for (&part, answer) in batch.iter().zip(self.send(&requests)) {
                self.answers[part] = answer;
            }

            if self.answers.iter().any(wants_no_more) {
                return;
            }
        }
    }

    fn request(&self, part: usize) -> Request {
        self.board.request(part * self.board.paging().page_size)
    }

    /// Sends requests, and those once more whose answers will pass.
    fn send(&self, requests: &[Request]) -> Vec<Answer> {
        let mut answers = (self.send)(requests);

        let is_transient = |answer: &Answer| {
            answer
                .as_ref()
                .is_ok_and(|answer| self.board.is_transient(answer))
        };
        let passing: Vec<usize> = (0..answers.len())
            .filter(|&index| is_transient(&answers[index]))
            .collect();

        if !passing.is_empty() {
            let again: Vec<Request> = passing
                .iter()
                .map(|&index| requests[index].clone())
                .collect();
            for (&index, answer) in passing.iter().zip((self.send)(&again)) {
                answers[index] = answer;
            }
        }

        answers
            .into_iter()
            .map(|answer| self.board.accept(answer?))
            .collect()
    }
}

fn is_unchanged(answer: &Answer) -> bool {
    answer.as_ref().is_ok_and(|answer| answer.unchanged)
}

fn wants_no_more(answer: &Answer) -> bool {
    answer
        .as_ref()
        .is_err_and(SourceError::concerns_all_requests)
}

fn no_answer() -> SourceError {
    SourceError::Other((
        "no-answer".to_owned(),
        "a request was not answered".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::{Page, RawJob, testing};

    /// A board of so many jobs, ten a part, of which those in `unchanged` are so.
    #[derive(Default)]
    struct Board {
        jobs: usize,
        /// Whether it says how many it has.
        counts: bool,
        gives: Gives,
        unchanged: Vec<usize>,
        changed_beside: bool,
        /// What is wrong with some parts.
        statuses: Vec<(usize, u16)>,
        asked: RefCell<Vec<String>>,
    }

    #[derive(Default, PartialEq)]
    enum Gives {
        /// What was asked for.
        #[default]
        Chunk,
        /// All that follow.
        Whole,
        /// The first part, whatever was asked for.
        First,
    }

    impl OffsetPages for Board {
        fn paging(&self) -> Paging {
            Paging {
                page_size: 10,
                max_pages: 5,
            }
        }

        fn request(&self, skip: usize) -> Request {
            Request::get(skip.to_string())
        }

        fn read(&self, answer: &Response) -> Result<Chunk, SourceError> {
            let skip: usize = answer.url.parse().expect("a number");
            let skip = if self.gives == Gives::First { 0 } else { skip };
            let end = if self.gives == Gives::Whole {
                self.jobs
            } else {
                self.jobs.min(skip + 10)
            };
            let jobs = (skip..end)
                .map(|id| RawJob::new(id.to_string(), "Cook", "https://a.example"))
                .collect();
            let total = if skip == 0 {
                u32::try_from(self.jobs).expect("a small board")
            } else {
                0
            };
            Ok(Chunk {
                jobs,
                unreadable: Vec::new(),
                total: self.counts.then_some(total),
            })
        }

        /// Which the board does once for each part.
        fn is_transient(&self, answer: &Response) -> bool {
            answer.status == 418
        }

        fn has_other_changes(&self) -> bool {
            self.changed_beside
        }
    }

    impl Board {
        fn counted(jobs: usize) -> Self {
            Self {
                jobs,
                counts: true,
                ..Self::default()
            }
        }

        fn uncounted(jobs: usize) -> Self {
            Self {
                jobs,
                ..Self::default()
            }
        }

        fn fetch(&self, state: Option<&str>) -> Result<Outcome, SourceError> {
            let request = FetchRequest {
                state: state.map(str::to_owned),
                ..testing::request("acme", "{}")
            };
            fetch(&request, self, |requests: &[Request]| {
                requests
                    .iter()
                    .map(|request| Ok(self.answer(request)))
                    .collect()
            })
        }

        fn answer(&self, request: &Request) -> Response {
            let asked = format!(
                "{}{}",
                request.url,
                if request.conditional { "?" } else { "" }
            );
            let is_again = self.asked.borrow().contains(&asked);
            self.asked.borrow_mut().push(asked);
            let part = request.url.parse::<usize>().expect("a number") / 10;
            let bad = self
                .statuses
                .iter()
                .find(|(bad, _)| *bad == part)
                .map(|(_, status)| *status);
            let status = bad.filter(|&bad| bad != 418 || !is_again).unwrap_or(200);
            let unchanged = request.conditional && self.unchanged.contains(&part);
            Response {
                status,
                url: request.url.clone(),
                headers: Vec::new(),
                body: Vec::new(),
                unchanged,
            }
        }

        fn page(&self, state: Option<&str>) -> Page {
            match self.fetch(state) {
                Ok(Outcome::Page(page)) => page,
                other => panic!("{other:?}"),
            }
        }

        /// How the page after the first fails.
        fn failure(&self) -> Option<SourceError> {
            let cursor = Some(self.page(None).next?);
            let request = FetchRequest {
                cursor,
                ..testing::request("acme", "{}")
            };
            fetch(&request, self, |_: &[Request]| panic!("it asks again")).err()
        }
    }

    #[test]
    fn every_part_is_read_and_their_number_remembered() {
        let board = Board::counted(25);
        let page = board.page(None);
        assert_eq!(
            (page.jobs.len(), page.total, page.state.as_deref()),
            (25, Some(25), Some("3"))
        );
        assert_eq!(board.asked.take(), ["0?", "10?", "20?"]);
    }

    #[test]
    fn a_board_that_does_not_count_is_read_until_a_part_is_short() {
        for (jobs, asked) in [
            (9, vec!["0?"]),
            (10, vec!["0?", "10?"]),
            (24, vec!["0?", "10?", "20?"]),
        ] {
            let board = Board::uncounted(jobs);
            let page = board.page(None);
            assert_eq!((page.jobs.len(), page.total, page.next), (jobs, None, None));
            assert_eq!(
                page.state,
                (asked.len() > 1).then(|| asked.len().to_string())
            );
            assert_eq!(board.asked.take(), asked);
        }
    }

    #[test]
    fn a_board_that_comes_whole_takes_one_request_and_no_state() {
        for jobs in [0, 1, 25] {
            let board = Board {
                gives: Gives::Whole,
                ..Board::uncounted(jobs)
            };
            let page = board.page(None);
            assert_eq!((page.jobs.len(), page.state, page.next), (jobs, None, None));
            assert_eq!(board.asked.take(), ["0?"]);
        }
    }

    #[test]
    fn a_board_that_answers_with_the_same_part_again_has_no_other() {
        let board = Board {
            gives: Gives::First,
            ..Board::uncounted(10)
        };
        assert_eq!(board.page(None).jobs.len(), 10);
        assert_eq!(board.asked.take(), ["0?", "10?"]);
    }

    #[test]
    fn an_unchanged_board_costs_its_parts() {
        for board in [Board::counted(25), Board::uncounted(25)] {
            let board = Board {
                unchanged: vec![0, 1, 2],
                ..board
            };
            assert_eq!(board.fetch(Some("3")), Ok(Outcome::NotModified));
            assert_eq!(board.asked.take(), ["0?", "10?", "20?"]);
        }
    }

    #[test]
    fn what_changed_beside_the_parts_makes_them_worth_reading() {
        let board = Board {
            unchanged: vec![0, 1],
            changed_beside: true,
            ..Board::uncounted(15)
        };
        assert_eq!(board.page(Some("2")).jobs.len(), 15);
        assert_eq!(board.asked.take(), ["0?", "10?", "0", "10"]);
    }

    #[test]
    fn what_came_without_a_body_is_asked_for_again_when_another_part_changed() {
        for board in [Board::counted(25), Board::uncounted(25)] {
            let board = Board {
                unchanged: vec![0, 2],
                ..board
            };
            assert_eq!(board.page(Some("3")).jobs.len(), 25);
            assert_eq!(board.asked.take(), ["0?", "10?", "20?", "0", "20"]);
        }
    }

    #[test]
    fn a_part_that_was_there_before_is_read_although_it_is_unchanged() {
        let board = Board {
            unchanged: vec![2],
            ..Board::uncounted(24)
        };
        assert_eq!(board.page(Some("2")).jobs.len(), 24);
        assert_eq!(board.asked.take(), ["0?", "10?", "20?", "20"]);
    }

    #[test]
    fn a_board_that_grew_or_shrank_is_read_as_it_is_now() {
        for board in [Board::counted(25), Board::uncounted(25)] {
            let grown = Board {
                unchanged: vec![0],
                ..board
            };
            assert_eq!(grown.page(Some("2")).jobs.len(), 25);
        }
        for shrunk in [Board::counted(5), Board::uncounted(5)] {
            let page = shrunk.page(Some("3"));
            assert_eq!((page.jobs.len(), page.state.as_deref()), (5, Some("1")));
        }
        let without_end = Board {
            statuses: vec![(2, 500)],
            ..Board::counted(15)
        };
        assert_eq!(
            without_end.page(Some("3")).next,
            None,
            "a part that is no more cannot fail"
        );
    }

    #[test]
    fn a_part_that_fails_loses_no_other_and_the_scan_fails_after_it() {
        let board = || Board {
            statuses: vec![(1, 500)],
            ..Board::counted(25)
        };
        assert_eq!(
            (board().page(None).jobs.len(), board().page(None).total),
            (15, Some(25))
        );
        assert!(matches!(
            board().failure(),
            Some(SourceError::Upstream((500, _)))
        ));
        let board = || Board {
            statuses: vec![(1, 500)],
            ..Board::uncounted(25)
        };
        assert_eq!(board().page(None).jobs.len(), 10);
        assert!(matches!(
            board().failure(),
            Some(SourceError::Upstream((500, _)))
        ));
    }

    #[test]
    fn a_board_that_wants_no_more_requests_gets_none() {
        let board = Board {
            statuses: vec![(1, 500), (2, 429)],
            ..Board::counted(25)
        };
        assert_eq!(
            board.failure(),
            Some(SourceError::RateLimited(None)),
            "its own word counts more"
        );
        let board = Board {
            statuses: vec![(1, 403)],
            ..Board::uncounted(45)
        };
        assert!(matches!(
            board.failure(),
            Some(SourceError::Unauthorized(_))
        ));
        assert_eq!(board.asked.take(), ["0?", "10?"]);
        let first = Board {
            statuses: vec![(0, 429)],
            ..Board::counted(25)
        };
        assert_eq!(first.fetch(Some("3")), Err(SourceError::RateLimited(None)));
    }

    #[test]
    fn no_further_batch_is_sent_after_a_refusal() {
        let board = Board::counted(0);
        let asked = RefCell::new(0);
        let send = |requests: &[Request]| {
            *asked.borrow_mut() += requests.len();
            requests
                .iter()
                .map(|_| Err(SourceError::RateLimited(Some(60))))
                .collect::<Vec<Answer>>()
        };
        let mut reader = Reader {
            board: &board,
            send,
            answers: Vec::new(),
        };
        reader.ask(0..100);
        assert_eq!((reader.answers.len(), *asked.borrow()), (AT_ONCE, AT_ONCE));
    }

    #[test]
    fn an_answer_that_will_pass_is_asked_for_once_more() {
        let board = Board {
            statuses: vec![(0, 418), (1, 418)],
            ..Board::counted(15)
        };
        assert_eq!(board.page(None).jobs.len(), 15);
        assert_eq!(board.asked.take(), ["0?", "0?", "10?", "10?"]);
    }

    #[test]
    fn no_more_parts_are_read_than_agreed() {
        let page = Board::counted(100).page(None);
        assert_eq!(
            (page.jobs.len(), page.total, page.next),
            (50, Some(100), None)
        );
        let endless = || Board::uncounted(100);
        assert_eq!(endless().page(None).jobs.len(), 50);
        assert!(matches!(
            endless().failure(),
            Some(SourceError::UnexpectedResponse(_))
        ));
    }

    #[test]
    fn a_state_that_is_no_number_is_as_none() {
        let board = Board::uncounted(3);
        assert_eq!(board.page(Some("soon")).jobs.len(), 3);
        assert_eq!(board.asked.take(), ["0?"]);
    }
}
