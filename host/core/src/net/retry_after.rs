//! For how long a server asks us to stay away.

use std::time::Duration;

/// Reads a `Retry-After` header: a number of seconds, or a moment in any of the three forms of an
/// HTTP date.
///
/// A moment is the server's own time, which need not be ours, so it is compared with `date`, the
/// `Date` header of the same answer. `None` when the value is neither form, or is a moment without
/// a `date` to compare it with; a moment that has passed is no wait at all. Never more than
/// `u32::MAX` seconds.
pub fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    const LONGEST: u32 = u32::MAX;

    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits alone fail to parse only when they are too many.
        let seconds: u32 = value.parse().unwrap_or(LONGEST);
        return Some(Duration::from_secs(seconds.into()));
    }

    let until = httpdate::parse_http_date(value).ok()?;
    let now = httpdate::parse_http_date(date?.trim()).ok()?;

    let wait = until.duration_since(now).unwrap_or_default();
    Some(wait.min(Duration::from_secs(LONGEST.into())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DATE: Option<&str> = Some("Mon, 23 Nov 2026 10:00:00 GMT");

    #[test]
    fn seconds_and_moments_are_read() {
        let cases = [
            ("0", Some(0)),
            ("120", Some(120)),
            (" 7 ", Some(7)),
            ("99999999999999999999", Some(u64::from(u32::MAX))),
            ("Mon, 23 Nov 2026 10:00:30 GMT", Some(30)),
            ("Monday, 23-Nov-26 10:00:30 GMT", Some(30)),
            ("Mon Nov 23 10:00:30 2026", Some(30)),
            ("Mon, 23 Nov 2026 09:00:00 GMT", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(u64::from(u32::MAX))),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("1m", None),
            ("soon", None),
            ("2026-11-23T10:00:30Z", None),
        ];
        for (value, seconds) in cases {
            assert_eq!(
                retry_after(value, DATE),
                seconds.map(Duration::from_secs),
                "{value}"
            );
        }
    }

    #[test]
    fn a_moment_without_the_servers_own_time_says_nothing() {
        assert_eq!(retry_after("Mon, 23 Nov 2026 10:00:30 GMT", None), None);
        assert_eq!(
            retry_after("Mon, 23 Nov 2026 10:00:30 GMT", Some("yesterday")),
            None
        );
        assert_eq!(retry_after("30", None), Some(Duration::from_secs(30)));
    }

    proptest! {
        #[test]
        fn whatever_a_server_says_is_read_or_refused(value in "\\PC{0,40}", date in proptest::option::of("\\PC{0,40}")) {
            retry_after(&value, date.as_deref());
        }

        #[test]
        fn a_moment_is_as_far_away_as_its_date_says(now in 0_u64..4_000_000_000, wait in 0_u64..4_000_000_000) {
            let date = |seconds| httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(seconds));
            let read = retry_after(&date(now + wait), Some(&date(now)));
            prop_assert_eq!(read, Some(Duration::from_secs(wait)));
        }
    }
}
