//! Characters and lengths: the rules that every stored text follows, whatever its field.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::layout::Layout;

/// Returns one line of text: white space collapsed, control and invisible characters dropped, NFC.
/// The result may be empty.
pub(super) fn one_line(text: &str) -> String {
    let mut layout = Layout::with_capacity(text.len());
    layout.flow(text);
    nfc(layout.finish())
}

/// Returns text like [`one_line`], but keeps line breaks, with at most one blank line in a row.
pub(super) fn in_lines(text: &str) -> String {
    let mut layout = Layout::with_capacity(text.len());
    layout.lines(text);
    nfc(layout.finish())
}

/// Converts to Unicode normalization form C, so that equal words are equal bytes.
pub(super) fn nfc(text: String) -> String {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    text.nfc().collect()
}

/// Shortens a text to `limit` bytes, between characters and without white space at the new end.
/// Returns true if it was shortened.
pub(super) fn cut(text: &mut String, limit: usize) -> bool {
    if text.len() <= limit {
        return false;
    }

    text.truncate(text.floor_char_boundary(limit));
    text.truncate(text.trim_end().len());
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_is_one_line_of_visible_characters() {
        for (text, line) in [
            (
                "  Senior\tEngineer \n(m/w/d)\u{a0} ",
                "Senior Engineer (m/w/d)",
            ),
            ("Eng\u{202e}ineer\u{1b}[0m\u{7}", "Engineer[0m"),
            ("\u{200b}\u{feff} ", ""),
        ] {
            assert_eq!(one_line(text), line);
        }
    }

    #[test]
    fn equal_words_become_equal_bytes() {
        assert_eq!(one_line("Zu\u{308}rich"), "Zürich");
        assert_eq!(in_lines("Zu\u{ad}\u{308}rich"), "Zürich");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        for (text, limit, kept) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "abc"),
            ("aéé", 4, "aé"),
            ("a bc", 2, "a"),
            ("é", 1, ""),
        ] {
            let mut shortened = text.to_owned();
            assert_eq!(cut(&mut shortened, limit), text.len() > limit);
            assert_eq!(shortened, kept);
        }
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "(?s:.{0,60})|[ \\na\u{308}\u{200b}\u{2028}\u{3000}]{0,30}") {
            let line = one_line(&text);
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert_eq!(one_line(&line), line.clone());
            let lines = in_lines(&text);
            prop_assert!(!lines.chars().any(|c| c.is_control() && c != '\n'));
            prop_assert_eq!(in_lines(&lines), lines.clone());
        }

        #[test]
        fn text_from_html_is_already_clean(html in "(?s:.{0,60})|(<(p|li|br|td|pre)>|[ \\na\u{308}]){0,30}") {
            let text = nfc(super::super::html_to_text(&html));
            prop_assert_eq!(in_lines(&text), text.clone());
        }
    }
}
