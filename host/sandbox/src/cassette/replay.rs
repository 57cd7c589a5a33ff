//! Answering from a cassette in place of boards.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use job_scanner_core::key::SourceKey;
use job_scanner_core::raw::RawJob;
use serde_json::Value;

use crate::budgets::in_flight::HeldBytes;
use crate::budgets::usage::BudgetUse;
use crate::cassette::tape::{
    Cassette, CassetteSource, Exchange, Failure, FailureKind, Request, Response,
};
use crate::error::ScanError;
use crate::http::{HttpError, Wire};
use crate::loading::adapter::{Adapter, ScanRequest};
use crate::scan::listing::Listing;
use crate::scan::page::PageOutcome;
use crate::scan::scan::Scan;
use crate::secrets::Secrets;

/// So many of the requests that are missing are kept with their bodies; a scan can ask for
/// thousands.
const MOST_WHOLE: usize = 20;
/// The longest body that is looked at as JSON, in bytes: no request has more (1 MiB), however it is
/// laid out. As values in memory it takes many times as much.
const MOST_JSON_BYTES: usize = 4 * 1024 * 1024;

/// What a replayed scan brought.
#[derive(Debug)]
pub struct Replay {
    /// As of any scan, with the details that the listing leaves out.
    pub listing: Listing,
    /// What it used of its budgets.
    pub budget: BudgetUse,
    /// What the adapter asked for and the cassette does not have, each request once; after the
    /// first few without their bodies.
    pub missing: Vec<Request>,
    /// What the cassette has and the adapter did not ask for, in the cassette's order.
    pub unused: Vec<Request>,
}

/// One page, asked for alone.
#[derive(Debug)]
pub struct ReplayedPage {
    /// The jobs on it, as the adapter returned them.
    pub jobs: Vec<RawJob>,
    /// Where the next one begins.
    pub next: Option<String>,
}

impl Adapter {
    /// Scans the cassette's source with the cassette's answers: the same answers to the same
    /// requests, however often, without a network and without waiting. The adapter may ask for no
    /// more than it may when it scans.
    pub async fn replay(&self, cassette: &Cassette) -> Replay {
        let (mut scan, player) = self.start_replay(cassette);
        let listing = scan.read_in_full().await;
        Replay {
            listing,
            budget: scan.budget(),
            missing: player.missing(),
            unused: player.unused(),
        }
    }

    /// Reads the listing alone, and asks for no details.
    pub async fn replay_listing(&self, cassette: &Cassette) -> Listing {
        let (mut scan, _) = self.start_replay(cassette);
        scan.read_listing().await
    }

    /// Asks a fresh instance for the one page that begins at a cursor, or for the first.
    ///
    /// # Errors
    ///
    /// Whatever ends a scan; "not modified", too, which is no page.
    pub async fn replay_page(
        &self,
        cassette: &Cassette,
        cursor: Option<&str>,
    ) -> Result<ReplayedPage, ScanError> {
        let (mut scan, _) = self.start_replay(cassette);
        scan.request.cursor = cursor.map(str::to_owned);
        scan.instantiate().await?;
        match scan.fetch_page().await? {
            PageOutcome::Page(page) => Ok(ReplayedPage {
                jobs: page.jobs,
                next: page.next,
            }),
            PageOutcome::NotModified => Err(ScanError::UnexpectedResponse(
                "the adapter said `not-modified`".to_owned(),
            )),
            PageOutcome::Failed(error) => Err(scan.told(error)),
        }
    }

    fn start_replay(&self, cassette: &Cassette) -> (Scan<'_>, Arc<Player>) {
        let CassetteSource {
            identifier,
            options,
            max_jobs,
            allow_hosts,
            state,
            validators,
        } = cassette.source.clone();
        let request = ScanRequest {
            source: SourceKey::new(self.name().clone(), identifier),
            options,
            secrets: Secrets::default(),
            allow_hosts,
            max_jobs,
            state,
            validators,
            now: cassette.now,
            run_ends: None,
        };
        let player = Arc::new(Player::new(cassette.exchanges.clone()));
        let share = Arc::new(HeldBytes::new(u64::MAX).share());
        (
            self.start_over(Wire::Cassette(Arc::clone(&player)), &share, request),
            player,
        )
    }
}

/// Answers the requests of one scan.
#[derive(Debug)]
pub(crate) struct Player {
    exchanges: Vec<Exchange>,
    tracks: HashMap<TrackKey, Track>,
    missing: Mutex<Missing>,
}

/// What was asked for in vain.
#[derive(Debug, Default)]
struct Missing {
    requests: Vec<Request>,
    /// Hashes of all of them.
    seen: HashSet<blake3::Hash>,
}

/// Method, URL, and body; headers come and go with versions of adapters.
type TrackKey = (String, String, Vec<u8>);

/// The answers to one request, in their order.
#[derive(Debug, Default)]
struct Track {
    exchanges: Vec<usize>,
    next: AtomicUsize,
}

impl Player {
    pub(crate) fn new(exchanges: Vec<Exchange>) -> Self {
        let mut tracks = HashMap::<TrackKey, Track>::new();
        for (index, exchange) in exchanges.iter().enumerate() {
            tracks
                .entry(track_key(&exchange.request))
                .or_default()
                .exchanges
                .push(index);
        }
        Self {
            exchanges,
            tracks,
            missing: Mutex::default(),
        }
    }

    /// The next answer to this request; the last one again when they are used up, so that one
    /// failure on a cassette is a failure however often the host retries.
    pub(crate) fn answer(&self, request: Request) -> Result<&Response, HttpError> {
        let key = track_key(&request);
        let Some(track) = self.tracks.get(&key) else {
            let words = format!("the cassette has no answer to {request}");
            self.missing
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .note(request, &key);
            return Err(HttpError::Protocol(words));
        };
        let turn = track
            .next
            .fetch_add(1, Ordering::Relaxed)
            .min(track.exchanges.len() - 1);
        self.exchanges[track.exchanges[turn]]
            .answer
            .as_ref()
            .map_err(Failure::to_error)
    }

    fn missing(&self) -> Vec<Request> {
        self.missing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .requests
            .clone()
    }

    fn unused(&self) -> Vec<Request> {
        let used: BTreeSet<usize> = self
            .tracks
            .values()
            .flat_map(|track| {
                track
                    .exchanges
                    .iter()
                    .take(track.next.load(Ordering::Relaxed))
                    .copied()
            })
            .collect();
        let unused = self
            .exchanges
            .iter()
            .enumerate()
            .filter(|(index, _)| !used.contains(index));
        unused
            .map(|(_, exchange)| exchange.request.clone())
            .collect()
    }
}

impl Missing {
    fn note(&mut self, mut request: Request, (method, url, body): &TrackKey) {
        // Neither a method nor a URL has a zero byte.
        let key = [method.as_bytes(), b"\0", url.as_bytes(), b"\0", body].concat();
        if !self.seen.insert(blake3::hash(&key)) {
            return;
        }
        if self.requests.len() >= MOST_WHOLE {
            request.body = Vec::new();
        }
        self.requests.push(request);
    }
}

impl Request {
    /// Whether an answer to one is an answer to the other.
    pub fn is_same(&self, other: &Self) -> bool {
        self.method == other.method
            && self.url == other.url
            && as_compared(&self.body) == as_compared(&other.body)
    }
}

impl Failure {
    /// What the adapter is told.
    pub(crate) fn to_error(&self) -> HttpError {
        let words = self.message.clone();
        match self.kind {
            FailureKind::Denied => HttpError::Denied(words),
            FailureKind::Dns => HttpError::Dns(words),
            FailureKind::Connect => HttpError::Connect(words),
            FailureKind::Tls => HttpError::Tls(words),
            FailureKind::Timeout => HttpError::Timeout,
            FailureKind::TooLarge => HttpError::TooLarge(words.parse().unwrap_or_default()),
            FailureKind::Protocol => HttpError::Protocol(words),
        }
    }
}

fn track_key(request: &Request) -> TrackKey {
    (
        request.method.to_string(),
        request.url.to_string(),
        as_compared(&request.body).into_owned(),
    )
}

/// JSON is the same however it is laid out: people write it over lines.
fn as_compared(body: &[u8]) -> Cow<'_, [u8]> {
    if body.len() > MOST_JSON_BYTES {
        return body.into();
    }
    let json = serde_json::from_slice::<Value>(body);
    json.map_or(Cow::Borrowed(body), |json| {
        json.to_string().into_bytes().into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_kept_once_and_mostly_without_bodies() {
        let player = Player::new(Vec::new());
        let ask = |number: usize, accept: &str| {
            let headers = vec![("accept".to_owned(), accept.to_owned())];
            let url = "https://a.example/search".parse().unwrap();
            let request = Request {
                method: reqwest::Method::POST,
                url,
                headers,
                body: format!("[{number}]").into(),
            };
            assert!(player.answer(request).is_err());
        };
        for number in 0..MOST_WHOLE + 10 {
            ask(number, "*/*");
            ask(number, "application/json");
        }
        let missing = player.missing();
        assert_eq!(missing.len(), MOST_WHOLE + 10);
        let bodies: Vec<&[u8]> = missing
            .iter()
            .map(|request| request.body.as_slice())
            .collect();
        assert_eq!(
            (bodies[0], bodies[MOST_WHOLE - 1]),
            (&b"[0]"[..], format!("[{}]", MOST_WHOLE - 1).as_bytes())
        );
        assert!(bodies[MOST_WHOLE..].iter().all(|body| body.is_empty()));
    }
}
