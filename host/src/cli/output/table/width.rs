//! Texts cut, wrapped and padded to a number of columns of the terminal. A character may need two
//! columns, or none.

use console::measure_text_width;

/// Stands for the part of a text that was cut.
const ELLIPSIS: char = '…';

/// Returns the number of columns that a text needs.
pub(super) fn width_of(text: &str) -> usize {
    measure_text_width(text)
}

/// Returns the text if it fits into `width` columns. Otherwise it ends with `…` after the last word
/// that fits. The first word is cut if it does not fit, or if what fits would be less than half.
pub(super) fn cut(text: &str, width: usize) -> String {
    if width_of(text) <= width {
        return text.to_owned();
    }
    let start = start_of(text, width.saturating_sub(1));
    let is_between_words = text[start.len()..].starts_with(' ');
    let words = match start.rfind(' ') {
        Some(space) if !is_between_words && width_of(&start[..space]) * 2 >= width => {
            &start[..space]
        }
        _ => start,
    };

    let is_dangling = |c: char| c.is_whitespace() || ",;:–-(/&|".contains(c);
    let mut cut = words.trim_end_matches(is_dangling).to_owned();
    cut.push(ELLIPSIS);
    cut
}

/// Returns the longest beginning of a text that needs at most `width` columns.
fn start_of(text: &str, width: usize) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let fitting = ends.take_while(|end| width_of(&text[..*end]) <= width);
    &text[..fitting.last().unwrap_or(0)]
}

/// Returns the text in lines of at most `width` columns. A longer word gets a line of its own and is
/// not broken. There is always one line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if width_of(line) + 1 + width_of(word) <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_after_the_last_word_that_fits() {
        for (text, width, shown) in [
            ("Platform Engineer", 17, "Platform Engineer"),
            ("Platform Engineer", 16, "Platform…"),
            ("Platform Engineer, Payments", 18, "Platform Engineer…"),
            ("Platform Engineer – Payments", 20, "Platform Engineer…"),
            (
                "Head of Rindfleischetikettierung",
                20,
                "Head of Rindfleisch…",
            ),
            ("Rindfleischetikettierung", 8, "Rindfle…"),
            ("東京のエンジニア", 8, "東京の…"),
            ("e\u{301}e\u{301}e\u{301}e\u{301}", 3, "e\u{301}e\u{301}…"),
            ("ab", 1, "…"),
        ] {
            let cut = cut(text, width);
            assert_eq!(cut, shown, "{text} in {width}");
            assert!(width_of(&cut) <= width, "{cut}");
        }
    }

    #[test]
    fn a_text_is_wrapped_between_words_and_no_word_is_broken() {
        assert_eq!(wrap("may reach a.example", 10), ["may reach", "a.example"]);
        assert_eq!(
            wrap("see /srv/boards/adapters now", 8),
            ["see", "/srv/boards/adapters", "now"]
        );
        assert_eq!(wrap("東京 大阪", 5), ["東京", "大阪"]);
        assert_eq!(wrap("", 5), [""]);
    }
}
