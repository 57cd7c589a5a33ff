//! Replays recorded exchanges instead of sending requests.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::http::transport::recorded::{Exchange, NetworkFailure, Request, Response, as_compared};
use crate::http::types::HttpError;

/// The number of missing requests that are kept with their bodies. A scan can make thousands of
/// them.
const MAX_WITH_BODY: usize = 20;
/// The number of refused requests that are kept.
const MAX_REFUSED: usize = 20;

/// Replays the responses of one scan.
#[derive(Debug)]
pub(crate) struct Player {
    exchanges: Vec<Exchange>,
    queues: HashMap<MatchKey, ExchangeQueue>,
    missing: Mutex<MissingRequests>,
    refused: Mutex<Vec<RefusedRequest>>,
}

/// A request that the adapter was not allowed to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRequest {
    pub request: Request,
    /// The reason, as the adapter received it.
    pub why: String,
}

/// The requests without a recorded response.
#[derive(Debug, Default)]
struct MissingRequests {
    requests: Vec<Request>,
    /// The hashes of all of them.
    seen: HashSet<blake3::Hash>,
}

/// The method, the URL and the body. Headers are not compared because they change between versions
/// of an adapter.
type MatchKey = (String, String, Vec<u8>);

/// The exchanges with the same request, in their recorded order.
#[derive(Debug, Default)]
struct ExchangeQueue {
    exchanges: Vec<usize>,
    next: AtomicUsize,
}

impl Player {
    pub(crate) fn new(exchanges: Vec<Exchange>) -> Self {
        let mut queues = HashMap::<MatchKey, ExchangeQueue>::new();
        for (index, exchange) in exchanges.iter().enumerate() {
            queues
                .entry(match_key(&exchange.request))
                .or_default()
                .exchanges
                .push(index);
        }

        Self {
            exchanges,
            queues,
            missing: Mutex::default(),
            refused: Mutex::default(),
        }
    }

    /// Returns the next response to this request. After the last one it is repeated, so that a
    /// single recorded failure remains a failure in all retries.
    pub(crate) fn response_to(&self, request: Request) -> Result<&Response, HttpError> {
        let key = match_key(&request);
        let Some(queue) = self.queues.get(&key) else {
            let message = format!("the cassette has no response to {request}");
            self.missing
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .record(request, &key);
            return Err(HttpError::Protocol(message));
        };

        let turn = queue
            .next
            .fetch_add(1, Ordering::Relaxed)
            .min(queue.exchanges.len() - 1);

        self.exchanges[queue.exchanges[turn]]
            .outcome
            .as_ref()
            .map_err(NetworkFailure::to_error)
    }

    /// Records a request that the host refused. Only the first ones are kept.
    pub(crate) fn refuse(&self, request: Request, why: &HttpError) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = refused.iter().any(|known| known.request.is_same(&request));
        if refused.len() < MAX_REFUSED && !is_known {
            let why = why.to_string();
            refused.push(RefusedRequest { request, why });
        }
    }

    /// Returns the requests that the host refused, each once.
    pub(crate) fn refused(&self) -> Vec<RefusedRequest> {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Returns the requests without a recorded response.
    pub(crate) fn missing(&self) -> Vec<Request> {
        self.missing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .requests
            .clone()
    }

    /// Returns the recorded requests that were not made, in the order of the exchanges.
    pub(crate) fn unused(&self) -> Vec<Request> {
        let used: BTreeSet<usize> = self
            .queues
            .values()
            .flat_map(|queue| {
                queue
                    .exchanges
                    .iter()
                    .take(queue.next.load(Ordering::Relaxed))
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

impl MissingRequests {
    fn record(&mut self, mut request: Request, (method, url, body): &MatchKey) {
        // Neither a method nor a URL contains a zero byte.
        let key = [method.as_bytes(), b"\0", url.as_bytes(), b"\0", body].concat();
        if !self.seen.insert(blake3::hash(&key)) {
            return;
        }

        if self.requests.len() >= MAX_WITH_BODY {
            request.body = Vec::new();
        }

        self.requests.push(request);
    }
}

fn match_key(request: &Request) -> MatchKey {
    (
        request.method.to_string(),
        request.url.to_string(),
        as_compared(&request.body).into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_requests_are_kept_once_and_mostly_without_bodies() {
        let player = Player::new(Vec::new());
        let send = |number: usize, accept: &str| {
            let headers = vec![("accept".to_owned(), accept.to_owned())];
            let url = "https://a.example/search".parse().unwrap();
            let request = Request {
                method: reqwest::Method::POST,
                url,
                headers,
                body: format!("[{number}]").into(),
            };
            assert!(player.response_to(request).is_err());
        };
        for number in 0..MAX_WITH_BODY + 10 {
            send(number, "*/*");
            send(number, "application/json");
        }
        let missing = player.missing();
        assert_eq!(missing.len(), MAX_WITH_BODY + 10);
        let bodies: Vec<&[u8]> = missing
            .iter()
            .map(|request| request.body.as_slice())
            .collect();
        assert_eq!(
            (bodies[0], bodies[MAX_WITH_BODY - 1]),
            (&b"[0]"[..], format!("[{}]", MAX_WITH_BODY - 1).as_bytes())
        );
        assert!(bodies[MAX_WITH_BODY..].iter().all(|body| body.is_empty()));
    }
}
