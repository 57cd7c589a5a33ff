//! What an adapter says, passed on into our log: capped, and never an error. [`crate::logging`] escapes it.

use tracing::Level;

use crate::config::Limits;

/// What an adapter says is logged as its own, not as ours.
const TARGET: &str = "job_scanner::adapter";

/// Passes one scan's lines on until its share is used up; counts the rest.
#[derive(Debug)]
pub(super) struct GuestLog {
    source_key: String,
    lines_left: u64,
    bytes_left: u64,
    max_line_bytes: usize,
    dropped: u64,
}

impl GuestLog {
    pub(super) fn new(source_key: String, limits: &Limits) -> Self {
        Self {
            source_key,
            lines_left: limits.log_lines,
            bytes_left: limits.log_bytes,
            max_line_bytes: usize::try_from(limits.log_line_bytes).unwrap_or(usize::MAX),
            dropped: 0,
        }
    }

    /// Logs one line, cut to what it may have, or counts it as dropped.
    pub(super) fn line(&mut self, level: Level, message: &str) {
        let text = &message[..message.floor_char_boundary(self.max_line_bytes)];
        let (Some(lines_left), Some(bytes_left)) =
            (self.lines_left.checked_sub(1), self.bytes_left.checked_sub(text.len() as u64))
        else {
            self.dropped += 1;
            return;
        };
        (self.lines_left, self.bytes_left) = (lines_left, bytes_left);
        let source = self.source_key.as_str();
        match level {
            Level::ERROR => tracing::error!(target: TARGET, { source.key = source }, "{text}"),
            Level::WARN => tracing::warn!(target: TARGET, { source.key = source }, "{text}"),
            Level::INFO => tracing::info!(target: TARGET, { source.key = source }, "{text}"),
            _ => tracing::debug!(target: TARGET, { source.key = source }, "{text}"),
        }
    }

    /// How many lines were dropped.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> GuestLog {
        GuestLog::new("greenhouse/acme".into(), &Limits::default())
    }

    #[test]
    fn a_flood_is_cut_and_counted() {
        let mut log = log();
        for _ in 0..10_000 {
            log.line(Level::INFO, "hello");
        }
        assert_eq!(log.dropped(), 9_500);
    }

    #[test]
    fn long_lines_are_cut_on_a_character_boundary() {
        let mut log = log();
        log.line(Level::INFO, &"äb".repeat(3000));
        assert_eq!((Limits::default().log_bytes - log.bytes_left, log.dropped()), (4095, 0));
    }

    #[test]
    fn few_lines_of_many_bytes_are_a_flood_too() {
        let mut log = log();
        for _ in 0..100 {
            log.line(Level::INFO, &"x".repeat(5000));
        }
        assert_eq!(log.dropped(), 36);
    }
}
