//! Scans of a cassette.

use std::path::Path;

use super::board;
use super::cassette::Cassette;
use crate::{
    Adapter, Coverage, Detail, DetailedAdapter, FetchRequest, Outcome, RawJob, SourceError, Wanted,
};

/// More pages than a test has; one that does not end ends here.
const MOST_PAGES: usize = 1_000;

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
    let mut request = begin(folder.as_ref());
    let mut scan = Scan {
        jobs: Vec::new(),
        coverage: Coverage::Complete,
        total: None,
        state: None,
        warnings: Vec::new(),
        requests: Vec::new(),
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
            scan.requests = board::take_requests();
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

/// Lets the board on a cassette answer; returns the request for its first page.
fn begin(folder: &Path) -> FetchRequest {
    let cassette = Cassette::read(folder);
    let source = &cassette.source;
    let request = request(&source.identifier, &source.options.to_string());

    cassette.into_board(folder).answer_requests();
    request
}
