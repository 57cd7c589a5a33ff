//! The input is the headers of an answer: `Retry-After` in the first line, `Date` in the second, if
//! there is one.

use std::time::Duration;

use job_scanner_core::net::retry_after;

/// Never longer than a `u32` of seconds. Seconds need no date, and no date changes them; a moment
/// needs one, and is as far away as the two say. White space around a value means nothing.
pub fn check(headers: &str) {
    let (value, date) = headers
        .split_once('\n')
        .map_or((headers, None), |(value, date)| (value, Some(date)));
    let wait = retry_after(value, date);
    assert_eq!(retry_after(&format!(" {value}\t"), date), wait);
    let longest = Duration::from_secs(u32::MAX.into());
    assert!(wait.is_none_or(|wait| wait <= longest));

    let without_date = retry_after(value, None);
    let is_number =
        !value.trim().is_empty() && value.trim().bytes().all(|byte| byte.is_ascii_digit());
    assert_eq!(without_date.is_some(), is_number);
    if is_number {
        assert_eq!(wait, without_date);
    } else if let Some(wait) = wait {
        let read = |moment: &str| {
            httpdate::parse_http_date(moment.trim()).expect("a wait until a moment has two")
        };
        let (now, until) = (read(date.unwrap_or_default()), read(value));
        assert_eq!(
            wait,
            until.duration_since(now).unwrap_or_default().min(longest)
        );
        assert_eq!(
            retry_after(&httpdate::fmt_http_date(until), date),
            Some(wait),
            "in the usual form"
        );
    }
}
