//! The limits of one scan.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::key::AdapterName;

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

/// The limits of all adapters: the defaults, and the limits of the adapters that have their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LimitsByAdapter {
    default: Limits,
    by_adapter: BTreeMap<AdapterName, Limits>,
}

/// The limits of one scan. The defaults allow several times what the largest known boards need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// CPU time in guest code for one page. The largest known board is parsed in a tenth of a
    /// second.
    pub cpu_page: Duration,
    /// CPU time in guest code for a whole scan.
    pub cpu_scan: Duration,
    /// Wall-clock time for one page, excluding the waits of the rate limiter.
    pub wall_page: Duration,
    /// Wall-clock time for a whole scan, including the waits of the rate limiter and excluding time
    /// spent waiting for memory.
    pub wall_scan: Duration,
    /// Bytes of all memories and tables of an instance together.
    pub memory_bytes: u64,
    /// Jobs returned in one page.
    pub page_jobs: u64,
    /// Jobs returned in a whole scan.
    pub scan_jobs: u64,
    /// Bytes returned in one page.
    pub page_bytes: u64,
    /// Bytes returned in a whole scan.
    pub scan_bytes: u64,
    /// Jobs whose details one scan requests. The other jobs wait for later scans.
    pub details: u64,
    /// Pages of a scan. Endless paging stops here.
    pub pages: u64,
    /// Requests of a scan, including refused ones.
    pub requests: u64,
    /// Requests in flight at a time.
    pub requests_in_flight: u64,
    /// Requests in one call of `send-all`.
    pub requests_in_batch: u64,
    /// Bytes of one response body, decompressed.
    pub response_bytes: u64,
    /// Bytes of response bodies in memory at a time.
    pub responses_held_bytes: u64,
    /// Bytes of all response bodies of a scan.
    pub responses_scan_bytes: u64,
    /// Lines an adapter may log in a scan.
    pub log_lines: u64,
    /// Bytes of one logged line.
    pub log_line_bytes: u64,
    /// Bytes an adapter may log in a scan.
    pub log_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cpu_page: Duration::from_secs(5),
            cpu_scan: Duration::from_secs(20),
            wall_page: Duration::from_mins(1),
            wall_scan: Duration::from_mins(10),
            memory_bytes: 256 * MIB,
            page_jobs: 20_000,
            scan_jobs: 50_000,
            page_bytes: 32 * MIB,
            scan_bytes: 128 * MIB,
            details: 500,
            pages: 10_000,
            requests: 3_000,
            requests_in_flight: 16,
            requests_in_batch: 256,
            response_bytes: 32 * MIB,
            responses_held_bytes: 64 * MIB,
            responses_scan_bytes: 512 * MIB,
            log_lines: 500,
            log_line_bytes: 4 * KIB,
            log_bytes: 256 * KIB,
        }
    }
}

impl LimitsByAdapter {
    /// Creates the limits from the defaults and the limits of the adapters that have their own.
    pub fn new(default: Limits, by_adapter: BTreeMap<AdapterName, Limits>) -> Self {
        Self {
            default,
            by_adapter,
        }
    }

    /// Returns the limits of a scan with this adapter.
    pub fn for_adapter(&self, adapter: &AdapterName) -> &Limits {
        self.by_adapter.get(adapter).unwrap_or(&self.default)
    }

    /// Returns the largest memory limit of all adapters, in bytes.
    pub fn max_memory_bytes(&self) -> u64 {
        let named = self.by_adapter.values().map(|limits| limits.memory_bytes);
        named.fold(self.default.memory_bytes, u64::max)
    }
}
