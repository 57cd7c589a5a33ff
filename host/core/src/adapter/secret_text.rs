//! The placeholder `{{secret:OPTION}}`, which replaces a secret wherever an adapter, a log or a
//! cassette can see it.

use std::borrow::Cow;
use std::ops::Range;

/// The longest name of an option that holds a secret, in bytes.
const MAX_NAME_BYTES: usize = 64;
const WORD: &str = "secret:";

/// A placeholder in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretMention<'t> {
    /// The name of the option.
    pub option: &'t str,
    /// The range of the whole placeholder, including the braces.
    pub range: Range<usize>,
}

/// Returns the placeholder of the secret in this option.
pub fn secret_text(option: &str) -> String {
    format!("{{{{{WORD}{option}}}}}")
}

/// Returns true if an option of this name can hold a secret. A URL must not change the name by
/// encoding it.
pub(super) fn is_secret_name(name: &str) -> bool {
    (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(is_name_byte)
}

/// Returns the placeholders in a text. Their braces may be percent-encoded, as in the path of a
/// URL.
pub fn secret_mentions(text: &str) -> impl Iterator<Item = SecretMention<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(found) = text[from..].find(WORD) {
            let word = from + found;
            from = word + WORD.len();

            if let Some(mention) = placeholder_at(text, word) {
                from = mention.range.end;
                return Some(mention);
            }
        }
        None
    })
}

/// Replaces each placeholder in a text.
pub fn replace_secrets<'t, 'v>(
    text: &'t str,
    mut value: impl FnMut(&'t str) -> Cow<'v, str>,
) -> Cow<'t, str> {
    let mut replaced = String::new();
    let mut end = 0;

    for SecretMention { option, range } in secret_mentions(text) {
        replaced.push_str(&text[end..range.start]);
        replaced.push_str(&value(option));
        end = range.end;
    }

    if end == 0 {
        return Cow::Borrowed(text);
    }
    replaced.push_str(&text[end..]);
    Cow::Owned(replaced)
}

/// Returns the placeholder whose word `secret:` begins at `word`, if it has braces around it.
fn placeholder_at(text: &str, word: usize) -> Option<SecretMention<'_>> {
    let before = strip_opening_brace(&text[..word], '{', "%7B")?;
    let before = strip_opening_brace(before, '{', "%7B")?;

    let after = &text[word + WORD.len()..];
    let name_len = after.bytes().take_while(|byte| is_name_byte(*byte)).count();
    let (option, after) = after.split_at(name_len);

    let after = strip_closing_brace(after, '}', "%7D")?;
    let after = strip_closing_brace(after, '}', "%7D")?;

    is_secret_name(option).then(|| SecretMention {
        option,
        range: before.len()..text.len() - after.len(),
    })
}

fn strip_opening_brace<'t>(text: &'t str, plain: char, encoded: &str) -> Option<&'t str> {
    text.strip_suffix(plain).or_else(|| {
        let at = text.len().checked_sub(encoded.len())?;
        let (start, end) = text.split_at_checked(at)?;
        end.eq_ignore_ascii_case(encoded).then_some(start)
    })
}

fn strip_closing_brace<'t>(text: &'t str, plain: char, encoded: &str) -> Option<&'t str> {
    text.strip_prefix(plain).or_else(|| {
        let (start, end) = text.split_at_checked(encoded.len())?;
        start.eq_ignore_ascii_case(encoded).then_some(end)
    })
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filled(text: &str) -> String {
        replace_secrets(text, |option| Cow::Owned(format!("<{option}>"))).into_owned()
    }

    #[test]
    fn placeholders_with_plain_and_encoded_braces_are_found() {
        for (text, expected) in [
            ("Bearer {{secret:api_key}}", "Bearer <api_key>"),
            ("{{secret:a}}{{secret:b-2}}", "<a><b-2>"),
            (
                "https://a.example/%7B%7Bsecret:key%7D%7D/x?k={{secret:key}}",
                "https://a.example/<key>/x?k=<key>",
            ),
            ("%7b{secret:key}%7D", "<key>"),
            ("{{{secret:key}}}", "{<key>}"),
            ("{{secret:{{secret:key}}", "{{secret:<key>"),
        ] {
            assert_eq!(filled(text), expected);
        }
        assert_eq!(filled(&secret_text("api_key")), "<api_key>");
    }

    #[test]
    fn a_text_that_only_resembles_a_placeholder_is_kept() {
        let long = "x".repeat(MAX_NAME_BYTES + 1);
        for text in [
            "{{secret:}}",
            "{secret:key}",
            "{{secret:a b}}",
            "{{secret:key}",
            "secret:key",
            "{{ secret:key }}",
        ] {
            assert_eq!(filled(text), text);
        }
        assert_eq!(secret_mentions(&secret_text(&long)).count(), 0);
    }

    proptest! {
        #[test]
        fn any_text_is_searched_without_a_panic(text in "(secret:|[{}%7BDbdé]|\\PC){0,40}") {
            let kept = replace_secrets(&text, |option| Cow::Owned(secret_text(option)));
            prop_assert_eq!(secret_mentions(&kept).count(), secret_mentions(&text).count());
        }
    }
}
