//! The cassette format, read from a folder. `docs/cassettes.md` describes it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::board::RecordedBoard;
use crate::{Header, Response};

/// The content of `cassette.json`.
#[derive(Deserialize)]
pub(super) struct Cassette {
    pub(super) source: RecordedSource,
    exchanges: Vec<Exchange>,
}

#[derive(Deserialize)]
pub(super) struct RecordedSource {
    pub(super) identifier: String,
    /// A JSON object.
    #[serde(default = "no_options")]
    pub(super) options: Value,
    /// The state of an earlier scan.
    #[serde(default)]
    pub(super) state: Option<String>,
}

#[derive(Deserialize)]
struct Exchange {
    request: Message,
    response: Option<Message>,
    failure: Option<Value>,
}

/// A request or a response.
#[derive(Deserialize)]
struct Message {
    method: Option<String>,
    #[serde(default)]
    url: String,
    #[serde(default)]
    status: u16,
    #[serde(default)]
    headers: HashMap<String, String>,
    body: Option<String>,
    json: Option<Value>,
    body_file: Option<String>,
}

impl Cassette {
    /// Reads the cassette in a folder.
    pub(super) fn read(folder: &Path) -> Self {
        let path = folder.join("cassette.json");
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));

        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Returns a board with the recorded responses. `folder` contains the bodies that are stored in
    /// separate files.
    pub(super) fn into_board(self, folder: &Path) -> RecordedBoard {
        let mut board = RecordedBoard::default();
        for exchange in self.exchanges {
            let request = exchange.request;
            let body = request.body(folder);
            let response = match exchange.response {
                Some(response) => Ok(response.into_response(request.url.clone(), folder)),
                None => Err(exchange.failure.unwrap_or_default().to_string()),
            };

            let method = request.method.unwrap_or_else(|| "GET".to_owned());
            board.add(method, request.url, &body, response);
        }
        board
    }
}

impl Message {
    fn into_response(self, url: String, folder: &Path) -> Response {
        let body = self.body(folder);
        let headers = self
            .headers
            .into_iter()
            .map(|(name, value)| Header { name, value })
            .collect();

        Response {
            status: self.status,
            url,
            headers,
            body,
            unchanged: false,
        }
    }

    fn body(&self, folder: &Path) -> Vec<u8> {
        if let Some(name) = &self.body_file {
            let path = folder.join(name);
            return fs::read(&path)
                .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        }

        let json = || self.json.as_ref().map(Value::to_string);
        let text = self.body.clone().or_else(json);
        text.unwrap_or_default().into_bytes()
    }
}

/// Returns the options of a source that sets none: an empty object.
pub(super) fn no_options() -> Value {
    Value::Object(serde_json::Map::new())
}
