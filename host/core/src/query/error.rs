//! The error for a text that is not a query.

use std::fmt;

use crate::escape::{Printable, PrintableStart, is_disguised};

/// The reason why a text is not a query, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {})", self.column())]
pub struct QueryError {
    /// The problem and the correction.
    message: String,
    /// The number of characters before the error.
    before: usize,
}

impl QueryError {
    /// Creates an error at the byte `at` of `query`. A message may quote the query: it is escaped.
    pub(super) fn new(query: &str, at: usize, message: impl AsRef<str>) -> Self {
        let before = query.get(..at).unwrap_or(query);
        Self {
            message: Printable(message.as_ref()).to_string(),
            before: before.chars().count(),
        }
    }

    /// Returns the position of the error in characters, counted from 1.
    pub fn column(&self) -> usize {
        self.before + 1
    }

    /// Returns what is wrong, without the position.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Prints the error in one line, with the beginning of what follows it in the query.
    pub fn in_one_line(&self, query: &str) -> String {
        let rest: String = query
            .chars()
            .skip(self.before)
            .take(SHOWN_AFTER_CHARS)
            .map(on_one_line)
            .collect();
        match rest.split_whitespace().collect::<Vec<_>>().join(" ") {
            rest if rest.is_empty() => format!("{} (at the end)", self.message),
            rest => format!(
                "{} (at character {}, `{rest}`)",
                self.message,
                self.column()
            ),
        }
    }

    /// Prints the query with a mark below the error.
    pub fn pointing_into<'e>(&'e self, query: &'e str) -> impl fmt::Display + 'e {
        Pointing { error: self, query }
    }
}

/// The largest number of characters of a query that are shown on each side of an error.
const SHOWN_CHARS: usize = 60;

/// The number of characters after an error that are shown in one line.
const SHOWN_AFTER_CHARS: usize = 24;

/// The number of characters of a word that a message repeats.
const QUOTED_CHARS: usize = 40;

struct Pointing<'e> {
    error: &'e QueryError,
    query: &'e str,
}

impl fmt::Display for Pointing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.error.before.saturating_sub(SHOWN_CHARS);
        let shown = self.query.chars().skip(first).take(2 * SHOWN_CHARS);
        let line: String = shown.map(on_one_line).collect();
        let mark = self.error.before - first + 1;
        writeln!(f, "{}", self.error.message)?;
        writeln!(f, "  {line}")?;
        write!(f, "  {:>mark$}", "^")
    }
}

/// Returns a space for a line break, which a query may have in the configuration, and for any other
/// character that does more than show itself.
fn on_one_line(c: char) -> char {
    if is_disguised(c) { ' ' } else { c }
}

/// Returns the beginning of a word of the query, for a message.
pub(super) fn quoted(word: &str) -> PrintableStart<'_> {
    PrintableStart {
        text: word,
        limit: QUOTED_CHARS,
    }
}

/// Returns the names in code, separated by commas.
pub(super) fn quoted_list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_points_at_the_character() {
        let query = "köln AND\nOR x";
        let error = QueryError::new(query, query.find("OR").unwrap(), "expected a term");
        assert_eq!(error.to_string(), "expected a term (at character 10)");
        assert_eq!(
            error.pointing_into(query).to_string(),
            "expected a term\n  köln AND OR x\n           ^"
        );
        assert_eq!(
            error.in_one_line(query),
            "expected a term (at character 10, `OR x`)"
        );
        let at_the_end = QueryError::new(query, query.len(), "expected a term");
        assert_eq!(
            at_the_end.in_one_line(query),
            "expected a term (at the end)"
        );
    }

    #[test]
    fn a_character_that_does_not_show_itself_is_not_printed() {
        let query = "rust \u{1b}\u{202e}x\n";
        let error = QueryError::new(query, 5, format!("no `{}`", &query[5..]));
        assert_eq!(error.message(), "no `\\u{1b}\\u{202e}x\\n`");
        assert_eq!(
            error.in_one_line(query),
            "no `\\u{1b}\\u{202e}x\\n` (at character 6, `x`)"
        );
        let shown = error.pointing_into(query).to_string();
        assert!(shown.ends_with("\n  rust   x \n       ^"), "{shown:?}");
    }

    #[test]
    fn only_the_surroundings_of_an_error_are_shown() {
        let query = "word ".repeat(100);
        let shown = QueryError::new(&query, 250, "no")
            .pointing_into(&query)
            .to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[1].chars().count(), 2 + 2 * SHOWN_CHARS);
        assert_eq!(lines[2].chars().count(), 2 + SHOWN_CHARS + 1);
    }
}
