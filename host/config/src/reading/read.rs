//! Typed reading that continues after a problem.
//!
//! A [`Section`] is a mapping being read. It returns values by key, and at the end it reports the
//! keys that were not requested. A [`Field`] is a value with its full key, such as
//! `sources[1].identifier`. Every reader reports a problem and then returns `None`, so the caller
//! uses the default and continues. The [`Document`] collects the problems.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use job_scanner_core::adapter::pointer_below;
use job_scanner_core::quantity::{parse_duration, parse_size, show_duration, show_size};
pub(crate) use job_scanner_core::words::closest_match;

use crate::paths::Base;
use crate::reading::expected_keys;
use crate::reading::problem::{Origin, Position, Problem, quoted, shortened};
use crate::reading::tree::{Node, YamlValue};

/// The file that is being read.
pub(crate) struct Document<'a> {
    path: &'a Path,
    text: &'a str,
    problems: RefCell<Vec<Problem>>,
}

/// A value with its full key.
#[derive(Clone)]
pub(crate) struct Field<'a> {
    document: &'a Document<'a>,
    node: &'a Node,
    key: String,
}

/// A mapping that is being read.
pub(crate) struct Section<'a> {
    document: &'a Document<'a>,
    pub(crate) position: Position,
    key: String,
    entries: Vec<Entry<'a>>,
    requested: Vec<&'static str>,
    /// True if the keys are names that the operator chose, so no key is unknown.
    any_key: bool,
    /// The number of problems that were reported before this section.
    problems_before: usize,
}

/// A key with its first value.
struct Entry<'a> {
    name: String,
    position: Position,
    value: &'a Node,
}

impl<'a> Document<'a> {
    pub(crate) fn new(path: &'a Path, text: &'a str) -> Self {
        Self {
            path,
            text,
            problems: RefCell::default(),
        }
    }

    fn report(
        &self,
        position: Position,
        key: impl Into<String>,
        wrong: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.problems
            .borrow_mut()
            .push(self.problem(position, key, wrong, remedy));
    }

    fn problem(
        &self,
        position: Position,
        key: impl Into<String>,
        wrong: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        Problem {
            origin: Origin::File(self.path.to_owned(), Some(position)),
            key: key.into(),
            wrong: wrong.into(),
            remedy: remedy.into(),
        }
    }

    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// Reads the whole document as one section. An empty document is a section without keys.
    pub(crate) fn section<T>(
        &'a self,
        root: &'a Node,
        read: impl FnOnce(&mut Section<'a>) -> T,
    ) -> Result<T, Problem> {
        let field = Field {
            document: self,
            node: root,
            key: String::new(),
        };

        let mapping = match &root.value {
            YamlValue::Mapping(mapping) => mapping.as_slice(),
            YamlValue::Null => &[],
            _ => {
                let wrong = format!("{} is not a configuration", field.found());
                return Err(self.problem(
                    root.position,
                    "",
                    wrong,
                    "write `key: value` lines, starting with `sources:`",
                ));
            }
        };

        Ok(Section::of(&field, mapping).read(read))
    }
}

impl<'a> Section<'a> {
    fn of(field: &Field<'a>, mapping: &'a [(Node, Node)]) -> Self {
        let Field {
            document,
            node,
            ref key,
        } = *field;

        let mut section = Self {
            document,
            position: node.position,
            key: key.clone(),
            entries: Vec::new(),
            requested: Vec::new(),
            any_key: false,
            problems_before: document.problems.borrow().len(),
        };

        // If a key is defined twice, the first value is used.
        let mut first: HashMap<String, Position> = HashMap::new();
        for (name_node, value) in mapping {
            let name_field = Field {
                document,
                node: name_node,
                key: section.key_of("?"),
            };

            let Some(name) = name_field.text() else {
                continue;
            };

            if let Some(earlier) = first.insert(name.clone(), name_node.position) {
                let wrong = format!("is defined twice, first in line {}", earlier.line);
                document.report(
                    name_node.position,
                    section.key_of(&name),
                    wrong,
                    "keep one of them",
                );
                continue;
            }

            section.entries.push(Entry {
                name,
                position: name_node.position,
                value,
            });
        }

        section
    }

    fn read<T>(mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let value = read(&mut self);
        self.report_unknown_keys();
        value
    }

    /// Returns the value of a key. `None` if it is missing or empty.
    pub(crate) fn field(&mut self, name: &'static str) -> Option<Field<'a>> {
        self.requested.push(name);
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        let field = Field {
            document: self.document,
            node: entry.value,
            key: self.key_of(name),
        };

        (!matches!(entry.value.value, YamlValue::Null)).then_some(field)
    }

    /// Returns the value of a required key.
    pub(crate) fn required(&mut self, name: &'static str, remedy: &str) -> Option<Field<'a>> {
        let field = self.field(name);

        // A key that looks like a misspelling of `name`, or that people write instead of it, is
        // reported as unknown, with `name` as the suggestion.
        let is_misspelling = |entry: &Entry<'_>| {
            entry.name != name
                && (closest_match(&entry.name, [name].into_iter()).is_some()
                    || expected_keys::is_meant(&self.key, &entry.name, name))
        };
        if field.is_none() && !self.entries.iter().any(is_misspelling) {
            let empty = self.entries.iter().find(|entry| entry.name == name);
            let (position, wrong) =
                empty.map_or((self.position, "is missing"), |e| (e.position, "is empty"));
            self.document
                .report(position, self.key_of(name), wrong, remedy);
        }

        field
    }

    /// Returns all keys with their values, for a section whose keys are names that the operator
    /// chose.
    pub(crate) fn all(&mut self) -> Vec<(String, Field<'a>)> {
        self.any_key = true;
        let field = |entry: &Entry<'a>| Field {
            document: self.document,
            node: entry.value,
            key: self.key_of(&entry.name),
        };

        self.entries
            .iter()
            .map(|entry| (entry.name.clone(), field(entry)))
            .collect()
    }

    pub(crate) fn section<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Section<'a>) -> T,
    ) -> Option<T> {
        self.field(name)?.section(read)
    }

    pub(crate) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        self.field(name)?.choice(choices)
    }

    pub(crate) fn integer(
        &mut self,
        name: &'static str,
        range: RangeInclusive<u64>,
    ) -> Option<u64> {
        self.field(name)?.integer(range)
    }

    /// Reads an integer like [`Section::integer`], for ranges within 32 bits.
    pub(crate) fn small_integer(
        &mut self,
        name: &'static str,
        range: RangeInclusive<u32>,
    ) -> Option<u32> {
        let (least, most) = range.into_inner();
        self.integer(name, least.into()..=most.into())
            .and_then(|value| value.try_into().ok())
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Returns the file that has the section.
    pub(crate) fn file(&self) -> &Path {
        self.document.path
    }

    /// Returns true if a problem in this section was reported, so that its consequences need not
    /// be.
    pub(crate) fn has_problems(&self) -> bool {
        self.document.problems.borrow().len() > self.problems_before
    }

    /// Returns true if the section has a key that was not requested. It is reported when the
    /// section has been read.
    pub(crate) fn has_unknown_keys(&self) -> bool {
        self.entries.iter().any(|entry| self.is_unknown(entry))
    }

    fn is_unknown(&self, entry: &Entry<'_>) -> bool {
        !self.any_key && !self.requested.contains(&entry.name.as_str())
    }

    fn key_of(&self, name: &str) -> String {
        let name = shortened(name);
        if self.key.is_empty() {
            name
        } else {
            format!("{}.{name}", self.key)
        }
    }

    fn report_unknown_keys(&self) {
        for entry in self.entries.iter().filter(|entry| self.is_unknown(entry)) {
            self.document.report(
                entry.position,
                self.key_of(&entry.name),
                "is an unknown key",
                self.remedy_of_unknown(&entry.name),
            );
        }
    }

    fn remedy_of_unknown(&self, name: &str) -> String {
        if let Some(remedy) = expected_keys::remedy(&self.key, name) {
            return remedy.to_owned();
        }

        match closest_match(name, self.requested.iter().copied()) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!(
                "remove it, or write one of `{}`",
                self.requested.join("`, `")
            ),
        }
    }
}

impl<'a> Field<'a> {
    pub(crate) fn position(&self) -> Position {
        self.node.position
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Reports a problem with this value.
    pub(crate) fn report(&self, wrong: impl Into<String>, remedy: impl Into<String>) {
        self.document
            .report(self.node.position, self.key.as_str(), wrong, remedy);
    }

    /// Reads text. A number or boolean counts as the text it was written as, so `404` and `007` are
    /// valid names.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.node.value {
            YamlValue::Text(text) => Some(text.clone()),
            YamlValue::Number(_) | YamlValue::Boolean(_) => self.written().map(str::to_owned),
            _ => self.reject_type("text", "one value, in quotes if necessary"),
        }
    }

    /// Reads text and parses it. `remedy` describes the expected form, unless the error does so
    /// after a semicolon.
    pub(crate) fn parsed<T, E: fmt::Display>(
        &self,
        parse: impl FnOnce(&str) -> Result<T, E>,
        remedy: &str,
    ) -> Option<T> {
        let error = match parse(&self.text()?) {
            Ok(parsed) => return Some(parsed),
            Err(error) => error.to_string(),
        };

        let (wrong, remedy) = error.split_once("; ").unwrap_or((&error, remedy));
        self.report(wrong, remedy);
        None
    }

    /// Reads a path and resolves it against `base`. `remedy` is for an empty path.
    pub(crate) fn path(&self, base: &Base, remedy: &str) -> Option<PathBuf> {
        let resolve = |text: &str| {
            let written = if text.trim().is_empty() {
                Err("is empty".to_owned())
            } else {
                Ok(text)
            };

            base.resolve(written?)
                .map_err(|error| format!("{} {error}", quoted(text)))
        };

        self.parsed(resolve, remedy)
    }

    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.node.value {
            YamlValue::Boolean(value) => Some(value),
            _ => self.reject_type("a boolean", "`true` or `false`"),
        }
    }

    pub(crate) fn integer(&self, range: RangeInclusive<u64>) -> Option<u64> {
        let form = format!("a whole number from {} to {}", range.start(), range.end());
        let YamlValue::Number(number) = &self.node.value else {
            return self.reject_type("a whole number", &form);
        };

        match number.as_u64() {
            Some(value) if range.contains(&value) => Some(value),
            Some(_) => self.out_of_range(&form),
            None if number.is_i64() => self.out_of_range(&form),
            None => self.reject_type("a whole number", &form),
        }
    }

    /// Reads a duration with a unit. Messages show `example`.
    pub(crate) fn duration(
        &self,
        range: &RangeInclusive<Duration>,
        example: Duration,
    ) -> Option<Duration> {
        self.quantity("a duration", parse_duration, show_duration, range, example)
    }

    /// Reads a duration, or a number of seconds without a unit.
    pub(crate) fn seconds(
        &self,
        range: &RangeInclusive<Duration>,
        example: Duration,
    ) -> Option<Duration> {
        match &self.node.value {
            YamlValue::Number(_) => {
                let seconds = self.integer(range.start().as_secs()..=range.end().as_secs())?;
                Some(Duration::from_secs(seconds))
            }
            _ => self.duration(range, example),
        }
    }

    /// Reads a number of bytes with a unit. Messages show `example`.
    pub(crate) fn size(&self, range: &RangeInclusive<u64>, example: u64) -> Option<u64> {
        self.quantity("a size", parse_size, show_size, range, example)
    }

    fn quantity<T: PartialOrd + Copy>(
        &self,
        kind: &str,
        parse: fn(&str) -> Option<T>,
        show: fn(T) -> String,
        range: &RangeInclusive<T>,
        example: T,
    ) -> Option<T> {
        let (least, most, example) = (show(*range.start()), show(*range.end()), show(example));
        let form = format!("{kind} from {least} to {most}, such as `{example}`");
        match self.scalar().and_then(parse) {
            Some(value) if range.contains(&value) => Some(value),
            Some(_) => self.out_of_range(&form),
            None => self.reject_type(kind, &form),
        }
    }

    /// Reads one of a few words.
    pub(crate) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let given = self.scalar().unwrap_or_default();
        if let Some((_, value)) = choices
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(given))
        {
            return Some(*value);
        }

        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let remedy = match closest_match(given, names.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("write one of `{}`", names.join("`, `")),
        };

        self.report(format!("{} is not a valid value", self.found()), remedy);
        None
    }

    /// Reads a list. Each item has its own key.
    pub(crate) fn list(&self, remedy: &str) -> Option<Vec<Field<'a>>> {
        let YamlValue::List(items) = &self.node.value else {
            return self.reject_type("a list", remedy);
        };

        let item = |(index, node)| Field {
            document: self.document,
            node,
            key: format!("{}[{index}]", self.key),
        };

        Some(items.iter().enumerate().map(item).collect())
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self.node.value, YamlValue::List(_))
    }

    /// Reads a mapping. Keys that `read` does not request are reported.
    pub(crate) fn section<T>(&self, read: impl FnOnce(&mut Section<'a>) -> T) -> Option<T> {
        self.section_like("`key: value` lines", read)
    }

    /// Reads a mapping like [`Field::section`]. `form` describes it in the correction.
    pub(crate) fn section_like<T>(
        &self,
        form: &str,
        read: impl FnOnce(&mut Section<'a>) -> T,
    ) -> Option<T> {
        let YamlValue::Mapping(mapping) = &self.node.value else {
            return self.reject_type("a mapping", form);
        };
        Some(Section::of(self, mapping).read(read))
    }

    /// Reads a mapping as JSON, for validation against a schema, with the position of each value by
    /// JSON pointer.
    pub(crate) fn json_object(&self) -> Option<(serde_json::Value, BTreeMap<String, Position>)> {
        let mut places = BTreeMap::new();
        match self.node.value {
            YamlValue::Mapping(_) => Some((self.json("", &mut places)?, places)),
            _ => self.reject_type("a mapping", "`key: value` lines"),
        }
    }

    fn json(
        &self,
        pointer: &str,
        places: &mut BTreeMap<String, Position>,
    ) -> Option<serde_json::Value> {
        use serde_json::Value as Json;

        places.insert(pointer.to_owned(), self.position());

        Some(match &self.node.value {
            YamlValue::Null => Json::Null,
            YamlValue::Boolean(value) => Json::Bool(*value),
            YamlValue::Number(number) => Json::Number(number.clone()),
            YamlValue::Text(text) => Json::String(text.clone()),
            YamlValue::List(_) => {
                let items = self.list("")?;
                let items = items.iter().enumerate();
                items
                    .filter_map(|(index, item)| item.json(&format!("{pointer}/{index}"), places))
                    .collect()
            }
            YamlValue::Mapping(_) => {
                let mut json = |(name, field): (String, Self)| {
                    let json = field.json(&pointer_below(pointer, &name), places)?;
                    Some((name, json))
                };

                let fields = self.section(Section::all)?.into_iter();
                Json::Object(fields.filter_map(&mut json).collect())
            }
        })
    }

    /// Returns the text of a value that is neither a list nor a mapping.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match &self.node.value {
            YamlValue::Text(text) => Some(text),
            YamlValue::Number(_) | YamlValue::Boolean(_) => self.written(),
            _ => None,
        }
    }

    fn written(&self) -> Option<&'a str> {
        self.document.text.get(self.node.written.clone()?)
    }

    fn reject_type<T>(&self, kind: &str, form: &str) -> Option<T> {
        self.report(
            format!("{} is not {kind}", self.found()),
            format!("write {form}"),
        );
        None
    }

    fn out_of_range<T>(&self, form: &str) -> Option<T> {
        self.report(
            format!("{} is out of range", self.found()),
            format!("write {form}"),
        );
        None
    }

    fn found(&self) -> String {
        match &self.node.value {
            YamlValue::Null => "an empty value".to_owned(),
            YamlValue::List(_) => "a list".to_owned(),
            YamlValue::Mapping(_) => "a mapping".to_owned(),
            _ => quoted(self.scalar().unwrap_or_default()),
        }
    }
}
