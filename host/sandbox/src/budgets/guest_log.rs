//! Forwards the lines that an adapter logs to the host's log, up to a limit. Exceeding the limit is
//! not an error.
//!
//! Not here: escaping the text, which the host does for everything that it logs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use job_scanner_core::adapter::Limits;
use tracing::Level;

/// The log target of all adapters, which separates their lines from the host's own.
const TARGET: &str = "job_scanner::adapter";

/// The number of bytes that are kept of the last line.
const MAX_LAST_BYTES: usize = 300;

/// Forwards the lines of one scan until its limits are used up, then counts the dropped lines.
#[derive(Debug)]
pub(crate) struct GuestLog {
    source_key: String,
    max_line_bytes: usize,
    budget: Mutex<LogBudget>,
}

#[derive(Debug)]
struct LogBudget {
    lines_left: u64,
    bytes_left: u64,
    dropped: u64,
    /// The beginning of the last line, also of a dropped one. Empty before the first line.
    last: String,
}

impl GuestLog {
    pub(crate) fn new(source_key: String, limits: &Limits) -> Self {
        let (lines_left, bytes_left) = (limits.log_lines, limits.log_bytes);
        Self {
            source_key,
            max_line_bytes: usize::try_from(limits.log_line_bytes).unwrap_or(usize::MAX),
            budget: Mutex::new(LogBudget {
                lines_left,
                bytes_left,
                dropped: 0,
                last: String::new(),
            }),
        }
    }

    /// Returns the number of bytes that are kept of one line.
    pub(crate) fn max_line_bytes(&self) -> usize {
        self.max_line_bytes
    }

    /// Logs one line, cut to the maximum length, or counts it as dropped.
    pub(crate) fn line(&self, level: Level, message: &str) {
        let text = &message[..message.floor_char_boundary(self.max_line_bytes)];
        let fits = {
            let mut budget = self.budget();
            budget.keep_last(text);
            budget.take(text.len() as u64)
        };
        if !fits {
            return;
        }

        let source = self.source_key.as_str();
        match level {
            Level::ERROR => tracing::error!(target: TARGET, { source.key = source }, "{text}"),
            Level::WARN => tracing::warn!(target: TARGET, { source.key = source }, "{text}"),
            Level::INFO => tracing::info!(target: TARGET, { source.key = source }, "{text}"),
            _ => tracing::debug!(target: TARGET, { source.key = source }, "{text}"),
        }
    }

    /// Returns the numbers of lines and bytes that can still be logged.
    pub(crate) fn left(&self) -> (u64, u64) {
        let budget = self.budget();
        (budget.lines_left, budget.bytes_left)
    }

    /// Returns the beginning of the last line, which may say why the adapter crashed; `None` if it
    /// logged none. The text is the adapter's: escape it before printing.
    pub(crate) fn last_line(&self) -> Option<String> {
        let last = self.budget().last.clone();
        (!last.is_empty()).then_some(last)
    }

    /// Returns the number of dropped lines.
    pub(crate) fn dropped(&self) -> u64 {
        self.budget().dropped
    }

    fn budget(&self) -> MutexGuard<'_, LogBudget> {
        self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LogBudget {
    /// Keeps the beginning of a line, in the memory of the one before. A blank line says nothing.
    fn keep_last(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.last.clear();
            self.last
                .push_str(&text[..text.floor_char_boundary(MAX_LAST_BYTES)]);
        }
    }

    /// Takes a line of this length from the budget. Returns false, and counts it as dropped, if it
    /// does not fit.
    fn take(&mut self, bytes: u64) -> bool {
        let (Some(lines_left), Some(bytes_left)) = (
            self.lines_left.checked_sub(1),
            self.bytes_left.checked_sub(bytes),
        ) else {
            self.dropped += 1;
            return false;
        };

        (self.lines_left, self.bytes_left) = (lines_left, bytes_left);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl GuestLog {
        /// Returns the number of forwarded lines of a log with the default limits.
        pub(crate) fn lines(&self) -> u64 {
            Limits::default().log_lines - self.budget().lines_left
        }
    }

    fn log() -> GuestLog {
        GuestLog::new("greenhouse/acme".into(), &Limits::default())
    }

    #[test]
    fn a_flood_of_log_lines_is_dropped_and_counted() {
        let log = log();
        for _ in 0..10_000 {
            log.line(Level::INFO, "hello");
        }
        assert_eq!(log.dropped(), 9_500);
    }

    #[test]
    fn long_lines_are_cut_on_a_character_boundary() {
        let log = log();
        log.line(Level::INFO, &"äb".repeat(3000));
        assert_eq!(log.dropped(), 0);
        assert_eq!(Limits::default().log_bytes - log.budget().bytes_left, 4095);
    }

    #[test]
    fn the_last_line_is_kept_even_if_it_is_dropped() {
        let log = log();
        assert_eq!(log.last_line(), None);
        for number in 0..1_000 {
            log.line(Level::DEBUG, &format!("step {number}"));
        }
        log.line(Level::WARN, " \n");
        assert_eq!(log.last_line().as_deref(), Some("step 999"));

        log.line(Level::INFO, &"é".repeat(400));
        assert_eq!(log.last_line(), Some("é".repeat(150)));
    }

    #[test]
    fn a_few_long_lines_exceed_the_byte_limit() {
        let log = log();
        for _ in 0..100 {
            log.line(Level::INFO, &"x".repeat(5000));
        }
        assert_eq!(log.dropped(), 36);
    }
}
