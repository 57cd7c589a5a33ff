//! Escaping and unescaping of HTML.

use memchr::memchr;

/// Undoes one level of escaping, for HTML that a board escaped once more for its JSON or XML:
/// `&lt;p&gt;` becomes `<p>`.
///
/// Only the references that escaping produces are replaced (`&amp; &lt; &gt; &quot; &apos;` and
/// numbers), and only once, so that `&amp;nbsp;` becomes `&nbsp;`, which the host understands.
pub fn unescape(escaped: &str) -> String {
    let mut text = String::with_capacity(escaped.len());
    let mut rest = escaped;

    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];

        let (character, length) = reference(rest).unwrap_or(('&', 1));
        text.push(character);
        rest = &rest[length..];
    }

    text.push_str(rest);
    text
}

/// Escapes plain text for use in HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Joins the parts of a description. Each is a pair of a heading, in plain text, and HTML.
///
/// A blank heading is left out, and so is a part with blank HTML. `None` if all parts are blank.
/// Each part starts on a new line: not all parts are paragraphs, and the words of two parts must
/// not become one.
pub fn sections<'a>(parts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let mut text = String::new();

    for (heading, part) in parts {
        let (heading, part) = (heading.trim(), part.trim());
        if part.is_empty() {
            continue;
        }

        if !text.is_empty() {
            text.push('\n');
        }
        if !heading.is_empty() {
            text.extend(["<h3>", &escape(heading), "</h3>"]);
        }
        text.push_str(part);
    }

    (!text.is_empty()).then_some(text)
}

/// Returns the character of the reference at the start of `text`, and the length of the reference.
///
/// Escaped HTML has a reference every few characters, so bytes are compared: comparing with a list
/// of names took most of the time.
fn reference(text: &str) -> Option<(char, usize)> {
    match text.as_bytes() {
        [_, b'l', b't', b';', ..] => Some(('<', 4)),
        [_, b'g', b't', b';', ..] => Some(('>', 4)),
        [_, b'a', b'm', b'p', b';', ..] => Some(('&', 5)),
        [_, b'q', b'u', b'o', b't', b';', ..] => Some(('"', 6)),
        [_, b'a', b'p', b'o', b's', b';', ..] => Some(('\'', 6)),
        [_, b'#', ..] => numeric_reference(text),
        _ => None,
    }
}

/// Like [`reference`], for numbers: `&#39;` and `&#x27;`.
fn numeric_reference(text: &str) -> Option<(char, usize)> {
    // The longest reference is `&#x10FFFF;`. No escaping writes more leading zeros than fit.
    let number = text.strip_prefix("&#")?;
    let end = number.bytes().take(9).position(|byte| byte == b';')?;

    let code = match number[..end].strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number[..end].parse(),
    };

    let character = char::from_u32(code.ok()?).filter(|&character| character != '\0')?;
    Some((character, "&#".len() + end + ";".len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_level_of_escaping_is_undone() {
        for (escaped, expected) in [
            (
                "&lt;p class=&quot;a&quot;&gt;R&amp;amp;D&lt;/p&gt;",
                "<p class=\"a\">R&amp;D</p>",
            ),
            ("&amp;nbsp;", "&nbsp;"),
            ("&#39;tis &#x2019;", "'tis ’"),
            ("no references", "no references"),
            ("", ""),
        ] {
            assert_eq!(unescape(escaped), expected);
        }
    }

    #[test]
    fn escaping_is_undone_by_unescaping() {
        assert_eq!(escape("R&D <remote>"), "R&amp;D &lt;remote&gt;");
        assert_eq!(unescape(&escape("&lt; \u{1F680}")), "&lt; \u{1F680}");
    }

    #[test]
    fn each_part_has_its_heading_and_blank_parts_are_left_out() {
        let parts = [
            ("", "<p>Us</p>"),
            ("You & we", " <p>Cook</p>\n"),
            ("Nothing", " "),
        ];
        assert_eq!(
            sections(parts).as_deref(),
            Some("<p>Us</p>\n<h3>You &amp; we</h3><p>Cook</p>")
        );
        assert_eq!(sections([("A", "")]), None);
    }

    #[test]
    fn words_of_two_parts_do_not_become_one() {
        assert_eq!(
            sections([("", "We are Acme Inc"), ("", "We cook")]).as_deref(),
            Some("We are Acme Inc\nWe cook")
        );
    }

    #[test]
    fn text_that_is_not_a_reference_is_unchanged() {
        for text in [
            "AT&T",
            "a & b",
            "&",
            "&#",
            "&#;",
            "&#x;",
            "&#xD800;",
            "&#0;",
            "&#99999999999;",
            "&nbsp;",
            "&é;",
        ] {
            assert_eq!(unescape(text), text);
        }
    }
}
