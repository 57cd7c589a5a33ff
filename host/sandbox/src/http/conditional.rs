//! Conditional requests: sends the validators of the last complete scan, and collects new ones.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use job_scanner_core::hash::HashEncoder;
use job_scanner_core::validator::{RequestKey, Validator};
use reqwest::header::{
    ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};

use crate::http::types::HttpRequest;

/// The longest validator that is stored, in bytes. Servers send a few dozen bytes. A response with
/// a longer validator is recognized by its body.
const MAX_VALIDATOR_BYTES: usize = 1024;

/// The validators of one scan: those of earlier scans, and those for the next one.
#[derive(Debug, Default)]
pub(crate) struct Conditional {
    known: HashMap<RequestKey, Validator>,
    scan: Mutex<ScanValidators>,
}

#[derive(Debug, Default)]
struct ScanValidators {
    fresh: HashMap<RequestKey, Validator>,
    unchanged: u32,
}

impl Conditional {
    pub(crate) fn new(known: Vec<Validator>) -> Self {
        let known = known
            .into_iter()
            .map(|validator| (validator.request, validator))
            .collect();

        Self {
            known,
            scan: Mutex::default(),
        }
    }

    /// Returns the headers of a conditional request. There are none if no complete scan received a
    /// response to this request. There are none for methods other than `GET` and `HEAD` either,
    /// where `If-None-Match` makes the server refuse the request ([RFC 9110, section
    /// 13.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2)).
    pub(crate) fn headers(&self, key: RequestKey, method: &str) -> Vec<(HeaderName, HeaderValue)> {
        let known = self
            .known
            .get(&key)
            .filter(|_| matches!(method, "GET" | "HEAD"));
        let value = |text: &Option<String>| {
            text.as_deref()
                .and_then(|text| HeaderValue::from_str(text).ok())
        };

        let etag = known
            .and_then(|known| value(&known.etag))
            .map(|etag| (IF_NONE_MATCH, etag));
        let modified = known
            .and_then(|known| value(&known.last_modified))
            .map(|date| (IF_MODIFIED_SINCE, date));

        etag.into_iter().chain(modified).collect()
    }

    /// Handles a 304 response: the stored validators remain valid. Returns false if there are none,
    /// in which case the board is at fault.
    pub(crate) fn not_modified(&self, key: RequestKey) -> bool {
        let Some(known) = self.known.get(&key) else {
            return false;
        };

        let mut scan = self.lock();
        scan.fresh.insert(key, known.clone());
        scan.unchanged += 1;
        true
    }

    /// Stores the validators of a complete response. Returns true if the request was conditional
    /// and the body is the same as in the last complete scan.
    pub(crate) fn record(
        &self,
        key: RequestKey,
        conditional: bool,
        headers: &HeaderMap,
        body: &[u8],
    ) -> bool {
        let body_hash = *blake3::hash(body).as_bytes();
        let same = self
            .known
            .get(&key)
            .is_some_and(|known| known.body_hash == body_hash);

        let short = |value: &&HeaderValue| value.len() <= MAX_VALIDATOR_BYTES;
        let text = |name| {
            headers
                .get(name)
                .filter(short)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let validator = Validator {
            request: key,
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED),
            body_hash,
        };

        let unchanged = conditional && same;
        let mut scan = self.lock();
        scan.fresh.insert(key, validator);
        scan.unchanged += u32::from(unchanged);
        unchanged
    }

    /// Returns true if the validators of this request are stored: it is conditional, or an earlier
    /// request of this scan with the same key was.
    pub(crate) fn is_tracked(&self, key: RequestKey, conditional: bool) -> bool {
        conditional || self.lock().fresh.contains_key(&key)
    }

    /// Returns the number of responses that were the same as in the last complete scan.
    pub(crate) fn unchanged(&self) -> u32 {
        self.lock().unchanged
    }

    /// Returns the validators for the next scan, to be stored if this scan is complete.
    pub(crate) fn take_fresh(&self) -> Vec<Validator> {
        let mut fresh: Vec<Validator> = std::mem::take(&mut self.lock().fresh)
            .into_values()
            .collect();

        fresh.sort_by_key(|validator| validator.request);
        fresh
    }

    fn lock(&self) -> MutexGuard<'_, ScanValidators> {
        self.scan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns a key that identifies a request across scans: the hash of the method, the URL as the
/// guest wrote it, and the body.
pub(crate) fn request_key(request: &HttpRequest) -> RequestKey {
    let mut encoder = HashEncoder::without_context();
    encoder.text(&request.method);
    encoder.text(&request.url);
    encoder.text(request.body.as_deref().unwrap_or_default());
    RequestKey(encoder.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str) -> HttpRequest {
        HttpRequest {
            method: "GET".into(),
            url: url.into(),
            ..HttpRequest::default()
        }
    }

    fn headers(etag: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ETAG, HeaderValue::from_static(etag))])
    }

    #[test]
    fn the_next_scan_sends_the_stored_validators() {
        let key = request_key(&request("https://a.example/jobs"));
        let first = Conditional::new(Vec::new());
        assert!(first.headers(key, "GET").is_empty());
        assert!(!first.record(key, true, &headers("\"1\""), b"jobs"));

        let second = Conditional::new(first.take_fresh());
        assert!(
            second.headers(key, "POST").is_empty(),
            "a board would reject the request"
        );
        assert_eq!(
            second.headers(key, "GET"),
            [(IF_NONE_MATCH, HeaderValue::from_static("\"1\""))]
        );
        assert!(second.not_modified(key));
        assert_eq!(second.unchanged(), 1);
        assert_eq!(
            second.take_fresh().len(),
            1,
            "the validators of an unmodified response are kept"
        );
    }

    #[test]
    fn a_board_without_validators_is_recognized_by_its_body() {
        let key = request_key(&request("https://a.example/jobs"));
        let first = Conditional::new(Vec::new());
        first.record(key, true, &HeaderMap::new(), b"jobs");
        let second = Conditional::new(first.take_fresh());
        assert!(second.record(key, true, &HeaderMap::new(), b"jobs"));
        assert!(!second.record(key, true, &HeaderMap::new(), b"other jobs"));
    }

    #[test]
    fn an_oversized_validator_is_not_stored() {
        let key = request_key(&request("https://a.example/jobs"));
        let first = Conditional::new(Vec::new());
        let long = HeaderValue::from_str(&"x".repeat(MAX_VALIDATOR_BYTES + 1)).unwrap();
        let headers = HeaderMap::from_iter([(ETAG, long.clone()), (LAST_MODIFIED, long)]);
        first.record(key, true, &headers, b"jobs");
        let second = Conditional::new(first.take_fresh());
        assert_eq!(second.headers(key, "GET"), []);
        assert!(
            second.record(key, true, &headers, b"jobs"),
            "its body is the same"
        );
    }

    #[test]
    fn a_304_without_a_stored_validator_is_rejected() {
        assert!(
            !Conditional::new(Vec::new()).not_modified(request_key(&request("https://a.example")))
        );
    }

    #[test]
    fn method_url_and_body_identify_a_request() {
        let get = request("https://a.example");
        let post = HttpRequest {
            method: "POST".into(),
            ..get.clone()
        };
        let body = HttpRequest {
            body: Some(b"1".to_vec()),
            ..post.clone()
        };
        let keys = [&get, &post, &body, &request("https://a.example/2")].map(request_key);
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key));
        }
    }
}
