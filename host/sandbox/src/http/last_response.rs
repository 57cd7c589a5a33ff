//! The last response of a board, which helps an operator to investigate a failed scan.

use std::sync::{Mutex, PoisonError};

/// The response to one request, or its absence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastResponse {
    /// `None` when no response arrived.
    pub status: Option<u16>,
    /// The URL that the response came from, or was expected from.
    pub url: String,
}

impl LastResponse {
    fn is_good(&self) -> bool {
        self.status.is_some_and(|status| status < 400)
    }
}

/// Keeps the last response of a scan, or the first failed one. Requests run concurrently, and the
/// successful ones after a failure do not explain it.
#[derive(Debug, Default)]
pub(crate) struct ResponseLog {
    last: Mutex<Option<LastResponse>>,
}

impl ResponseLog {
    pub(crate) fn record(&self, response: LastResponse) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);

        if last.as_ref().is_none_or(LastResponse::is_good) {
            *last = Some(response);
        }
    }

    pub(crate) fn last(&self) -> Option<LastResponse> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failed_response_is_kept() {
        let responses = ResponseLog::default();
        let record = |status, url: &str| {
            responses.record(LastResponse {
                status,
                url: url.to_owned(),
            });
            responses.last().unwrap().url
        };
        assert_eq!(responses.last(), None);
        assert_eq!(record(Some(302), "a"), "a");
        assert_eq!(record(Some(200), "b"), "b");
        assert_eq!(record(None, "c"), "c");
        assert_eq!(record(Some(500), "d"), "c");
        assert_eq!(record(Some(200), "e"), "c");
    }
}
