//! Snippets: a hit with its surrounding text, for people.

/// The largest number of characters on each side of a hit. Two short lines are enough to recognize
/// a text.
const CONTEXT: usize = 60;

/// Returns `text[start..end]` with the surrounding text on one line, with `…` where text was cut.
/// Both positions must be char boundaries.
pub(super) fn snippet(text: &str, start: usize, end: usize) -> String {
    let (before, after) = (&text[..start], &text[end..]);
    let from = before
        .char_indices()
        .nth_back(CONTEXT - 1)
        .map_or(0, |(at, _)| at);
    let to = after
        .char_indices()
        .nth(CONTEXT)
        .map_or(text.len(), |(at, _)| end + at);

    let mut line = String::with_capacity(to - from + 2 * '…'.len_utf8());
    if from > 0 {
        line.push('…');
    }
    let words = whole_word_start(text, from, start)..whole_word_end(text, end, to);
    push_on_one_line(&text[words], &mut line);
    if to < text.len() {
        line.push('…');
    }
    line
}

/// Skips the rest of a word that was cut at the front, unless nothing else would remain.
fn whole_word_start(text: &str, from: usize, start: usize) -> usize {
    if from == 0 {
        return 0;
    }

    text[from..start]
        .find(char::is_whitespace)
        .map_or(from, |at| from + at)
}

/// Drops the rest of a word that was cut at the end, unless nothing else would remain.
fn whole_word_end(text: &str, end: usize, to: usize) -> usize {
    if to == text.len() {
        return to;
    }

    text[end..to]
        .rfind(char::is_whitespace)
        .map_or(to, |at| end + at)
}

fn push_on_one_line(text: &str, line: &mut String) {
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            line.push(' ');
        }
        line.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str, hit: &str) -> String {
        let start = text.find(hit).unwrap();
        snippet(text, start, start + hit.len())
    }

    #[test]
    fn a_short_text_is_shown_whole() {
        assert_eq!(
            around("Senior Rust Engineer", "Rust"),
            "Senior Rust Engineer"
        );
    }

    #[test]
    fn a_long_text_is_cut_between_words_and_marked() {
        let filler = "word ".repeat(40);
        let cut = around(&format!("{filler}Rust {filler}"), "Rust");
        assert!(
            cut.starts_with("…word word") && cut.ends_with("word word…"),
            "{cut}"
        );
        let length = cut.chars().count();
        assert!((110..=126).contains(&length), "{length} characters: {cut}");
    }

    #[test]
    fn line_breaks_and_runs_of_white_space_become_one_space() {
        assert_eq!(
            around("You know\r\n\r\n  Rust\u{2028}\tand Go.\n", "Rust"),
            "You know Rust and Go."
        );
    }

    #[test]
    fn a_text_without_spaces_is_cut_between_characters() {
        let cut = around(
            &format!("{}開発{}", "漢".repeat(100), "字".repeat(100)),
            "開発",
        );
        assert_eq!(cut, format!("…{}開発{}…", "漢".repeat(60), "字".repeat(60)));
    }
}
