//! The ways in which a board can be told to fail, and how they are written on the command line.
//!
//! Not here: the answers that they lead to ([`crate::answer`]).

use std::str::FromStr;

/// How a board answers instead of listing its jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// That status with a JSON error; `retry_after` is in seconds.
    Status {
        /// The status code.
        code: u16,
        /// Sent as `Retry-After`.
        retry_after: Option<u32>,
    },
    /// No answer at all, until the board is healed (then that request is answered) or the client
    /// goes away.
    Hang,
    /// Half of the announced body, then the connection closes.
    CutBody,
    /// The right body at 20 bytes a second: longer than any client should wait.
    SlowBody,
    /// Status 200 and no body.
    Empty,
    /// Status 200 and a page for people.
    Html,
    /// Status 200 and this body, whatever it is.
    Body(String),
    /// Status 302 to that URL.
    Redirect(String),
    /// The right jobs, with this as their number; like a sound board where the API knows no total.
    WrongTotal(u32),
}

impl Failure {
    /// A plain status.
    pub fn status(code: u16) -> Self {
        Self::Status {
            code,
            retry_after: None,
        }
    }
}

/// The text names no failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no failure; write STATUS, STATUS:RETRY_AFTER, hang, cut, slow, empty, html, redirect:URL or total:N"
)]
pub struct FailureSyntaxError(String);

impl FromStr for Failure {
    type Err = FailureSyntaxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| FailureSyntaxError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Failure> {
    let (name, argument) = match text.split_once(':') {
        Some((name, argument)) => (name, Some(argument)),
        None => (text, None),
    };

    Some(match (name, argument) {
        ("hang", None) => Failure::Hang,
        ("cut", None) => Failure::CutBody,
        ("slow", None) => Failure::SlowBody,
        ("empty", None) => Failure::Empty,
        ("html", None) => Failure::Html,
        ("redirect", Some(url)) => Failure::Redirect(url.to_owned()),
        ("total", Some(total)) => Failure::WrongTotal(total.parse().ok()?),
        (code, retry_after) => Failure::Status {
            code: code
                .parse()
                .ok()
                .filter(|code| (200..=599).contains(code))?,
            retry_after: retry_after.map(str::parse).transpose().ok()?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_can_be_written() {
        let cases = [
            ("500", Failure::status(500)),
            (
                "429:30",
                Failure::Status {
                    code: 429,
                    retry_after: Some(30),
                },
            ),
            ("hang", Failure::Hang),
            ("cut", Failure::CutBody),
            ("slow", Failure::SlowBody),
            ("empty", Failure::Empty),
            ("html", Failure::Html),
            (
                "redirect:http://a.example:8/b",
                Failure::Redirect("http://a.example:8/b".to_owned()),
            ),
            ("total:7", Failure::WrongTotal(7)),
        ];
        for (text, failure) in cases {
            assert_eq!(text.parse(), Ok(failure), "{text}");
        }
    }

    #[test]
    fn what_is_no_failure_says_what_would_be() {
        for text in [
            "", "boom", "42", "1000", "500:soon", "hang:3", "total:-1", "redirect",
        ] {
            let error = text.parse::<Failure>().expect_err(text).to_string();
            assert!(
                error.contains(&format!("`{text}`")) && error.contains("redirect:URL"),
                "{error}"
            );
        }
    }
}
