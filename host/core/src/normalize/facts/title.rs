//! The words of a title, in the parts that its punctuation makes.
//!
//! `Senior Engineer (Remote), Payments` has the parts `senior engineer`, `remote` and `payments`.
//! An ending of gender that is glued to a word is dropped: `Leiter:in` and `Leiter(in)` are
//! `leiter`.

/// The longest title that is read, in bytes. The rest of a longer one is ignored.
const MAX_BYTES: usize = 400;

/// Endings of gender, as they follow `*`, `:`, `/`, `(`, `_`, `·` or `.` without a space.
const GENDER_ENDINGS: [&str; 13] = [
    "in", "innen", "e", "r", "ne", "trice", "rice", "euse", "ère", "frau", "a", "o", "h",
];

/// A title, and its words.
pub(super) struct Title<'t> {
    pub(super) text: &'t str,
    /// Never empty.
    pub(super) parts: Vec<Part>,
}

/// Words between two marks of punctuation, in lower case.
pub(super) struct Part {
    /// Never empty, and without empty words.
    pub(super) words: Vec<String>,
    /// The punctuation before the part.
    pub(super) after: TitleGap,
    /// True if a closing bracket ends the part and a word of the title follows without any other
    /// punctuation: `(Senior) Engineer`.
    pub(super) is_inserted: bool,
}

/// The text between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TitleGap {
    /// The words belong to one part.
    Space,
    /// `and`, `&`
    And,
    /// `/`, `~`, `or`
    Or,
    /// `)`
    Close,
    /// A comma, a bar, a colon, a dash with a space.
    Break,
    /// `(`
    Open,
}

impl<'t> Title<'t> {
    /// Returns the words of a title; `None` if it has no word.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let lower = head(text, MAX_BYTES).to_lowercase().replace('’', "'");
        let mut parts: Vec<Part> = Vec::new();

        let mut gap = TitleGap::Break;
        let mut rest = lower.as_str();
        while let Some(start) = rest.find(is_word_char) {
            let (between, from_word) = rest.split_at(start);
            let end = from_word.find(|c| !is_word_char(c));
            let (word, after) = from_word.split_at(end.unwrap_or(from_word.len()));
            rest = after;
            if !parts.is_empty() && is_gender_ending(between, word) {
                rest = rest.strip_prefix(')').unwrap_or(rest);
                continue;
            }

            gap = gap.max(TitleGap::of(between));
            match conjunction(word) {
                Some(conjunction) => gap = gap.max(conjunction),
                None => add(
                    &mut parts,
                    std::mem::replace(&mut gap, TitleGap::Space),
                    word,
                ),
            }
        }
        (!parts.is_empty()).then_some(Self { text, parts })
    }

    /// Returns all words, in order.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let words = self.parts.iter().flat_map(|part| &part.words);
        words.map(String::as_str)
    }
}

fn add(parts: &mut Vec<Part>, gap: TitleGap, word: &str) {
    match parts.last_mut() {
        Some(part) if gap == TitleGap::Space => part.words.push(word.to_owned()),
        last => {
            if let Some(part) = last {
                part.is_inserted = gap == TitleGap::Close;
            }
            parts.push(Part {
                words: vec![word.to_owned()],
                after: gap,
                is_inserted: false,
            });
        }
    }
}

impl TitleGap {
    fn of(between: &str) -> Self {
        let is_dash = |text: &str| text.contains(" -") || text.contains("- ");
        if between == " " {
            Self::Space
        } else if between.contains(['(', '[']) {
            Self::Open
        } else if between.contains([',', '|', '–', '—', ':', ';', '•', '@', '+'])
            || is_dash(between)
        {
            Self::Break
        } else if between.contains([')', ']']) {
            Self::Close
        } else if between.contains(['/', '~']) {
            Self::Or
        } else if between.contains('&') {
            Self::And
        } else {
            Self::Space
        }
    }
}

fn conjunction(word: &str) -> Option<TitleGap> {
    match word {
        "or" | "oder" | "ou" => Some(TitleGap::Or),
        "and" | "und" | "et" => Some(TitleGap::And),
        _ => None,
    }
}

fn is_gender_ending(between: &str, word: &str) -> bool {
    matches!(between, "*" | ":" | "/" | "(" | "_" | "·" | "." | "/-")
        && GENDER_ENDINGS.contains(&word)
}

/// Returns true for the characters of a word. A `+` or `#` is not needed here, an apostrophe is:
/// `d'équipe`, `director's`.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '\''
}

/// Returns the first bytes of a text, cut before a character.
pub(super) fn head(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(title: &str) -> String {
        let title = Title::read(title).unwrap();
        let parts = title.parts.iter().map(|part| part.words.join(" "));
        parts.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn punctuation_and_conjunctions_separate_the_parts_of_a_title() {
        for (title, expected) in [
            (
                "Senior Engineer (Remote), Payments",
                "senior engineer|remote|payments",
            ),
            ("Mid-Level Developer - Berlin", "mid level developer|berlin"),
            ("Sr./Staff Engineer", "sr|staff engineer"),
            ("Head of Sales and Marketing", "head of sales|marketing"),
            ("Chef d’équipe", "chef d'équipe"),
            ("Leiter:in / Leiter(in) Vertrieb", "leiter|leiter vertrieb"),
            ("Directeur/trice Finance", "directeur finance"),
            ("Praktikant*in", "praktikant"),
        ] {
            assert_eq!(parts(title), expected, "{title}");
        }
        assert!(Title::read(" - (!) ").is_none());
    }

    #[test]
    fn a_bracket_before_a_word_is_inserted() {
        let inserted = |title| {
            let title = Title::read(title).unwrap();
            title.parts.iter().any(|part| part.is_inserted)
        };
        assert!(inserted("(Senior) Consultant"));
        assert!(!inserted("Consultant (Senior)"));
        assert!(!inserted("Consultant (Senior) - Berlin"));
    }
}
