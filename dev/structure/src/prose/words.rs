//! The words of a text, each with its line.

/// The word that replaces a code span or a URL.
pub(crate) const CODE: &str = "`";

/// A word in lower case, without the ending of a genitive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) line: usize,
    /// True for the last word of a sentence, a heading, a list item or a cell.
    pub(crate) ends: bool,
}

/// Splits a text whose first line has the number `line`. A code span or a URL becomes one word,
/// [`CODE`]. The target of a link is ignored.
pub(crate) fn split(text: &str, line: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (offset, content) in without_code(text).lines().enumerate() {
        if begins_block(content)
            && let Some(last) = words.last_mut()
        {
            last.ends = true;
        }
        for token in content.split_whitespace() {
            add(token, line + offset, &mut words);
        }
    }
    words
}

/// Adds the words of a token without white space.
fn add(token: &str, line: usize, words: &mut Vec<Word>) {
    if token.contains("://") {
        words.push(word(CODE, line));
    } else {
        let token = token.replace('’', "'");
        let parts = token.split(|sign: char| !sign.is_alphanumeric() && !"'-_`".contains(sign));
        let parts = parts.map(|part| part.trim_matches(['\'', '-', '_']));
        words.extend(
            parts
                .filter(|part| !part.is_empty())
                .map(|part| word(part, line)),
        );
    }

    let closing = ['"', '\'', ')', ']', '*', '_', '”', '’'];
    let ends = token
        .trim_end_matches(closing)
        .ends_with(['.', '!', '?', ':', ';', '|']);
    if ends && let Some(last) = words.last_mut() {
        last.ends = true;
    }
}

fn word(text: &str, line: usize) -> Word {
    let text = text.to_lowercase();
    let text = text.strip_suffix("'s").unwrap_or(&text).to_owned();
    Word {
        text,
        line,
        ends: false,
    }
}

/// Returns true for an empty line and for the first line of a heading, a list item or a table row.
fn begins_block(line: &str) -> bool {
    let line = line.trim_start();
    let is_numbered = line
        .split_once(". ")
        .is_some_and(|(number, _)| number.parse::<u8>().is_ok());
    let marks = ["# ", "## ", "### ", "- ", "* ", "+ ", "> ", "|"];
    line.is_empty() || is_numbered || marks.iter().any(|mark| line.starts_with(mark))
}

/// Replaces each code span by [`CODE`], and removes the targets of links. The lines stay.
fn without_code(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['`', ']']) {
        prose.push_str(&rest[..at]);
        rest = &rest[at..];

        if let Some(target) = rest.strip_prefix("](") {
            let end = target.find(|sign: char| sign == ')' || sign.is_whitespace());
            rest = &target[end.unwrap_or(target.len())..];
        } else if let Some((span, after)) = code_span(rest) {
            prose.push_str(CODE);
            prose.extend(span.matches('\n'));
            rest = after;
        } else {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            rest = &rest[ticks.max(1)..];
        }
    }
    prose.push_str(rest);
    prose
}

/// Splits a code span off the beginning of a text, and returns its content and the rest. A span
/// ends with as many backticks as it begins with, and in the same paragraph.
fn code_span(text: &str) -> Option<(&str, &str)> {
    let inside = text.trim_start_matches('`');
    let ticks = text.len() - inside.len();
    if ticks == 0 {
        return None;
    }

    let paragraph = inside.find("\n\n").unwrap_or(inside.len());
    let mut from = 0;
    while let Some(at) = inside[from..paragraph].find('`') {
        let at = from + at;
        let closing = inside[at..].len() - inside[at..].trim_start_matches('`').len();
        if closing == ticks {
            return Some((&inside[..at], &inside[at + closing..]));
        }
        from = at + closing;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        split(text, 1).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_have_lines_and_no_punctuation_or_genitive() {
        let words = split("The board’s (odd)\nlook-behind/answer: \"Why\"", 7);

        let found: Vec<(&str, usize)> = words
            .iter()
            .map(|word| (word.text.as_str(), word.line))
            .collect();
        let first = [("the", 7), ("board", 7), ("odd", 7)];
        let second = [("look-behind", 8), ("answer", 8), ("why", 8)];
        assert_eq!(found, [first, second].concat());
    }

    #[test]
    fn code_spans_and_urls_are_one_word_and_link_targets_are_ignored() {
        let text = "See [the `a b`](docs/anew.md), ``c ` d``, [`E`]'s, https://x.org/beside.";

        assert_eq!(texts(text), ["see", "the", CODE, CODE, CODE, CODE]);
    }

    #[test]
    fn a_code_span_may_continue_in_the_next_line_but_not_in_the_next_paragraph() {
        let words = split("a `b\nc` d", 1);
        assert_eq!((words[2].text.as_str(), words[2].line), ("d", 2));

        assert_eq!(texts("a ` b\n\nc ` d"), ["a", "b", "c", "d"]);
    }

    #[test]
    fn sentences_list_items_and_cells_end() {
        let words = split(
            "One two. Three (four.)\n- five\n| six | seven |\n\neight",
            1,
        );

        let last: Vec<&str> = words
            .iter()
            .filter(|word| word.ends)
            .map(|word| word.text.as_str())
            .collect();
        assert_eq!(last, ["two", "four", "five", "six", "seven"]);
    }
}
