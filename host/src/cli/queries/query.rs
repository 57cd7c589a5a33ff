//! The query of `job-scanner jobs`: words and quoted phrases, and those that a job must not contain.

use job_scanner_core::matching::{Criteria, Term};

/// The characters around a phrase. Text that is pasted from a document has the curved ones.
const QUOTES: [char; 4] = ['"', '\u{201c}', '\u{201d}', '\u{201e}'];

/// The terms of a query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    /// A job has to contain all of them.
    wanted: Vec<Term>,
    /// A job must not contain any of them.
    excluded: Vec<Term>,
}

impl Query {
    /// Parses words and phrases that are separated by spaces: `"machine learning" rust -intern`.
    ///
    /// # Errors
    ///
    /// The correction, for a phrase without its end, for a word that is not a term, and for an empty
    /// query.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut query = Self::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (sign, after) = split_prefix(rest, '-');
            let (term, after) = next_term(after)?;
            let term = term.parse().map_err(|error| format!("{error}"))?;
            if sign.is_empty() {
                query.wanted.push(term);
            } else {
                query.excluded.push(term);
            }
            rest = after.trim_start();
        }

        if query.wanted.is_empty() && query.excluded.is_empty() {
            return Err("write at least one word".to_owned());
        }
        Ok(query)
    }

    /// Returns the criteria that exactly the jobs of the query match.
    pub(crate) fn criteria(&self) -> Criteria {
        Criteria {
            required_terms: self.wanted.clone(),
            exclude_terms: self.excluded.clone(),
            ..Criteria::default()
        }
    }
}

/// Returns the first term without its quotes, and the rest of the text. The `=` of an exact term is
/// before the quotes, the `*` of a prefix after them.
fn next_term(text: &str) -> Result<(String, &str), String> {
    let (exact, body) = split_prefix(text, '=');
    let Some(phrase) = body.strip_prefix(QUOTES) else {
        let end = body.find(char::is_whitespace).unwrap_or(body.len());
        let (word, rest) = body.split_at(end);
        return if word.contains(QUOTES) {
            Err(format!(
                "`{word}` has a quote inside; write a space before the quote that begins a phrase"
            ))
        } else {
            Ok((format!("{exact}{word}"), rest))
        };
    };

    let Some((phrase, rest)) = phrase.split_once(QUOTES) else {
        return Err(format!(
            "the phrase `{phrase}` has no closing quote; write `\"` at its end"
        ));
    };
    let (prefix, rest) = split_prefix(rest, '*');
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return Err(format!(
            "the phrase `{phrase}` runs into `{rest}`; write a space after it"
        ));
    }
    Ok((format!("{exact}{phrase}{prefix}"), rest))
}

/// Splits a text after a character with which it may begin.
fn split_prefix(text: &str, prefix: char) -> (&str, &str) {
    let at = if text.starts_with(prefix) {
        prefix.len_utf8()
    } else {
        0
    };
    text.split_at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the terms as they were written, the excluded ones after `not`.
    fn terms(text: &str) -> String {
        let query = Query::parse(text).unwrap();
        let join = |terms: &[Term]| {
            let terms: Vec<String> = terms.iter().map(ToString::to_string).collect();
            terms.join("|")
        };
        format!("{} not {}", join(&query.wanted), join(&query.excluded))
    }

    #[test]
    fn words_and_phrases_are_terms_and_a_hyphen_excludes() {
        for (text, expected) in [
            ("rust  =Go eng*", "rust|=Go|eng* not "),
            (r#""machine learning" rust"#, "machine learning|rust not "),
            (
                r#"rust -intern -"entry level""#,
                "rust not intern|entry level",
            ),
            (
                r#"="Machine Learning" "back end"*"#,
                "=Machine Learning|back end* not ",
            ),
            ("\u{201c}site reliability\u{201d}", "site reliability not "),
            ("full-time -c++", "full-time not c++"),
            ("-intern", " not intern"),
        ] {
            assert_eq!(terms(text), expected, "{text}");
        }
    }

    #[test]
    fn bad_quoting_is_rejected_with_a_correction() {
        for (text, correction) in [
            (r#"rust "machine learning"#, "no closing quote"),
            (r#"machine" learning""#, "has a quote inside"),
            (r#""machine learning"rust"#, "write a space after it"),
            (r#""" rust"#, "a term is empty"),
            ("- rust", "a term is empty"),
            ("--closed", "`-closed` begins"),
            ("a*b", "`*`"),
            (" ", "at least one word"),
        ] {
            let error = Query::parse(text).unwrap_err();
            assert!(error.contains(correction), "{text}: {error}");
        }
    }
}
