//! Making texts comparable: one spelling for what differs only in case, accents, width or kind of
//! space.
//!
//! [`Folded`] is a text as the automaton reads it, and knows where each place of it stands in the
//! original. [`spelling`] is a short text with as much of its case and accents as a comparison
//! needs.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// What stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Keep {
    pub(super) case: bool,
    pub(super) accents: bool,
}

impl Keep {
    pub(super) const NOTHING: Self = Self {
        case: false,
        accents: false,
    };
}

/// A folded text and the way back. Meant to be reused, so that a thousand texts cost two
/// allocations.
#[derive(Default)]
pub(super) struct Folded {
    text: Vec<u8>,
    /// What one character becomes.
    unit: String,
    /// Where the distance between a place and its original changes, ascending. Empty for most plain
    /// ASCII.
    shifts: Vec<Shift>,
    original_len: usize,
}

/// From `folded` on, up to the next shift, places lie as far from `original` as they do from
/// `folded`.
struct Shift {
    folded: usize,
    original: usize,
}

impl Folded {
    /// Replaces what was folded before.
    pub(super) fn fold(&mut self, original: &str) {
        self.text.clear();
        self.text.reserve(original.len());
        self.shifts.clear();
        self.original_len = original.len();

        let mut folder = Folder::new(Keep::NOTHING);
        let mut at = 0;
        while at < original.len() {
            let run = folder.plain_run(&original.as_bytes()[at..]);
            if !run.is_empty() {
                self.note_shift(at);
                self.text
                    .extend(run.iter().map(|byte| FOLDED_ASCII[usize::from(*byte)]));
                at += run.len();
            }

            // What ended the run, if it is not the end of the text.
            if let Some(c) = original[at..].chars().next() {
                self.unit.clear();
                folder.push(c, &mut self.unit);
                if !self.unit.is_empty() {
                    self.note_shift(at);
                    self.text.extend_from_slice(self.unit.as_bytes());
                }
                at += c.len_utf8();
            }
        }
    }

    /// To be called where something is appended for what begins at `original`.
    fn note_shift(&mut self, original: usize) {
        let folded = self.text.len();
        let distance = self
            .shifts
            .last()
            .map_or(0, |last| last.original.wrapping_sub(last.folded));

        if original.wrapping_sub(folded) != distance {
            self.shifts.push(Shift { folded, original });
        }
    }

    /// UTF-8.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Where in the original the character begins that gave the folded text its place `folded`; its
    /// end for the end. The answer is no char boundary if that place lies within what one character
    /// became, as between the two `s` of ß.
    pub(super) fn original(&self, folded: usize) -> usize {
        if folded == self.text.len() {
            return self.original_len;
        }

        let behind = self.shifts.partition_point(|shift| shift.folded <= folded);
        match self.shifts[..behind].last() {
            None => folded,
            Some(shift) => shift.original + (folded - shift.folded),
        }
    }
}

/// The folded text alone.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut folder = Folder::new(Keep::NOTHING);
    for c in text.chars() {
        folder.push(c, &mut out);
    }
    out
}

/// A text with the case and accents that are asked for and everything else folded. Only to be
/// compared with another.
pub(super) fn spelling(text: &str, keep: Keep) -> String {
    let mut out = String::with_capacity(text.len());
    let mut folder = Folder::new(keep);
    for c in text.nfd() {
        folder.push(c, &mut out);
    }
    out
}

/// Full-width forms and typographic apostrophes as their plain ones.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '‘' | '’' | 'ʼ' => '\'',
        _ => c,
    }
}

/// Whether a character shows nothing and ends no word: soft hyphens, joiners, directions, variation
/// selectors.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// What ASCII becomes where case is folded: lower case, and a space for white space, hyphen and
/// slash.
const FOLDED_ASCII: [u8; 256] = {
    let mut table = [0; 256];
    let mut c: u8 = 0;
    while c.is_ascii() {
        table[c as usize] = if is_ascii_space(c) || matches!(c, b'-' | b'/') {
            b' '
        } else {
            c.to_ascii_lowercase()
        };
        c += 1;
    }
    table
};

const fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Whether a letter has neither case nor accent, or is lower case already: the common ones of
/// scripts other than Latin, for which the tables of Unicode need not be asked.
fn is_settled(c: char) -> bool {
    matches!(c, 'а'..='и' | 'к'..='я' | 'ぁ'..='ゖ' | 'ァ'..='ー' | '一'..='\u{9fff}' | '가'..='힣')
}

struct Folder {
    keep: Keep,
    /// Whether the last visible character was white space.
    in_space: bool,
}

impl Folder {
    fn new(keep: Keep) -> Self {
        Self {
            keep,
            in_space: false,
        }
    }

    /// The beginning of `bytes` that becomes one byte for each, by [`FOLDED_ASCII`]: ASCII without
    /// white space behind white space. Most texts are a few such runs.
    fn plain_run<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let mut goes_on = |byte: &u8| {
            let repeated = self.in_space && is_ascii_space(*byte);
            let plain = byte.is_ascii() && !repeated;
            if plain {
                self.in_space = is_ascii_space(*byte);
            }
            plain
        };

        let len = bytes.iter().take_while(|byte| goes_on(byte)).count();
        &bytes[..len]
    }

    /// Appends what `c` becomes: often one character, for some two, for some none. What becomes two
    /// is longer itself, in bytes, than the first of them (see [`Folded::original`]).
    fn push(&mut self, c: char, out: &mut String) {
        match plain(c) {
            c if c.is_whitespace() => {
                if !self.in_space {
                    out.push(' ');
                }
                self.in_space = true;
            }
            c if is_invisible(c) => {}
            c => {
                self.in_space = false;
                match c {
                    '-' | '/' | '\u{2010}'..='\u{2013}' => out.push(' '),
                    _ => self.push_letter(c, out),
                }
            }
        }
    }

    fn push_letter(&self, c: char, out: &mut String) {
        if is_settled(c) {
            out.push(c);
        } else {
            self.push_unsettled(c, out);
        }
    }

    fn push_unsettled(&self, c: char, out: &mut String) {
        let mut base = None;
        let mut only_accents_follow = true;
        decompose_canonical(c, |part| match base {
            None => base = Some(part),
            Some(_) => only_accents_follow &= is_accent(part),
        });

        match base {
            // The voicing marks of Kana, the vowels of Hangul and the like make another letter.
            Some(_) if !only_accents_follow => self.push_base(c, out),
            Some(base) if base != c => decompose_canonical(c, |part| self.push_part(part, out)),
            _ => self.push_part(c, out),
        }
    }

    /// Appends a character that decomposes no further.
    fn push_part(&self, c: char, out: &mut String) {
        if is_accent(c) {
            // The dot that an `i` has anyway: `İ` in lower case.
            let redundant = c == '\u{307}' && out.ends_with('i');
            if self.keep.accents && !redundant {
                out.push(c);
            }
            return;
        }

        match without_stroke(c) {
            Some((base, stroke)) => {
                self.push_base(base, out);
                self.push_part(stroke, out);
            }
            None => self.push_base(c, out),
        }
    }

    fn push_base(&self, c: char, out: &mut String) {
        if self.keep.case {
            out.push(c);
        } else {
            push_lower_case(c, out);
        }
    }
}

/// Unicode's case folding, as far as the standard library's mappings give it: lower, upper and
/// lower again brings together what one of the two alone keeps apart (`σ` and `ς`, `ſ` and `s`, `ı`
/// and `i`, `ẞ` and `ss`).
fn push_lower_case(c: char, out: &mut String) {
    if c.is_ascii() {
        return out.push(c.to_ascii_lowercase());
    }

    let lower = only(c.to_lowercase()).unwrap_or(c);
    let upper = lower.to_uppercase();

    match only(upper.clone()) {
        Some(upper) => out.push(only(upper.to_lowercase()).unwrap_or(lower)),
        // `ß` and ligatures. Others become more bytes than they were, and have a lower case of
        // their own anyway.
        None if upper.clone().all(|c| c.is_ascii()) => {
            out.extend(upper.map(|c| c.to_ascii_lowercase()));
        }
        None => out.push(lower),
    }
}

fn only(mut chars: impl ExactSizeIterator<Item = char>) -> Option<char> {
    if chars.len() == 1 { chars.next() } else { None }
}

/// Whether a mark changes how a letter is pronounced rather than which letter it is: the diacritics
/// of Latin, Greek and Cyrillic, and the points of Hebrew and Arabic. Vowel signs of Indic scripts
/// and the like are no accents.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}')
}

/// Letters with a stroke do not decompose in Unicode, but people leave strokes out as they do
/// accents: `Lodz`.
fn without_stroke(c: char) -> Option<(char, char)> {
    const SHORT: char = '\u{335}';
    const SLASH: char = '\u{338}';

    Some(match c {
        'ł' => ('l', SHORT),
        'Ł' => ('L', SHORT),
        'đ' => ('d', SHORT),
        'Đ' => ('D', SHORT),
        'ħ' => ('h', SHORT),
        'Ħ' => ('H', SHORT),
        'ŧ' => ('t', SHORT),
        'Ŧ' => ('T', SHORT),
        'ø' => ('o', SLASH),
        'Ø' => ('O', SLASH),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_width_and_separators_fold() {
        let cases = [
            ("Senior Rust", "senior rust"),
            ("full-stack", "full stack"),
            ("Full/Stack", "full stack"),
            ("full \n\t stack", "full stack"),
            ("full\u{a0}\u{3000}stack", "full stack"),
            ("full - stack", "full   stack"),
            ("re\u{ad}mo\u{200b}te", "remote"),
            ("Résumé", "resume"),
            ("Re\u{301}sume\u{301}", "resume"),
            ("Łódź", "lodz"),
            ("KØBENHAVN", "kobenhavn"),
            ("STRAẞE Straße", "strasse strasse"),
            ("İSTANBUL Diyarbakır", "istanbul diyarbakir"),
            ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
            ("Ёлка", "елка"),
            ("Ｒｕｓｔ＋＋", "rust++"),
            ("oﬃce L’Oréal", "office l'oreal"),
            ("がギ", "がギ"),
            ("한국어", "한국어"),
            ("हिन्दी", "हिन्दी"),
            ("\u{344}a", "a"),
            ("", ""),
        ];
        for (text, folded) in cases {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn case_and_accents_stay_where_they_are_asked_for() {
        let cases = [
            (
                "Résumé",
                Keep {
                    case: true,
                    accents: true,
                },
                "Re\u{301}sume\u{301}",
            ),
            (
                "Résumé",
                Keep {
                    case: true,
                    accents: false,
                },
                "Resume",
            ),
            (
                "Résumé",
                Keep {
                    case: false,
                    accents: true,
                },
                "re\u{301}sume\u{301}",
            ),
            (
                "Straße",
                Keep {
                    case: true,
                    accents: false,
                },
                "Straße",
            ),
            (
                "ŁØ",
                Keep {
                    case: false,
                    accents: true,
                },
                "l\u{335}o\u{338}",
            ),
            (
                "İstanbul",
                Keep {
                    case: false,
                    accents: true,
                },
                "istanbul",
            ),
        ];

        for (text, keep, expected) in cases {
            assert_eq!(spelling(text, keep), expected, "{text} {keep:?}");
        }
    }

    #[test]
    fn plain_ascii_needs_no_map() {
        let mut folded = Folded::default();
        folded.fold("Senior Engineer (Rust/C++), full-stack.\nRemote.");
        assert!(folded.shifts.is_empty());
        assert_eq!(folded.original(7), 7);
    }

    #[test]
    fn every_place_leads_back_to_its_character() {
        let original = "a\u{301}  é–漢 Straße.\u{ad}x";
        let mut folded = Folded::default();
        folded.fold(original);
        let text = str::from_utf8(folded.text()).unwrap();
        assert_eq!(text, "a e 漢 strasse.x");
        let back = |part: &str| &original[folded.original(text.find(part).unwrap())..];
        assert!(back("e").starts_with('é'));
        assert!(back("漢").starts_with('漢'));
        assert!(back("s").starts_with('S'));
        assert!(back("x").starts_with('x'));
        assert_eq!(folded.original(1), "a\u{301}".len());
        assert_eq!(folded.original(text.len()), original.len());
    }

    #[test]
    fn no_place_within_a_character_looks_like_a_boundary() {
        let mut folded = Folded::default();
        for c in '\0'..='\u{1ffff}' {
            let original = format!("x{c}y");
            folded.fold(&original);
            let text = str::from_utf8(folded.text()).unwrap();
            assert!(
                text.starts_with('x') && text.ends_with('y'),
                "{c:?} became {text:?}"
            );
            for (at, _) in text
                .char_indices()
                .skip(2)
                .take_while(|(at, _)| *at < text.len() - 1)
            {
                assert!(
                    !original.is_char_boundary(folded.original(at)),
                    "{c:?} became {text:?}"
                );
            }
        }
    }

    #[test]
    fn letters_taken_as_settled_are() {
        let folder = Folder::new(Keep::NOTHING);
        for c in ('\u{80}'..='\u{ffff}').filter(|c| is_settled(*c)) {
            let mut out = String::new();
            folder.push_unsettled(c, &mut out);
            assert_eq!(out, c.to_string());
        }
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for c in '\0'..='\u{1ffff}' {
            let once = fold(c.encode_utf8(&mut [0; 4]));
            assert_eq!(fold(&once), once, "{c:?}");
        }
    }
}
