//! Scans of a cassette.

use std::path::Path;

use super::board;
use super::cassette::Cassette;
use crate::{
    Adapter, Coverage, Detail, DetailedAdapter, FetchRequest, Outcome, RawJob, SourceError, Wanted,
};

/// The maximum number of pages. More mean that paging does not end.
const MAX_PAGES: usize = 1_000;

/// The result of a scan.
#[derive(Debug)]
pub struct Scan {
    /// The jobs of all pages.
    pub jobs: Vec<RawJob>,
    /// `Window` if any page is one.
    pub coverage: Coverage,
    /// The number of jobs that the board states, from the last page that has it.
    pub total: Option<u32>,
    /// The state to store, from the last page that sets it.
    pub state: Option<String>,
    /// The warnings of all pages.
    pub warnings: Vec<String>,
    /// The URLs that were requested, in order.
    pub requests: Vec<String>,
}

/// Returns the request for the first page of a source. `options` is a JSON object.
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

/// Scans the board on a cassette, page by page, as in a first scan.
///
/// # Panics
///
/// If the cassette cannot be read, or if paging does not end.
pub fn scan<A: Adapter>(folder: impl AsRef<Path>) -> Result<Scan, SourceError> {
    pages::<A>(begin(folder.as_ref()))
}

/// Like [`scan`], for a cassette that a test writes itself. It is the content of a `cassette.json`
/// in which every body is inline.
///
/// # Panics
///
/// If the cassette cannot be parsed, or if paging does not end.
pub fn scan_json<A: Adapter>(cassette: &str) -> Result<Scan, SourceError> {
    let cassette = serde_json::from_str(cassette).expect("a cassette");
    pages::<A>(install(cassette, Path::new(".")))
}

fn pages<A: Adapter>(mut request: FetchRequest) -> Result<Scan, SourceError> {
    let mut scan = Scan {
        jobs: Vec::new(),
        coverage: Coverage::Complete,
        total: None,
        state: None,
        warnings: Vec::new(),
        requests: Vec::new(),
    };

    for _ in 0..MAX_PAGES {
        let Outcome::Page(page) = A::fetch_jobs(&request)? else {
            panic!("`not-modified` in a first scan")
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
            scan.requests = board::take_requests();
            return Ok(scan);
        }
    }
    panic!("more than {MAX_PAGES} pages");
}

/// Fetches the details of jobs on a cassette. Each job is an external id and a token.
///
/// # Panics
///
/// If the cassette cannot be read.
pub fn details<A: DetailedAdapter>(
    folder: impl AsRef<Path>,
    wanted: &[(&str, &str)],
) -> Result<Vec<(String, Detail)>, SourceError> {
    let request = begin(folder.as_ref());
    let wanted: Vec<Wanted> = wanted
        .iter()
        .map(|&(id, token)| Wanted {
            external_id: id.to_owned(),
            token: token.to_owned(),
        })
        .collect();

    A::fetch_details(&request, &wanted)
}

/// Installs the board on a cassette and returns the request for its first page.
fn begin(folder: &Path) -> FetchRequest {
    install(Cassette::read(folder), folder)
}

fn install(cassette: Cassette, folder: &Path) -> FetchRequest {
    let source = &cassette.source;
    let request = FetchRequest {
        state: source.state.clone(),
        ..request(&source.identifier, &source.options.to_string())
    };

    cassette.into_board(folder).install();
    request
}
