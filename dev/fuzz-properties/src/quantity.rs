//! The input is a duration or a size as an operator wrote it.

use job_scanner_core::quantity::{parse_duration, parse_size, show_duration, show_size};

/// Checks that the printed form of a duration or a size parses to the same value.
pub fn check(text: &str) {
    if let Some(duration) = parse_duration(text) {
        let shown = show_duration(duration);
        assert_eq!(parse_duration(&shown), Some(duration), "{shown}");
    }

    if let Some(size) = parse_size(text) {
        let shown = show_size(size);
        assert_eq!(parse_size(&shown), Some(size), "{shown}");
    }
}
