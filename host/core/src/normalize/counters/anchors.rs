//! The words by which the lines that may have counters are found.
//!
//! Every counter has one of its anchors: words that are rare in other texts. Looking for these takes
//! less than half of the time of comparing each word with all phrases.

use std::ops::Range;

/// A word of a counter, with what else its lines have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchor {
    /// In lower case, and not empty.
    pub(super) word: String,
    /// The counter has a digit.
    pub(super) needs_digit: bool,
    /// The counter begins with the word, and no other word is before it.
    pub(super) needs_start: bool,
    /// The counter ends on the line on which it begins, and otherwise on the next one.
    pub(super) is_on_one_line: bool,
}

/// A set of anchors.
#[derive(Debug)]
pub(super) struct Anchors {
    /// The anchors that begin in the same way. The first group is empty.
    groups: Vec<Vec<Anchor>>,
    /// The group of each [`slot`]: 0 for most of them.
    group_of: Vec<u16>,
}

/// The classes of the first four bytes of a word and of the spaces after it: see [`class`].
type Beginning = usize;

const LETTERS: usize = 4;
const BITS: usize = 5;

/// The number of slots for beginnings. So few stay in the processor's caches.
const SLOTS: usize = 1 << 15;

/// A line of a text.
struct Line {
    place: Range<usize>,
    has_digit: bool,
    /// True if the line may have a counter or a part of one.
    is_marked: bool,
}

impl Default for Anchors {
    fn default() -> Self {
        Self {
            groups: vec![Vec::new()],
            group_of: vec![0; SLOTS],
        }
    }
}

impl Anchors {
    /// Adds an anchor unless it is in the set.
    pub(super) fn add(&mut self, anchor: &Anchor) {
        for beginning in beginnings(&anchor.word) {
            let group = &mut self.group_of[slot(beginning)];
            if *group == 0 {
                // There are fewer groups than slots.
                *group = u16::try_from(self.groups.len()).unwrap_or(u16::MAX);
                self.groups.push(Vec::new());
            }
            let anchors = &mut self.groups[usize::from(*group)];
            if !anchors.contains(anchor) {
                anchors.push(anchor.clone());
            }
        }
    }

    /// Returns the parts of a text that may have counters, in their order. They are whole lines,
    /// and no counter is in two parts.
    pub(super) fn parts(&self, text: &str) -> Vec<Range<usize>> {
        let mut lines = lines(text);
        let mut at = 0;
        for start in word_starts(text.as_bytes()) {
            let group = usize::from(self.group_of[slot(beginning_at(text.as_bytes(), start))]);
            if group == 0 {
                continue;
            }
            while lines[at].place.end < start {
                at += 1;
            }
            for anchor in &self.groups[group] {
                anchor.mark(text, start, &mut lines, at);
            }
        }
        joined(&lines)
    }
}

impl Anchor {
    /// Marks the lines over which a counter with this anchor at a position may extend.
    fn mark(&self, text: &str, start: usize, lines: &mut [Line], at: usize) {
        let reach = if self.is_on_one_line {
            at..at + 1
        } else {
            at.saturating_sub(1)..lines.len().min(at + 2)
        };
        let lines = &mut lines[reach];
        let is_possible = !self.needs_digit || lines.iter().any(|line| line.has_digit);
        if is_possible && self.is_at(text, start) {
            for line in lines {
                line.is_marked = true;
            }
        }
    }

    /// Returns true if the word is at this position of a text, and may be one of its counter.
    fn is_at(&self, text: &str, start: usize) -> bool {
        let (Some(before), Some(after)) = (text.get(..start), text.get(start..)) else {
            return false;
        };
        // Almost all words differ in the first letters after the beginning.
        let ascii = self.word.bytes().take_while(u8::is_ascii);
        if !ascii
            .zip(after.bytes())
            .all(|(own, byte)| own == byte.to_ascii_lowercase())
        {
            return false;
        }

        let letters = after.chars().take_while(|c| c.is_alphabetic());
        let is_word = !before.ends_with(char::is_alphabetic)
            && letters.flat_map(char::to_lowercase).eq(self.word.chars());

        let is_of_word = |c: char| c.is_alphabetic() || c.is_ascii_digit();
        let follows_word = before.trim_end_matches(' ').ends_with(is_of_word);
        is_word && !(self.needs_start && follows_word)
    }
}

/// Returns the beginnings with which a word may be in a text. After a space, any byte may follow.
fn beginnings(word: &str) -> impl Iterator<Item = Beginning> {
    let own = word.bytes().map(class).chain([0]).take(LETTERS);
    let (own, length) = own.fold((0, 0), |(all, length), class| {
        ((all << BITS) | class, length + 1)
    });
    let free_bits = (LETTERS - length) * BITS;
    (0..1 << free_bits).map(move |following| (own << free_bits) | following)
}

/// Returns the beginning of the word at a position of a text.
fn beginning_at(text: &[u8], start: usize) -> Beginning {
    let mut bytes = [b' '; LETTERS];
    let end = text.len().min(start + LETTERS);
    bytes[..end - start].copy_from_slice(&text[start..end]);
    bytes
        .iter()
        .fold(0, |all, byte| (all << BITS) | class(*byte))
}

/// Returns the slot of a beginning. Several beginnings may have the same one.
fn slot(beginning: Beginning) -> usize {
    (beginning ^ (beginning >> 8)) % SLOTS
}

/// Returns the positions at which words may begin: those of ASCII letters without one directly
/// before them, and of all characters beyond ASCII.
fn word_starts(text: &[u8]) -> impl Iterator<Item = usize> {
    let mut follows_letter = 0;
    text.chunks(BLOCK)
        .enumerate()
        .flat_map(move |(number, block)| {
            let letters = bits(block, |byte| byte.is_ascii_alphabetic());
            let others = bits(block, |byte| byte >= 0xc0);
            let mut starts = letters & !(letters << 1 | follows_letter) | others;
            follows_letter = letters >> (BLOCK - 1);
            std::iter::from_fn(move || {
                let at = (starts != 0).then(|| starts.trailing_zeros() as usize)?;
                starts &= starts - 1;
                Some(number * BLOCK + at)
            })
        })
}

/// The bytes that are compared at once.
const BLOCK: usize = 64;

/// Returns a bit for each byte of a block that has a property, the lowest one for its first byte.
fn bits(block: &[u8], has_property: impl Fn(u8) -> bool) -> u64 {
    let mut bytes = [0; BLOCK];
    bytes[..block.len()].copy_from_slice(block);
    // Each step is simple enough for the compiler to handle many bytes with one instruction.
    let bits = bytes.map(|byte| u8::from(has_property(byte)));
    let (eights, _) = bits.as_chunks::<8>();
    eights.iter().rev().fold(0, |all, eight| {
        // The product has the lowest bits of the eight bytes next to each other at its top.
        let packed = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        all << 8 | packed
    })
}

/// Returns a number of five bits for a byte: that of the letter, or 0 for all other bytes, those of
/// letters beyond ASCII included.
fn class(byte: u8) -> usize {
    usize::from(CLASSES[usize::from(byte)])
}

/// The classes of all bytes.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut letter = 1;
    while letter <= 26 {
        classes[0x40 | letter as usize] = letter;
        classes[0x60 | letter as usize] = letter;
        letter += 1;
    }
    classes
};

/// Returns the marked lines, those next to each other as one part.
fn joined(lines: &[Line]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for Line { place, .. } in lines.iter().filter(|line| line.is_marked) {
        match parts.last_mut() {
            Some(part) if part.end + 1 == place.start => part.end = place.end,
            _ => parts.push(place.clone()),
        }
    }
    parts
}

/// Divides a text into lines.
fn lines(text: &str) -> Vec<Line> {
    let mut start = 0;
    let lines = text.split('\n').map(|line| {
        let place = start..start + line.len();
        start = place.end + 1;
        // Without an early exit, the compiler compares many bytes at once.
        let has_digit = line
            .bytes()
            .fold(false, |found, byte| found | byte.is_ascii_digit());
        Line {
            place,
            has_digit,
            is_marked: false,
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEWS: (&str, bool, bool, bool) = ("views", true, false, false);

    fn anchors(all: &[(&str, bool, bool, bool)]) -> Anchors {
        let mut anchors = Anchors::default();
        for &(word, needs_digit, needs_start, is_on_one_line) in all {
            anchors.add(&Anchor {
                word: word.to_owned(),
                needs_digit,
                needs_start,
                is_on_one_line,
            });
        }
        anchors
    }

    #[test]
    fn only_the_lines_that_may_have_a_counter_are_parts() {
        let anchors = anchors(&[
            VIEWS,
            ("new", false, true, true),
            ("ago", false, false, true),
            ("il", false, false, true),
            ("schließt", false, false, true),
            ("änderung", false, false, true),
        ]);
        for (text, parts) in [
            ("", &[][..]),
            ("Oslo\nAgo", &["Ago"]),
            ("Chicago, agony\n", &[]),
            ("Oslo\na day ago\nRoma", &["a day ago"]),
            ("a new office, brand new", &[]),
            ("Oslo · New · 3", &["Oslo · New · 3"]),
            ("35New", &[]),
            ("éago agoé 3ago", &["éago agoé 3ago"]),
            ("il y a\nun jour\nil", &["il y a", "il"]),
            ("SCHLIEẞT heute", &["SCHLIEẞT heute"]),
            ("Änderung: 7\nVerÄnderung", &["Änderung: 7"]),
            ("many views\nOslo", &[]),
            ("a\nviews\n7\nb", &["a\nviews\n7"]),
            ("views: 8\nOslo\nRoma", &["views: 8\nOslo"]),
            ("views 8\nOslo\nago", &["views 8\nOslo\nago"]),
        ] {
            let found = anchors.parts(text);
            let found: Vec<&str> = found.into_iter().map(|part| &text[part]).collect();
            assert_eq!(found, parts, "{text}");
        }
    }

    #[test]
    fn a_word_is_found_wherever_it_begins_in_a_block() {
        let anchors = anchors(&[("ago", false, false, true)]);
        for before in 0..2 * BLOCK {
            let text = format!("{}ago", " ".repeat(before));
            assert_eq!(anchors.parts(&text), vec![0..text.len()], "{before}");
            let start = before % BLOCK;
            let word = format!("{}{}", " ".repeat(start), "x".repeat(BLOCK));
            assert!(word_starts(word.as_bytes()).eq([start]), "{start}");
        }
    }

    #[test]
    fn each_byte_of_a_block_has_its_bit() {
        let is_letter = |byte: u8| byte.is_ascii_alphabetic();
        for at in 0..BLOCK {
            let mut block = [b'@'; BLOCK];
            block[at] = b'z';
            assert_eq!(bits(&block, is_letter), 1 << at);
        }
        assert_eq!(bits("aé[Z".as_bytes(), is_letter), 0b10001);
    }
}
