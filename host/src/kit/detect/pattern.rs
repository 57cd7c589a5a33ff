//! The pattern of an address, such as `{company}.breezy.hr/p/**`.
//!
//! A pattern consists of a host, label by label, and a path, segment by segment:
//!
//! | in a pattern | matches |
//! | --- | --- |
//! | `{name}` | characters of one label or segment, which the identifier can use |
//! | `{name:2}` | the same, with exactly this many characters |
//! | `*` | any characters of one label or segment |
//! | `**` | any number of segments |
//! | `{locale}` | a segment with a language, such as `en` or `en-US`, or nothing |
//! | `*.` at the beginning | the host that follows, and all hosts below it; `*` alone is any host |
//! | `?for={name}` | the value of this query parameter; others are ignored |
//!
//! Everything else is compared literally, ignoring the case of letters.

use percent_encoding::percent_decode_str;
use url::Url;

/// The words that follow a company in an address. Before such a word, a segment that looks like a
/// language is the company: `hi` is a language in `hi/acme`, and a company in `hi/jobs`.
const BELOW_COMPANIES: [&str; 4] = ["job", "jobs", "login", "details"];

/// An address, split into host labels and path segments.
#[derive(Debug)]
pub(super) struct Address<'a> {
    url: &'a Url,
    host: String,
    path: Vec<String>,
}

/// The pattern of an address.
#[derive(Debug)]
pub(super) struct Pattern {
    host: Vec<Step>,
    path: Vec<Step>,
    parameter: Option<QueryParameter>,
}

/// The reason why a text is not a valid pattern.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(super) enum PatternError {
    #[error("`{{` has no `}}`")]
    Unclosed,
    #[error("`{0}` is not a number of characters")]
    Length(String),
    #[error("`{0}` is not a parameter and a value, such as `for={{company}}`")]
    QueryParameter(String),
}

/// A label of the host or a segment of the path.
#[derive(Debug)]
enum Step {
    One(Vec<Token>),
    Several,
    Locale,
}

/// A part of a label or a segment.
#[derive(Debug)]
enum Token {
    Literal(String),
    Any,
    Value { name: String, length: Option<usize> },
}

/// A query parameter: its key, and the name of its value.
#[derive(Debug)]
struct QueryParameter {
    key: String,
    name: String,
}

/// The names of a pattern with their values in an address.
pub(super) type Values<'p> = Vec<(&'p str, String)>;

impl<'a> Address<'a> {
    /// Splits an address. `None` if it has no host, such as `mailto:`.
    pub(super) fn of(url: &'a Url) -> Option<Self> {
        let host = url.host_str()?.to_ascii_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();

        let segments = url.path_segments()?.filter(|segment| !segment.is_empty());
        let path = segments
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();

        Some(Self { url, host, path })
    }

    /// Returns the whole address.
    pub(super) fn as_str(&self) -> &str {
        self.url.as_str()
    }
}

impl Pattern {
    /// Parses a pattern.
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        let (place, parameter) = match text.split_once('?') {
            Some((place, parameter)) => (place, Some(QueryParameter::parse(parameter)?)),
            None => (text, None),
        };
        let (host, path) = place.split_once('/').unwrap_or((place, ""));

        let labels = host.split('.').map(|label| match label {
            "*" => Ok(Step::Several),
            label => Step::parse(label),
        });
        let segments = path.split('/').filter(|segment| !segment.is_empty());

        Ok(Self {
            host: labels.collect::<Result<_, _>>()?,
            path: segments.map(Step::parse).collect::<Result<_, _>>()?,
            parameter,
        })
    }

    /// Returns true if the pattern matches any host.
    pub(super) fn is_of_any_host(&self) -> bool {
        matches!(self.host[..], [Step::Several])
    }

    /// Returns the number of literal characters. If two patterns match an address, the one with
    /// more literal characters is used.
    pub(super) fn precision(&self) -> usize {
        let tokens = self.host.iter().chain(&self.path).flat_map(Step::tokens);
        tokens
            .map(|token| match token {
                Token::Literal(text) => text.len(),
                Token::Any | Token::Value { .. } => 0,
            })
            .sum()
    }

    /// Matches an address and returns the values of the names. `None` if the address does not
    /// match.
    pub(super) fn read(&self, address: &Address<'_>) -> Option<Values<'_>> {
        let labels: Vec<&str> = address.host.split('.').collect();
        let segments: Vec<&str> = address.path.iter().map(String::as_str).collect();

        let mut values = Values::new();
        let matches = match_steps(&self.host, &labels, &mut values)
            && match_steps(&self.path, &segments, &mut values);
        if !matches {
            return None;
        }

        if let Some(parameter) = &self.parameter {
            values.push((&parameter.name, parameter.read(address.url)?));
        }
        Some(values)
    }
}

impl Step {
    fn parse(text: &str) -> Result<Self, PatternError> {
        match text {
            "**" => Ok(Self::Several),
            "{locale}" => Ok(Self::Locale),
            text => Ok(Self::One(tokens(text)?)),
        }
    }

    fn tokens(&self) -> &[Token] {
        match self {
            Self::One(tokens) => tokens,
            Self::Several | Self::Locale => &[],
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, PatternError> {
    let mut tokens = Vec::new();
    let mut rest = text;

    while let Some(at) = rest.find(['*', '{']) {
        let (before, special) = rest.split_at(at);
        if !before.is_empty() {
            tokens.push(Token::Literal(before.to_owned()));
        }

        if let Some(inner) = special.strip_prefix('{') {
            let (value, after) = inner.split_once('}').ok_or(PatternError::Unclosed)?;
            tokens.push(Token::value(value)?);
            rest = after;
        } else {
            tokens.push(Token::Any);
            rest = &special[1..];
        }
    }

    if !rest.is_empty() {
        tokens.push(Token::Literal(rest.to_owned()));
    }
    Ok(tokens)
}

impl Token {
    /// Parses the text between the braces of a value.
    fn value(text: &str) -> Result<Self, PatternError> {
        let (name, length) = match text.split_once(':') {
            Some((name, length)) => {
                let number = length.parse();
                let number = number.map_err(|_| PatternError::Length(length.to_owned()))?;
                (name, Some(number))
            }
            None => (text, None),
        };

        Ok(Self::Value {
            name: name.to_owned(),
            length,
        })
    }
}

impl QueryParameter {
    fn parse(text: &str) -> Result<Self, PatternError> {
        let parameter = text.split_once('=').and_then(|(key, value)| {
            let name = value.strip_prefix('{')?.strip_suffix('}')?;
            Some(Self {
                key: key.to_owned(),
                name: name.to_owned(),
            })
        });
        parameter.ok_or_else(|| PatternError::QueryParameter(text.to_owned()))
    }

    fn read(&self, url: &Url) -> Option<String> {
        let mut pairs = url.query_pairs();
        let (_, value) = pairs.find(|(key, _)| *key == self.key)?;
        Some(value.into_owned())
    }
}

/// Matches labels or segments. If they match, their values are added, otherwise none is.
fn match_steps<'p>(steps: &'p [Step], items: &[&str], values: &mut Values<'p>) -> bool {
    let Some((step, following)) = steps.split_first() else {
        return items.is_empty();
    };
    match step {
        Step::Several => {
            (0..=items.len()).any(|skipped| match_steps(following, &items[skipped..], values))
        }
        Step::Locale => match_steps(following, without_locale(items), values),
        Step::One(tokens) => {
            let Some((item, others)) = items.split_first() else {
                return false;
            };

            let known = values.len();
            let matches =
                match_tokens(tokens, item, values) && match_steps(following, others, values);
            if !matches {
                values.truncate(known);
            }
            matches
        }
    }
}

/// Matches the parts of one label or segment in the same way.
fn match_tokens<'p>(tokens: &'p [Token], text: &str, values: &mut Values<'p>) -> bool {
    let Some((token, following)) = tokens.split_first() else {
        return text.is_empty();
    };
    let mut ends = text
        .char_indices()
        .map(|(at, _)| at)
        .chain(std::iter::once(text.len()));
    match token {
        Token::Literal(literal) => match text.split_at_checked(literal.len()) {
            Some((start, rest)) => {
                start.eq_ignore_ascii_case(literal) && match_tokens(following, rest, values)
            }
            None => false,
        },
        Token::Any => ends.any(|end| match_tokens(following, &text[end..], values)),
        Token::Value { name, length } => ends.enumerate().skip(1).any(|(characters, end)| {
            if length.is_some_and(|length| length != characters) {
                return false;
            }

            values.push((name, text[..end].to_owned()));
            let matches = match_tokens(following, &text[end..], values);
            if !matches {
                values.pop();
            }
            matches
        }),
    }
}

/// Returns a path without its leading language.
fn without_locale<'p, 'a>(path: &'p [&'a str]) -> &'p [&'a str] {
    match path {
        // A segment of two letters may be a site instead, such as `US`.
        [locale] if is_locale(locale) && locale.len() > 2 => &[],
        [locale, next, ..] if is_locale(locale) && !BELOW_COMPANIES.contains(next) => &path[1..],
        _ => path,
    }
}

/// Returns true for a language such as `en`, `en-US` or `de_DE`.
fn is_locale(segment: &str) -> bool {
    let (language, region) = segment.split_once(['-', '_']).unwrap_or((segment, "XX"));
    let is_word =
        |word: &str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word(language) && is_word(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the values of an address for a pattern, as `name=value`.
    fn values(pattern: &str, address: &str) -> Option<Vec<String>> {
        let pattern = Pattern::parse(pattern).unwrap();
        let address = address.parse().unwrap();
        let values = pattern.read(&Address::of(&address)?)?;
        let shown = values.iter().map(|(name, value)| format!("{name}={value}"));
        Some(shown.collect())
    }

    #[test]
    fn a_matching_address_gives_its_values() {
        for (pattern, address, expected) in [
            ("a.example/{x}", "https://a.example/1", vec!["x=1"]),
            ("a.example/{x}", "https://www.A.example/1/", vec!["x=1"]),
            ("a.example/{x}/**", "https://a.example/1", vec!["x=1"]),
            ("a.example/{x}/**", "https://a.example/1/2/3", vec!["x=1"]),
            ("a.example/**/{x}", "https://a.example/1/2/3", vec!["x=3"]),
            (
                "a.example/Jobs/{x}",
                "https://a.example/jobs/1",
                vec!["x=1"],
            ),
            (
                "a.example/{x}",
                "https://a.example/b%20%26%20c",
                vec!["x=b & c"],
            ),
            (
                "a.example/remote-{x}-jobs",
                "https://a.example/remote-full-stack-jobs",
                vec!["x=full-stack"],
            ),
            (
                "a.example/{x}-{y:2}",
                "https://a.example/a-b-cd",
                vec!["x=a-b", "y=cd"],
            ),
            ("{x}.a.example", "https://acme.a.example/", vec!["x=acme"]),
            (
                "{x}.{y:2}.a.example",
                "https://acme.na.a.example",
                vec!["x=acme", "y=na"],
            ),
            ("*.a.example/{x}", "https://a.example/1", vec!["x=1"]),
            ("*.a.example/{x}", "https://b.c.a.example/1", vec!["x=1"]),
            ("*/**/*.xml", "https://b.example/1/feed.XML", vec![]),
            (
                "a.example/b?for={x}",
                "https://a.example/b?c=d&for=e+f&for=g",
                vec!["x=e f"],
            ),
        ] {
            let expected = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(
                values(pattern, address),
                Some(expected),
                "{pattern} {address}"
            );
        }
    }

    #[test]
    fn an_address_that_does_not_match_gives_no_values() {
        for (pattern, address) in [
            ("a.example/{x}", "https://a.example/"),
            ("a.example/{x}", "https://a.example/1/2"),
            ("a.example/{x}", "https://b.a.example/1"),
            ("{x}.a.example", "https://a.example"),
            ("{x}.a.example", "https://b.c.a.example"),
            ("{x}.{y:2}.a.example", "https://acme.nam.a.example"),
            ("*.a.example", "https://ba.example"),
            ("a.example/remote-{x}-jobs", "https://a.example/remote-jobs"),
            ("a.example/**/*.xml", "https://a.example/feed.xml/1"),
            ("a.example/größe", "https://a.example/gr%C3%B6%C3%9F"),
            ("a.example/b?for={x}", "https://a.example/b?four=c"),
            ("*/{x}", "mailto:jobs@a.example"),
        ] {
            assert_eq!(values(pattern, address), None, "{pattern} {address}");
        }
    }

    #[test]
    fn a_language_is_skipped_unless_it_is_the_company() {
        for (path, expected) in [
            ("acme", Some("x=acme")),
            ("en/acme", Some("x=acme")),
            ("en-GB/acme/jobs/1", Some("x=acme")),
            ("de_DE/acme", Some("x=acme")),
            ("hi/jobs/1", Some("x=hi")),
            ("US", Some("x=US")),
            ("en-US", None),
        ] {
            let address = format!("https://a.example/{path}");
            let expected = expected.map(|value| vec![value.to_owned()]);
            assert_eq!(
                values("a.example/{locale}/{x}/**", &address),
                expected,
                "{path}"
            );
        }
    }

    #[test]
    fn an_invalid_pattern_is_rejected_with_a_reason() {
        for (pattern, expected) in [
            ("a.example/{x", PatternError::Unclosed),
            ("a.example/{x:two}", PatternError::Length("two".to_owned())),
            ("a.example/?x", PatternError::QueryParameter("x".to_owned())),
            (
                "a.example/?x=y",
                PatternError::QueryParameter("x=y".to_owned()),
            ),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap_err(), expected, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_with_more_literal_characters_is_more_precise() {
        let precision = |pattern| Pattern::parse(pattern).unwrap().precision();
        assert!(precision("*/**/*sitemap*.xml") > precision("*/**/*.xml"));
        assert!(precision("a.example/jobs/{x}") > precision("a.example/**"));
    }
}
