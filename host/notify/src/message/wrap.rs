//! Breaks the lines of the text part, so that they fit into a terminal.
//!
//! A continued line is indented further than the line that it continues. So a text of a board, which
//! may hold any words, begins no line that looks like one of ours.

/// The width of a terminal, less a margin for the marks of quoted mail.
const COLUMNS: usize = 78;
/// The indentation of a continued line, in addition to that of its first line.
const HANGING: usize = 4;

/// Returns the text with its lines broken at spaces. A longer word, such as a URL, stays whole.
pub(super) fn wrapped(text: &str) -> String {
    let mut wrapped = String::with_capacity(text.len() + text.len() / 16);
    for line in text.lines() {
        wrap_line(line, &mut wrapped);
        wrapped.push('\n');
    }
    wrapped
}

fn wrap_line(line: &str, wrapped: &mut String) {
    let words = line.trim_start_matches(' ');
    let indent = line.len() - words.len();
    wrapped.push_str(&line[..indent]);

    let mut column = indent;
    for (number, word) in words.split(' ').enumerate() {
        let columns = columns_of(word);
        if number > 0 && column + 1 + columns > COLUMNS {
            wrapped.push('\n');
            column = indent + HANGING;
            wrapped.extend(std::iter::repeat_n(' ', column));
        } else if number > 0 {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += columns;
    }
}

/// Returns the number of columns of a word, if the terminal shows East Asian letters and emoji in
/// two of them.
fn columns_of(word: &str) -> usize {
    let columns = |c| match c {
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    };
    word.chars().map(columns).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_broken_at_spaces_and_its_rest_is_indented() {
        let long = format!("  - {}", "word ".repeat(40).trim_end());
        let text = wrapped(&format!("{long}\n\nshort\n"));
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines.iter().all(|line| line.chars().count() <= COLUMNS),
            "{text}"
        );
        assert!(lines[1].starts_with("      word"), "{text}");
        assert_eq!(lines[lines.len() - 2..], ["", "short"]);
        let words = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(words(&text), words(&format!("{long} short")));
    }

    #[test]
    fn a_url_stays_whole_and_wide_letters_count_twice() {
        let url = format!("https://acme.example/{}", "x".repeat(100));
        assert_eq!(
            wrapped(&format!("Page: {url}\n")),
            format!("Page:\n    {url}\n")
        );
        let wide = format!("{} {}", "開".repeat(20), "発".repeat(20));
        assert_eq!(wrapped(&wide).lines().count(), 2);
    }
}
