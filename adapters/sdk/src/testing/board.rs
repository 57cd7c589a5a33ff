//! A board that answers in the host's place: the requests of the adapter under test end here.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

use crate::{HttpError, Level, Request, Response};

thread_local! {
    /// The board of the scan that is under way on this thread.
    static BOARD: RefCell<Option<Board>> = const { RefCell::new(None) };
}

/// The answers of a board, each to one request.
#[derive(Debug, Default)]
pub(super) struct Board {
    answers: HashMap<Question, Vec<Result<Response, String>>>,
    asked: Vec<String>,
}

/// The part of a request that answers are found by.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Question {
    method: String,
    url: String,
    body: Value,
}

impl Board {
    /// Adds an answer. Several to one request come in their order.
    pub(super) fn add(
        &mut self,
        method: String,
        url: String,
        body: &[u8],
        answer: Result<Response, String>,
    ) {
        let question = Question {
            method,
            url,
            body: comparable(body),
        };
        self.answers.entry(question).or_default().push(answer);
    }

    /// Makes this board the one that answers on this thread.
    pub(super) fn answer_requests(self) {
        BOARD.set(Some(self));
    }

    fn answer(&mut self, request: &Request) -> Result<Response, HttpError> {
        self.asked.push(request.url.clone());

        let question = Question {
            method: request.method.clone(),
            url: request.url.clone(),
            body: comparable(request.body.as_deref().unwrap_or_default()),
        };
        let Some(answers) = self.answers.get_mut(&question) else {
            let words = format!("the cassette has no answer to {}", request.url);
            return Err(HttpError::Protocol(words));
        };

        let next = if answers.len() > 1 {
            answers.remove(0)
        } else {
            answers[0].clone()
        };
        next.map_err(HttpError::Protocol)
    }
}

/// Takes the board away again; returns the addresses that it was asked for, in their order.
pub(super) fn take_requests() -> Vec<String> {
    BOARD.take().map(|board| board.asked).unwrap_or_default()
}

/// JSON is the same however it is laid out.
fn comparable(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)))
}

/// Stands for the host's function.
pub(crate) fn send(request: &Request) -> Result<Response, HttpError> {
    BOARD.with_borrow_mut(|board| {
        board
            .as_mut()
            .expect("`testing::scan` brings a board")
            .answer(request)
    })
}

/// Stands for the host's function.
pub(crate) fn send_all(requests: &[Request]) -> Vec<Result<Response, HttpError>> {
    requests.iter().map(send).collect()
}

/// Stands for the host's function.
pub(crate) fn log(level: Level, message: &str) {
    eprintln!("{level:?}: {message}");
}
