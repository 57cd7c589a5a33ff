//! Folding of texts for comparison: one spelling for texts that differ only in case, accents, width
//! or kind of space.
//!
//! [`Folded`] is a text as the automaton reads it, with a map from its positions to the original.
//! [`spelling`] is a short text that keeps as much of its case and accents as a comparison needs.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// The differences that folding keeps.
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

/// A folded text with a map back to the original. It is reused, so a thousand texts cost two
/// allocations.
#[derive(Default)]
pub(super) struct Folded {
    text: Vec<u8>,
    /// The folded form of one character.
    unit: String,
    /// The positions at which the distance between a position and its original changes, ascending.
    /// Empty for most plain ASCII.
    shifts: Vec<Shift>,
    original_len: usize,
}

/// A change of distance: from `folded` up to the next shift, positions have the same distance to
/// the original as `folded` has to `original`.
struct Shift {
    folded: usize,
    original: usize,
}

impl Folded {
    /// Folds a text. This replaces the previous text.
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

            // The character that ended the run, unless the text ended.
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

    /// Records the distance before something is appended for the character at `original`.
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

    /// Returns the folded text, which is UTF-8.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Returns the start of the original character that became the folded text at `folded`; the end
    /// of the original for the end.
    ///
    /// The result is not a char boundary if `folded` lies inside the folded form of one character,
    /// such as between the two `s` of ß.
    pub(super) fn original(&self, folded: usize) -> usize {
        if folded == self.text.len() {
            return self.original_len;
        }

        let count = self.shifts.partition_point(|shift| shift.folded <= folded);
        match self.shifts[..count].last() {
            None => folded,
            Some(shift) => shift.original + (folded - shift.folded),
        }
    }
}

/// Returns the text as searches compare it: without the differences of case, accents and widths.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut folder = Folder::new(Keep::NOTHING);
    for c in text.chars() {
        folder.push(c, &mut out);
    }
    out
}

/// Returns a text that keeps the given differences and is folded otherwise. Only for comparison
/// with another such text.
pub(super) fn spelling(text: &str, keep: Keep) -> String {
    let mut out = String::with_capacity(text.len());
    let mut folder = Folder::new(keep);
    for c in text.nfd() {
        folder.push(c, &mut out);
    }
    out
}

/// Converts full-width forms and typographic apostrophes to their plain forms.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '‘' | '’' | '‛' | 'ʼ' | '´' | '\u{1ffd}' | '′' => '\'',
        _ => c,
    }
}

/// Returns true for a character that joins words: hyphens of all scripts, the minus sign and the
/// short dash. A long dash separates parts of a sentence.
fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{58a}' | '\u{5be}' | '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}'
    )
}

/// Returns true for an invisible character that does not end a word: soft hyphens, joiners,
/// directions, variation selectors.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// The folded form of ASCII if case is folded: lower case, and a space for white space, hyphen and
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

/// Returns true for common letters of scripts other than Latin that have neither case nor accent,
/// or are lower case already. They need no lookup in the tables of Unicode.
fn is_folded(c: char) -> bool {
    matches!(c, 'а'..='и' | 'к'..='я' | 'ぁ'..='ゖ' | 'ァ'..='ー' | '一'..='\u{9fff}' | '가'..='힣')
}

struct Folder {
    keep: Keep,
    /// True if the last visible character was white space.
    in_space: bool,
}

impl Folder {
    fn new(keep: Keep) -> Self {
        Self {
            keep,
            in_space: false,
        }
    }

    /// Returns the beginning of `bytes` in which each byte becomes one byte, by [`FOLDED_ASCII`]:
    /// ASCII without repeated white space. Most texts consist of a few such runs.
    fn plain_run<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let mut continues = |byte: &u8| {
            let repeated = self.in_space && is_ascii_space(*byte);
            let plain = byte.is_ascii() && !repeated;
            if plain {
                self.in_space = is_ascii_space(*byte);
            }
            plain
        };

        let len = bytes.iter().take_while(|byte| continues(byte)).count();
        &bytes[..len]
    }

    /// Appends the folded form of `c`: usually one character, sometimes two or none. A character
    /// that becomes two has more bytes itself than the first of them (see [`Folded::original`]).
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
                    '/' => out.push(' '),
                    c if is_hyphen(c) => out.push(' '),
                    _ => self.push_letter(c, out),
                }
            }
        }
    }

    fn push_letter(&self, c: char, out: &mut String) {
        if is_folded(c) {
            out.push(c);
        } else {
            self.push_unfolded(c, out);
        }
    }

    fn push_unfolded(&self, c: char, out: &mut String) {
        let mut base = None;
        let mut only_accents_follow = true;
        decompose_canonical(c, |part| match base {
            None => base = Some(part),
            Some(_) => only_accents_follow &= is_accent(part),
        });

        match base {
            // Marks such as the voicing marks of Kana and the vowels of Hangul make another letter.
            Some(_) if !only_accents_follow => self.push_base(c, out),
            Some(base) if base != c => decompose_canonical(c, |part| self.push_part(part, out)),
            _ => self.push_part(c, out),
        }
    }

    /// Appends a character that does not decompose further.
    fn push_part(&self, c: char, out: &mut String) {
        if is_accent(c) {
            // The lower case of `İ` has a dot that an `i` already has.
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

/// Appends the lower case of a character by Unicode's case folding, as far as the standard
/// library's mappings provide it. Lower, upper and lower again unites letters that one mapping
/// alone would keep separate (`σ` and `ς`, `ſ` and `s`, `ı` and `i`, `ẞ` and `ss`).
fn push_lower_case(c: char, out: &mut String) {
    if c.is_ascii() {
        return out.push(c.to_ascii_lowercase());
    }

    let lower = only(c.to_lowercase()).unwrap_or(c);
    let upper = lower.to_uppercase();

    match only(upper.clone()) {
        Some(upper) => out.push(only(upper.to_lowercase()).unwrap_or(lower)),
        // This is for `ß` and ligatures. Other letters would get longer in bytes, and they have a
        // lower case anyway.
        None if upper.clone().all(|c| c.is_ascii()) => {
            out.extend(upper.map(|c| c.to_ascii_lowercase()));
        }
        None => out.push(lower),
    }
}

fn only(mut chars: impl ExactSizeIterator<Item = char>) -> Option<char> {
    if chars.len() == 1 { chars.next() } else { None }
}

/// Returns true for a mark that changes the pronunciation of a letter but not its identity: the
/// diacritics of Latin, Greek and Cyrillic, the points of Hebrew and Arabic, and the stroke that
/// stretches Arabic words. Vowel signs, such as those of Indic scripts, are not accents.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}')
}

/// Splits a letter with a stroke. Unicode does not decompose these, but people leave out strokes as
/// they do accents: `Lodz`.
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
            (
                "full\u{2212}stack\u{fe63}a\u{58a}b\u{5be}c",
                "full stack a b c",
            ),
            ("full\u{2014}stack", "full\u{2014}stack"),
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
            ("oﬃce L’Oréal L´Oréal", "office l'oreal l'oreal"),
            ("مـطور", "مطور"),
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
    fn case_and_accents_are_kept_on_request() {
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
    fn every_position_maps_back_to_its_character() {
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
    fn a_position_inside_a_character_is_not_a_boundary() {
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
    fn letters_that_skip_the_tables_fold_to_themselves() {
        let folder = Folder::new(Keep::NOTHING);
        for c in ('\u{80}'..='\u{ffff}').filter(|c| is_folded(*c)) {
            let mut out = String::new();
            folder.push_unfolded(c, &mut out);
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
