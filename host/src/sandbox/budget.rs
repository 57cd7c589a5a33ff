//! What a scan may use, and what it used.

use std::time::{Duration, Instant};

use serde::Serialize;

use super::error::ScanError;
use crate::config::Limits;

/// What one scan used, beside its limits: reported with every scan, whether it succeeded or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BudgetUse {
    /// Milliseconds inside guest code.
    pub cpu_ms: Used,
    /// Milliseconds from the first page to the end.
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
    /// Requests it made.
    pub requests: Used,
    /// Bytes of response bodies, decompressed.
    pub response_bytes: Used,
}

/// One budget of one scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Used {
    /// What was used.
    pub used: u64,
    /// What was allowed.
    pub limit: u64,
}

impl Used {
    pub(super) fn new(used: u64, limit: u64) -> Self {
        Self { used, limit }
    }

    pub(super) fn millis(used: Duration, limit: Duration) -> Self {
        let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self::new(millis(used), millis(limit))
    }
}

/// Measures the time a guest computes, or has the host compute: from entering guest code to leaving it, without what
/// passes while the host waits for somebody else. A flood of cheap host calls is work like any other.
///
/// Epoch ticks only say when to look. They are not CPU time, since a long wait makes many of them pass at once.
#[derive(Debug)]
pub(super) struct CpuClock {
    entered_at: Option<Instant>,
    page: Duration,
    scan: Duration,
    page_limit: Duration,
    scan_limit: Duration,
}

impl CpuClock {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            entered_at: None,
            page: Duration::ZERO,
            scan: Duration::ZERO,
            page_limit: limits.cpu_page,
            scan_limit: limits.cpu_scan,
        }
    }

    /// The guest starts computing, or goes on after a wait.
    pub(super) fn run(&mut self) {
        self.entered_at.get_or_insert_with(Instant::now);
    }

    /// The guest returned, or the host waits for it.
    pub(super) fn pause(&mut self) {
        if let Some(entered_at) = self.entered_at.take() {
            let spent = entered_at.elapsed();
            self.page += spent;
            self.scan += spent;
        }
    }

    /// The page's budget starts anew; the scan's goes on.
    pub(super) fn start_page(&mut self) {
        self.entered_at = None;
        self.page = Duration::ZERO;
    }

    /// What the scan has used so far.
    pub(super) fn used(&self) -> Duration {
        self.scan + self.entered_at.map_or(Duration::ZERO, |at| at.elapsed())
    }

    /// Fails once a budget is spent.
    pub(super) fn check(&self) -> Result<(), ScanError> {
        let running = self.entered_at.map_or(Duration::ZERO, |at| at.elapsed());
        let (page, scan) = (self.page + running, self.scan + running);
        if page > self.page_limit {
            return Err(ScanError::CpuBudget { what: "CPU (one page)", used: page, limit: self.page_limit });
        }
        if scan > self.scan_limit {
            return Err(ScanError::CpuBudget { what: "CPU (whole scan)", used: scan, limit: self.scan_limit });
        }
        Ok(())
    }
}
