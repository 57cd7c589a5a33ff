//! Cleans untrusted text for messages: one line, no hidden characters, a maximum length, and only
//! links to the web. Also formats numbers and workplaces.
//!
//! The templates escape HTML, and the mail library encodes header values. This cleaning comes
//! before both, so a board cannot forge a subject or a line of the text part.

use job_scanner_core::escape::is_disguised;
use job_scanner_core::job::Workplace;
use url::Url;

/// Returns one line of at most `limit` characters. White space and control characters become single
/// spaces, invisible and direction-changing characters are removed, and a truncated line ends with
/// `…`.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::with_capacity(text.len().min(limit * 4));
    let mut length = 0;
    let mut gap = false;

    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            gap = length > 0;
        } else if !is_hidden(c) {
            let needed = if gap { 2 } else { 1 };
            if length + needed > limit {
                return truncated(line, length, limit);
            }
            if gap {
                line.push(' ');
            }
            line.push(c);
            length += needed;
            gap = false;
        }
    }
    line
}

/// Returns the text as [`one_line`] does; `None` if the line is empty.
pub(crate) fn optional_line(text: Option<&str>, limit: usize) -> Option<String> {
    text.map(|text| one_line(text, limit))
        .filter(|line| !line.is_empty())
}

/// Returns a link that is safe to follow: absolute, `http` or `https`, without a user name that
/// could look like a host. `None` for any other link, such as `javascript:`.
pub(crate) fn web_link(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let is_safe = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none();
    is_safe.then(|| url.into())
}

/// Returns a number with its noun, such as `2,836 jobs`.
pub(crate) fn counted(count: u64, singular: &str, plural: &str) -> String {
    let noun = if count == 1 { singular } else { plural };
    format!("{} {noun}", grouped(&count.to_string()))
}

/// Separates the thousands of a number in decimal digits, as in `2,836`.
pub(crate) fn grouped(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns the words of a workplace in messages.
pub(crate) fn describe_workplace(workplace: Workplace) -> &'static str {
    match workplace {
        Workplace::OnSite => "on site",
        Workplace::Hybrid => "hybrid",
        Workplace::Remote => "remote",
    }
}

fn truncated(mut line: String, length: usize, limit: usize) -> String {
    if length >= limit {
        line.pop();
    }
    let kept = line.trim_end().len();
    line.truncate(kept);
    line.push('…');
    line
}

/// Returns true for characters that are invisible or change the direction of the text around them.
/// The joiners U+200C and U+200D are kept, because Persian words and emoji need them.
fn is_hidden(c: char) -> bool {
    is_disguised(c) && !matches!(c, '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_one_visible_line() {
        let cases = [
            ("plain", "plain"),
            ("  two \t words ", "two words"),
            ("x\r\nBcc: y@evil.example", "x Bcc: y@evil.example"),
            ("line\u{2028}separator\u{85}next", "line separator next"),
            (
                "\u{202e}reversed\u{202c} \u{2066}isolated\u{2069}",
                "reversed isolated",
            ),
            ("\u{1b}[31mred", "[31mred"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\u{200b}\n", ""),
        ];
        for (given, expected) in cases {
            assert_eq!(one_line(given, 80), expected, "{given:?}");
        }
    }

    #[test]
    fn a_truncated_line_ends_with_an_ellipsis_within_the_limit() {
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("abcdefg", 6), "abcde…");
        assert_eq!(one_line("abcd efg", 6), "abcd…");
        assert_eq!(one_line("abcde fg", 6), "abcde…");
        assert_eq!(one_line(&"ä".repeat(10_240), 120).chars().count(), 120);
    }

    #[test]
    fn thousands_are_separated() {
        for (count, words) in [
            (1, "1 job"),
            (999, "999 jobs"),
            (2_836, "2,836 jobs"),
            (1_234_567, "1,234,567 jobs"),
        ] {
            assert_eq!(counted(count, "job", "jobs"), words);
        }
    }

    #[test]
    fn only_web_links_are_links() {
        assert_eq!(
            web_link("https://acme.example/jobs/7").as_deref(),
            Some("https://acme.example/jobs/7")
        );
        assert_eq!(
            web_link("http://acme.example").as_deref(),
            Some("http://acme.example/")
        );
        assert_eq!(
            web_link("https://acme.example/a b\"<x>").as_deref(),
            Some("https://acme.example/a%20b%22%3Cx%3E")
        );
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "/jobs/7",
            "",
            "https://bank.example@evil.example/",
        ] {
            assert_eq!(web_link(url), None, "{url}");
        }
    }
}
