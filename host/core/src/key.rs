//! The names of adapters, sources and jobs.
//!
//! A key is a tuple of parts. It is joined to one text for people only ([`Display`](fmt::Display)),
//! and split again when they enter it ([`FromStr`]). The store keeps each part in a column of its
//! own.

use std::fmt;
use std::str::FromStr;

/// The longest external id that the contract allows, in bytes.
pub const MAX_EXTERNAL_ID_BYTES: usize = 512;

/// The longest identifier of a source, in bytes. Boards name their tenants with a word, but 512
/// bytes can also hold a URL.
pub const MAX_IDENTIFIER_BYTES: usize = 512;

/// The name of an adapter: the `type` of a source and the stem of its file. It matches
/// `[a-z0-9][a-z0-9-]*` and has at most 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AdapterName(String);

/// The name of a source at its board, such as `Linear`. Case-sensitive, not empty, without control
/// characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier(String);

/// The board's id of a job. Unique within one source, case-sensitive, 1 to 512 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExternalId(String);

/// The key of a configured source: its adapter and its name at the board, such as `ashby/Linear`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceKey {
    pub adapter: AdapterName,
    pub identifier: Identifier,
}

/// The key of a job, such as `ashby/Linear/4f1c`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobKey {
    pub source: SourceKey,
    pub external_id: ExternalId,
}

/// The reason why a text is not a key or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is not a valid adapter name.
    #[error(
        "`{0}` is not an adapter name; use lower-case letters, digits and hyphens, such as `greenhouse`"
    )]
    AdapterName(String),
    /// A part is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A part is too long.
    #[error("{what} has {bytes} bytes; at most {limit} are allowed")]
    TooLong {
        what: &'static str,
        bytes: usize,
        limit: usize,
    },
    /// An identifier contains control characters, which must not reach a terminal or log.
    #[error("{0} contains control characters")]
    Control(&'static str),
    /// A printed key has the wrong number of parts, or a part does not decode.
    #[error(
        "`{given}` is not a {what} key; write it as `{shape}`, with `%2F` for a `/` and `%25` for a `%` in a part"
    )]
    Shape {
        /// The kind of key that was expected.
        what: &'static str,
        given: String,
        /// The expected form of such a key.
        shape: &'static str,
    },
}

impl AdapterName {
    /// The longest name, in bytes. A name is also a file name.
    pub const MAX_BYTES: usize = 64;

    /// Validates a name.
    pub fn new(name: impl Into<String>) -> Result<Self, KeyError> {
        let name = name.into();

        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let valid = name.len() <= Self::MAX_BYTES
            && name.starts_with(plain)
            && name.chars().all(|c| plain(c) || c == '-');

        if valid {
            Ok(Self(name))
        } else {
            Err(KeyError::AdapterName(name))
        }
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Identifier {
    /// Validates the length and the characters.
    pub fn new(identifier: impl Into<String>) -> Result<Self, KeyError> {
        let identifier = identifier.into();
        check_length("the identifier", &identifier, MAX_IDENTIFIER_BYTES)?;
        if identifier.chars().any(char::is_control) {
            return Err(KeyError::Control("the identifier"));
        }

        Ok(Self(identifier))
    }

    /// Returns the identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ExternalId {
    /// Validates the length. A board may use any characters.
    pub fn new(id: impl Into<String>) -> Result<Self, KeyError> {
        let id = id.into();
        check_length("the external id", &id, MAX_EXTERNAL_ID_BYTES)?;
        Ok(Self(id))
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SourceKey {
    /// Joins the two parts.
    pub fn new(adapter: AdapterName, identifier: Identifier) -> Self {
        Self {
            adapter,
            identifier,
        }
    }

    /// Returns true if `text` names this source, either in its printed form or with the identifier
    /// as it is configured.
    pub fn is_named(&self, text: &str) -> bool {
        let (adapter, identifier) = text.split_once('/').unwrap_or((text, ""));
        if adapter != self.adapter.as_str() {
            return false;
        }

        let own = self.identifier.as_str();
        identifier == own || decode(identifier).as_deref() == Some(own)
    }
}

impl JobKey {
    /// Joins a source and the board's id of a job.
    pub fn new(source: SourceKey, external_id: ExternalId) -> Self {
        Self {
            source,
            external_id,
        }
    }
}

impl fmt::Display for AdapterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Percent-encodes `/`, `%`, spaces and control characters in each part, so that a printed key can
/// be parsed again.
impl fmt::Display for SourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.adapter, Encoded(self.identifier.as_str()))
    }
}

/// Percent-encodes `/`, `%`, spaces and control characters in each part, so that a printed key can
/// be parsed again.
impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.source, Encoded(self.external_id.as_str()))
    }
}

impl FromStr for SourceKey {
    type Err = KeyError;

    /// Parses a printed key. The identifier may contain an unencoded `/`, since a type has none.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let shape = || KeyError::Shape {
            what: "source",
            given: text.to_owned(),
            shape: "type/identifier",
        };

        let (adapter, identifier) = text.split_once('/').ok_or_else(shape)?;
        let identifier = decode(identifier).ok_or_else(shape)?;

        let adapter = AdapterName::new(adapter)?;
        Ok(Self::new(adapter, Identifier::new(identifier)?))
    }
}

impl FromStr for JobKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let shape = || KeyError::Shape {
            what: "job",
            given: text.to_owned(),
            shape: "type/identifier/external-id",
        };

        let [adapter, identifier, id] = parts(text).ok_or_else(shape)?;

        let source = SourceKey::new(AdapterName::new(adapter)?, Identifier::new(identifier)?);
        Ok(Self::new(source, ExternalId::new(id)?))
    }
}

fn check_length(what: &'static str, text: &str, limit: usize) -> Result<(), KeyError> {
    match text.len() {
        0 => Err(KeyError::Empty(what)),
        bytes if bytes > limit => Err(KeyError::TooLong { what, bytes, limit }),
        _ => Ok(()),
    }
}

/// Returns exactly `N` decoded parts of a printed key; `None` if the number differs or a part does
/// not decode.
fn parts<const N: usize>(text: &str) -> Option<[String; N]> {
    let decoded: Option<Vec<String>> = text.split('/').map(decode).collect();
    decoded?.try_into().ok()
}

fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();

    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let [high, low, after @ ..] = tail else {
                return None;
            };
            bytes.push(hex(*high)? << 4 | hex(*low)?);
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }

    // The decoded bytes may not be UTF-8.
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16)?.try_into().ok()
}

struct Encoded<'a>(&'a str);

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut utf8 = [0; 4];
        for c in self.0.chars() {
            if c == '/' || c == '%' || c.is_whitespace() || c.is_control() {
                for byte in c.encode_utf8(&mut utf8).bytes() {
                    write!(f, "%{byte:02X}")?;
                }
            } else {
                write!(f, "{c}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn source(adapter: &str, identifier: &str) -> SourceKey {
        SourceKey::new(
            AdapterName::new(adapter).unwrap(),
            Identifier::new(identifier).unwrap(),
        )
    }

    #[test]
    fn a_plain_key_prints_as_its_parts() {
        assert_eq!(source("ashby", "Linear").to_string(), "ashby/Linear");
    }

    #[test]
    fn separators_and_spaces_in_a_part_are_encoded() {
        assert_eq!(source("feed", "a b/c%").to_string(), "feed/a%20b%2Fc%25");
    }

    #[test]
    fn an_adapter_name_that_could_leave_the_folder_is_refused() {
        for name in ["", "-a", "A", "a/b", "..", "a.b", "ä", &"a".repeat(65)] {
            assert!(AdapterName::new(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_source_can_be_named_with_its_configured_identifier() {
        assert_eq!(
            "jsonld/careers.example.com/en".parse(),
            Ok(source("jsonld", "careers.example.com/en"))
        );
        let feed = source("feed", "https://a.example/jobs?q=caf%C3%A9");
        assert!(
            feed.is_named("feed/https://a.example/jobs?q=caf%C3%A9")
                && feed.is_named(&feed.to_string())
        );
        for other in [
            "feed",
            "feed/",
            "rss/https://a.example/jobs?q=caf%C3%A9",
            "feed/https://a.example/jobs?q=café",
        ] {
            assert!(!feed.is_named(other), "{other}");
        }
    }

    #[test]
    fn a_key_with_the_wrong_number_of_parts_names_the_expected_form() {
        for given in [
            "",
            "greenhouse",
            "greenhouse/",
            "/acme",
            "greenhouse/ac%zz",
            "greenhouse/ac%+A",
        ] {
            assert!(given.parse::<SourceKey>().is_err(), "{given}");
        }
        let error = "greenhouse".parse::<JobKey>().unwrap_err();
        let remedy = "write it as `type/identifier/external-id`, with `%2F` for a `/` and `%25` for a `%` in a part";
        assert_eq!(
            error.to_string(),
            format!("`greenhouse` is not a job key; {remedy}")
        );
    }

    proptest! {
        #[test]
        fn a_printed_key_reads_back(identifier in "[^\\p{Cc}]{1,40}", id in "\\PC{1,40}|[\\x00-\\x7f]{1,40}") {
            let key = JobKey::new(source("a-1", &identifier), ExternalId::new(id).unwrap());
            prop_assert_eq!(key.to_string().parse::<JobKey>().unwrap(), key);
        }
    }
}
