//! JSON responses, with errors that name the place of a problem.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

pub use super::each::Each;
use crate::http::excerpt;
use crate::{Response, SourceError};

impl Response {
    /// Parses the body as JSON, like [`decode`].
    pub fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, SourceError> {
        decode(&self.body)
    }
}

/// Parses a response.
///
/// # Errors
///
/// [`SourceError::UnexpectedResponse`] with field, line and column: `jobs[3].title: invalid type:
/// map, expected text at line 1 column 233`.
pub fn decode<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, SourceError> {
    let text = std::str::from_utf8(body)
        .map_err(|error| unexpected(&format!("expected JSON in UTF-8: {error}"), body))?;
    let text = text.trim_start_matches('\u{feff}');

    // Tracking the path is slow, so the text is parsed with tracking only after a failure.
    serde_json::from_str(text).or_else(|_| {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let what = if error.inner().is_data() {
                error.to_string()
            } else {
                error.inner().to_string()
            };
            unexpected(&what, body)
        })
    })
}

/// Parses the elements of a list one by one, so that a malformed job does not hide the others.
///
/// `name` is the list's name in error messages.
pub fn decode_each<'a, T: Deserialize<'a>>(name: &str, list: &[&'a RawValue]) -> Each<T> {
    let mut each = Each::with_capacity(list.len());

    for (index, element) in list.iter().enumerate() {
        let mut deserializer = serde_json::Deserializer::from_str(element.get());
        match serde_path_to_error::deserialize(&mut deserializer) {
            Ok(read) => each.read.push(read),
            Err(error) if error.path().iter().len() == 0 => {
                each.unreadable
                    .push(format!("{name}[{index}]: {}", error.inner()));
            }
            Err(error) => each.unreadable.push(format!("{name}[{index}].{error}")),
        }
    }

    each
}

/// A string, or a number as the board writes it. Empty for `null`. Borrowed from the response where
/// possible.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    /// Returns the text without surrounding white space.
    pub fn trimmed(&self) -> &str {
        self.0.trim()
    }

    /// Parses the text, for example as a number. `None` if it is invalid.
    pub fn parsed<T: FromStr>(&self) -> Option<T> {
        self.trimmed().parse().ok()
    }

    /// Returns the text, or `None` if it is blank.
    pub fn into_option(self) -> Option<String> {
        if self.trimmed().is_empty() {
            None
        } else {
            Some(self.into())
        }
    }
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Text<'_>> for String {
    fn from(text: Text<'_>) -> Self {
        text.0.into_owned()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Self)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(""))
    }
}

fn unexpected(what: &str, body: &[u8]) -> SourceError {
    let start = if body.trim_ascii_start().starts_with(b"{") {
        String::new()
    } else {
        excerpt(body)
    };
    SourceError::UnexpectedResponse(format!("{what}{start}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct TestListing<'a> {
        #[serde(borrow)]
        jobs: Vec<TestJob<'a>>,
    }

    #[derive(Debug, serde::Deserialize)]
    struct TestJob<'a> {
        #[serde(borrow)]
        id: Text<'a>,
        #[serde(borrow, default)]
        title: Text<'a>,
    }

    fn error(body: &str) -> String {
        match decode::<TestListing>(body.as_bytes()).expect_err("an error") {
            SourceError::UnexpectedResponse(message) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_error_names_field_line_and_column() {
        assert_eq!(
            error("{\"jobs\": [{\"id\": 1},\n{\"id\": 2, \"title\": {}}]}"),
            "jobs[1].title: invalid type: map, expected text at line 2 column 21"
        );
        assert_eq!(
            error("{\"posts\": []}"),
            "missing field `jobs` at line 1 column 13"
        );
    }

    #[test]
    fn the_error_shows_a_body_that_is_not_json() {
        assert_eq!(
            error("<!doctype html>\n<title>Careers</title>"),
            "expected value at line 1 column 1: \"<!doctype html>\\n<title>Careers</title>\""
        );
        assert_eq!(error(""), "EOF while parsing a value at line 1 column 0");
        assert!(error("{\"jobs\": [{\"id\"").starts_with("EOF while parsing"));
    }

    #[test]
    fn text_is_read_from_strings_numbers_and_null() {
        let body = br#"{"jobs": [{"id": 7, "title": " a\nb "}, {"id": "x7", "title": null}]}"#;
        let listing: TestListing = decode(body).expect("a listing");
        assert_eq!(String::from(listing.jobs[0].id.clone()), "7");
        assert_eq!(listing.jobs[0].title.trimmed(), "a\nb");
        assert_eq!(listing.jobs[1].id.trimmed(), "x7");
        assert_eq!(listing.jobs[1].title.clone().into_option(), None);
        assert_eq!(listing.jobs[0].id.parsed(), Some(7));
        assert_eq!(listing.jobs[1].id.parsed::<i64>(), None);
    }

    #[test]
    fn a_malformed_element_does_not_hide_the_others() {
        let list: Vec<&RawValue> =
            decode(br#"[{"id": 1}, {"id": []}, 3, {"id": 4}]"#).expect("a list");
        let each = decode_each::<TestJob>("jobs", &list);
        assert_eq!(
            each.read
                .iter()
                .map(|job| job.id.trimmed())
                .collect::<Vec<_>>(),
            ["1", "4"]
        );
        assert_eq!(each.unreadable.len(), 2);
        assert!(
            each.unreadable[0].starts_with("jobs[1].id: invalid type: sequence, expected text")
        );
        assert!(each.unreadable[1].starts_with("jobs[2]: invalid type"));
    }
}
