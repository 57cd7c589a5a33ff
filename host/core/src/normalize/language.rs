//! [BCP 47](https://www.rfc-editor.org/info/bcp47) language tags.

/// The longest tag, in bytes. A longer one does not name a language that a board writes in.
const MAX_TAG_BYTES: usize = 35;

/// Returns the tag in its usual case (`en`, `pt-BR`, `zh-Hant-TW`), or `None` if the text does not
/// have the form of a tag.
///
/// It does not check that the language exists.
pub(super) fn language_tag(text: &str) -> Option<String> {
    let mut subtags = text.trim().split('-');
    let language = subtags
        .next()
        .filter(|tag| matches!(tag.len(), 2 | 3) && is_alphabetic(tag))?;
    let mut tag = language.to_ascii_lowercase();

    // After a singleton, such as the `x` of private use, a subtag has no usual case.
    let mut after_singleton = false;
    for subtag in subtags {
        let is_alphanumeric = subtag.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_alphanumeric || !matches!(subtag.len(), 1..=8) {
            return None;
        }

        let subtag = if after_singleton {
            subtag.to_ascii_lowercase()
        } else {
            in_usual_case(subtag)
        };
        tag.push('-');
        tag.push_str(&subtag);
        after_singleton |= subtag.len() == 1;
    }

    let ends_with_singleton = tag.as_bytes().iter().nth_back(1) == Some(&b'-');
    (tag.len() <= MAX_TAG_BYTES && !ends_with_singleton).then_some(tag)
}

fn in_usual_case(subtag: &str) -> String {
    match subtag.len() {
        2 => subtag.to_ascii_uppercase(),
        4 if is_alphabetic(subtag) => {
            subtag[..1].to_ascii_uppercase() + &subtag[1..].to_ascii_lowercase()
        }
        _ => subtag.to_ascii_lowercase(),
    }
}

fn is_alphabetic(subtag: &str) -> bool {
    subtag.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_converted_to_its_usual_case() {
        for (text, tag) in [
            ("en", "en"),
            (" DE-at ", "de-AT"),
            ("ZH-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("de-CH-1996", "de-CH-1996"),
            ("en-US-u-CA-Gregory", "en-US-u-ca-gregory"),
        ] {
            assert_eq!(language_tag(text).as_deref(), Some(tag));
        }
    }

    #[test]
    fn a_text_of_another_form_is_not_a_tag() {
        for text in [
            "",
            "e",
            "English",
            "zhHant",
            "en_US",
            "en-",
            "en--US",
            "en-x",
            "en-überlang",
            "de-123456789",
            "12",
        ] {
            assert_eq!(language_tag(text), None, "{text}");
        }
    }
}
