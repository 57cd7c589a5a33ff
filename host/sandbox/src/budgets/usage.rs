//! What a scan may use, and what it used.

use std::time::Duration;

use job_scanner_core::time::saturating_millis;
use serde::Serialize;

/// The budgets of one scan, used and allowed: reported with every scan, whether it succeeded or
/// not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BudgetUse {
    /// Milliseconds in which the guest computed, or the host for it.
    pub cpu_ms: Used,
    /// Milliseconds from the first page to the end, but for those in which it waited for other
    /// scans.
    pub wall_ms: Used,
    /// Bytes of all memories and tables at their largest.
    pub memory_bytes: Used,
    /// Bytes of everything the guest returned.
    pub output_bytes: Used,
    /// Jobs the guest returned.
    pub jobs: Used,
    /// Jobs whose details were asked for.
    pub details: Used,
    /// Pages the guest returned, and calls for details.
    pub pages: Used,
    /// Requests it made, or was refused.
    pub requests: Used,
    /// Bytes of response bodies, decompressed.
    pub response_bytes: Used,
    /// Bytes of answers on their way to the guest, when they were most.
    pub responses_held_bytes: Used,
    /// Lines it logged, dropped ones not counted.
    pub log_lines: Used,
    /// Bytes of these.
    pub log_bytes: Used,
}

/// One budget of one scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Used {
    /// The amount that was used.
    pub used: u64,
    /// The amount that was allowed.
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
