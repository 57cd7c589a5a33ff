//! Records the exchanges of a scan, without credentials.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::budgets::in_flight::Reservation;
use crate::http::transport::recorded::{Exchange, NetworkFailure, Request, Response};
use crate::http::types::HttpError;

/// The text that replaces a credential.
const REMOVED: &str = "(removed)";
/// Headers whose values identify the client.
const SECRET_HEADERS: [&str; 5] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "set-cookie2",
];
/// Parts of the names of further such headers, as in `X-Api-Key` and `X-CSRF-Token`.
const SECRET_WORDS: [&str; 8] = [
    "api-key", "apikey", "auth", "csrf", "password", "secret", "session", "token",
];
/// Headers that describe the connection instead of the response. Bodies are recorded decompressed.
const FRAMING_HEADERS: [&str; 5] = [
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "transfer-encoding",
];

/// Records the requests of one scan.
#[derive(Debug)]
pub(crate) struct Recorder {
    recorded: Mutex<RecordedExchanges>,
}

#[derive(Debug)]
struct RecordedExchanges {
    exchanges: Vec<Exchange>,
    /// The reservation of the scan, in which the recorded bytes count too.
    reservation: Arc<Reservation>,
    bytes: u64,
    max_bytes: u64,
    /// True if the recording exceeded its limit, so that nothing is kept any more.
    overflowed: bool,
}

impl Recorder {
    pub(crate) fn new(max_bytes: u64, reservation: Arc<Reservation>) -> Self {
        Self {
            recorded: Mutex::new(RecordedExchanges {
                exchanges: Vec::new(),
                reservation,
                bytes: 0,
                max_bytes,
                overflowed: false,
            }),
        }
    }

    /// Records a request that is about to be sent. Its outcome is a timeout until another one is
    /// known.
    pub(crate) fn begin(self: &Arc<Self>, mut request: Request) -> ExchangeRecorder {
        let mut recorded = self.lock();

        let headers: usize = request
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        recorded.reserve(request.url.as_str().len() + headers + request.body.len());

        let index = recorded.exchanges.len();
        if !recorded.overflowed {
            request.headers = without_credentials(request.headers);
            recorded.exchanges.push(Exchange {
                request,
                outcome: Err(NetworkFailure::timeout()),
            });
        }

        ExchangeRecorder {
            recorder: Arc::clone(self),
            index,
        }
    }

    /// Returns the recorded exchanges; `None` if they exceeded the limit.
    pub(crate) fn take_exchanges(&self) -> Option<Vec<Exchange>> {
        let mut recorded = self.lock();
        (!recorded.overflowed).then(|| std::mem::take(&mut recorded.exchanges))
    }

    fn lock(&self) -> MutexGuard<'_, RecordedExchanges> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RecordedExchanges {
    /// Counts bytes of the recording. If they exceed the limit, the whole recording is discarded,
    /// because a partial cassette is useless.
    fn reserve(&mut self, bytes: usize) {
        let bytes = bytes as u64;
        if self.overflowed {
            return;
        }

        if self.max_bytes - self.bytes < bytes {
            self.overflowed = true;
            self.exchanges = Vec::new();
            self.reservation.release(self.bytes);
            return;
        }

        self.bytes += bytes;
        self.reservation.hold(bytes);
    }
}

/// Records the outcome of one exchange.
#[derive(Debug)]
pub(crate) struct ExchangeRecorder {
    recorder: Arc<Recorder>,
    index: usize,
}

impl ExchangeRecorder {
    /// Records that there is no response.
    pub(crate) fn failed(&self, error: &HttpError) {
        self.update(|exchange| exchange.outcome = Err(NetworkFailure::of(error)));
    }

    /// Records status and headers. The body may never be read, as that of a redirect.
    pub(crate) fn response_started(&self, status: u16, headers: Vec<(String, String)>) {
        let bytes = headers
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        self.recorder.lock().reserve(bytes);

        let headers = headers
            .into_iter()
            .filter(|(name, _)| !FRAMING_HEADERS.contains(&name.as_str()))
            .collect();
        let response = Response {
            status,
            headers: without_credentials(headers),
            body: Vec::new(),
            cut: None,
        };

        self.update(|exchange| exchange.outcome = Ok(response));
    }

    /// Records that the body is being read. It counts as cut off by a timeout until its end is
    /// known.
    pub(crate) fn body_started(&self) {
        self.update_response(|response| response.cut = Some(NetworkFailure::timeout()));
    }

    pub(crate) fn body_chunk(&self, bytes: &[u8]) {
        self.recorder.lock().reserve(bytes.len());
        self.update_response(|response| response.body.extend_from_slice(bytes));
    }

    /// Records the end of the body, or the error with which it breaks off.
    pub(crate) fn body_ended(&self, cut: Option<&HttpError>) {
        self.update_response(|response| response.cut = cut.map(NetworkFailure::of));
    }

    fn update_response(&self, update: impl FnOnce(&mut Response)) {
        self.update(|exchange| {
            if let Ok(response) = &mut exchange.outcome {
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

/// Removes the values of credentials. The names remain, so that a reader sees which headers were
/// sent.
fn without_credentials(mut headers: Vec<(String, String)>) -> Vec<(String, String)> {
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

    fn begin(recorder: &Arc<Recorder>) -> ExchangeRecorder {
        let url = "https://a.example/jobs".parse().unwrap();
        recorder.begin(Request {
            method: reqwest::Method::GET,
            url,
            headers: Vec::new(),
            body: Vec::new(),
        })
    }

    #[test]
    fn a_recording_that_overflows_is_discarded_and_released() {
        let reservation = Arc::new(InFlightBudget::new(u64::MAX).reserve());
        let recorder = Arc::new(Recorder::new(1_000, Arc::clone(&reservation)));
        let first = begin(&recorder);
        first.response_started(200, Vec::new());
        first.body_chunk(&[b'x'; 900]);
        let url = "https://a.example/jobs".len() as u64;
        assert_eq!(reservation.held(), 900 + url);

        first.body_chunk(&[b'x'; 100]);
        assert_eq!(reservation.held(), 0, "an overflow discards the recording");
        let second = begin(&recorder);
        second.response_started(200, vec![("x-request".to_owned(), "2".to_owned())]);
        second.body_chunk(b"small enough");
        second.body_ended(None);
        first.body_ended(None);
        assert_eq!(reservation.held(), 0);
        assert_eq!(
            recorder.take_exchanges(),
            None,
            "a partial cassette is useless"
        );
    }

    #[test]
    fn a_recording_of_exactly_the_limit_is_kept() {
        let reservation = Arc::new(InFlightBudget::new(u64::MAX).reserve());
        let most = "https://a.example/jobs".len() as u64 + 10;
        let recorder = Arc::new(Recorder::new(most, reservation));
        let recording = begin(&recorder);
        recording.response_started(200, Vec::new());
        recording.body_chunk(&[b'x'; 10]);
        recording.body_ended(None);
        assert_eq!(
            recorder.take_exchanges().unwrap()[0]
                .outcome
                .as_ref()
                .unwrap()
                .body
                .len(),
            10
        );
    }
}
