//! Boards that list their jobs in chunks of a fixed size, addressed by an offset.
//!
//! If the board provides the number of jobs, the chunks are fetched concurrently. Otherwise one is
//! fetched after the other until one is not full. Either way, all chunks are fetched in one call.
//! Their number is the source's state: the next scan sends a conditional request for each of them,
//! and an unchanged board costs only those requests.

use std::ops::Range;

use super::listing::{Chunk, Listing};
use crate::{FetchRequest, Outcome, Request, Response, SourceError, send_all};

/// The number of concurrent requests, which is less than the host allows in one batch.
const BATCH_SIZE: usize = 32;

/// A board that lists its jobs in chunks. [`fetch_offset_pages`] fetches it.
pub trait OffsetPages {
    /// Returns the size of a chunk and the number of chunks to fetch.
    fn paging(&self) -> Paging;

    /// Returns the request for the chunk that starts after the first `skip` jobs.
    fn request(&self, skip: usize) -> Request;

    /// Reads a chunk from its response.
    fn read(&self, response: &Response) -> Result<Chunk, SourceError>;

    /// Returns the response if it is a success, else the error that it means.
    ///
    /// The default is [`Response::ok`].
    fn accept(&self, response: Response) -> Result<Response, SourceError> {
        response.ok()
    }

    /// Returns true for a failure that is worth one retry, although the host does not retry it.
    fn is_transient(&self, _response: &Response) -> bool {
        false
    }

    /// Returns true if something that is not in the chunks has changed, so that they are read
    /// although they are unchanged.
    fn has_other_changes(&self) -> bool {
        false
    }
}

/// The chunks of a board.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// The number of jobs in a chunk. The last one may have fewer.
    pub page_size: usize,
    /// The maximum number of chunks to fetch.
    ///
    /// The listing of a larger board is incomplete if the board states its total. Otherwise it
    /// fails after the last chunk.
    pub max_pages: usize,
}

/// Fetches all chunks of a board, or finds out that nothing has changed.
///
/// If a chunk after the first fails, the page has the jobs of the others, and its cursor makes the
/// next call fail. After an error that concerns all requests, such as a rate limit, no further
/// request is sent.
pub fn fetch_offset_pages(
    request: &FetchRequest,
    board: &impl OffsetPages,
) -> Result<Outcome, SourceError> {
    fetch(request, board, send_all)
}

fn fetch<B: OffsetPages>(
    request: &FetchRequest,
    board: &B,
    send: impl Fn(&[Request]) -> Vec<SendResult>,
) -> Result<Outcome, SourceError> {
    // This has to come before the first request: the board may have asked for a pause.
    request.check_cursor()?;

    let mut reader = Reader {
        board,
        send,
        responses: Vec::new(),
    };
    reader.request_chunks(0..known_chunks(request, board.paging().max_pages));
    if reader.responses.iter().all(is_unchanged) && !board.has_other_changes() {
        return Ok(Outcome::NotModified);
    }

    reader.request_bodies();
    let (listing, chunks) = reader.read()?;
    let mut page = listing.into_page();

    // A single chunk needs no state, but a board that has shrunk to one must replace the old
    // number.
    page.state = (chunks > 1 || request.state.is_some()).then(|| chunks.to_string());
    Ok(Outcome::Page(page))
}

/// Returns the number of chunks in the last scan, or one in the first scan.
fn known_chunks(request: &FetchRequest, max_pages: usize) -> usize {
    let state = request.state.as_deref();
    let known = state.and_then(|state| state.parse().ok());
    known.unwrap_or(1).clamp(1, max_pages)
}

type SendResult = Result<Response, SourceError>;

struct Reader<'b, B, S> {
    board: &'b B,
    send: S,
    /// The responses for the first chunks. Reading a chunk replaces its response by an error.
    responses: Vec<SendResult>,
}

impl<B: OffsetPages, S: Fn(&[Request]) -> Vec<SendResult>> Reader<'_, B, S> {
    /// Reads all chunks. Returns the listing and the number of chunks.
    fn read(&mut self) -> Result<(Listing, usize), SourceError> {
        let first = self.read_chunk(0)?;
        let mut listing = Listing::with_total(first.total);

        let chunks = match first.total {
            Some(total) => {
                listing.add(first);
                self.read_to_total(total as usize, &mut listing)
            }
            None => self.read_until_short(first, &mut listing),
        };
        Ok((listing, chunks))
    }

    /// Reads the chunks after the first, up to the number of jobs that the board states. Returns
    /// the number of chunks.
    fn read_to_total(&mut self, total: usize, listing: &mut Listing) -> usize {
        let Paging {
            page_size,
            max_pages,
        } = self.board.paging();
        let chunks = total.div_ceil(page_size).clamp(1, max_pages);

        // If the board has shrunk, the last requests were for chunks that no longer exist. Their
        // failure must not fail the scan.
        self.responses.truncate(chunks);
        self.request_chunks(self.responses.len()..chunks);
        self.request_bodies();

        for index in 1..self.responses.len() {
            match self.read_chunk(index) {
                Ok(chunk) => _ = listing.add(chunk),
                Err(error) => listing.fail(error),
            }
        }
        chunks
    }

    /// Reads chunk after chunk until one is not full or has no new jobs: a board that ignores the
    /// offset returns the same jobs again. Returns the number of chunks.
    fn read_until_short(&mut self, first: Chunk, listing: &mut Listing) -> usize {
        let Paging {
            page_size,
            max_pages,
        } = self.board.paging();
        let has_next = |chunk: Chunk, listing: &mut Listing| {
            let is_full = chunk.len() == page_size;
            listing.add(chunk) > 0 && is_full
        };

        let mut chunks = 1;
        let mut is_open = has_next(first, listing);
        while is_open {
            if chunks == max_pages {
                let message =
                    format!("the board has more than {max_pages} pages of {page_size} jobs each");
                listing.fail(SourceError::UnexpectedResponse(message));
                break;
            }

            if self.responses.len() == chunks {
                self.request_chunks(chunks..chunks + 1);
                self.request_bodies();
            }

            match self.read_chunk(chunks) {
                Ok(chunk) => is_open = has_next(chunk, listing),
                Err(error) => {
                    listing.fail(error);
                    break;
                }
            }
            chunks += 1;
        }
        chunks
    }

    fn read_chunk(&mut self, index: usize) -> Result<Chunk, SourceError> {
        let Some(response) = self.responses.get_mut(index) else {
            return Err(no_response());
        };

        let response = std::mem::replace(response, Err(no_response()))?;
        self.board.read(&response)
    }

    /// Sends conditional requests for chunks, in batches. Stops after an error that concerns all
    /// requests.
    fn request_chunks(&mut self, chunks: Range<usize>) {
        let requests: Vec<Request> = chunks
            .map(|index| self.request(index).conditional())
            .collect();

        for batch in requests.chunks(BATCH_SIZE) {
            self.responses.extend(self.send(batch));
            if self.responses.iter().any(stops_requests) {
                return;
            }
        }
    }

    /// Requests unchanged chunks again, to get their bodies: another chunk has changed.
    fn request_bodies(&mut self) {
        let missing: Vec<usize> = (0..self.responses.len())
            .filter(|&index| is_unchanged(&self.responses[index]))
            .collect();

        for batch in missing.chunks(BATCH_SIZE) {
            let requests: Vec<Request> = batch.iter().map(|&index| self.request(index)).collect();
            for (&index, response) in batch.iter().zip(self.send(&requests)) {
                self.responses[index] = response;
            }

            if self.responses.iter().any(stops_requests) {
                return;
            }
        }
    }

    fn request(&self, index: usize) -> Request {
        self.board.request(index * self.board.paging().page_size)
    }

    /// Sends requests, and those with a transient failure a second time.
    fn send(&self, requests: &[Request]) -> Vec<SendResult> {
        let mut responses = (self.send)(requests);

        let is_transient = |response: &SendResult| {
            response
                .as_ref()
                .is_ok_and(|response| self.board.is_transient(response))
        };
        let transient: Vec<usize> = (0..responses.len())
            .filter(|&index| is_transient(&responses[index]))
            .collect();

        if !transient.is_empty() {
            let retries: Vec<Request> = transient
                .iter()
                .map(|&index| requests[index].clone())
                .collect();
            for (&index, response) in transient.iter().zip((self.send)(&retries)) {
                responses[index] = response;
            }
        }

        responses
            .into_iter()
            .map(|response| self.board.accept(response?))
            .collect()
    }
}

fn is_unchanged(response: &SendResult) -> bool {
    response.as_ref().is_ok_and(|response| response.unchanged)
}

fn stops_requests(response: &SendResult) -> bool {
    response
        .as_ref()
        .is_err_and(SourceError::concerns_all_requests)
}

fn no_response() -> SourceError {
    SourceError::Other((
        "no-answer".to_owned(),
        "a request has no response".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::{Page, RawJob, testing};

    /// A board in chunks of ten jobs.
    #[derive(Default)]
    struct TestBoard {
        /// The number of jobs.
        jobs: usize,
        /// True if responses contain the number of jobs.
        has_total: bool,
        returns: Returns,
        /// The indexes of unchanged chunks.
        unchanged: Vec<usize>,
        has_other_changes: bool,
        /// Chunks that fail, each with its status.
        statuses: Vec<(usize, u16)>,
        /// The offsets that were requested, with a `?` for conditional requests.
        requested: RefCell<Vec<String>>,
    }

    #[derive(Default, PartialEq)]
    enum Returns {
        /// The requested chunk.
        #[default]
        Requested,
        /// All jobs after the offset.
        All,
        /// The first chunk, whatever the offset.
        First,
    }

    impl OffsetPages for TestBoard {
        fn paging(&self) -> Paging {
            Paging {
                page_size: 10,
                max_pages: 5,
            }
        }

        fn request(&self, skip: usize) -> Request {
            Request::get(skip.to_string())
        }

        fn read(&self, response: &Response) -> Result<Chunk, SourceError> {
            let skip: usize = response.url.parse().expect("a number");
            let skip = if self.returns == Returns::First {
                0
            } else {
                skip
            };
            let end = if self.returns == Returns::All {
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
                total: self.has_total.then_some(total),
            })
        }

        /// The status of a chunk that fails once.
        fn is_transient(&self, response: &Response) -> bool {
            response.status == 418
        }

        fn has_other_changes(&self) -> bool {
            self.has_other_changes
        }
    }

    impl TestBoard {
        fn with_total(jobs: usize) -> Self {
            Self {
                jobs,
                has_total: true,
                ..Self::default()
            }
        }

        fn without_total(jobs: usize) -> Self {
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
                    .map(|request| Ok(self.respond(request)))
                    .collect()
            })
        }

        fn respond(&self, request: &Request) -> Response {
            let requested = format!(
                "{}{}",
                request.url,
                if request.conditional { "?" } else { "" }
            );
            let is_retry = self.requested.borrow().contains(&requested);
            self.requested.borrow_mut().push(requested);
            let index = request.url.parse::<usize>().expect("a number") / 10;
            let bad = self
                .statuses
                .iter()
                .find(|(bad, _)| *bad == index)
                .map(|(_, status)| *status);
            let status = bad.filter(|&bad| bad != 418 || !is_retry).unwrap_or(200);
            let unchanged = request.conditional && self.unchanged.contains(&index);
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

        /// Returns the error of the call after the first page.
        fn failure(&self) -> Option<SourceError> {
            let cursor = Some(self.page(None).next?);
            let request = FetchRequest {
                cursor,
                ..testing::request("acme", "{}")
            };
            fetch(&request, self, |_: &[Request]| {
                panic!("a request after a failure")
            })
            .err()
        }
    }

    #[test]
    fn every_chunk_is_read_and_their_number_is_the_state() {
        let board = TestBoard::with_total(25);
        let page = board.page(None);
        assert_eq!(
            (page.jobs.len(), page.total, page.state.as_deref()),
            (25, Some(25), Some("3"))
        );
        assert_eq!(board.requested.take(), ["0?", "10?", "20?"]);
    }

    #[test]
    fn a_board_without_a_total_is_read_until_a_chunk_is_short() {
        for (jobs, requested) in [
            (9, vec!["0?"]),
            (10, vec!["0?", "10?"]),
            (24, vec!["0?", "10?", "20?"]),
        ] {
            let board = TestBoard::without_total(jobs);
            let page = board.page(None);
            assert_eq!((page.jobs.len(), page.total, page.next), (jobs, None, None));
            assert_eq!(
                page.state,
                (requested.len() > 1).then(|| requested.len().to_string())
            );
            assert_eq!(board.requested.take(), requested);
        }
    }

    #[test]
    fn a_board_that_returns_all_jobs_takes_one_request_and_no_state() {
        for jobs in [0, 1, 25] {
            let board = TestBoard {
                returns: Returns::All,
                ..TestBoard::without_total(jobs)
            };
            let page = board.page(None);
            assert_eq!((page.jobs.len(), page.state, page.next), (jobs, None, None));
            assert_eq!(board.requested.take(), ["0?"]);
        }
    }

    #[test]
    fn a_chunk_without_new_jobs_is_the_last_one() {
        let board = TestBoard {
            returns: Returns::First,
            ..TestBoard::without_total(10)
        };
        assert_eq!(board.page(None).jobs.len(), 10);
        assert_eq!(board.requested.take(), ["0?", "10?"]);
    }

    #[test]
    fn an_unchanged_board_costs_one_conditional_request_per_chunk() {
        for board in [TestBoard::with_total(25), TestBoard::without_total(25)] {
            let board = TestBoard {
                unchanged: vec![0, 1, 2],
                ..board
            };
            assert_eq!(board.fetch(Some("3")), Ok(Outcome::NotModified));
            assert_eq!(board.requested.take(), ["0?", "10?", "20?"]);
        }
    }

    #[test]
    fn unchanged_chunks_are_read_if_something_else_changed() {
        let board = TestBoard {
            unchanged: vec![0, 1],
            has_other_changes: true,
            ..TestBoard::without_total(15)
        };
        assert_eq!(board.page(Some("2")).jobs.len(), 15);
        assert_eq!(board.requested.take(), ["0?", "10?", "0", "10"]);
    }

    #[test]
    fn unchanged_chunks_are_requested_again_if_another_chunk_changed() {
        for board in [TestBoard::with_total(25), TestBoard::without_total(25)] {
            let board = TestBoard {
                unchanged: vec![0, 2],
                ..board
            };
            assert_eq!(board.page(Some("3")).jobs.len(), 25);
            assert_eq!(board.requested.take(), ["0?", "10?", "20?", "0", "20"]);
        }
    }

    #[test]
    fn an_unchanged_chunk_beyond_the_known_ones_is_read() {
        let board = TestBoard {
            unchanged: vec![2],
            ..TestBoard::without_total(24)
        };
        assert_eq!(board.page(Some("2")).jobs.len(), 24);
        assert_eq!(board.requested.take(), ["0?", "10?", "20?", "20"]);
    }

    #[test]
    fn a_board_that_grew_or_shrank_is_read_completely() {
        for board in [TestBoard::with_total(25), TestBoard::without_total(25)] {
            let grown = TestBoard {
                unchanged: vec![0],
                ..board
            };
            assert_eq!(grown.page(Some("2")).jobs.len(), 25);
        }
        for shrunk in [TestBoard::with_total(5), TestBoard::without_total(5)] {
            let page = shrunk.page(Some("3"));
            assert_eq!((page.jobs.len(), page.state.as_deref()), (5, Some("1")));
        }
        let failing_end = TestBoard {
            statuses: vec![(2, 500)],
            ..TestBoard::with_total(15)
        };
        assert_eq!(
            failing_end.page(Some("3")).next,
            None,
            "a chunk that no longer exists cannot fail"
        );
    }

    #[test]
    fn a_failed_chunk_keeps_the_others_and_fails_the_next_call() {
        let board = || TestBoard {
            statuses: vec![(1, 500)],
            ..TestBoard::with_total(25)
        };
        assert_eq!(
            (board().page(None).jobs.len(), board().page(None).total),
            (15, Some(25))
        );
        assert!(matches!(
            board().failure(),
            Some(SourceError::Upstream((500, _)))
        ));
        let board = || TestBoard {
            statuses: vec![(1, 500)],
            ..TestBoard::without_total(25)
        };
        assert_eq!(board().page(None).jobs.len(), 10);
        assert!(matches!(
            board().failure(),
            Some(SourceError::Upstream((500, _)))
        ));
    }

    #[test]
    fn a_board_that_refuses_requests_gets_no_further_ones() {
        let board = TestBoard {
            statuses: vec![(1, 500), (2, 429)],
            ..TestBoard::with_total(25)
        };
        assert_eq!(
            board.failure(),
            Some(SourceError::RateLimited(None)),
            "the rate limit has priority"
        );
        let board = TestBoard {
            statuses: vec![(1, 403)],
            ..TestBoard::without_total(45)
        };
        assert!(matches!(
            board.failure(),
            Some(SourceError::Unauthorized(_))
        ));
        assert_eq!(board.requested.take(), ["0?", "10?"]);
        let first = TestBoard {
            statuses: vec![(0, 429)],
            ..TestBoard::with_total(25)
        };
        assert_eq!(first.fetch(Some("3")), Err(SourceError::RateLimited(None)));
    }

    #[test]
    fn no_further_batch_is_sent_after_a_rate_limit() {
        let board = TestBoard::with_total(0);
        let requested = RefCell::new(0);
        let send = |requests: &[Request]| {
            *requested.borrow_mut() += requests.len();
            requests
                .iter()
                .map(|_| Err(SourceError::RateLimited(Some(60))))
                .collect::<Vec<SendResult>>()
        };
        let mut reader = Reader {
            board: &board,
            send,
            responses: Vec::new(),
        };
        reader.request_chunks(0..100);
        assert_eq!(
            (reader.responses.len(), *requested.borrow()),
            (BATCH_SIZE, BATCH_SIZE)
        );
    }

    #[test]
    fn a_transient_failure_is_retried_once() {
        let board = TestBoard {
            statuses: vec![(0, 418), (1, 418)],
            ..TestBoard::with_total(15)
        };
        assert_eq!(board.page(None).jobs.len(), 15);
        assert_eq!(board.requested.take(), ["0?", "0?", "10?", "10?"]);
    }

    #[test]
    fn no_more_chunks_are_read_than_the_maximum() {
        let page = TestBoard::with_total(100).page(None);
        assert_eq!(
            (page.jobs.len(), page.total, page.next),
            (50, Some(100), None)
        );
        let endless = || TestBoard::without_total(100);
        assert_eq!(endless().page(None).jobs.len(), 50);
        assert!(matches!(
            endless().failure(),
            Some(SourceError::UnexpectedResponse(_))
        ));
    }

    #[test]
    fn a_state_that_is_not_a_number_is_ignored() {
        let board = TestBoard::without_total(3);
        assert_eq!(board.page(Some("soon")).jobs.len(), 3);
        assert_eq!(board.requested.take(), ["0?"]);
    }
}
