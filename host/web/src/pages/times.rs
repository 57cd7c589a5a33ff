//! Times relative to now, in words.

use jiff::Timestamp;

/// Returns the time since `at`, such as `5 min ago`. A time in the future is `just now`.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    match words(now.duration_since(at).as_secs()) {
        Some(words) => format!("{words} ago"),
        None => "just now".to_owned(),
    }
}

/// Returns the time until `at`, such as `in 5 min`. A time in the past is `now`.
pub(crate) fn ahead(at: Timestamp, now: Timestamp) -> String {
    match words(at.duration_since(now).as_secs()) {
        Some(words) => format!("in {words}"),
        None => "now".to_owned(),
    }
}

/// Returns how long something lasts since `at`, such as `for 5 min`.
pub(crate) fn lasting(at: Timestamp, now: Timestamp) -> String {
    match words(now.duration_since(at).as_secs()) {
        Some(words) => format!("for {words}"),
        None => "for less than a minute".to_owned(),
    }
}

/// Returns a duration in its largest unit; `None` for less than a minute.
fn words(seconds: i64) -> Option<String> {
    let words = match seconds / 60 {
        ..1 => return None,
        minutes @ 1..60 => format!("{minutes} min"),
        minutes @ 60..2_880 => format!("{} h", minutes / 60),
        minutes => format!("{} days", minutes / 1_440),
    };
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_their_largest_unit() {
        let now: Timestamp = "2026-11-23T08:15:00Z".parse().unwrap();
        for (at, past, future) in [
            ("2026-11-23T08:14:30Z", "just now", "now"),
            ("2026-11-23T08:10:00Z", "5 min ago", "now"),
            ("2026-11-22T08:15:00Z", "24 h ago", "now"),
            ("2026-11-20T08:00:00Z", "3 days ago", "now"),
            ("2026-11-23T08:15:30Z", "just now", "now"),
            ("2026-11-23T09:45:00Z", "just now", "in 1 h"),
            ("2026-11-30T08:15:00Z", "just now", "in 7 days"),
        ] {
            let at = at.parse().unwrap();
            assert_eq!(
                (ago(at, now).as_str(), ahead(at, now).as_str()),
                (past, future)
            );
        }
    }
}
