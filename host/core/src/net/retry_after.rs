//! The time that a server asks clients to wait.

use std::time::Duration;

/// Parses a [`Retry-After`](https://www.rfc-editor.org/rfc/rfc9110#name-retry-after) header: a
/// number of seconds, or a point in time in any of the three forms of an HTTP date.
///
/// A point in time is in the server's own time, which may differ from ours, so it is compared with
/// `date`, the `Date` header of the same response. Returns `None` if the value has neither form, or
/// is a point in time without a `date` to compare it with. A point in time that has passed is a
/// wait of zero. The result never exceeds `u32::MAX` seconds.
pub fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    const LONGEST: u32 = u32::MAX;

    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits fail to parse only if there are too many.
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
    fn seconds_and_http_dates_are_parsed() {
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
    fn an_http_date_without_the_servers_time_is_ignored() {
        assert_eq!(retry_after("Mon, 23 Nov 2026 10:00:30 GMT", None), None);
        assert_eq!(
            retry_after("Mon, 23 Nov 2026 10:00:30 GMT", Some("yesterday")),
            None
        );
        assert_eq!(retry_after("30", None), Some(Duration::from_secs(30)));
    }

    proptest! {
        #[test]
        fn parsing_any_value_does_not_panic(value in "\\PC{0,40}", date in proptest::option::of("\\PC{0,40}")) {
            retry_after(&value, date.as_deref());
        }

        #[test]
        fn the_wait_is_the_difference_to_the_servers_time(now in 0_u64..4_000_000_000, wait in 0_u64..4_000_000_000) {
            let date = |seconds| httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(seconds));
            let read = retry_after(&date(now + wait), Some(&date(now)));
            prop_assert_eq!(read, Some(Duration::from_secs(wait)));
        }
    }
}
