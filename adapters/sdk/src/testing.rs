//! Scans in ordinary tests: `cargo test` on this machine, with a cassette in place of the board and
//! without WebAssembly.
//!
//! ```ignore
//! let scan = testing::scan::<Example>("cassettes/board").expect("a board");
//! assert_eq!(scan.jobs[0].title, "Cook");
//! ```
//!
//! Folders are seen from the package's own. What is on a cassette, docs/cassettes.md says; here
//! every answer comes with its body, and the last one to a request comes again. What only the host
//! does, such as redirects, retries and budgets, does not happen: `job-scanner adapter test` is for
//! that.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::{env, fmt, fs};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::bindings::job_scanner::source::http::HttpError;
use crate::{
    Adapter, Coverage, Detail, DetailedAdapter, FetchRequest, Header, Level, Outcome, RawJob,
    Request, Response, SourceError, Wanted,
};

/// More pages than a test has; one that does not end ends here.
const MOST_PAGES: usize = 1_000;

thread_local! {
    /// The board of the scan that is under way on this thread.
    static BOARD: RefCell<Option<Board>> = const { RefCell::new(None) };
}

/// What a scan brought.
#[derive(Debug)]
pub struct Scan {
    /// The jobs of all pages.
    pub jobs: Vec<RawJob>,
    /// Whether one of them said that it is a window.
    pub coverage: Coverage,
    /// How many jobs the board says it has.
    pub total: Option<u32>,
    /// What to remember.
    pub state: Option<String>,
    /// Of all pages.
    pub warnings: Vec<String>,
    /// The addresses that were asked for, in their order.
    pub requests: Vec<String>,
}

/// What an adapter is asked for the first page of a source with these options, a JSON object.
pub fn request(identifier: &str, options: &str) -> FetchRequest {
    FetchRequest {
        identifier: identifier.to_owned(),
        options: options.to_owned(),
        cursor: None,
        state: None,
        max_jobs: None,
        now: "2026-11-23T08:15:00Z".to_owned(),
    }
}

/// Reads the board on a cassette, page by page, as on a first scan.
///
/// # Panics
///
/// When the cassette is none, or the pages do not end.
pub fn scan<A: Adapter>(folder: impl AsRef<Path>) -> Result<Scan, SourceError> {
    let (mut request, board) = read(folder.as_ref());
    BOARD.set(Some(board));
    let (jobs, warnings, requests) = (Vec::new(), Vec::new(), Vec::new());
    let mut scan = Scan {
        jobs,
        coverage: Coverage::Complete,
        total: None,
        state: None,
        warnings,
        requests,
    };
    for _ in 0..MOST_PAGES {
        let Outcome::Page(page) = A::fetch_jobs(&request)? else {
            panic!("nothing can be unchanged on a first scan")
        };
        scan.jobs.extend(page.jobs);
        scan.warnings.extend(page.warnings);
        scan.total = page.total.or(scan.total);
        scan.state = page.state.or(scan.state);
        if page.coverage == Coverage::Window {
            scan.coverage = Coverage::Window;
        }
        request.cursor = page.next;
        if request.cursor.is_none() {
            scan.requests = BOARD.take().map(|board| board.asked).unwrap_or_default();
            return Ok(scan);
        }
    }
    panic!("more than {MOST_PAGES} pages");
}

/// Asks for the details of jobs on a cassette, each an external id and its token.
///
/// # Panics
///
/// When the cassette is none.
pub fn details<A: DetailedAdapter>(
    folder: impl AsRef<Path>,
    wanted: &[(&str, &str)],
) -> Result<Vec<(String, Detail)>, SourceError> {
    let (request, board) = read(folder.as_ref());
    BOARD.set(Some(board));
    let wanted = wanted.iter().map(|&(id, token)| Wanted {
        external_id: id.to_owned(),
        token: token.to_owned(),
    });
    A::fetch_details(&request, &wanted.collect::<Vec<_>>())
}

/// Checks what the manifest says of the package under test: its name, its version, and what the
/// options that `O` reads are when they are left out.
///
/// # Panics
///
/// When one of them is not so.
pub fn check_manifest<A: Adapter, O: DeserializeOwned + fmt::Debug>() {
    let manifest: Value = serde_json::from_str(A::MANIFEST).expect("the manifest is JSON");
    for (key, variable) in [("name", "CARGO_PKG_NAME"), ("version", "CARGO_PKG_VERSION")] {
        let package = env::var(variable).unwrap_or_else(|_| panic!("`cargo test` sets {variable}"));
        assert_eq!(manifest[key], package, "the manifest's `{key}`");
    }
    let properties = manifest["options"]["properties"]
        .as_object()
        .into_iter()
        .flatten();
    for (name, property) in properties.filter(|(_, property)| property.get("default").is_some()) {
        let written = Value::Object(
            [(name.clone(), property["default"].clone())]
                .into_iter()
                .collect(),
        );
        assert_eq!(
            options::<O>(written),
            options::<O>(no_options()),
            "the default of `{name}`"
        );
    }
}

/// How these are read, for comparison.
fn options<O: DeserializeOwned + fmt::Debug>(written: Value) -> String {
    let options: O =
        serde_json::from_value(written).unwrap_or_else(|error| panic!("odd options: {error}"));
    format!("{options:?}")
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

#[derive(Debug)]
struct Board {
    answers: HashMap<(String, String, Value), Vec<Result<Response, String>>>,
    asked: Vec<String>,
}

impl Board {
    fn answer(&mut self, request: &Request) -> Result<Response, HttpError> {
        self.asked.push(request.url.clone());
        let body = comparable(request.body.as_deref().unwrap_or_default());
        let missing =
            || HttpError::Protocol(format!("the cassette has no answer to {}", request.url));
        let answers = self
            .answers
            .get_mut(&(request.method.clone(), request.url.clone(), body))
            .ok_or_else(missing)?;
        let next = if answers.len() > 1 {
            answers.remove(0)
        } else {
            answers[0].clone()
        };
        next.map_err(HttpError::Protocol)
    }
}

#[derive(Deserialize)]
struct Cassette {
    source: Source,
    exchanges: Vec<Exchange>,
}

#[derive(Deserialize)]
struct Source {
    identifier: String,
    #[serde(default = "no_options")]
    options: Value,
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

impl Message {
    fn body(&self, folder: &Path) -> Vec<u8> {
        if let Some(name) = &self.body_file {
            let path = folder.join(name);
            return fs::read(&path)
                .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        }
        let json = || self.json.as_ref().map(Value::to_string);
        self.body
            .clone()
            .or_else(json)
            .unwrap_or_default()
            .into_bytes()
    }
}

fn no_options() -> Value {
    Value::Object(serde_json::Map::new())
}

fn read(folder: &Path) -> (FetchRequest, Board) {
    let path = folder.join("cassette.json");
    let text = fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    let Cassette { source, exchanges } =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut board = Board {
        answers: HashMap::new(),
        asked: Vec::new(),
    };
    for Exchange {
        request,
        response,
        failure,
    } in exchanges
    {
        let method = request.method.clone().unwrap_or_else(|| "GET".to_owned());
        let key = (
            method,
            request.url.clone(),
            comparable(&request.body(folder)),
        );
        let answer = match response {
            Some(response) => Ok(Response {
                status: response.status,
                url: request.url,
                body: response.body(folder),
                headers: response
                    .headers
                    .into_iter()
                    .map(|(name, value)| Header { name, value })
                    .collect(),
                unchanged: false,
            }),
            None => Err(failure.unwrap_or_default().to_string()),
        };
        board.answers.entry(key).or_default().push(answer);
    }
    (
        request(&source.identifier, &source.options.to_string()),
        board,
    )
}

/// JSON is the same however it is laid out.
fn comparable(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)))
}
