//! Times as boards write them.

use jiff::Timestamp;

use crate::job::BoardTime;

/// Reads RFC 3339 with an offset, or a plain date. Blank is `Ok(None)`, anything else `Err`: a
/// board's own notation is its adapter's business, and a time without an offset is no moment.
///
/// So are years that only a mistaken unit gives: before the web, or beyond four digits.
pub(super) fn board_time(text: &str) -> Result<Option<BoardTime>, UnreadableDate> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }

    let time: BoardTime = text.parse().map_err(|_| UnreadableDate)?;

    let plausible = match time {
        BoardTime::Moment(at) => at >= Timestamp::UNIX_EPOCH,
        BoardTime::Day(day) => day.year() >= 1970,
    };

    if plausible {
        Ok(Some(time))
    } else {
        Err(UnreadableDate)
    }
}

/// A text that is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnreadableDate;

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        board_time(text).unwrap().unwrap().to_string()
    }

    #[test]
    fn a_moment_needs_an_offset_and_a_date_stays_a_date() {
        assert_eq!(
            printed("2026-07-30T06:59:38-04:00"),
            "2026-07-30T10:59:38.000Z"
        );
        assert_eq!(
            printed(" 2026-04-07T17:12:35.753+00:00\n"),
            "2026-04-07T17:12:35.753Z"
        );
        assert_eq!(printed("2026-11-23"), "2026-11-23");
    }

    #[test]
    fn a_blank_date_is_none_and_no_error() {
        assert_eq!(board_time(" "), Ok(None));
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in [
            "2026-07-30T06:59:38",
            "2026-07-17 11:00:39 UTC",
            "2026-02-30",
            "30.07.2026",
            "yesterday",
            "1775581955",
            "0001-01-01",
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.9995Z",
            "-009999-01-01T00:00:00Z",
        ] {
            assert_eq!(board_time(text), Err(UnreadableDate), "{text}");
        }
    }
}
