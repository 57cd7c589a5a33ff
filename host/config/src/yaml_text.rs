//! Writes untrusted text as YAML that reads back as the same text.

use std::fmt::Write as _;

use job_scanner_core::escape::is_disguised;
use serde_json::Value;

/// The words that some readers of YAML do not read as text.
const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// Returns a text as one value of YAML, also inside `[…]` and `{…}`: unquoted if it consists of plain
/// words, or else in double quotes on one line. Invisible characters are escaped.
pub fn yaml_text(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }

    // YAML accepts the quoted strings of JSON.
    let mut quoted = String::new();
    for c in Value::from(text).to_string().chars() {
        if is_disguised(c) || is_noncharacter(c) {
            // Writing to a `String` cannot fail.
            let _ = write!(quoted, "\\U{:08X}", u32::from(c));
        } else {
            quoted.push(c);
        }
    }
    quoted
}

fn is_plain(text: &str) -> bool {
    let is_word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    !is_word
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_./ ".contains(&byte))
}

/// Returns true for the code points that no text contains, which YAML allows only as an escape.
fn is_noncharacter(c: char) -> bool {
    matches!(u32::from(c) & 0xFFFF, 0xFFFE | 0xFFFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::tree::{Node, YamlValue, parse};

    fn read_back(written: &str) -> Vec<String> {
        let Node { value, .. } = parse(&format!("[{written}] # comment\n")).unwrap();
        let YamlValue::List(items) = value else {
            panic!("{value:?}")
        };
        let text = |item: Node| match item.value {
            YamlValue::Text(text) => text,
            other => panic!("{written}: {other:?}"),
        };
        items.into_iter().map(text).collect()
    }

    #[test]
    fn a_text_of_plain_words_is_not_quoted_and_others_are() {
        for (text, written) in [
            ("data engineer", "data engineer"),
            ("acme.wd5/Careers", "acme.wd5/Careers"),
            ("", r#""""#),
            ("yes", r#""yes""#),
            ("404", r#""404""#),
            ("two ", r#""two ""#),
            ("title:rust", r#""title:rust""#),
            ("# not a comment", r##""# not a comment""##),
            (r#"a "b" \ c"#, r#""a \"b\" \\ c""#),
            ("köln 🦀", "\"köln 🦀\""),
            ("a\u{1b}[31m\r\n", r#""a\u001b[31m\r\n""#),
            ("a\u{202e}b\u{7f}", r#""a\U0000202Eb\U0000007F""#),
        ] {
            assert_eq!(yaml_text(text), written);
            assert_eq!(read_back(written), [text]);
        }
    }

    #[test]
    fn characters_of_all_kinds_read_back_alone_and_among_others() {
        let planes = ('\0'..='\u{1ffff}').chain('\u{e0000}'..='\u{e0fff}');
        let all: Vec<char> = planes.collect();
        for some in all.chunks(4096) {
            let alone: Vec<String> = some.iter().map(char::to_string).collect();
            let written: Vec<String> = alone.iter().map(|text| yaml_text(text)).collect();
            assert_eq!(read_back(&written.join(", ")), alone);

            let together: String = some.iter().collect();
            assert_eq!(read_back(&yaml_text(&together)), [together]);
        }
    }
}
