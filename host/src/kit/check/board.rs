//! The board that most rules are checked with: a cassette whose scan finds jobs, if there is one.

use jiff::Timestamp;
use job_scanner_core::key::Identifier;
use job_scanner_sandbox::{Adapter, Cassette, CassetteSource, ListingEnd, Replay, Request};
use serde_json::{Map, Value};

use crate::kit::check::options;
use crate::kit::check::report::{Verdict, describe_failure, skipped};

/// A board, and the adapter's scan of it.
#[derive(Debug)]
pub(super) struct Board {
    pub(super) cassette: Cassette,
    /// The scan that finds jobs, or the reason why there is none.
    pub(super) scan: Result<Replay, NoScan>,
    /// The adapter's first request.
    pub(super) first_request: Option<Request>,
}

/// The reason why there is no scan that finds jobs.
#[derive(Debug)]
pub(super) enum NoScan {
    NoCassette,
    /// A description of the end of the chosen cassette's scan.
    NoJobs(String),
}

impl Board {
    /// Returns the first cassette whose scan finds jobs, or else the one whose failure is reported.
    /// Without a cassette, returns a source with the examples of the manifest, on a board that has
    /// only the responses of `responses.rs`.
    pub(super) async fn of(adapter: &Adapter, cassettes: &[Cassette]) -> Self {
        let (cassette, scan) = match with_jobs(adapter, cassettes).await {
            Some((cassette, scan)) => (cassette.clone(), scan),
            None => (example_source(adapter), Err(NoScan::NoCassette)),
        };

        // On an empty cassette every request is missing, so the first missing one is the first
        // request.
        let empty = Cassette {
            exchanges: Vec::new(),
            ..cassette.clone()
        };
        let missing = adapter.replay(&empty).await.missing;
        Self {
            cassette,
            scan,
            first_request: missing.into_iter().next(),
        }
    }

    /// Returns the scan. Without it, rules that need one are skipped.
    pub(super) fn scan(&self) -> Result<&Replay, Verdict> {
        match &self.scan {
            Ok(scan) => Ok(scan),
            Err(NoScan::NoCassette) => skipped("the adapter has no cassette"),
            Err(NoScan::NoJobs(_)) => skipped("no scan finds jobs"),
        }
    }
}

/// Returns the first cassette whose scan finds jobs, or else the first one that has a response to
/// any request of its scan, or else the first one.
///
/// A cassette of another board, such as the example of a new project, has none. Its failure would
/// hide the adapter's mistake on the author's own cassette.
async fn with_jobs<'a>(
    adapter: &Adapter,
    cassettes: &'a [Cassette],
) -> Option<(&'a Cassette, Result<Replay, NoScan>)> {
    let mut used = None;
    let mut unused = None;
    for cassette in cassettes {
        let replay = adapter.replay(cassette).await;
        let Some(why) = without_jobs(&replay) else {
            return Some((cassette, Ok(replay)));
        };

        let identifier = cassette.source.identifier.as_str();
        let first = if replay.unused.len() < cassette.exchanges.len() {
            &mut used
        } else {
            &mut unused
        };
        first.get_or_insert_with(|| {
            let why = format!("the scan of `{identifier}`: {why}");
            (cassette, Err(NoScan::NoJobs(why)))
        });
    }
    used.or(unused)
}

/// Returns the reason why a scan finds no jobs. `None` if it finds some.
fn without_jobs(replay: &Replay) -> Option<String> {
    match &replay.listing.end {
        ListingEnd::Failed(error) if replay.missing.is_empty() => Some(describe_failure(error)),
        ListingEnd::Failed(error) => Some(format!(
            "{}; record the cassette again, or delete it if it is of another board",
            describe_failure(error)
        )),
        _ if replay.listing.jobs.is_empty() => Some("it finds none".to_owned()),
        _ => None,
    }
}

/// Returns a source with the example options of the manifest.
fn example_source(adapter: &Adapter) -> Cassette {
    let mut options = Map::new();
    for (name, property) in options::properties(adapter.manifest()) {
        if let Some(example) = property["examples"].get(0) {
            options.insert(name.clone(), example.clone());
        }
    }

    let source = CassetteSource {
        identifier: Identifier::new("example").expect("a valid identifier"),
        options: Value::Object(options),
        max_jobs: None,
        allow_hosts: Vec::new(),
        state: None,
        validators: Vec::new(),
    };
    Cassette {
        adapter: None,
        source,
        now: Timestamp::constant(1_795_421_700, 0),
        exchanges: Vec::new(),
    }
}
