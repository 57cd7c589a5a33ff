//! The pattern of an address, such as `{company}.breezy.hr/p/**`.
//!
//! A pattern consists of a host, label by label, and a path, segment by segment:
//!
//! | in a pattern | matches |
//! | --- | --- |
//! | `{name}` | characters of one label or segment, which the identifier can use |
//! | `{name:2}` | the same, with exactly this many characters |
//! | `{name:#}` | the same, with digits only |
//! | `*` | any characters of one label or segment |
//! | `**` | any number of segments |
//! | `{locale}` | a segment with a language ([`super::locale`]), or nothing |
//! | `*.` at the beginning | the host that follows, and all hosts below it; `*` alone is any host |
//! | `?for={name}` | the value of this query parameter, like a segment; others are ignored |
//!
//! Everything else is compared literally, ignoring the case of letters.
//!
//! Not here: the rules that the patterns belong to ([`super::rules`]), and words that are never the
//! name of a company ([`super::own_pages`]).

use percent_encoding::percent_decode_str;
use url::Url;

use super::locale::{begins_with_locale, without_locale};

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
    text: String,
    host: Vec<Step>,
    path: Vec<Step>,
    parameter: Option<QueryParameter>,
}

/// The reason why a text is not a valid pattern.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(super) enum PatternError {
    #[error("`{{` has no `}}`")]
    Unclosed,
    #[error("`{0}` is not a number of characters, or `#` for digits")]
    Form(String),
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
    Value { name: String, form: Form },
}

/// The texts that a value may have, besides being not empty.
#[derive(Debug, Clone, Copy)]
enum Form {
    Any,
    Length(usize),
    Digits,
}

/// A query parameter: its key, and the parts of its value.
#[derive(Debug)]
struct QueryParameter {
    key: String,
    value: Vec<Token>,
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

    /// Returns the host as people write it: in letters of its language instead of `xn--`.
    pub(super) fn readable_host(&self) -> String {
        url::quirks::domain_to_unicode(&self.host)
    }

    /// Returns true if this is the first segment of the path, and a language instead of a company.
    pub(super) fn has_language(&self, segment: &str) -> bool {
        let segments = self.segments();
        segments.first() == Some(&segment) && begins_with_locale(&segments)
    }

    fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    fn labels(&self) -> Vec<&str> {
        self.host.split('.').collect()
    }

    /// Returns the whole address.
    pub(super) fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the host in lower case, without `www.`.
    pub(super) fn host(&self) -> &str {
        &self.host
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
            text: text.to_owned(),
            host: labels.collect::<Result<_, _>>()?,
            path: segments.map(Step::parse).collect::<Result<_, _>>()?,
            parameter,
        })
    }

    /// Returns true if the pattern matches any host.
    pub(super) fn is_of_any_host(&self) -> bool {
        matches!(self.host[..], [Step::Several])
    }

    /// Returns true if the address is on a host of the pattern, whatever its path.
    pub(super) fn is_of_host(&self, address: &Address<'_>) -> bool {
        match_steps(&self.host, &address.labels(), &mut Values::new())
    }

    /// Returns the shortest address that the pattern matches, such as `jobs.lever.co/{company}`.
    pub(super) fn shape(&self) -> String {
        let shortest = self.text.trim_end_matches("/**").replace("{locale}/", "");
        shortest.replace(":#}", "}")
    }

    /// Returns the number of literal characters. If two patterns match an address, the one with
    /// more literal characters is used.
    pub(super) fn precision(&self) -> usize {
        let steps = self.host.iter().chain(&self.path).flat_map(Step::tokens);
        let parameter = self.parameter.iter().flat_map(|wanted| &wanted.value);
        let key = self.parameter.as_ref().map_or(0, |wanted| wanted.key.len());

        let literals = steps.chain(parameter).map(|token| match token {
            Token::Literal(text) => text.len(),
            Token::Any | Token::Value { .. } => 0,
        });
        key + literals.sum::<usize>()
    }

    /// Matches an address and returns the values of the names. `None` if the address does not
    /// match.
    pub(super) fn read(&self, address: &Address<'_>) -> Option<Values<'_>> {
        let segments = address.segments();
        let mut values = Values::new();
        let matches = match_steps(&self.host, &address.labels(), &mut values)
            && match_steps(&self.path, &segments, &mut values)
            && self
                .parameter
                .as_ref()
                .is_none_or(|parameter| parameter.read(address.url, &mut values));
        matches.then_some(values)
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
        let (name, form) = match text.split_once(':') {
            Some((name, form)) => (name, Form::parse(form)?),
            None => (text, Form::Any),
        };
        Ok(Self::Value {
            name: name.to_owned(),
            form,
        })
    }
}

impl Form {
    fn parse(text: &str) -> Result<Self, PatternError> {
        match text {
            "#" => Ok(Self::Digits),
            length => match length.parse() {
                Ok(length) => Ok(Self::Length(length)),
                Err(_) => Err(PatternError::Form(length.to_owned())),
            },
        }
    }

    fn allows(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Length(characters) => text.chars().count() == characters,
            Self::Digits => text.bytes().all(|byte| byte.is_ascii_digit()),
        }
    }
}

impl QueryParameter {
    fn parse(text: &str) -> Result<Self, PatternError> {
        let (key, value) = text
            .split_once('=')
            .ok_or_else(|| PatternError::QueryParameter(text.to_owned()))?;
        Ok(Self {
            key: key.to_owned(),
            value: tokens(value)?,
        })
    }

    /// Matches the first parameter with the key. If it matches, its values are added.
    fn read<'p>(&'p self, url: &Url, values: &mut Values<'p>) -> bool {
        let found = url.query_pairs().find(|(key, _)| *key == self.key);
        found.is_some_and(|(_, value)| match_tokens(&self.value, &value, values))
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
        Token::Value { name, form } => ends.skip(1).any(|end| {
            if !form.allows(&text[..end]) {
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
            ("a.example/**?id=*", "https://a.example/b?id=7", vec![]),
            ("a.example/?x=Rss", "https://a.example/?x=rss", vec![]),
            (
                "a.example/{x:#}-*",
                "https://a.example/12-34-cook",
                vec!["x=12"],
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
            ("a.example/b?for={x}", "https://a.example/b?for="),
            ("a.example/?x=rss", "https://a.example/?x=rss2"),
            ("a.example/{x:#}-*", "https://a.example/cook-12"),
            ("*/{x}", "mailto:jobs@a.example"),
        ] {
            assert_eq!(values(pattern, address), None, "{pattern} {address}");
        }
    }

    #[test]
    fn an_invalid_pattern_is_rejected_with_a_reason() {
        for (pattern, expected) in [
            ("a.example/{x", PatternError::Unclosed),
            ("a.example/{x:two}", PatternError::Form("two".to_owned())),
            ("a.example/?x", PatternError::QueryParameter("x".to_owned())),
            ("a.example/?x={y", PatternError::Unclosed),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap_err(), expected, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_with_more_literal_characters_is_more_precise() {
        let precision = |pattern| Pattern::parse(pattern).unwrap().precision();
        assert!(precision("*/**/*sitemap*.xml") > precision("*/**/*.xml"));
        assert!(precision("a.example/jobs/{x}") > precision("a.example/**"));
        assert!(precision("a.example/**?for={x}") > precision("a.example/**"));
    }

    #[test]
    fn the_shape_of_a_pattern_is_its_shortest_address() {
        for (pattern, expected) in [
            ("jobs.a.example/{x}/**", "jobs.a.example/{x}"),
            (
                "{x}.wd{n:#}.a.example/{locale}/{y}/**",
                "{x}.wd{n}.a.example/{y}",
            ),
            ("{x}.a.example/**", "{x}.a.example"),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap().shape(), expected);
        }
    }
}
