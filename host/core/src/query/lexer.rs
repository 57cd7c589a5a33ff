//! Splits a query into tokens.
//!
//! White space, parentheses, quotes and `<` `>` end a word; any other character belongs to it, so
//! `C++`, `.NET`, `R&D`, `=Go` and `engineer*` are words.

use std::ops::Range;

use super::error::QueryError;

/// A token with its position in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme<'q> {
    pub(super) kind: LexemeKind<'q>,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LexemeKind<'q> {
    Open,
    Close,
    And,
    Or,
    Not,
    /// A `-` directly before a term, a field or a parenthesis.
    Minus,
    /// A name with the colon directly after it.
    Field(&'q str),
    Word(&'q str),
    /// A phrase in quotes.
    Quoted(QuotedPhrase<'q>),
    /// The text between slashes.
    Regex(&'q str),
    Comparison(ComparisonSign),
}

/// A phrase in quotes, with the `=` before it and the `*` after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QuotedPhrase<'q> {
    pub(super) text: &'q str,
    is_exact: bool,
    is_prefix: bool,
}

impl QuotedPhrase<'_> {
    /// Returns the phrase as it is written in a list of terms, without quotes.
    pub(super) fn as_term(self) -> String {
        let exact = if self.is_exact { "=" } else { "" };
        let prefix = if self.is_prefix { "*" } else { "" };
        format!("{exact}{}{prefix}", self.text)
    }
}

/// The characters around a phrase. Text that is pasted from a document has the curved ones.
const QUOTES: [char; 4] = ['"', '\u{201c}', '\u{201d}', '\u{201e}'];

/// A comparison with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComparisonSign {
    Less,
    AtMost,
    More,
    AtLeast,
}

impl ComparisonSign {
    /// Returns true if `left` compares with `right` in this way.
    pub(super) fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
        }
    }

    /// Returns the sign.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// Splits a query into tokens.
pub(super) fn tokens(query: &str) -> Result<Vec<Lexeme<'_>>, QueryError> {
    let mut lexer = Lexer { query, at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'q> {
    query: &'q str,
    at: usize,
}

impl<'q> Lexer<'q> {
    fn next(&mut self) -> Result<Option<Lexeme<'q>>, QueryError> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(None);
        };

        Ok(Some(match first {
            '(' => self.take(1, LexemeKind::Open),
            ')' => self.take(1, LexemeKind::Close),
            '<' | '>' => self.comparison(),
            '=' if rest[1..].starts_with(QUOTES) => self.quoted()?,
            _ if QUOTES.contains(&first) => self.quoted()?,
            '/' => self.regex()?,
            '-' if rest[1..].starts_with(|next: char| !next.is_whitespace() && next != ')') => {
                self.take(1, LexemeKind::Minus)
            }
            _ => self.word(),
        }))
    }

    fn rest(&self) -> &'q str {
        &self.query[self.at..]
    }

    fn take(&mut self, bytes: usize, kind: LexemeKind<'q>) -> Lexeme<'q> {
        let start = self.at;
        self.at += bytes;
        Lexeme {
            kind,
            span: start..self.at,
        }
    }

    fn comparison(&mut self) -> Lexeme<'q> {
        let (bytes, comparison) = match self.rest().as_bytes() {
            [b'<', b'=', ..] => (2, ComparisonSign::AtMost),
            [b'>', b'=', ..] => (2, ComparisonSign::AtLeast),
            [b'<', ..] => (1, ComparisonSign::Less),
            _ => (1, ComparisonSign::More),
        };
        self.take(bytes, LexemeKind::Comparison(comparison))
    }

    fn quoted(&mut self) -> Result<Lexeme<'q>, QueryError> {
        let rest = self.rest();
        let after_sign = rest.strip_prefix('=').unwrap_or(rest);
        let inside = after_sign.trim_start_matches(QUOTES);
        let opened = &after_sign[..after_sign.len() - inside.len()];
        // An empty phrase is two quotes.
        let inside = match opened.char_indices().nth(1) {
            Some((second, _)) => &after_sign[second..],
            None => inside,
        };
        let Some((text, after)) = inside.split_once(QUOTES) else {
            return Err(
                self.error("this quote is never closed; write another `\"` after the phrase")
            );
        };
        let phrase = QuotedPhrase {
            text,
            is_exact: rest.starts_with('='),
            is_prefix: after.starts_with('*'),
        };
        let bytes = rest.len() - after.len() + usize::from(phrase.is_prefix);
        Ok(self.take(bytes, LexemeKind::Quoted(phrase)))
    }

    /// Reads a regular expression. A `/` inside it is written `\/`.
    fn regex(&mut self) -> Result<Lexeme<'q>, QueryError> {
        let inside = &self.rest()[1..];
        let mut escaped = false;
        let end = inside.bytes().position(|byte| {
            let is_end = byte == b'/' && !escaped;
            escaped = byte == b'\\' && !escaped;
            is_end
        });
        let Some(end) = end else {
            return Err(self.error(
                "this regular expression is never closed; write another `/` after it (a text that begins with a \
                 slash is written in quotes)",
            ));
        };
        Ok(self.take(end + 2, LexemeKind::Regex(&inside[..end])))
    }

    fn word(&mut self) -> Lexeme<'q> {
        let rest = self.rest();
        let ends = |c: char| {
            c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>') || QUOTES.contains(&c)
        };
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        if let Some(name) = field_name(word, &rest[word.len()..]) {
            let token = self.take(name.len() + 1, LexemeKind::Field(name));
            return token;
        }

        let kind = match word {
            "AND" => LexemeKind::And,
            "OR" => LexemeKind::Or,
            "NOT" => LexemeKind::Not,
            _ => LexemeKind::Word(word),
        };
        self.take(word.len(), kind)
    }

    fn error(&self, message: &str) -> QueryError {
        QueryError::new(self.query, self.at, message)
    }
}

/// Returns the name before the first colon of a word. `after` is the text that follows the word: a term
/// has to follow the colon directly.
fn field_name<'q>(word: &'q str, after: &str) -> Option<&'q str> {
    let (name, value) = word.split_once(':')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_'));
    let has_value = !value.is_empty() || after.starts_with('(') || after.starts_with(QUOTES);
    (is_name && has_value).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(query: &str) -> Vec<LexemeKind<'_>> {
        tokens(query)
            .unwrap_or_else(|error| panic!("{}", error.pointing_into(query)))
            .into_iter()
            .map(|token| token.kind)
            .collect()
    }

    fn phrase(text: &str) -> QuotedPhrase<'_> {
        QuotedPhrase {
            text,
            is_exact: false,
            is_prefix: false,
        }
    }

    #[test]
    fn a_phrase_may_be_exact_a_prefix_and_in_curved_quotes() {
        let terms = |query| -> Vec<String> {
            let phrase = |kind| match kind {
                LexemeKind::Quoted(phrase) => phrase.as_term(),
                other => format!("{other:?}"),
            };
            kinds(query).into_iter().map(phrase).collect()
        };
        assert_eq!(terms(r#"="Data Science""#), ["=Data Science"]);
        assert_eq!(terms(r#""back end"* "c""#), ["back end*", "c"]);
        assert_eq!(
            terms("\u{201c}site reliability\u{201d}"),
            ["site reliability"]
        );
        assert_eq!(terms(r#""""#), [""]);
    }

    #[test]
    fn a_query_is_split_into_tokens() {
        use LexemeKind::*;
        assert_eq!(
            kinds(r#"title:(engineer* OR "data science") AND -intern"#),
            [
                Field("title"),
                Open,
                Word("engineer*"),
                Or,
                Quoted(phrase("data science")),
                Close,
                And,
                Minus,
                Word("intern"),
            ]
        );
        assert_eq!(
            kinds("salary>=70k EUR/year"),
            [
                Word("salary"),
                Comparison(ComparisonSign::AtLeast),
                Word("70k"),
                Word("EUR/year"),
            ]
        );
        assert_eq!(
            kinds(r"/rust\/go/ full-stack - c++ .net =Go"),
            [
                Regex(r"rust\/go"),
                Word("full-stack"),
                Word("-"),
                Word("c++"),
                Word(".net"),
                Word("=Go"),
            ]
        );
    }

    #[test]
    fn a_colon_names_a_field_only_directly_before_its_term() {
        use LexemeKind::*;
        assert_eq!(kinds("title:rust"), [Field("title"), Word("rust")]);
        assert_eq!(
            kinds("title:\"a b\""),
            [Field("title"), Quoted(phrase("a b"))]
        );
        assert_eq!(kinds("title: rust"), [Word("title:"), Word("rust")]);
        assert_eq!(kinds("24:7"), [Word("24:7")]);
    }

    #[test]
    fn spans_are_bytes_of_the_query() {
        let query = "köln OR x";
        let spans: Vec<&str> = tokens(query)
            .unwrap()
            .into_iter()
            .map(|token| &query[token.span])
            .collect();
        assert_eq!(spans, ["köln", "OR", "x"]);
    }

    #[test]
    fn what_is_never_closed_is_an_error_at_its_beginning() {
        for (query, column) in [("a \"b c", 3), ("a /b", 3)] {
            assert_eq!(tokens(query).unwrap_err().column(), column, "{query}");
        }
    }
}
