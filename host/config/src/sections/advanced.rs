//! `advanced`: settings that most operators do not change.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::reading::read::{Field, Section};
use crate::sections::sources::none_if_zero;

/// Settings that most operators do not change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvancedConfig {
    /// The number of jobs after which a scan stops if its source has no `max_jobs`. `None` means no
    /// limit.
    pub max_jobs_per_source: Option<u32>,
    /// The time limit of one HTTP request, including its response.
    pub http_request_timeout: Duration,
    pub max_concurrent_sources: usize,
    /// The `User-Agent` header of requests to boards.
    pub user_agent: String,
    /// The maximum number of requests per second to one host, regardless of its adapter.
    pub max_rate_per_host: u32,
    /// The maximum size in bytes of the responses and jobs that all scans hold together. Above it,
    /// scans wait for each other.
    pub max_held_bytes: u64,
    /// The number of failed scans whose requests and responses are kept. 0 keeps none.
    pub keep_failed_exchanges: u32,
}

impl Default for AdvancedConfig {
    fn default() -> Self {
        Self {
            max_jobs_per_source: None,
            http_request_timeout: Duration::from_secs(30),
            max_concurrent_sources: 8,
            user_agent: concat!("job-scanner/", env!("CARGO_PKG_VERSION")).to_owned(),
            max_rate_per_host: 20,
            // Slightly more than the largest scan may hold.
            max_held_bytes: 256 << 20,
            keep_failed_exchanges: 0,
        }
    }
}

impl AdvancedConfig {
    const REQUEST_TIMEOUT: RangeInclusive<Duration> =
        Duration::from_secs(5)..=Duration::from_mins(5);

    const HELD_BYTES: RangeInclusive<u64> = 1 << 20..=64 << 30;

    pub(crate) fn read(root: &mut Section<'_>) -> Self {
        let default = Self::default();
        let read = root.section("advanced", |advanced| {
            let max_jobs = advanced.small_integer("max_jobs_per_source", 0..=u32::MAX);
            let timeout = advanced.field("http_request_timeout").and_then(|field| {
                field.seconds(&Self::REQUEST_TIMEOUT, default.http_request_timeout)
            });
            let concurrent = advanced.small_integer("max_concurrent_sources", 1..=64);
            let user_agent = advanced
                .field("user_agent")
                .and_then(|field| read_user_agent(&field));
            let max_rate = advanced.small_integer("max_rate_per_host", 1..=1_000);
            let held = advanced
                .field("max_held_bytes")
                .and_then(|field| field.size(&Self::HELD_BYTES, default.max_held_bytes));
            let keep_failed = advanced.small_integer("keep_failed_exchanges", 0..=100);

            Self {
                max_jobs_per_source: max_jobs.map_or(default.max_jobs_per_source, none_if_zero),
                http_request_timeout: timeout.unwrap_or(default.http_request_timeout),
                max_concurrent_sources: concurrent
                    .map_or(default.max_concurrent_sources, |sources| sources as usize),
                user_agent: user_agent.unwrap_or_else(|| default.user_agent.clone()),
                max_rate_per_host: max_rate.unwrap_or(default.max_rate_per_host),
                max_held_bytes: held.unwrap_or(default.max_held_bytes),
                keep_failed_exchanges: keep_failed.unwrap_or(default.keep_failed_exchanges),
            }
        });

        read.unwrap_or(default)
    }
}

/// Reads the user agent. It is sent in a header, so it has to be visible ASCII without surrounding
/// spaces: an HTTP/2 server may reject every request whose header value has such spaces ([RFC 9113,
/// section 8.2.1](https://www.rfc-editor.org/rfc/rfc9113#section-8.2.1)).
fn read_user_agent(field: &Field<'_>) -> Option<String> {
    let check = |text: &str| {
        let valid = (1..=256).contains(&text.len())
            && text.chars().all(|c| c == ' ' || c.is_ascii_graphic())
            && text.trim() == text;
        if valid {
            Ok(text.to_owned())
        } else {
            Err("is not a valid user agent")
        }
    };

    field.parsed(
        check,
        "write 1 to 256 ASCII characters on one line, such as `job-scanner (me@example.com)`",
    )
}
