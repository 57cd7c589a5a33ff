//! The failures that can be set for a board, and their syntax on the command line.
//!
//! Not here: the responses that they lead to ([`crate::response`]).

use std::str::FromStr;

/// A failure of a board, which replaces or spoils the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// This status with a JSON error.
    Status {
        code: u16,
        /// Seconds, sent as `Retry-After`.
        retry_after: Option<u32>,
    },
    /// No response until the board is healed, which sends the response, or the client disconnects.
    Hang,
    /// Half of the announced body, then the connection closes.
    CutBody,
    /// The right body at 20 bytes a second, which takes longer than any client should wait.
    SlowBody,
    /// Status 200 without a body.
    Empty,
    /// Status 200 with an HTML page.
    Html,
    /// Status 200 with this body.
    Body(String),
    /// Status 302 to this URL.
    Redirect(String),
    /// The right jobs with this number as their total. It changes nothing in an API without a
    /// total.
    WrongTotal(u32),
}

impl Failure {
    /// Returns the failure with this status and without `Retry-After`.
    pub fn status(code: u16) -> Self {
        Self::Status {
            code,
            retry_after: None,
        }
    }
}

/// The text is not a failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a failure; write STATUS, STATUS:RETRY_AFTER, hang, cut, slow, empty, html, redirect:URL or total:N"
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
    fn every_failure_of_the_command_line_is_parsed() {
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
    fn an_unknown_failure_is_an_error_that_lists_the_known_ones() {
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
