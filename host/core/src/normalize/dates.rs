//! Times as boards write them.

use jiff::Timestamp;

use crate::job::BoardTime;

/// Parses [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339) with an offset, or a plain date. A
/// blank text is `Ok(None)`.
///
/// Anything else is an error: the adapter converts a board's own notation, and a time without an
/// offset is not a point in time. Years before 1970 or with more than four digits are errors too;
/// they come from a mistaken unit.
pub fn board_time(text: &str) -> Result<Option<BoardTime>, UnreadableDate> {
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

/// The error for a text that is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither RFC 3339 with an offset nor a plain date")]
pub struct UnreadableDate;

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
    fn a_blank_date_is_none_without_an_error() {
        assert_eq!(board_time(" "), Ok(None));
    }

    #[test]
    fn any_other_text_is_an_error() {
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
