//! Boards that list their jobs in parts of a fixed size and say how many jobs there are.
//!
//! All parts are read within one call, side by side. How many there were is the source's state: the next scan asks all of
//! them whether anything changed, and an unchanged board costs these answers and nothing else.

use std::collections::HashSet;
use std::ops::Range;

use crate::{Outcome, Page, RawJob, Request, Response, SourceError, send_all};

/// How many parts are asked for at once: fewer than the host lets pass in one batch.
const AT_ONCE: usize = 32;

/// One part of a listing.
#[derive(Debug)]
pub struct Part {
    /// The jobs in it.
    pub jobs: Vec<RawJob>,
    /// What could not be read of it, in words for a person.
    pub unreadable: Vec<String>,
    /// How many jobs the board has, which is taken from the first part: some boards say zero on later ones.
    pub total: u32,
}

/// How a board is divided.
#[derive(Debug, Clone, Copy)]
pub struct Parting {
    /// How many jobs a part holds, but for the last.
    pub size: usize,
    /// At most so many parts are read.
    pub most: usize,
}

/// Reads a whole board. `request` makes the request for what follows after so many jobs, `read` reads an answer.
///
/// A later part that fails does not lose the earlier ones: the page has what was read, and as its total what the board
/// said, so that the scan does not pass for a complete one.
pub fn fetch_parts(
    state: Option<&str>,
    parting: Parting,
    request: impl Fn(usize) -> Request,
    read: impl Fn(&Response) -> Result<Part, SourceError>,
) -> Result<Outcome, SourceError> {
    Reader { parting, request, read, send: send_all }.fetch(state)
}

struct Reader<Q, R, S> {
    parting: Parting,
    request: Q,
    read: R,
    send: S,
}

type Answer = Result<Response, SourceError>;

impl<Q, R, S> Reader<Q, R, S>
where
    Q: Fn(usize) -> Request,
    R: Fn(&Response) -> Result<Part, SourceError>,
    S: Fn(&[Request]) -> Vec<Answer>,
{
    fn fetch(&self, state: Option<&str>) -> Result<Outcome, SourceError> {
        let known = state.and_then(|state| state.parse().ok()).unwrap_or(1).clamp(1, self.parting.most);
        let mut answers = self.ask(0..known);
        if answers.iter().all(is_unchanged) {
            return Ok(Outcome::NotModified);
        }
        self.ask_for_bodies(&mut answers);
        let first = match answers.first() {
            Some(answer) => (self.read)(answer.as_ref().map_err(Clone::clone)?)?,
            None => return Err(no_answer()),
        };
        let parts = (first.total as usize).div_ceil(self.parting.size).clamp(1, self.parting.most);
        let mut listing = Listing::of(first.total);
        if listing.take(first) {
            answers.truncate(parts);
            answers.extend(self.ask(known..parts));
            self.ask_for_bodies(&mut answers);
            self.read_rest(answers.drain(1..), &mut listing);
        }
        listing.page.state = Some(parts.to_string());
        Ok(Outcome::Page(listing.page.with_unreadable(listing.unreadable)))
    }

    /// Reads the parts after the first, until one is empty or fails.
    fn read_rest(&self, answers: impl Iterator<Item = Answer>, listing: &mut Listing) {
        for (answer, index) in answers.zip(1..) {
            match answer.and_then(|answer| (self.read)(&answer)) {
                Ok(part) => {
                    if !listing.take(part) {
                        return;
                    }
                }
                Err(error) => {
                    let read = index * self.parting.size;
                    let words = format!("what follows after {read} jobs could not be read: {}", error.words());
                    listing.page.warnings.push(words);
                    return;
                }
            }
        }
    }

    /// Asks for parts; where the board can say so, that they are as before is an answer, too.
    fn ask(&self, parts: Range<usize>) -> Vec<Answer> {
        let requests = parts.map(|part| {
            let request = self.request(part);
            if request.method == "GET" { request.conditional() } else { request }
        });
        self.send(&requests.collect::<Vec<_>>())
    }

    /// Asks once more for those that came without a body, which the others make worth reading.
    fn ask_for_bodies(&self, answers: &mut [Answer]) {
        let missing: Vec<usize> = (0..answers.len()).filter(|&part| is_unchanged(&answers[part])).collect();
        let requests: Vec<Request> = missing.iter().map(|&part| self.request(part)).collect();
        for (part, answer) in missing.into_iter().zip(self.send(&requests)) {
            answers[part] = answer;
        }
    }

    fn request(&self, part: usize) -> Request {
        (self.request)(part * self.parting.size)
    }

    fn send(&self, requests: &[Request]) -> Vec<Answer> {
        requests.chunks(AT_ONCE).flat_map(|batch| (self.send)(batch)).map(|answer| answer?.ok()).collect()
    }
}

/// What was read so far.
struct Listing {
    page: Page,
    known: HashSet<String>,
    unreadable: Vec<String>,
}

impl Listing {
    fn of(total: u32) -> Self {
        let page = Page { total: Some(total), ..Page::whole_board(Vec::new()) };
        Self { page, known: HashSet::new(), unreadable: Vec::new() }
    }

    /// Adds a part, unless it is empty, which ends the listing whatever the board said of its size; says whether it was
    /// not.
    ///
    /// A job that appears while the parts are read moves others into the next part, where they come again.
    fn take(&mut self, part: Part) -> bool {
        let has_any = !part.jobs.is_empty() || !part.unreadable.is_empty();
        let new = part.jobs.into_iter().filter(|job| self.known.insert(job.external_id.clone()));
        self.page.jobs.extend(new);
        self.unreadable.extend(part.unreadable);
        has_any
    }
}

fn is_unchanged(answer: &Answer) -> bool {
    answer.as_ref().is_ok_and(|answer| answer.unchanged)
}

fn no_answer() -> SourceError {
    SourceError::Other(("no-answer".to_owned(), "a request was not answered".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// A board of so many jobs, ten a part, of which those in `unchanged` are so, and that fails from a part on.
    #[derive(Default)]
    struct Board {
        jobs: usize,
        unchanged: Vec<usize>,
        fails_from: Option<usize>,
        asked: RefCell<Vec<String>>,
    }

    impl Board {
        fn fetch(&self, state: Option<&str>) -> Outcome {
            let reader = Reader {
                parting: Parting { size: 10, most: 5 },
                request: |skip: usize| Request::get(skip.to_string()),
                read: |response: &Response| {
                    let skip: usize = response.url.parse().expect("a number");
                    let ids = skip..self.jobs.min(skip + 10);
                    let jobs = ids.map(|id| RawJob::new(id.to_string(), "Cook", "https://a.example")).collect();
                    let total = if skip == 0 { u32::try_from(self.jobs).expect("a small board") } else { 0 };
                    Ok(Part { jobs, unreadable: Vec::new(), total })
                },
                send: |requests: &[Request]| requests.iter().map(|request| self.answer(request)).collect(),
            };
            reader.fetch(state).expect("an outcome")
        }

        fn answer(&self, request: &Request) -> Result<Response, SourceError> {
            self.asked.borrow_mut().push(format!("{}{}", request.url, if request.conditional { "?" } else { "" }));
            let part = request.url.parse::<usize>().expect("a number") / 10;
            if self.fails_from.is_some_and(|from| part >= from) {
                return Err(SourceError::Network("gone".to_owned()));
            }
            let unchanged = request.conditional && self.unchanged.contains(&part);
            Ok(Response { status: 200, url: request.url.clone(), headers: Vec::new(), body: Vec::new(), unchanged })
        }

        fn page(&self, state: Option<&str>) -> Page {
            match self.fetch(state) {
                Outcome::Page(page) => page,
                Outcome::NotModified => panic!("not modified"),
            }
        }
    }

    #[test]
    fn every_part_is_read_and_their_number_remembered() {
        let board = Board { jobs: 25, ..Board::default() };
        let page = board.page(None);
        assert_eq!((page.jobs.len(), page.total, page.state.as_deref()), (25, Some(25), Some("3")));
        assert_eq!(board.asked.take(), ["0?", "10?", "20?"]);
    }

    #[test]
    fn an_unchanged_board_costs_its_parts() {
        let board = Board { jobs: 25, unchanged: vec![0, 1, 2], ..Board::default() };
        assert!(matches!(board.fetch(Some("3")), Outcome::NotModified));
        assert_eq!(board.asked.take(), ["0?", "10?", "20?"]);
    }

    #[test]
    fn what_came_without_a_body_is_asked_for_again_when_another_part_changed() {
        let board = Board { jobs: 25, unchanged: vec![0, 2], ..Board::default() };
        assert_eq!(board.page(Some("3")).jobs.len(), 25);
        assert_eq!(board.asked.take(), ["0?", "10?", "20?", "0", "20"]);
    }

    #[test]
    fn a_board_that_grew_or_shrank_is_read_as_it_is_now() {
        let grown = Board { jobs: 25, unchanged: vec![0], ..Board::default() };
        assert_eq!(grown.page(Some("2")).jobs.len(), 25);
        let shrunk = Board { jobs: 5, ..Board::default() };
        let page = shrunk.page(Some("3"));
        assert_eq!((page.jobs.len(), page.state.as_deref()), (5, Some("1")));
    }

    #[test]
    fn a_part_that_fails_loses_no_other() {
        let board = Board { jobs: 25, fails_from: Some(1), ..Board::default() };
        let page = board.page(None);
        assert_eq!((page.jobs.len(), page.total, page.warnings.len()), (10, Some(25), 1));
    }

    #[test]
    fn a_job_that_moved_into_the_next_part_is_one() {
        let job = |id: &str| RawJob::new(id, "Cook", "https://a.example");
        let part = |ids: [&str; 2]| Part { jobs: ids.map(job).to_vec(), unreadable: Vec::new(), total: 3 };
        let mut listing = Listing::of(3);
        assert!(listing.take(part(["1", "2"])) && listing.take(part(["2", "3"])));
        assert_eq!(listing.page.jobs, ["1", "2", "3"].map(job));
    }

    #[test]
    fn no_more_parts_are_read_than_agreed() {
        let page = Board { jobs: 100, ..Board::default() }.page(None);
        assert_eq!((page.jobs.len(), page.total), (50, Some(100)));
    }
}
