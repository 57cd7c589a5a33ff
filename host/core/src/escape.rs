//! Escaping of untrusted text for terminals and logs.
//!
//! Every text of an adapter or a board goes through [`Printable`] on its way to a terminal or a
//! log. This module calls a character *disguised* if it controls a terminal, reorders the text that
//! a person reads, or is invisible.
//!
//! Not here: cleaning the texts that are stored ([`crate::normalize`]), and escaping for HTML mail
//! (the templates do it).

use std::fmt::{self, Write as _};

/// Wraps untrusted text for printing. Control characters, bidirectional controls, invisible
/// characters and line separators are printed as `\u{..}`, newline and tab as `\n` and `\t`, and
/// everything else as it is.
#[derive(Debug, Clone, Copy)]
pub struct Printable<'a>(pub &'a str);

impl Printable<'_> {
    /// Returns as much of the escaped text as fits into `limit` bytes. It never ends with half an
    /// escape.
    pub fn cut(self, limit: usize) -> String {
        // No character becomes shorter when it is escaped.
        let text = &self.0[..self.0.floor_char_boundary(limit)];
        let mut escaped = Printable(text).to_string();
        if escaped.len() <= limit {
            return escaped;
        }

        let mut fitting = 0;
        for (at, c) in text.char_indices() {
            let escaped_char = Printable(&text[at..at + c.len_utf8()]).to_string();
            if fitting + escaped_char.len() > limit {
                break;
            }
            fitting += escaped_char.len();
        }
        escaped.truncate(fitting);
        escaped
    }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut plain_from = 0;
        for (at, c) in self.0.char_indices().filter(|&(_, c)| is_disguised(c)) {
            f.write_str(&self.0[plain_from..at])?;
            plain_from = at + c.len_utf8();

            match c {
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                _ => write!(f, "{}", c.escape_unicode())?,
            }
        }
        f.write_str(&self.0[plain_from..])
    }
}

/// The first `limit` characters of an untrusted text, escaped, with `…` in place of the rest.
#[derive(Debug, Clone, Copy)]
pub struct PrintableStart<'a> {
    pub text: &'a str,
    /// The number of characters that are shown.
    pub limit: usize,
}

impl fmt::Display for PrintableStart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text.char_indices().nth(self.limit) {
            None => Printable(self.text).fmt(f),
            Some((end, _)) => {
                Printable(&self.text[..end]).fmt(f)?;
                f.write_char('…')
            }
        }
    }
}

/// Returns true for a character that does more than show itself: controls, bidirectional controls,
/// zero-width and other invisible characters, line and paragraph separators.
pub fn is_disguised(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(
        c,
        '\u{80}'..='\u{9f}'
            | '\u{ad}' // soft hyphen
            | '\u{34f}' // combining grapheme joiner
            | '\u{61c}' // Arabic letter mark
            | '\u{115f}'..='\u{1160}' // Hangul fillers
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' // Mongolian selectors and vowel separator
            | '\u{200b}'..='\u{200f}' // zero-width characters, direction marks
            | '\u{2028}'..='\u{202e}' // separators, embeddings, overrides
            | '\u{2060}'..='\u{206f}' // word joiner, invisible operators, isolates
            | '\u{3164}' // Hangul filler
            | '\u{feff}' // byte order mark
            | '\u{ffa0}' // Hangul filler
            | '\u{fff0}'..='\u{fffb}' // interlinear annotation
            | '\u{1bca0}'..='\u{1bca3}' // shorthand format controls
            | '\u{1d173}'..='\u{1d17a}' // musical format controls
            | '\u{e0000}'..='\u{e0fff}' // tags and more variation selectors
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cut_text_ends_with_a_whole_escape() {
        for (text, limit, kept) in [
            ("plain", 5, "plain"),
            ("plain", 4, "plai"),
            ("Zürich", 2, "Z"),
            ("a\u{202e}b", 10, "a\\u{202e}b"),
            ("a\u{202e}b", 9, "a\\u{202e}"),
            ("a\u{202e}b", 8, "a"),
            ("a\nb", 2, "a"),
            ("\u{1b}\u{1b}", 7, "\\u{1b}"),
        ] {
            assert_eq!(Printable(text).cut(limit), kept, "{text:?} in {limit}");
        }
    }

    #[test]
    fn plain_text_of_any_language_is_unchanged() {
        for text in [
            "",
            "Senior Engineer (m/w/d)",
            "C:\\path",
            "Zürich – 東京 – Київ",
            "👍🏽",
        ] {
            assert_eq!(Printable(text).to_string(), text);
        }
    }

    #[test]
    fn control_and_invisible_characters_are_escaped() {
        for (text, printed) in [
            ("a\nb\tc\r", "a\\nb\\tc\\u{d}"),
            (
                "\x1b[31mred\x1b]0;title\x07",
                "\\u{1b}[31mred\\u{1b}]0;title\\u{7}",
            ),
            ("\u{9b}2J\x7f\0", "\\u{9b}2J\\u{7f}\\u{0}"),
            ("user\u{202e}gnp.exe", "user\\u{202e}gnp.exe"),
            (
                "\u{2066}a\u{2069}\u{200e}\u{61c}",
                "\\u{2066}a\\u{2069}\\u{200e}\\u{61c}",
            ),
            ("pass\u{200b}word\u{feff}", "pass\\u{200b}word\\u{feff}"),
            ("a\u{2028}b\u{2029}c", "a\\u{2028}b\\u{2029}c"),
        ] {
            assert_eq!(Printable(text).to_string(), printed);
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let start = |text, limit| PrintableStart { text, limit }.to_string();
        assert_eq!(start("jobé\n7", 4), "jobé…");
        assert_eq!(start("jobé\n7", 6), "jobé\\n7");
        assert_eq!(start("", 0), "");
    }

    proptest! {
        #[test]
        fn nothing_printed_is_disguised(text in "\\PC*|(?s:.{0,60})") {
            prop_assert!(!Printable(&text).to_string().chars().any(is_disguised));
        }
    }
}
