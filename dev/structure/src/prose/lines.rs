//! The comments of languages whose comments end with the line, and the output of scripts.

use super::text::{Passage, Passages, Role};

/// The commands and functions of scripts that print their arguments.
const PRINTERS: &[&str] = &["echo", "printf", "say", "fail"];

/// Reads the comments that begin with `mark`: `#` or `--`.
pub(crate) fn comments(text: &str, mark: &'static str) -> Vec<Passage> {
    let mut found = Passages::default();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((code, comment)) = split_comment(line, mark) else {
            continue;
        };
        let passage = Passage {
            line: number,
            role: Role::Comment,
            text: comment.to_owned(),
        };
        found.push(mark, code.trim().is_empty(), passage);
    }
    found.into_all()
}

/// Reads the doc strings of Python, and returns the text without them, with the same lines.
pub(crate) fn doc_strings(text: &str) -> (Vec<Passage>, String) {
    let mut found = Vec::new();
    let mut code = String::new();
    let mut line = 1;
    for (index, part) in text.split("\"\"\"").enumerate() {
        let breaks = part.matches('\n').count();
        if index % 2 == 1 {
            found.push(Passage {
                line,
                role: Role::Comment,
                text: part.to_owned(),
            });
            code.push_str(&"\n".repeat(breaks));
        } else {
            code.push_str(part);
        }
        line += breaks;
    }
    (found, code)
}

/// Reads the arguments of the commands of a shell script that print them.
pub(crate) fn output(text: &str) -> Vec<Passage> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let code = split_comment(line, "#").map_or(line, |(code, _)| code);
        let is_printer = |word: &str| PRINTERS.contains(&word.trim_start_matches(['@', '(', '{']));
        let Some(printer) = code.split_whitespace().find(|word| is_printer(word)) else {
            continue;
        };
        let (_, arguments) = code.split_once(printer).unwrap_or_default();
        found.push(Passage {
            line: number,
            role: Role::Message,
            text: arguments.replace("\\`", "`"),
        });
    }
    found
}

/// Splits a line into code and comment. A comment begins the line or follows white space, and the
/// code before it has no open quotation mark.
fn split_comment<'l>(line: &'l str, mark: &str) -> Option<(&'l str, &'l str)> {
    for (at, _) in line.match_indices(mark) {
        let (code, comment) = (&line[..at], &line[at + mark.len()..]);
        if code.trim().is_empty() {
            let text = comment.trim_start_matches('#');
            return (!comment.starts_with('!')).then_some((code, text));
        }
        let is_open = |quote| code.matches(quote).count() % 2 == 1;
        if code.ends_with(' ') && comment.starts_with(' ') && !is_open('"') {
            return Some((code, comment));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(passages: &[Passage]) -> Vec<(usize, &str)> {
        passages
            .iter()
            .map(|passage| (passage.line, passage.text.as_str()))
            .collect()
    }

    #[test]
    fn comments_are_read_at_the_beginning_of_a_line_and_after_code() {
        let text = "#!/bin/sh\n# a\n## b\nx=${#y} # c\necho \"d # e\" $# f";

        let found = comments(text, "#");

        assert_eq!(pairs(&found), [(2, " a\n b"), (4, " c")]);
    }

    #[test]
    fn comments_of_sql_begin_with_two_hyphens() {
        let text = "-- a\nSELECT '--'; -- b";

        assert_eq!(pairs(&comments(text, "--")), [(1, " a"), (2, " b")]);
    }

    #[test]
    fn doc_strings_are_read_and_line_numbers_stay() {
        let (found, code) = doc_strings("\"\"\"a\nb\"\"\"\nx = 1\n\"\"\"c\"\"\"\n");

        assert_eq!(pairs(&found), [(1, "a\nb"), (4, "c")]);
        assert_eq!(code, "\n\nx = 1\n\n");
    }

    #[test]
    fn the_output_of_scripts_is_read() {
        let text = "    @echo \"a\" >&2\n# echo b\n[[ -x c ]] || { say \"d \\`e\\`\"; }\nx=1";

        let found = output(text);

        assert_eq!(pairs(&found), [(1, " \"a\" >&2"), (3, " \"d `e`\"; }")]);
    }
}
