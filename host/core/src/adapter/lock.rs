//! The lock file `adapters.lock`: the accepted adapters of a folder, and the grant of each.
//!
//! The file is JSON with one value per line and sorted keys: equal contents are equal bytes, and a
//! change shows in a diff as the lines that changed. Adapters are named by file name, relative to
//! the folder, so a copied folder stays accepted.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::grants::Grants;
use crate::escape::Printable;

/// The version of the format. Other versions are rejected.
const FORMAT_VERSION: u32 = 1;

/// The accepted adapters of one folder, by file name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LockFile {
    adapters: BTreeMap<String, Accepted>,
}

/// An accepted adapter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The digest of the file. Any other content is not accepted.
    pub sha256: Digest,
    pub grants: Grants,
}

/// A SHA-256 digest, printed as `sha256sum` does.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Digest(String);

/// The error for a text that is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a digest must be 64 lower-case hexadecimal digits")]
pub struct DigestError;

/// The error for a text that is not a lock file, and its place. Lines and columns count from 1.
///
/// It is safe to print: text of a third party that it repeats is escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {}", Printable(wrong))]
pub struct LockError {
    line: usize,
    column: usize,
    wrong: String,
}

impl LockFile {
    /// Parses the text that [`Display`](fmt::Display) wrote.
    ///
    /// # Errors
    ///
    /// For anything else: a grant is never guessed.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let LockJson { version, adapters } = serde_json::from_str(text).map_err(LockError::from)?;
        if version == FORMAT_VERSION {
            return Ok(Self { adapters });
        }

        let wrong = format!(
            "version {version} is not supported; this program reads version {FORMAT_VERSION}"
        );
        Err(LockError {
            line: 1,
            column: 1,
            wrong,
        })
    }

    /// Returns what was accepted for the file of this name.
    pub fn get(&self, file_name: &str) -> Option<&Accepted> {
        self.adapters.get(file_name)
    }

    /// Returns all accepted files, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Accepted)> {
        self.adapters
            .iter()
            .map(|(name, accepted)| (name.as_str(), accepted))
    }

    /// Accepts a file. This replaces an earlier acceptance under the same name.
    pub fn insert(&mut self, file_name: impl Into<String>, accepted: Accepted) {
        self.adapters.insert(file_name.into(), accepted);
    }
}

/// Writes the whole text of the file.
impl fmt::Display for LockFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = LockRef {
            version: FORMAT_VERSION,
            adapters: &self.adapters,
        };

        let text = serde_json::to_string_pretty(&json).map_err(|_| fmt::Error)?;
        writeln!(f, "{text}")
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let digits = text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));

        if digits && text.len() == 64 {
            Ok(Self(text.to_owned()))
        } else {
            Err(DigestError)
        }
    }
}

impl TryFrom<String> for Digest {
    type Error = DigestError;

    fn try_from(text: String) -> Result<Self, DigestError> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

impl Digest {
    /// Returns the digest as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<serde_json::Error> for LockError {
    fn from(error: serde_json::Error) -> Self {
        // The place is in fields of its own, so the message does not repeat it.
        let wrong = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let wrong = wrong.strip_suffix(&place).unwrap_or(&wrong).to_owned();

        Self {
            line: error.line().max(1),
            column: error.column().max(1),
            wrong,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LockJson {
    version: u32,
    #[serde(deserialize_with = "without_repeats")]
    adapters: BTreeMap<String, Accepted>,
}

#[derive(Serialize)]
struct LockRef<'a> {
    version: u32,
    adapters: &'a BTreeMap<String, Accepted>,
}

/// Rejects a name that occurs twice, as after a merge: JSON would keep the last entry.
fn without_repeats<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Accepted>, D::Error> {
    struct Files;

    impl<'de> Visitor<'de> for Files {
        type Value = BTreeMap<String, Accepted>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("adapters by file name")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut files = BTreeMap::new();

            while let Some(name) = entries.next_key::<String>()? {
                if files.contains_key(&name) {
                    return Err(A::Error::custom(format!("the file {name:?} occurs twice")));
                }

                if name.is_empty() || name.contains(['/', '\\', '\0']) {
                    return Err(A::Error::custom(format!(
                        "{name:?} is not the name of a file in this folder"
                    )));
                }

                files.insert(name, entries.next_value()?);
            }

            Ok(files)
        }
    }

    deserializer.deserialize_map(Files)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = r#"{
  "version": 1,
  "adapters": {
    "example.wasm": {
      "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "grants": {
        "hosts": [
          {
            "pattern": "*.jobs.example.com",
            "methods": [
              "GET",
              "HEAD",
              "POST"
            ],
            "rate": 2.5
          },
          {
            "from": "identifier",
            "methods": [
              "GET"
            ]
          },
          {
            "from": "options.search_url",
            "methods": [
              "GET"
            ]
          }
        ],
        "secrets": {
          "api_key": [
            "api.example.com"
          ]
        }
      }
    },
    "other.wasm": {
      "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "grants": {
        "hosts": []
      }
    }
  }
}
"#;

    #[test]
    fn a_lock_file_reads_back_and_prints_the_same() {
        let lock = LockFile::parse(TEXT).unwrap();
        assert_eq!(lock.to_string(), TEXT);
        assert_eq!(LockFile::parse(&lock.to_string()), Ok(lock.clone()));
        assert_eq!(lock.iter().count(), 2);
        assert_eq!(
            LockFile::parse(&LockFile::default().to_string()),
            Ok(LockFile::default())
        );
    }

    #[test]
    fn the_error_of_a_broken_lock_file_names_the_place() {
        let digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        let cases = [
            ("", "", "1:1: EOF while parsing a value"),
            (
                "\"version\": 1",
                "\"version\": 2",
                "1:1: version 2 is not supported; this program reads version 1",
            ),
            (
                "*.jobs.example.com",
                "*.com",
                "9:30: `*.com` covers too much; write the wildcard before at least two \
                                             labels, such as `*.example.com`",
            ),
            (
                "*.jobs.example.com",
                "*.co.uk",
                "9:32: `*.co.uk` covers domains of third parties; write the wildcard before \
                                               a registered domain",
            ),
            (
                "\"POST\"",
                "\"post\"",
                "14:13: `post` is not a method; write one in capital letters, such as `POST`",
            ),
            (
                "\"from\": \"identifier\"",
                "\"from\": \"name\"",
                "29:9: `name` is neither `identifier` nor `options.NAME`",
            ),
            (
                "options.search_url",
                "identifier",
                "29:9: `the host in a source's identifier` occurs twice",
            ),
            (
                "2.5",
                "0",
                "29:9: `*.jobs.example.com`: its rate is not between 0.01 and 1000 requests per second",
            ),
            (
                "other.wasm",
                "example.wasm",
                "37:18: the file \"example.wasm\" occurs twice",
            ),
            (
                "other.wasm",
                "../other.wasm",
                "37:19: \"../other.wasm\" is not the name of a file in this folder",
            ),
            (
                digest,
                "0123",
                "5:22: a digest must be 64 lower-case hexadecimal digits",
            ),
            (
                "\"grants\"",
                "\"granted\"",
                "6:15: unknown field `granted`, expected `sha256` or `grants`",
            ),
        ];
        let refusal = |(good, broken, _): (&str, &str, &str)| {
            let text = if good.is_empty() {
                String::new()
            } else {
                TEXT.replacen(good, broken, 1)
            };
            LockFile::parse(&text).unwrap_err().to_string()
        };

        assert_eq!(
            cases.map(refusal),
            cases.map(|(_, _, message)| message.to_owned())
        );
        let cut = LockFile::parse(&TEXT[..400]).unwrap_err().to_string();
        assert!(cut.contains("EOF while parsing"), "{cut}");
    }

    #[test]
    fn control_characters_are_escaped_in_the_error_message() {
        for (good, broken) in [
            ("\"grants\"", "\"\\u001b[31m\\u202e\""),
            ("options.search_url", "\u{202e}\\u001b[31m"),
            ("other.wasm", "\\u001b[31m/\u{202e}"),
        ] {
            let message = LockFile::parse(&TEXT.replacen(good, broken, 1))
                .unwrap_err()
                .to_string();
            assert!(
                message.contains(r"\u{1b}[31m") && message.contains(r"\u{202e}"),
                "{message}"
            );
            assert!(!message.contains(['\u{1b}', '\u{202e}']), "{message:?}");
        }
    }

    proptest! {
        #[test]
        fn parsing_any_text_does_not_panic(text in "\\PC{0,200}") {
            let _ = LockFile::parse(&text);
        }
    }
}
