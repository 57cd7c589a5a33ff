//! One thing to look for, read from the text a person wrote.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

use super::fold::{Keep, fold, spelling};
use super::token::{Edges, is_word};

/// The longest term, in bytes. A phrase of ten long words has half of that.
pub const MAX_TERM_BYTES: usize = 256;

/// A word or phrase to look for: `engineer`, `full stack`, `C++`, `engineer*` (a prefix), `=Go`
/// (exact case). What each form hits is told in the [module's documentation](super).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    written: String,
    rule: Rule,
}

/// Why a text is no term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// There is nothing to look for.
    #[error("a term is empty; write a word or a phrase, such as `engineer`")]
    Empty,
    /// No letter and no digit is in it.
    #[error("term `{0}` has no letter and no digit; write a word or a phrase, such as `C++`")]
    OnlyPunctuation(String),
    /// A `*` stands where it cannot mean a prefix.
    #[error(
        "term `{0}` has a `*` elsewhere than at its end; write it directly behind the beginning of a word, such as `engineer*`"
    )]
    MisplacedStar(String),
    /// A `-` or `/` stands where it joins nothing; it may be meant as an exclusion.
    #[error(
        "term `{0}` begins or ends with a hyphen or slash; leave it out (what must not occur goes into `exclude_terms`)"
    )]
    LooseSeparator(String),
    /// It is longer than it may be.
    #[error(
        "term `{start}…` has {bytes} bytes; at most {MAX_TERM_BYTES} are allowed: write its most telling words"
    )]
    TooLong {
        /// How it begins.
        start: String,
        /// How long it is.
        bytes: usize,
    },
}

/// What a term looks for, whatever its spelling: `Full-Stack` and `full stack` have the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Rule {
    /// What the automaton finds in folded text.
    pub(super) pattern: String,
    edges: Edges,
    /// For a term with an accent or `=`: how the found text must be spelled.
    exact: Option<(Keep, String)>,
}

impl Term {
    /// Whether both hit in exactly the same places, as `Full-Stack` and `full stack` do.
    pub fn is_equivalent(&self, other: &Self) -> bool {
        self.rule == other.rule
    }

    pub(super) fn rule(&self) -> &Rule {
        &self.rule
    }
}

impl Rule {
    /// Reads a term that has no white space around it.
    fn read(written: &str) -> Result<Self, fn(String) -> TermError> {
        let keep_case = written.starts_with('=');
        let body = written.strip_prefix('=').unwrap_or(written).trim_start();
        let prefix = body.ends_with('*');
        let body: String = body.strip_suffix('*').unwrap_or(body).nfc().collect();

        let pattern = fold(&body);
        let Some(edges) = Edges::of(&body, prefix) else {
            return Err(TermError::OnlyPunctuation);
        };
        if !pattern.chars().any(is_word) {
            return Err(TermError::OnlyPunctuation);
        }

        if body.contains('*') || (prefix && body.ends_with(char::is_whitespace)) {
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

    /// Whether what the automaton found at `text[start..end]`, in the original, is a hit.
    pub(super) fn accepts(&self, text: &str, start: usize, end: usize) -> bool {
        if !self.edges.fit(text, start, end) {
            return false;
        }

        match &self.exact {
            None => true,
            Some((keep, form)) => spelling(&text[start..end], *keep) == *form,
        }
    }

    pub(super) fn is_prefix(&self) -> bool {
        self.edges.prefix
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

/// The term as it was written.
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
        for written in ["Engineer", "full-stack", "=Go", "engineer*", "Łódź", "C++"] {
            assert_eq!(term(written).to_string(), written);
        }
        assert_eq!(term("  two words ").to_string(), "two words");
    }

    #[test]
    fn what_is_no_term_says_what_to_write() {
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
                "term `+` has no letter and no digit; write a word or a phrase, such as `C++`",
            ),
            (
                "*",
                "term `*` has no letter and no digit; write a word or a phrase, such as `C++`",
            ),
            (
                "=",
                "term `=` has no letter and no digit; write a word or a phrase, such as `C++`",
            ),
            (
                "=*",
                "term `=*` has no letter and no digit; write a word or a phrase, such as `C++`",
            ),
            (
                "\u{200b}",
                "term `\u{200b}` has no letter and no digit; write a word or a phrase, such as `C++`",
            ),
            (
                "\u{301}",
                "term `\u{301}` has no letter and no digit; write a word or a phrase, such as `C++`",
            ),
            (
                "*script",
                "term `*script` has a `*` elsewhere than at its end; write it directly behind the beginning of a word, such as `engineer*`",
            ),
            (
                "eng*neer",
                "term `eng*neer` has a `*` elsewhere than at its end; write it directly behind the beginning of a word, such as `engineer*`",
            ),
            (
                "engineer**",
                "term `engineer**` has a `*` elsewhere than at its end; write it directly behind the beginning of a word, such as `engineer*`",
            ),
            (
                "engineer *",
                "term `engineer *` has a `*` elsewhere than at its end; write it directly behind the beginning of a word, such as `engineer*`",
            ),
            (
                "-intern",
                "term `-intern` begins or ends with a hyphen or slash; leave it out (what must not occur goes into `exclude_terms`)",
            ),
            (
                "remote/",
                "term `remote/` begins or ends with a hyphen or slash; leave it out (what must not occur goes into `exclude_terms`)",
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
    fn a_term_may_have_256_bytes_and_no_more() {
        assert!("a".repeat(256).parse::<Term>().is_ok());
        let error = "a".repeat(257).parse::<Term>().unwrap_err();
        let start = "a".repeat(40);
        assert_eq!(
            error.to_string(),
            format!(
                "term `{start}…` has 257 bytes; at most 256 are allowed: write its most telling words"
            )
        );
    }

    #[test]
    fn terms_are_equivalent_when_they_hit_the_same() {
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
            ("résumé", "resume"),
            ("c", "c++"),
            ("=Go", "=GO"),
        ] {
            assert!(!term(one).is_equivalent(&term(other)), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(written in "\\PC{0,20}|[\\x00-\\x7f]{0,12}|[=*a+#. \\-/éß漢\u{301}\u{ad}]{0,8}") {
            if let Ok(term) = written.parse::<Term>() {
                prop_assert!(term.to_string().parse::<Term>().unwrap().is_equivalent(&term));
            }
        }
    }
}
