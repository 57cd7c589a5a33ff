//! YAML as a tree of nodes with positions.
//!
//! `serde-saphyr` parses the text, resolves aliases and merge keys, and limits the size of the
//! result. Deserializing directly into the types of the configuration would stop at the first value
//! of the wrong type. With a tree, [`crate::reading::read`] can continue and find all problems.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Location, MessageFormatter, Spanned, UserMessageFormatter};

use crate::reading::problem::{Origin, Position, Problem};

/// A value and its position.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) value: YamlValue,
    /// The position of the value. For an alias it is the position of the anchor, because the
    /// operator has to correct the value there.
    pub(crate) position: Position,
    /// The range of bytes in the file.
    pub(crate) written: Option<Range<usize>>,
}

#[derive(Debug)]
pub(crate) enum YamlValue {
    Null,
    Boolean(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Node>),
    /// In the order of the file, including repeated keys.
    Mapping(Vec<(Node, Node)>),
}

/// The reason why a text cannot be parsed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) position: Option<Position>,
    pub(crate) wrong: String,
    pub(crate) remedy: &'static str,
}

impl SyntaxError {
    /// Returns the problem of the file at `path`, which has this text.
    pub(crate) fn in_file(self, path: &Path, text: &str) -> Problem {
        let key = self
            .position
            .map_or("", |position| section_at(text, position.line));
        Problem {
            origin: Origin::File(path.to_owned(), self.position),
            key: key.to_owned(),
            wrong: self.wrong,
            remedy: self.remedy.to_owned(),
        }
    }
}

/// Parses one document. An empty document is [`YamlValue::Null`].
pub(crate) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let options = serde_saphyr::options! {
        // `read` detects duplicates, so that it can report all of them.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        // `no` is a word and a country; `007` may be an identifier.
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
        // A configuration needs a handful of aliases. A malicious file expands a few into millions
        // of values.
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 20_000 },
        // Each level takes tens of KiB of stack in a debug build, and a thread may have only 2 MiB.
        // A configuration needs five levels, and the options of an adapter a few more.
        budget: serde_saphyr::budget! { max_depth: 20 },
    };

    serde_saphyr::from_str_with_options(text, options).map_err(|error| syntax_error(&error))
}

/// Returns the top-level key whose lines contain this line. A file that cannot be parsed allows
/// nothing more precise.
pub(crate) fn section_at(text: &str, line: u64) -> &str {
    let lines = text
        .lines()
        .take(usize::try_from(line).unwrap_or(usize::MAX));

    let key = |line| {
        let (name, _) = str::split_once(line, ':')?;
        let plain = |c: char| c.is_ascii_lowercase() || c == '_';
        let ours =
            (1..=40).contains(&name.len()) && name.starts_with(plain) && name.chars().all(plain);
        ours.then_some(name)
    };

    lines.filter_map(key).last().unwrap_or_default()
}

fn syntax_error(error: &serde_saphyr::Error) -> SyntaxError {
    let cause = cause(error);
    let position = error.location().map(position);

    if let Some((wrong, remedy)) = recognized(cause) {
        return SyntaxError {
            position,
            wrong: wrong.to_owned(),
            remedy,
        };
    }

    let wrong = UserMessageFormatter.format_message(cause).into_owned();
    SyntaxError {
        position,
        remedy: remedy_for(&wrong),
        wrong,
    }
}

/// Returns a description and a correction for errors that are recognized by their kind.
fn recognized(cause: &serde_saphyr::Error) -> Option<(&'static str, &'static str)> {
    use serde_saphyr::Error as Yaml;

    let recognized = match cause {
        Yaml::MultipleDocuments { .. } => (
            "a second document begins here",
            "keep one document, without a `---` line in it",
        ),
        Yaml::UnknownAnchor { .. } => (
            "this alias refers to an anchor that is not defined above it",
            "write `&NAME` before the value it refers to, or put a text that begins with `*` in quotes",
        ),
        Yaml::RecursiveReferencesRequireWeakTypes { .. } => (
            "this alias is inside the value it refers to",
            "write the value out",
        ),
        Yaml::MergeValueNotMapOrSeqOfMaps { .. } => ("`<<` needs a mapping", "write `<<: *NAME`"),
        Yaml::AliasReplayLimitExceeded { .. }
        | Yaml::AliasReplayStackDepthExceeded { .. }
        | Yaml::AliasExpansionLimitExceeded { .. } => (
            "the aliases expand into too many values",
            "write the values out, or use fewer aliases",
        ),
        Yaml::Budget {
            breach: BudgetBreach::Depth { .. },
            ..
        } => ("is nested too deeply", "use fewer levels"),
        Yaml::Budget { .. } => ("contains too many values", "remove repeated parts"),
        _ => return None,
    };
    Some(recognized)
}

/// Returns the error itself, without the aliases that led to it.
fn cause(error: &serde_saphyr::Error) -> &serde_saphyr::Error {
    match error {
        serde_saphyr::Error::AliasError { error, .. } => cause(error),
        _ => error,
    }
}

/// Returns a correction for an error of the parser, chosen by a part of its message.
fn remedy_for(message: &str) -> &'static str {
    const REMEDIES: [(&str, &str); 7] = [
        ("tab", "indent with spaces"),
        ("unclosed quote", "close the quote"),
        ("unexpected character", "put the value in quotes"),
        (
            "mapping values are not allowed",
            "put a value that contains `: ` in quotes, and indent keys like their neighbours",
        ),
        (
            "illegal placement of ':'",
            "close the bracket or quote that is open above, or put a value that contains `:` in quotes",
        ),
        (
            "did not find expected key",
            "indent this key as far as the other keys of its mapping",
        ),
        (
            "did not find expected '-'",
            "indent this line like the other items of its list",
        ),
    ];

    let recognized = REMEDIES.iter().find(|(part, _)| message.contains(part));
    recognized.map_or(
        "check the indentation, quotes and brackets here and just above",
        |(_, remedy)| remedy,
    )
}

fn position(location: Location) -> Position {
    Position {
        line: location.line(),
        column: location.column(),
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, defined, .. } = Spanned::deserialize(deserializer)?;
        let span = defined.span();
        let written = span
            .byte_offset()
            .zip(span.byte_len())
            .and_then(|(start, length)| {
                let start = usize::try_from(start).ok()?;
                Some(start..start.checked_add(usize::try_from(length).ok()?)?)
            });

        Ok(Self {
            value,
            position: position(defined),
            written,
        })
    }
}

impl<'de> Deserialize<'de> for YamlValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlVisitor)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = YamlValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Null)
    }

    fn visit_none<E: Error>(self) -> Result<YamlValue, E> {
        Ok(YamlValue::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<YamlValue, D::Error> {
        YamlValue::deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<YamlValue, E> {
        Ok(YamlValue::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<YamlValue, E> {
        Ok(YamlValue::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<YamlValue, E> {
        Ok(YamlValue::Number(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<YamlValue, E> {
        Ok(serde_json::Number::from_i128(value)
            .map_or_else(|| YamlValue::Text(value.to_string()), YamlValue::Number))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<YamlValue, E> {
        Ok(serde_json::Number::from_u128(value)
            .map_or_else(|| YamlValue::Text(value.to_string()), YamlValue::Number))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<YamlValue, E> {
        Ok(serde_json::Number::from_f64(value)
            .map_or_else(|| YamlValue::Text(value.to_string()), YamlValue::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<YamlValue, E> {
        Ok(YamlValue::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<YamlValue, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }

        Ok(YamlValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<YamlValue, A::Error> {
        let mut mapping = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            mapping.push(entry);
        }

        Ok(YamlValue::Mapping(mapping))
    }
}
