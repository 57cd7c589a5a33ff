//! Layout of words in lines and paragraphs.
//!
//! A [`Layout`] takes text and the gaps between it in one pass. Gaps are only remembered, and the
//! largest one is written before the next visible character. So no text begins or ends with white
//! space, and there is at most one blank line between two lines. Invisible and control characters
//! are dropped.

use crate::escape::is_disguised;

/// The gap between two pieces of text, from the smallest to the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Space,
    Line,
    Blank,
}

/// A text under construction.
#[derive(Debug)]
pub(super) struct Layout {
    out: String,
    gap: Gap,
    /// The text between the gap and the next text.
    lead: &'static str,
}

impl Layout {
    /// Creates an empty text with room for about `bytes` bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            out: String::with_capacity(bytes),
            gap: Gap::None,
            lead: "",
        }
    }

    /// Adds text in which any white space becomes one space.
    pub(super) fn flow(&mut self, text: &str) {
        self.add(text, |layout, _| layout.raise(Gap::Space));
    }

    /// Adds text and keeps its line breaks.
    pub(super) fn lines(&mut self, text: &str) {
        let mut after_return = false;
        self.add(text, |layout, c| {
            match c {
                '\n' if after_return => {}
                '\n' | '\r' | '\u{2028}' => layout.line_break(),
                '\u{2029}' => layout.raise(Gap::Blank),
                _ => layout.raise(Gap::Space),
            }
            after_return = c == '\r';
        });
    }

    /// Requires at least this gap before the next text.
    pub(super) fn raise(&mut self, gap: Gap) {
        if self.lead.is_empty() {
            self.gap = self.gap.max(gap);
        }
    }

    /// Ends the line. A second call in a row leaves a blank line.
    pub(super) fn line_break(&mut self) {
        let gap = if self.gap >= Gap::Line {
            Gap::Blank
        } else {
            Gap::Line
        };
        self.raise(gap);
    }

    /// Begins a line with a bullet. The bullet is written together with the next text, without a
    /// gap between them.
    pub(super) fn lead(&mut self, bullet: &'static str) {
        // A pending lead would prevent the gap from being raised.
        self.lead = "";
        self.raise(Gap::Line);
        self.lead = bullet;
    }

    /// Continues the same line, whatever the gap, with `separator` directly before the next text.
    pub(super) fn join(&mut self, separator: &'static str) {
        self.gap = Gap::None;
        self.lead = separator;
    }

    /// Removes this bullet or separator if no text has followed it.
    pub(super) fn take_back(&mut self, lead: &'static str) {
        if self.lead == lead {
            self.lead = "";
        }
    }

    /// Returns true if the next text begins a line.
    pub(super) fn is_at_line_start(&self) -> bool {
        self.gap >= Gap::Line
    }

    /// Returns the number of bytes written.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// Returns the text.
    pub(super) fn finish(self) -> String {
        self.out
    }

    fn add(&mut self, text: &str, mut white_space: impl FnMut(&mut Self, char)) {
        let mut rest = text;
        loop {
            let (run, after) = rest.split_at(visible_run(rest.as_bytes()));
            if !run.is_empty() {
                self.write(run);
            }

            let mut after = after.chars();
            match after.next() {
                None => return,
                Some(c) if c.is_whitespace() => white_space(self, c),
                Some(c) if is_dropped(c) => {}
                Some(c) => self.write(c.encode_utf8(&mut [0; 4])),
            }
            rest = after.as_str();
        }
    }

    fn write(&mut self, visible: &str) {
        if self.gap != Gap::None || !self.lead.is_empty() {
            self.write_gap();
        }
        self.out.push_str(visible);
    }

    fn write_gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push_str(match self.gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Blank => "\n\n",
            });
        }
        self.out.push_str(self.lead);

        self.gap = Gap::None;
        self.lead = "";
    }
}

/// Returns the length of the leading run of words in visible ASCII with single spaces between them.
/// Most texts consist almost entirely of such runs, and handling them at once is fast.
fn visible_run(bytes: &[u8]) -> usize {
    let mut end = plain_blocks(bytes);
    // The space may be the first of several.
    end -= usize::from(bytes[..end].ends_with(b" "));
    loop {
        match bytes.get(end..) {
            Some([first, ..]) if first.is_ascii_graphic() => end += 1,
            Some([b' ', second, ..]) if end > 0 && second.is_ascii_graphic() => end += 2,
            _ => return end,
        }
    }
}

/// Returns the length of the leading blocks that begin with a visible character and have only such
/// characters and single spaces.
fn plain_blocks(bytes: &[u8]) -> usize {
    const BLOCK: usize = 32;
    if !bytes.first().is_some_and(u8::is_ascii_graphic) {
        return 0;
    }

    let mut end = 0;
    while let Some(block) = bytes.get(end..end + BLOCK) {
        // Without an early exit, the compiler compares many bytes at once.
        let is_visible = |byte: &u8| matches!(byte, b' '..=b'~');
        let are_visible = block.iter().fold(true, |all, byte| all & is_visible(byte));
        let pairs = block.iter().zip(&block[1..]);
        let has_pair = pairs.fold(false, |found, (one, next)| {
            let are_spaces = *one == b' ' && *next == b' ';
            found | are_spaces
        });
        let has_spaces = has_pair || (block[0] == b' ' && bytes[..end].ends_with(b" "));
        if !are_visible || has_spaces {
            break;
        }
        end += BLOCK;
    }
    end
}

/// Returns true for an invisible or control character. The zero-width joiners are kept: without
/// them, emoji and words of Persian or Hindi would be split. [`crate::escape`] escapes them in
/// print.
fn is_dropped(c: char) -> bool {
    is_disguised(c) && !matches!(c, '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(text: &str) -> String {
        let mut layout = Layout::with_capacity(0);
        layout.flow(text);
        layout.finish()
    }

    fn lines(text: &str) -> String {
        let mut layout = Layout::with_capacity(0);
        layout.lines(text);
        layout.finish()
    }

    #[test]
    fn any_white_space_becomes_one_space() {
        assert_eq!(flow(" a  b\n\tc\u{a0}\u{3000}d \u{2029} e "), "a b c d e");
        assert_eq!(flow(" \n"), "");
    }

    #[test]
    fn invisible_characters_do_not_separate_words() {
        assert_eq!(flow("so\u{ad}ft\u{200b}\u{202e}wa\u{0}re"), "software");
        assert_eq!(flow("👩\u{200d}💻"), "👩\u{200d}💻");
    }

    #[test]
    fn a_long_run_ends_at_the_first_character_that_is_not_plain() {
        let run = "a bc def ".repeat(40);
        for at in 1..run.len() {
            for (other, kept) in [
                ("  ", " "),
                ("\u{a0}", " "),
                ("\u{ad}", ""),
                ("\n", " "),
                ("é", "é"),
                ("\u{7f}", ""),
            ] {
                let (before, after) = run.split_at(at);
                let expected = format!("{before}{kept}{after}");
                let words: Vec<&str> = expected
                    .split(' ')
                    .filter(|word| !word.is_empty())
                    .collect();
                let text = format!("{before}{other}{after}");
                assert_eq!(flow(&text), words.join(" "), "{other:?} at {at}");
            }
        }
    }

    #[test]
    fn line_breaks_are_kept_and_blank_lines_are_single() {
        assert_eq!(
            lines("\n a\r\nb \n\n\n c\rd\u{2028}e\u{2029}f\n"),
            "a\nb\n\nc\nd\ne\n\nf"
        );
    }

    #[test]
    fn the_largest_gap_wins() {
        let mut layout = Layout::with_capacity(0);
        layout.flow("a");
        layout.raise(Gap::Blank);
        layout.raise(Gap::Line);
        layout.flow(" b");
        assert_eq!(layout.finish(), "a\n\nb");
    }
}
