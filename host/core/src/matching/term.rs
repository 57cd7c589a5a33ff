//! A search term, parsed from the text that a person wrote.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

use super::fold::{Folded, Keep, fold, spelling};
use super::token::{Edges, OpenEnds, is_word};

/// The longest term, in bytes. A phrase of ten long words has half of that.
pub const MAX_TERM_BYTES: usize = 256;

/// A word or phrase to search for: `engineer`, `full stack`, `C++`, `engineer*` (a prefix),
/// `*administrator` (a suffix), `=Go` (exact case). The [module's documentation](super) describes the hits of each form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    written: String,
    rule: Rule,
}

/// The reason why a text is not a term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// The term is empty.
    #[error("a term is empty; write a word or a phrase, such as `engineer`")]
    Empty,
    /// The term has neither a letter nor a digit.
    #[error("term `{0}` has neither a letter nor a digit; write a word or a phrase, such as `C++`")]
    OnlyPunctuation(String),
    /// A `*` is in a place where it marks neither a prefix nor a suffix.
    #[error(
        "term `{0}` has a `*` that is neither at its beginning nor at its end; write it directly at a word, such as \
         `engineer*` or `*administrator`"
    )]
    MisplacedStar(String),
    /// A `-` or `/` is at the beginning or end. It may be meant as an exclusion.
    #[error(
        "term `{0}` begins or ends with a hyphen or slash; remove it (to exclude a term, use `exclude_terms`)"
    )]
    LooseSeparator(String),
    /// The term is too long.
    #[error(
        "term `{start}…` has {bytes} bytes; at most {MAX_TERM_BYTES} are allowed; write only its most specific words"
    )]
    TooLong {
        /// The beginning of the term.
        start: String,
        /// The length in bytes.
        bytes: usize,
    },
}

/// The rule of a term, independent of its spelling: `Full-Stack` and `full stack` have the same
/// rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Rule {
    /// The pattern that the automaton searches for in folded text.
    pub(super) pattern: String,
    edges: Edges,
    /// For a term with an accent or `=`: the spelling that the found text must have.
    exact: Option<(Keep, String)>,
}

impl Term {
    /// Returns true if both terms hit in exactly the same places, as `Full-Stack` and `full stack`
    /// do.
    pub fn is_equivalent(&self, other: &Self) -> bool {
        self.rule == other.rule
    }

    pub(super) fn rule(&self) -> &Rule {
        &self.rule
    }
}

impl Rule {
    /// Parses a term that has no surrounding white space.
    fn read(written: &str) -> Result<Self, fn(String) -> TermError> {
        let keep_case = written.starts_with('=');
        let body = written.strip_prefix('=').unwrap_or(written).trim_start();
        let (suffix, body) = (
            body.starts_with('*'),
            body.strip_prefix('*').unwrap_or(body),
        );
        let prefix = body.ends_with('*');
        let body: String = body.strip_suffix('*').unwrap_or(body).nfc().collect();

        let pattern = fold(&body);
        let open = OpenEnds {
            start: suffix,
            end: prefix,
        };
        let Some(edges) = Edges::of(&body, open) else {
            return Err(TermError::OnlyPunctuation);
        };
        if !pattern.chars().any(is_word) {
            return Err(TermError::OnlyPunctuation);
        }

        let is_loose = (prefix && body.ends_with(char::is_whitespace))
            || (suffix && body.starts_with(char::is_whitespace));
        if body.contains('*') || is_loose {
            return Err(TermError::MisplacedStar);
        }
        if pattern.starts_with(' ') || pattern.ends_with(' ') {
            return Err(TermError::LooseSeparator);
        }

        Ok(Self {
            exact: exact_form(&body, keep_case),
            pattern,
            edges,
        })
    }

    /// Returns true if the automaton's candidate at `text[start..end]`, in the original, is a hit.
    pub(super) fn accepts(&self, text: &str, start: usize, end: usize) -> bool {
        if !self.edges.accepts(text, start, end) {
            return false;
        }

        match &self.exact {
            None => true,
            Some((keep, form)) => spelling(&text[start..end], *keep) == *form,
        }
    }

    /// Returns the place of the first hit in a short text.
    pub(super) fn first_hit(&self, text: &str) -> Option<Range<usize>> {
        let mut folded = Folded::default();
        folded.fold(text);
        let searched = std::str::from_utf8(folded.text()).ok()?;
        let begins = |at: &usize| searched[*at..].starts_with(&self.pattern);

        let starts = searched.char_indices().map(|(at, _)| at).filter(begins);
        let mut places =
            starts.map(|at| folded.original(at)..folded.original(at + self.pattern.len()));
        places.find(|place| {
            let whole_characters =
                text.is_char_boundary(place.start) && text.is_char_boundary(place.end);
            whole_characters && self.accepts(text, place.start, place.end)
        })
    }

    pub(super) fn is_prefix(&self) -> bool {
        self.edges.open.end
    }

    /// Returns true if a token may begin before the pattern.
    pub(super) fn is_suffix(&self) -> bool {
        self.edges.open.start
    }
}

impl FromStr for Term {
    type Err = TermError;

    fn from_str(written: &str) -> Result<Self, TermError> {
        let written = written.trim();
        if written.is_empty() {
            return Err(TermError::Empty);
        }

        if written.len() > MAX_TERM_BYTES {
            return Err(TermError::TooLong {
                start: written.chars().take(40).collect(),
                bytes: written.len(),
            });
        }

        let rule = Rule::read(written).map_err(|refuse| refuse(written.to_owned()))?;
        Ok(Self {
            written: written.to_owned(),
            rule,
        })
    }
}

fn exact_form(body: &str, keep_case: bool) -> Option<(Keep, String)> {
    let with_accents = Keep {
        case: false,
        accents: true,
    };
    let keep = Keep {
        case: keep_case,
        accents: spelling(body, with_accents) != spelling(body, Keep::NOTHING),
    };

    (keep != Keep::NOTHING).then(|| (keep, spelling(body, keep)))
}

/// Prints the term as it was written.
impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn term(written: &str) -> Term {
        written.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_term_prints_as_it_was_written() {
        for written in [
            "Engineer",
            "full-stack",
            "=Go",
            "engineer*",
            "*administrator",
            "Łódź",
            "C++",
        ] {
            assert_eq!(term(written).to_string(), written);
        }
        assert_eq!(term("  two words ").to_string(), "two words");
    }

    #[test]
    fn an_invalid_term_is_rejected_with_what_to_write() {
        let cases = [
            (
                "",
                "a term is empty; write a word or a phrase, such as `engineer`",
            ),
            (
                " \t",
                "a term is empty; write a word or a phrase, such as `engineer`",
            ),
            (
                "+",
                "term `+` has neither a letter nor a digit; write a word or a phrase, such as `C++`",
            ),
            (
                "*",
                "term `*` has neither a letter nor a digit; write a word or a phrase, such as `C++`",
            ),
            (
                "=",
                "term `=` has neither a letter nor a digit; write a word or a phrase, such as `C++`",
            ),
            (
                "=*",
                "term `=*` has neither a letter nor a digit; write a word or a phrase, such as `C++`",
            ),
            (
                "\u{200b}",
                "term `\u{200b}` has neither a letter nor a digit; write a word or a phrase, such as `C++`",
            ),
            (
                "\u{301}",
                "term `\u{301}` has neither a letter nor a digit; write a word or a phrase, such as `C++`",
            ),
            (
                "* script",
                "term `* script` has a `*` that is neither at its beginning nor at its end; write it directly at a word, such as `engineer*` or `*administrator`",
            ),
            (
                "eng*neer",
                "term `eng*neer` has a `*` that is neither at its beginning nor at its end; write it directly at a word, such as `engineer*` or `*administrator`",
            ),
            (
                "engineer**",
                "term `engineer**` has a `*` that is neither at its beginning nor at its end; write it directly at a word, such as `engineer*` or `*administrator`",
            ),
            (
                "engineer *",
                "term `engineer *` has a `*` that is neither at its beginning nor at its end; write it directly at a word, such as `engineer*` or `*administrator`",
            ),
            (
                "-intern",
                "term `-intern` begins or ends with a hyphen or slash; remove it (to exclude a term, use `exclude_terms`)",
            ),
            (
                "remote/",
                "term `remote/` begins or ends with a hyphen or slash; remove it (to exclude a term, use `exclude_terms`)",
            ),
        ];

        for (written, message) in cases {
            assert_eq!(
                written.parse::<Term>().unwrap_err().to_string(),
                message,
                "{written:?}"
            );
        }
    }

    #[test]
    fn a_term_has_at_most_256_bytes() {
        assert!("a".repeat(256).parse::<Term>().is_ok());
        let error = "a".repeat(257).parse::<Term>().unwrap_err();
        let start = "a".repeat(40);
        assert_eq!(
            error.to_string(),
            format!(
                "term `{start}…` has 257 bytes; at most 256 are allowed; write only its most specific words"
            )
        );
    }

    #[test]
    fn terms_with_the_same_hits_are_equivalent() {
        for (one, other) in [
            ("Full-Stack", "full stack"),
            ("GO", "go"),
            ("straße", "STRASSE"),
            ("Ｇｏ", "go"),
        ] {
            assert!(term(one).is_equivalent(&term(other)), "{one} {other}");
        }
        for (one, other) in [
            ("=Go", "go"),
            ("go*", "go"),
            ("*go", "go"),
            ("résumé", "resume"),
            ("c", "c++"),
            ("=Go", "=GO"),
        ] {
            assert!(!term(one).is_equivalent(&term(other)), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn parsing_any_text_does_not_panic(written in "\\PC{0,20}|[\\x00-\\x7f]{0,12}|[=*a+#. \\-/éß漢\u{301}\u{ad}]{0,8}") {
            if let Ok(term) = written.parse::<Term>() {
                prop_assert!(term.to_string().parse::<Term>().unwrap().is_equivalent(&term));
            }
        }
    }
}
