//! A recorded board: it responds to the requests of the adapter under test in place of the host.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

use crate::{HttpError, Level, Request, Response};

thread_local! {
    /// The board of the current scan on this thread.
    static BOARD: RefCell<Option<RecordedBoard>> = const { RefCell::new(None) };
}

/// The recorded responses of a board.
#[derive(Debug, Default)]
pub(super) struct RecordedBoard {
    responses: HashMap<RequestKey, Vec<Result<Response, String>>>,
    requested: Vec<String>,
}

/// The parts of a request that determine its response.
#[derive(Debug, PartialEq, Eq, Hash)]
struct RequestKey {
    method: String,
    url: String,
    body: Value,
}

impl RecordedBoard {
    /// Adds the response to a request. Several responses to the same request are returned in the
    /// order in which they were added.
    pub(super) fn add(
        &mut self,
        method: String,
        url: String,
        body: &[u8],
        response: Result<Response, String>,
    ) {
        let key = RequestKey {
            method,
            url,
            body: comparable(body),
        };
        self.responses.entry(key).or_default().push(response);
    }

    /// Makes this board respond to the requests of this thread.
    pub(super) fn install(self) {
        BOARD.set(Some(self));
    }

    fn respond(&mut self, request: &Request) -> Result<Response, HttpError> {
        self.requested.push(request.url.clone());

        let key = RequestKey {
            method: request.method.clone(),
            url: request.url.clone(),
            body: comparable(request.body.as_deref().unwrap_or_default()),
        };
        let Some(responses) = self.responses.get_mut(&key) else {
            let message = format!("the cassette has no response to {}", request.url);
            return Err(HttpError::Protocol(message));
        };

        let next = if responses.len() > 1 {
            responses.remove(0)
        } else {
            responses[0].clone()
        };
        next.map_err(HttpError::Protocol)
    }
}

/// Removes the board of this thread and returns the URLs that were requested, in order.
pub(super) fn take_requests() -> Vec<String> {
    BOARD
        .take()
        .map(|board| board.requested)
        .unwrap_or_default()
}

/// Returns a body for comparison. JSON is parsed, so that its formatting does not matter.
fn comparable(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)))
}

/// Replaces the host's function.
pub(crate) fn send(request: &Request) -> Result<Response, HttpError> {
    BOARD.with_borrow_mut(|board| {
        board
            .as_mut()
            .expect("requests are made within `testing::scan` or `testing::details`")
            .respond(request)
    })
}

/// Replaces the host's function.
pub(crate) fn send_all(requests: &[Request]) -> Vec<Result<Response, HttpError>> {
    requests.iter().map(send).collect()
}

/// Replaces the host's function.
pub(crate) fn log(level: Level, message: &str) {
    eprintln!("{level:?}: {message}");
}
