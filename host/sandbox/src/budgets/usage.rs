//! The used part and the limit of each budget of a scan.

use std::time::Duration;

use job_scanner_core::time::saturating_millis;
use serde::Serialize;

/// The budgets of one scan. They are reported with every scan, even if it fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BudgetUse {
    /// The milliseconds in which the guest, or the host on its behalf, computed.
    pub cpu_ms: Used,
    /// The milliseconds from the first page to the end, without waiting for other scans.
    pub wall_ms: Used,
    /// The peak size of all memories and tables together.
    pub memory_bytes: Used,
    /// The size of everything that the guest returned.
    pub output_bytes: Used,
    /// The jobs that the guest returned.
    pub jobs: Used,
    /// The jobs whose details were requested.
    pub details: Used,
    /// The pages that the guest returned, and the calls for details.
    pub pages: Used,
    /// The requests, including refused ones.
    pub requests: Used,
    /// The size of all decompressed response bodies.
    pub response_bytes: Used,
    /// The peak size of the responses that the guest had not received yet.
    pub responses_held_bytes: Used,
    /// The logged lines without the dropped ones.
    pub log_lines: Used,
    /// The size of the logged lines.
    pub log_bytes: Used,
}

/// One budget of one scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Used {
    pub used: u64,
    pub limit: u64,
}

impl Used {
    pub(crate) fn new(used: u64, limit: u64) -> Self {
        Self { used, limit }
    }

    pub(crate) fn millis(used: Duration, limit: Duration) -> Self {
        Self::new(saturating_millis(used), saturating_millis(limit))
    }
}
