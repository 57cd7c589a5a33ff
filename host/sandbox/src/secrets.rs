//! The secrets of one source: their values, which only the host knows, and masking them in text
//! from outside.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use job_scanner_core::adapter::secret_text;
use job_scanner_core::secret::Secret;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::form_urlencoded;

/// All characters except the unreserved ones, which mean the same in every part of a URL ([RFC
/// 3986, section 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3)).
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The characters that most programs percent-encode in a query.
const NOT_PLAIN: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>');

/// The values of a source's secrets, by the option that holds each. `Debug` prints only the names
/// of the options.
#[derive(Clone, Default)]
pub struct Secrets {
    values: BTreeMap<String, Secret>,
    /// Finds every encoded form of every value in one search; `None` without secrets.
    forms: Option<Arc<EncodedForms>>,
}

struct EncodedForms {
    search: AhoCorasick,
    /// The same search, ignoring ASCII case.
    in_any_case: AhoCorasick,
    /// The option of each form, in the order of the search's patterns.
    options: Vec<String>,
    longest: usize,
}

impl EncodedForms {
    /// Returns `None` if there is nothing to search for.
    fn of(values: &BTreeMap<String, Secret>) -> Option<Self> {
        let mut options = Vec::new();
        let mut texts = Vec::new();
        for (option, secret) in values {
            for form in encoded_forms(secret.expose()) {
                options.push(option.clone());
                texts.push(form);
            }
        }
        let longest = texts
            .iter()
            .map(String::len)
            .max()
            .filter(|&bytes| bytes > 0)?;

        // Building fails only for gigabytes of text, and the length of a value is bounded.
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&texts)
            .ok()?;
        let in_any_case = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&texts)
            .ok()?;

        Some(Self {
            search,
            in_any_case,
            options,
            longest,
        })
    }
}

impl Secrets {
    /// Creates the secrets from values by option. No value may be empty.
    pub fn new(values: BTreeMap<String, Secret>) -> Self {
        // Most sources have no secrets, and even an empty search takes time to build.
        if values.is_empty() {
            return Self::default();
        }

        let forms = EncodedForms::of(&values).map(Arc::new);
        Self { values, forms }
    }

    /// Returns the value of an option, for a header.
    pub(crate) fn value(&self, option: &str) -> Option<&str> {
        self.values.get(option).map(Secret::expose)
    }

    /// Returns the value of an option, percent-encoded so that it cannot change the structure of a
    /// URL.
    pub(crate) fn in_url(&self, option: &str) -> Option<Cow<'_, str>> {
        self.value(option)
            .map(|value| utf8_percent_encode(value, NOT_UNRESERVED).into())
    }

    /// Returns the text with each secret replaced by its placeholder.
    pub(crate) fn mask_text(&self, text: &str) -> String {
        let Some(forms) = &self.forms else {
            return text.to_owned();
        };

        let mut masked = String::with_capacity(text.len());
        forms
            .search
            .replace_all_with(text, &mut masked, |found, _, masked| {
                masked.push_str(&secret_text(&forms.options[found.pattern().as_usize()]));
                true
            });
        masked
    }

    /// Returns true if a header's name, which is in lower case, contains one of the secrets.
    pub(crate) fn appear_in_name(&self, name: &str) -> bool {
        self.forms
            .as_ref()
            .is_some_and(|forms| forms.in_any_case.is_match(name))
    }

    /// Returns a mask for a body that arrives in chunks; `None` without secrets.
    pub(crate) fn mask(&self) -> Option<Mask> {
        self.forms.clone().map(|forms| Mask {
            forms,
            held_back: Vec::new(),
        })
    }
}

/// Replaces secrets in a body by the same number of asterisks, so that no byte moves. Holds back as
/// many bytes at the end as could be the beginning of a secret.
pub(crate) struct Mask {
    forms: Arc<EncodedForms>,
    held_back: Vec<u8>,
}

/// Prints names only. The search contains the values.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mask").finish_non_exhaustive()
    }
}

impl Mask {
    /// Adds a chunk of the body and returns the bytes that are final.
    pub(crate) fn push(&mut self, part: &[u8]) -> Vec<u8> {
        self.held_back.extend_from_slice(part);
        self.cover();

        // The last `longest - 1` bytes could still be the beginning of a form.
        let certain = self.held_back.len().saturating_sub(self.forms.longest - 1);
        let rest = self.held_back.split_off(certain);
        std::mem::replace(&mut self.held_back, rest)
    }

    /// Returns the bytes that were held back, at the end of the body.
    pub(crate) fn end(self) -> Vec<u8> {
        self.held_back
    }

    fn cover(&mut self) {
        let found: Vec<_> = self
            .forms
            .search
            .find_iter(&self.held_back)
            .map(|found| found.range())
            .collect();

        for range in found {
            self.held_back[range].fill(b'*');
        }
    }
}

/// Returns the options as an adapter may see them: each secret, or the reference to it, is replaced
/// by its placeholder.
pub(crate) fn without_secrets<'s>(
    mut options: Value,
    secret: impl Iterator<Item = &'s String>,
) -> Value {
    for option in secret {
        if let Some(value) = options.get_mut(option) {
            *value = secret_text(option).into();
        }
    }
    options
}

/// Returns the forms in which a value can come back: as it is, percent-encoded in the ways that the
/// host and other programs use, and escaped as JSON and HTML.
fn encoded_forms(value: &str) -> BTreeSet<String> {
    let encoded = [
        utf8_percent_encode(value, NOT_UNRESERVED).to_string(),
        utf8_percent_encode(value, NOT_PLAIN).to_string(),
        utf8_percent_encode(value, NOT_PLAIN)
            .to_string()
            .replace("%20", "+"),
        form_urlencoded::byte_serialize(value.as_bytes()).collect(),
    ];

    let in_small_letters: Vec<String> = encoded.iter().map(|encoded| lower_hex(encoded)).collect();

    let mut forms = BTreeSet::from([value.to_owned()]);
    forms.extend(encoded.into_iter().chain(in_small_letters));
    forms.extend(json_forms(value));
    forms.extend(html_forms(value));
    forms
}

/// Returns the value as JSON writers write it. Some escape all non-ASCII characters, and some
/// escape the characters that are special in HTML.
fn json_forms(value: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for by_number in ["", "<>&", "<>&'", "<>&'\"", "<>&'\"+"] {
        for (ascii, slash) in [(false, "/"), (false, "\\/"), (true, "/"), (true, "\\/")] {
            for capitals in [false, true] {
                let writer = JsonWriter {
                    by_number,
                    ascii,
                    slash,
                    capitals,
                };
                forms.push(value.chars().map(|it| writer.write(it)).collect());
            }
        }
    }
    forms
}

/// One style of writing text in JSON.
struct JsonWriter<'w> {
    /// Characters that are written as `\u` escapes although JSON does not require it.
    by_number: &'w str,
    /// Writes all non-ASCII characters as `\u` escapes.
    ascii: bool,
    slash: &'w str,
    /// Writes the digits of `\u` escapes in upper case.
    capitals: bool,
}

impl JsonWriter<'_> {
    fn write(&self, character: char) -> String {
        if character == '/' {
            return self.slash.to_owned();
        }
        if self.by_number.contains(character) || self.ascii && !character.is_ascii() {
            return self.number(character);
        }

        let quoted = Value::from(character.to_string()).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    }

    fn number(&self, character: char) -> String {
        let mut text = String::new();
        for unit in character.encode_utf16(&mut [0; 2]) {
            let escape = if self.capitals {
                format!("\\u{unit:04X}")
            } else {
                format!("\\u{unit:04x}")
            };
            text.push_str(&escape);
        }
        text
    }
}

/// Returns the value as the common HTML escaping functions write it.
fn html_forms(value: &str) -> Vec<String> {
    let quotes = [
        ("&quot;", "&#39;"),
        ("&quot;", "&#x27;"),
        ("&quot;", "&apos;"),
        ("&#34;", "&#39;"),
        ("&quot;", "'"),
        ("\"", "'"),
    ];

    let mut forms = Vec::new();
    for (quote, apostrophe) in quotes {
        for slash in ["/", "&#x2F;", "&#47;"] {
            let write = |character: char| match character {
                '&' => "&amp;".to_owned(),
                '<' => "&lt;".to_owned(),
                '>' => "&gt;".to_owned(),
                '"' => quote.to_owned(),
                '\'' => apostrophe.to_owned(),
                '/' => slash.to_owned(),
                other => other.to_string(),
            };

            forms.push(value.chars().map(write).collect());
        }
    }
    forms
}

/// Writes percent-encodings in lower case (`%2f` for `%2F`) and leaves all other letters unchanged.
fn lower_hex(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();

    for part in parts {
        let (hex, rest) = part.split_at(part.len().min(2));
        lower.push('%');
        lower.push_str(&hex.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn secrets(value: &str) -> Secrets {
        Secrets::new(BTreeMap::from([("key".to_owned(), Secret::new(value))]))
    }

    fn masked(secrets: &Secrets, parts: &[&[u8]]) -> Vec<u8> {
        let mut mask = secrets.mask().unwrap();
        let mut whole: Vec<u8> = parts.iter().flat_map(|part| mask.push(part)).collect();
        whole.extend(mask.end());
        whole
    }

    #[test]
    fn a_secret_is_masked_in_every_encoding() {
        let secrets = secrets("a/b\"c d+é");
        for form in [
            "a/b\"c d+é",
            "a%2Fb%22c%20d%2B%C3%A9",
            "a%2fb%22c%20d%2b%c3%a9",
            "a/b\\\"c d+é",
            "a\\/b\\\"c d+é",
        ] {
            assert_eq!(secrets.mask_text(&format!("<{form}>")), "<{{secret:key}}>");
            assert_eq!(
                masked(&secrets, &[b"<", form.as_bytes(), b">"]),
                format!("<{}>", "*".repeat(form.len())).as_bytes()
            );
        }
        assert_eq!(secrets.in_url("key").unwrap(), "a%2Fb%22c%20d%2B%C3%A9");
        assert_eq!(secrets.mask_text("nothing of it"), "nothing of it");
    }

    #[test]
    fn an_escaped_secret_is_masked() {
        let secrets = secrets("a+b/<c>&\"d' é😀");
        for form in [
            "a%2Bb%2F%3Cc%3E%26%22d%27+%C3%A9%F0%9F%98%80",
            "a%2bb%2f%3cc%3e%26%22d%27+%c3%a9%f0%9f%98%80",
            "a%2Bb/%3Cc%3E%26%22d'+%C3%A9%F0%9F%98%80",
            "a+b/<c>&\\\"d' \\u00e9\\ud83d\\ude00",
            "a+b\\/<c>&\\\"d' \\u00E9\\uD83D\\uDE00",
            "a+b/\\u003cc\\u003e\\u0026\\\"d' é😀",
            "a\\u002Bb/\\u003Cc\\u003E\\u0026\\u0022d\\u0027 \\u00E9\\uD83D\\uDE00",
            "a+b\\/\\u003Cc\\u003E\\u0026\\u0022d\\u0027 \\u00E9\\uD83D\\uDE00",
            "a+b/&lt;c&gt;&amp;&quot;d&#39; é😀",
            "a+b/&lt;c&gt;&amp;&#34;d&#39; é😀",
            "a+b&#x2F;&lt;c&gt;&amp;&quot;d&#x27; é😀",
            "a+b/&lt;c&gt;&amp;\"d' é😀",
        ] {
            assert_eq!(secrets.mask_text(&format!("<{form}>")), "<{{secret:key}}>");
        }
    }

    #[test]
    fn a_secret_is_found_in_a_lower_case_header_name() {
        let secrets = secrets("Marker-1");
        assert!(secrets.appear_in_name("x-marker-1") && !secrets.appear_in_name("x-marker-2"));
        assert!(!Secrets::default().appear_in_name("x-marker-1"));
    }

    #[test]
    fn a_source_without_secrets_masks_nothing() {
        assert!(
            Secrets::default().mask().is_none() && Secrets::new(BTreeMap::new()).mask().is_none()
        );
        assert_eq!(Secrets::default().mask_text("as it is"), "as it is");
    }

    #[test]
    fn an_adapter_sees_the_placeholder_of_a_secret() {
        let names = ["key".to_owned(), "other".to_owned()];
        let seen = without_secrets(json!({"key": "env:KEY", "site": "a"}), names.iter());
        assert_eq!(seen, json!({"key": "{{secret:key}}", "site": "a"}));
    }

    #[test]
    fn debug_output_contains_no_secret() {
        let secrets = secrets("marker-marker");
        assert_eq!(format!("{secrets:?}"), "{\"key\"}");
        let mut mask = secrets.mask().unwrap();
        mask.push(b"marker");
        assert_eq!(format!("{mask:?}"), "Mask { .. }");
    }

    #[test]
    fn a_secret_split_across_chunks_is_masked() {
        let secrets = secrets("abcabcabd");
        let body = b"abcabcabcabd abcabcabdab";
        for first in 0..=body.len() {
            for second in first..=body.len() {
                let parts = [&body[..first], &body[first..second], &body[second..]];
                assert_eq!(
                    masked(&secrets, &parts),
                    b"abc********* *********ab",
                    "cut at {first} and {second}"
                );
            }
        }
    }
}
