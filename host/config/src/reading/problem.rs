//! Problems of a configuration: each has a position, a description and a correction.

use std::fmt;
use std::path::PathBuf;

use job_scanner_core::escape::Printable;

/// The maximum number of printed problems. An operator who named the wrong file does not need all
/// of them.
const MAX_PRINTED: usize = 100;

/// The maximum length of a quoted value, in characters.
const MAX_QUOTED: usize = 60;

/// All problems of a configuration, in the order of the file. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors {
    problems: Vec<Problem>,
}

/// One problem. It is printed as `FILE:LINE:COLUMN: KEY: problem; correction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub origin: Origin,
    /// The key, such as `sources[1].identifier`. Empty for the whole file.
    pub key: String,
    /// The description. It completes a sentence that begins with the key.
    pub wrong: String,
    /// The correction, as an imperative.
    pub remedy: String,
}

/// The origin of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A file, and the position in it if there is one.
    File(PathBuf, Option<Position>),
    /// The environment of the process.
    Environment,
}

/// A position in a file. Line and column count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u64,
    pub column: u64,
}

impl ConfigErrors {
    /// Sorts the problems by position. `None` if there are none.
    pub fn from_problems(mut problems: Vec<Problem>) -> Option<Self> {
        problems.sort_by(|a, b| a.origin.cmp(&b.origin));
        (!problems.is_empty()).then_some(Self { problems })
    }

    /// Adds problems from elsewhere.
    pub(crate) fn with(mut self, more: Vec<Problem>) -> Self {
        self.problems.extend(more);
        self
    }

    /// Returns the problems in the order of the file.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl From<Problem> for ConfigErrors {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}

impl std::error::Error for ConfigErrors {}

/// Prints one problem per line, without a line break at the end.
impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().take(MAX_PRINTED).enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            write!(f, "{line_break}{problem}")?;
        }

        match self.problems.len().saturating_sub(MAX_PRINTED) {
            0 => Ok(()),
            more => write!(f, "\n… and {more} more"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            origin,
            key,
            wrong,
            remedy,
        } = self;

        let key = if key.is_empty() {
            String::new()
        } else {
            format!("{key}: ")
        };

        write!(
            f,
            "{}",
            Printable(&format!("{origin}: {key}{wrong}; {remedy}"))
        )
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, None) => write!(f, "{}", path.display()),
            Self::File(path, Some(Position { line, column })) => {
                write!(f, "{}:{line}:{column}", path.display())
            }
            Self::Environment => f.write_str("environment"),
        }
    }
}

/// Returns a value as messages quote it: in backticks, truncated if it is long.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", shortened(text))
}

/// Returns the beginning of a text, with an ellipsis if the text is longer.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: u64) -> Problem {
        Problem {
            origin: Origin::File("config.yaml".into(), Some(Position { line, column: 3 })),
            key: "name".to_owned(),
            wrong: "is \u{1b}[31mred\u{202e}".to_owned(),
            remedy: "write it in black".to_owned(),
        }
    }

    #[test]
    fn control_and_bidirectional_characters_of_a_value_are_escaped() {
        assert_eq!(
            problem(7).to_string(),
            "config.yaml:7:3: name: is \\u{1b}[31mred\\u{202e}; write it in black"
        );
    }

    #[test]
    fn problems_are_sorted_by_position_and_limited_in_number() {
        let errors = ConfigErrors::from_problems((1..=103).rev().map(problem).collect()).unwrap();
        let printed = errors.to_string();
        let lines: Vec<&str> = printed.lines().collect();
        assert!(lines[0].starts_with("config.yaml:1:3: "), "{}", lines[0]);
        assert_eq!(lines.len(), 101);
        assert_eq!(lines[100], "… and 3 more");
    }
}
