//! Escaping and unescaping of HTML, and the text of a line of it.

use html5gum::{Token, Tokenizer};
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

/// Returns the text of HTML on one line, such as a title: without tags, with all character
/// references resolved, trimmed. Empty if the HTML has no text.
///
/// For fields that are plain text in the contract. The host converts descriptions, and it keeps
/// their lines.
pub fn line(html: &str) -> String {
    let mut text = String::with_capacity(html.len());

    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::String(piece) => text.push_str(&String::from_utf8_lossy(&piece)),
            // The words of two lines must not become one. Inline elements do not separate words.
            Token::StartTag(tag) if separates(&tag.name) => text.push(' '),
            Token::EndTag(tag) if separates(&tag.name) => text.push(' '),
            _ => {}
        }
    }

    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns false if HTML has no words, such as `<p></p>`. Another text of the job is better then.
///
/// Without the tokenizer of [`line()`], which makes a component 290 KB larger.
pub fn has_text(html: &str) -> bool {
    let mut in_tag = false;
    html.replace("&nbsp;", " ")
        .chars()
        .any(|character| match character {
            '<' => {
                in_tag = true;
                false
            }
            '>' if in_tag => {
                in_tag = false;
                false
            }
            _ => !in_tag && !character.is_whitespace(),
        })
}

/// Returns true for the elements that begin a line and occur in short texts.
fn separates(name: &[u8]) -> bool {
    matches!(
        name,
        b"br"
            | b"div"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"li"
            | b"p"
            | b"td"
            | b"tr"
    )
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
    fn the_text_of_html_on_one_line_has_neither_tags_nor_references() {
        for (html, expected) in [
            ("Q&amp;A Lead &mdash; Paris", "Q&A Lead — Paris"),
            ("Lead <i>Go</i> Developer&#33;", "Lead Go Developer!"),
            ("<b>Back</b>end<br/>Developer", "Backend Developer"),
            ("<p>Cook</p><p>(m/w/d)</p>", "Cook (m/w/d)"),
            ("\n Koch&nbsp;&nbsp;K&ouml;ln \n", "Koch Köln"),
            ("AT&T, a < b", "AT&T, a < b"),
            ("<p><img src='a.png' alt='x'></p>", ""),
            ("<p>&nbsp;</p> <!-- a -->", ""),
            ("", ""),
        ] {
            assert_eq!(line(html), expected, "{html}");
            assert_eq!(has_text(html), !expected.is_empty(), "{html}");
        }
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
