//! The prose of Markdown documents.

use super::text::{Passage, Role};

/// Reads a document without its code blocks. The lines keep their numbers.
pub(crate) fn read(text: &str) -> Passage {
    Passage {
        line: 1,
        role: Role::Document,
        text: without_blocks(text),
    }
}

/// Replaces the lines of code blocks, which are between three backticks or tildes, with empty ones.
pub(crate) fn without_blocks(text: &str) -> String {
    let mut fence = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let start = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| start.starts_with(mark));
        let is_prose = fence.is_none() && mark.is_none();
        lines.push(if is_prose { line } else { "" });

        match fence {
            None => fence = mark,
            Some(_) if fence == mark => fence = None,
            Some(_) => {}
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_blocks_are_left_out_and_lines_stay() {
        let text = "a\n```sh\nb\n~~~\n```\nc\n  ~~~\n  d\n  ~~~\ne";

        assert_eq!(read(text).text, "a\n\n\n\n\nc\n\n\n\ne");
    }
}
