//! The input is two headers of a response: `Retry-After` in the first line, and `Date` in the
//! second, if there is one.

use std::time::Duration;

use job_scanner_core::net::retry_after;

const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);

/// Checks that a wait is never longer than [`LONGEST`]. A number of seconds does not depend on
/// `Date`. A moment needs `Date`, and the wait is the time between the two. White space around a
/// value is ignored.
pub fn check(headers: &str) {
    let (value, date) = headers
        .split_once('\n')
        .map_or((headers, None), |(value, date)| (value, Some(date)));

    let wait = retry_after(value, date);
    assert_eq!(retry_after(&format!(" {value}\t"), date), wait);
    assert!(wait.is_none_or(|wait| wait <= LONGEST));

    let without_date = retry_after(value, None);
    let is_number =
        !value.trim().is_empty() && value.trim().bytes().all(|byte| byte.is_ascii_digit());
    assert_eq!(without_date.is_some(), is_number);

    if is_number {
        assert_eq!(wait, without_date);
    } else if let Some(wait) = wait {
        check_moment(value, date, wait);
    }
}

fn check_moment(value: &str, date: Option<&str>, wait: Duration) {
    let read = |moment: &str| {
        httpdate::parse_http_date(moment.trim()).expect("a wait until a moment has two valid times")
    };
    let now = read(date.unwrap_or_default());
    let until = read(value);

    let between = until.duration_since(now).unwrap_or_default();
    assert_eq!(wait, between.min(LONGEST));

    let usual_form = httpdate::fmt_http_date(until);
    assert_eq!(
        retry_after(&usual_form, date),
        Some(wait),
        "in the usual form"
    );
}
