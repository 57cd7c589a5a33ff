//! Decides which failed requests are retried, and after which pause.

use std::time::Duration;

use reqwest::{Method, StatusCode};

/// The number of retries of one request, including those of its redirects.
pub(crate) const MAX_RETRIES: u32 = 2;

/// The longest pause within a scan. A longer `Retry-After` delays the next scan instead.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(10);
/// The longest pause before the first retry. It doubles with each retry.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// Returns true if sending the request twice has the same effect as sending it once.
pub(crate) fn may_repeat(method: &Method, repeatable: bool) -> bool {
    repeatable || method.is_idempotent()
}

/// Returns the pause before the retry of a request with this response status; `None` if the
/// response is final.
///
/// `retry` counts from 0. `jitter`, from 0 to 1, spreads the retries of requests that failed at the
/// same time.
pub(crate) fn after_status(
    status: StatusCode,
    retry_after: Option<Duration>,
    retry: u32,
    jitter: f64,
) -> Option<Duration> {
    match (status.as_u16(), retry_after) {
        (429 | 502..=504, Some(wait)) => (wait <= LONGEST_RETRY_AFTER).then_some(wait),
        (502..=504, None) => Some(backoff(retry, jitter)),
        _ => None,
    }
}

/// Returns the pause before a retry without `Retry-After`: between half of the maximum pause and
/// all of it.
pub(crate) fn backoff(retry: u32, jitter: f64) -> Duration {
    FIRST_BACKOFF
        .saturating_mul(1 << retry.min(MAX_RETRIES))
        .mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_statuses_are_retried() {
        const S: fn(u64) -> Option<Duration> = |seconds| Some(Duration::from_secs(seconds));
        let half = Some(Duration::from_millis(500));
        let cases = [
            (200, None, None),
            (404, S(1), None),
            (500, None, None),
            (500, S(1), None),
            (429, None, None),
            (429, S(3), S(3)),
            (429, S(10), S(10)),
            (429, S(11), None),
            (503, S(1), S(1)),
            (503, S(60), None),
            (502, None, half),
            (503, None, half),
            (504, None, half),
        ];
        for (status, retry_after, wait) in cases {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                after_status(status, retry_after, 0, 1.0),
                wait,
                "{status} {retry_after:?}"
            );
        }
    }

    #[test]
    fn the_retry_pause_doubles_and_has_jitter() {
        let millis = |retry, jitter| backoff(retry, jitter).as_millis();
        assert_eq!((millis(0, 0.0), millis(0, 1.0)), (250, 500));
        assert_eq!((millis(1, 0.0), millis(1, 1.0)), (500, 1_000));
    }

    #[test]
    fn only_idempotent_or_repeatable_requests_are_retried() {
        assert!(
            may_repeat(&Method::GET, false)
                && may_repeat(&Method::HEAD, false)
                && may_repeat(&Method::PUT, false)
        );
        assert!(!may_repeat(&Method::POST, false) && !may_repeat(&Method::PATCH, false));
        assert!(may_repeat(&Method::POST, true));
    }
}
