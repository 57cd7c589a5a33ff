//! Listening to the requests of a scan: each exchange goes on a tape, without secrets.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::budgets::in_flight::Reservation;
use crate::http::transport::recorded::{Exchange, Failure, Request, Response};
use crate::http::types::HttpError;

/// The text that stands in place of a secret.
const REMOVED: &str = "(removed)";
/// Headers whose values say who asks.
const SECRET_HEADERS: [&str; 5] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "set-cookie2",
];
/// Parts of names of headers of the same kind, such as `X-Api-Key` and `X-CSRF-Token`.
const SECRET_WORDS: [&str; 8] = [
    "api-key", "apikey", "auth", "csrf", "password", "secret", "session", "token",
];
/// Headers that speak of the connection, not of the answer; bodies are kept without their packing.
const FRAMING_HEADERS: [&str; 5] = [
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "transfer-encoding",
];

/// Listens to the requests of one scan.
#[derive(Debug)]
pub(crate) struct Recorder {
    tape: Mutex<Tape>,
}

#[derive(Debug)]
struct Tape {
    exchanges: Vec<Exchange>,
    /// The share of the scan, which holds what is on the tape, too.
    reservation: Arc<Reservation>,
    bytes: u64,
    most_bytes: u64,
    /// There was more than fits, so nothing is kept any more.
    torn: bool,
}

impl Recorder {
    pub(crate) fn new(most_bytes: u64, reservation: Arc<Reservation>) -> Self {
        Self {
            tape: Mutex::new(Tape {
                exchanges: Vec::new(),
                reservation,
                bytes: 0,
                most_bytes,
                torn: false,
            }),
        }
    }

    /// A request goes out. Until more is known, no answer came in time.
    pub(crate) fn begin(self: &Arc<Self>, mut request: Request) -> Take {
        let mut tape = self.lock();

        let headers: usize = request
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        tape.spend(request.url.as_str().len() + headers + request.body.len());

        let index = tape.exchanges.len();
        if !tape.torn {
            request.headers = without_secrets(request.headers);
            tape.exchanges.push(Exchange {
                request,
                answer: Err(Failure::too_late()),
            });
        }

        Take {
            recorder: Arc::clone(self),
            index,
        }
    }

    /// The exchanges that were written down; `None` when they did not fit.
    pub(crate) fn take_exchanges(&self) -> Option<Vec<Exchange>> {
        let mut tape = self.lock();
        (!tape.torn).then(|| std::mem::take(&mut tape.exchanges))
    }

    fn lock(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tape {
    /// Half a cassette is of no use, so what does not fit frees the rest.
    fn spend(&mut self, bytes: usize) {
        let bytes = bytes as u64;
        if self.torn {
            return;
        }

        if self.most_bytes - self.bytes < bytes {
            self.torn = true;
            self.exchanges = Vec::new();
            self.reservation.release(self.bytes);
            return;
        }

        self.bytes += bytes;
        self.reservation.hold(bytes);
    }
}

/// The place of one exchange on the tape.
#[derive(Debug)]
pub(crate) struct Take {
    recorder: Arc<Recorder>,
    index: usize,
}

impl Take {
    /// No answer came.
    pub(crate) fn failed(&self, error: &HttpError) {
        self.update(|exchange| exchange.answer = Err(Failure::of(error)));
    }

    /// Status and headers are here. The body may never be read, as that of a redirect.
    pub(crate) fn answered(&self, status: u16, headers: Vec<(String, String)>) {
        let bytes = headers
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        self.recorder.lock().spend(bytes);

        let headers = headers
            .into_iter()
            .filter(|(name, _)| !FRAMING_HEADERS.contains(&name.as_str()))
            .collect();
        let response = Response {
            status,
            headers: without_secrets(headers),
            body: Vec::new(),
            cut: None,
        };

        self.update(|exchange| exchange.answer = Ok(response));
    }

    /// The body is read from now on. Until more is known, its end does not come in time.
    pub(crate) fn reading(&self) {
        self.update_response(|response| response.cut = Some(Failure::too_late()));
    }

    /// A part of the body is here.
    pub(crate) fn part(&self, bytes: &[u8]) {
        self.recorder.lock().spend(bytes.len());
        self.update_response(|response| response.body.extend_from_slice(bytes));
    }

    /// That was the body, or as much of it as came.
    pub(crate) fn ended(&self, cut: Option<&HttpError>) {
        self.update_response(|response| response.cut = cut.map(Failure::of));
    }

    fn update_response(&self, update: impl FnOnce(&mut Response)) {
        self.update(|exchange| {
            if let Ok(response) = &mut exchange.answer {
                update(response);
            }
        });
    }

    fn update(&self, update: impl FnOnce(&mut Exchange)) {
        if let Some(exchange) = self.recorder.lock().exchanges.get_mut(self.index) {
            update(exchange);
        }
    }
}

/// Names stay, so that a reader sees what was sent.
fn without_secrets(mut headers: Vec<(String, String)>) -> Vec<(String, String)> {
    for (name, value) in &mut headers {
        if SECRET_HEADERS.contains(&name.as_str())
            || SECRET_WORDS.iter().any(|word| name.contains(word))
        {
            REMOVED.clone_into(value);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budgets::in_flight::InFlightBudget;

    fn begin(recorder: &Arc<Recorder>) -> Take {
        let url = "https://a.example/jobs".parse().unwrap();
        recorder.begin(Request {
            method: reqwest::Method::GET,
            url,
            headers: Vec::new(),
            body: Vec::new(),
        })
    }

    #[test]
    fn more_than_fits_leaves_nothing_and_holds_nothing() {
        let reservation = Arc::new(InFlightBudget::new(u64::MAX).reserve());
        let recorder = Arc::new(Recorder::new(1_000, Arc::clone(&reservation)));
        let first = begin(&recorder);
        first.answered(200, Vec::new());
        first.part(&[b'x'; 900]);
        let url = "https://a.example/jobs".len() as u64;
        assert_eq!(reservation.held(), 900 + url);

        first.part(&[b'x'; 100]);
        assert_eq!(reservation.held(), 0, "what does not fit frees the rest");
        let second = begin(&recorder);
        second.answered(200, vec![("x-request".to_owned(), "2".to_owned())]);
        second.part(b"small enough");
        second.ended(None);
        first.ended(None);
        assert_eq!(reservation.held(), 0);
        assert_eq!(
            recorder.take_exchanges(),
            None,
            "half a cassette is of no use"
        );
    }

    #[test]
    fn what_fits_to_the_last_byte_is_kept() {
        let reservation = Arc::new(InFlightBudget::new(u64::MAX).reserve());
        let most = "https://a.example/jobs".len() as u64 + 10;
        let recorder = Arc::new(Recorder::new(most, reservation));
        let take = begin(&recorder);
        take.answered(200, Vec::new());
        take.part(&[b'x'; 10]);
        take.ended(None);
        assert_eq!(
            recorder.take_exchanges().unwrap()[0]
                .answer
                .as_ref()
                .unwrap()
                .body
                .len(),
            10
        );
    }
}
