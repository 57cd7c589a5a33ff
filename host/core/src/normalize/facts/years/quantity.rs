//! Numbers of years: `3`, `3+`, `3-5`, `three to five`, `at least 3`, `up to 5`.

/// The most bytes of a quantity with the words before it.
const MAX_BYTES: usize = 64;

/// A number of years, as a text states it before the word for years.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Quantity {
    pub(super) min: u8,
    pub(super) max: Option<u8>,
    /// True if it is a bound or a range: `3+`, `at least 3`, `3-5`.
    pub(super) is_bound: bool,
    /// The position in the text where the quantity begins, in bytes.
    pub(super) start: usize,
}

const LOWER_BOUNDS: [&str; 34] = [
    "at least",
    "a minimum of",
    "minimum of",
    "minimum",
    "min.",
    "min",
    "mind.",
    "mindestens",
    "wenigstens",
    "ab",
    "au moins",
    "minimum de",
    "al menos",
    "mínimo",
    "mínimo de",
    "como mínimo",
    "almeno",
    "minimo",
    "minstens",
    "minimaal",
    "ten minste",
    "pelo menos",
    "no mínimo",
    "co najmniej",
    "minst",
    "over",
    "more than",
    ">",
    "≥",
    "plus de",
    "más de",
    "mais de",
    "mehr als",
    ">=",
];
const UPPER_BOUNDS: [&str; 13] = [
    "up to",
    "less than",
    "no more than",
    "at most",
    "maximum",
    "max.",
    "bis zu",
    "weniger als",
    "höchstens",
    "jusqu'à",
    "moins de",
    "hasta",
    "fino a",
];
const RANGE_SIGNS: [&str; 6] = ["-", "–", "—", "‑", "~", "/"];
const RANGE_WORDS: [&str; 10] = [
    "to", "bis", "à", "a", "tot", "do", "till", "and", "und", "or",
];
const OPEN_ENDS: [&str; 6] = ["+", "plus", "or more", "oder mehr", "ou plus", "and above"];

impl Quantity {
    /// Returns the quantity at the end of a text; `None` if there is none.
    pub(super) fn at_end(text: &str) -> Option<Self> {
        let from = text.floor_char_boundary(text.len().saturating_sub(MAX_BYTES));
        let lower = text[from..].to_lowercase();
        // Offsets of the lower-case text apply only if no letter has changed its length.
        let near = if lower.len() == text.len() - from {
            lower.as_str()
        } else {
            &text[from..]
        };

        let (last, rest, is_open) =
            number_at_end(near.trim_end_matches([' ', '\u{a0}', '-', '‑']))?;
        let (min, max, rest) = match range_start(rest, last) {
            Some((first, rest)) => (first, (!is_open).then_some(last), rest),
            None => (last, None, rest),
        };

        if max.is_none() && is_range_of_months(rest) {
            return None;
        }

        let words = rest.trim_end_matches([' ', '\u{a0}', ':', '(']);
        let is_range = max.is_some();
        if !is_range && !is_open && ends_with_one_of(words, &UPPER_BOUNDS).is_some() {
            return Some(Self {
                min: 0,
                max: Some(min),
                is_bound: true,
                start: from + rest.len(),
            });
        }
        let lower_bound = ends_with_one_of(words, &LOWER_BOUNDS);
        Some(Self {
            min,
            max,
            is_bound: is_range || is_open || lower_bound.is_some(),
            start: from + lower_bound.map_or(rest.len(), str::len),
        })
    }
}

/// Returns the first number of a range whose last number followed, and the text before it.
fn range_start(text: &str, last: u8) -> Option<(u8, &str)> {
    let text = text.trim_end();
    let sign = RANGE_SIGNS.iter().find_map(|sign| text.strip_suffix(sign));
    let before = match sign {
        Some(before) => before,
        None => ends_with_one_of(text, &RANGE_WORDS)?,
    };
    let (first, rest, _) = number_at_end(before)?;
    (first < last).then_some((first, rest))
}

/// Returns true for `6 months to`, after which a number of years is the end of a range.
fn is_range_of_months(text: &str) -> bool {
    let before = ends_with_one_of(text.trim_end(), &RANGE_WORDS).unwrap_or_default();
    let months = [
        "months", "month", "monate", "monaten", "mois", "meses", "mesi", "maanden",
    ];
    ends_with_one_of(before.trim_end(), &months).is_some()
}

/// Returns the number at the end of a text, the text before it, and if the number is open: `5+`.
fn number_at_end(text: &str) -> Option<(u8, &str, bool)> {
    let mut text = text.trim_end();
    let open = OPEN_ENDS.iter().find_map(|end| text.strip_suffix(end));
    text = open.unwrap_or(text).trim_end();

    // `five (5)` and `5 (five)`
    if let Some(inner) = text.strip_suffix(')') {
        let (outside, inside) = inner.rsplit_once('(')?;
        let (number, _, is_open) = number_at_end(inside)?;
        let (same, rest, is_also_open) = number_at_end(outside)?;
        let is_open = is_open || is_also_open || open.is_some();
        return (number == same).then_some((number, rest, is_open));
    }
    let (number, rest) = digits_at_end(text).or_else(|| word_at_end(text))?;
    Some((number, rest, open.is_some()))
}

fn digits_at_end(text: &str) -> Option<(u8, &str)> {
    let rest = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[rest.len()..];
    let is_part = rest.ends_with(|c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '$' | '€' | '£' | '#')
    });
    if digits.len() > 2 || is_part {
        return None;
    }
    Some((digits.parse().ok()?, rest))
}

fn word_at_end(text: &str) -> Option<(u8, &str)> {
    let rest = text.trim_end_matches(char::is_alphabetic);
    let word = &text[rest.len()..];
    Some((number_of(word)?, rest))
}

/// Returns the number that a word of several languages means.
fn number_of(word: &str) -> Option<u8> {
    Some(match word {
        "one" | "ein" | "einem" | "eine" | "un" | "une" | "uno" | "een" | "um" | "ett" => 1,
        "two" | "zwei" | "deux" | "dos" | "due" | "twee" | "dois" | "dwa" | "två" => 2,
        "three" | "drei" | "trois" | "tres" | "tre" | "drie" | "três" | "trzy" => 3,
        "four" | "vier" | "quatre" | "cuatro" | "quattro" | "quatro" | "cztery" | "fyra" => 4,
        "five" | "fünf" | "cinq" | "cinco" | "cinque" | "vijf" | "pięć" | "fem" => 5,
        "six" | "sechs" | "seis" | "sei" | "zes" | "sześć" | "sex" => 6,
        "seven" | "sieben" | "sept" | "siete" | "sette" | "zeven" | "sete" | "siedem" | "sju" => 7,
        "eight" | "acht" | "huit" | "ocho" | "otto" | "oito" | "osiem" | "åtta" => 8,
        "nine" | "neun" | "neuf" | "nueve" | "nove" | "negen" | "dziewięć" | "nio" => 9,
        "ten" | "zehn" | "dix" | "diez" | "dieci" | "tien" | "dez" | "dziesięć" | "tio" => 10,
        "eleven" | "elf" => 11,
        "twelve" | "zwölf" | "douze" | "doce" | "dodici" | "twaalf" | "doze" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" | "fünfzehn" | "quinze" | "quince" => 15,
        _ => return None,
    })
}

/// Returns the text before the phrase that it ends with, as words of their own.
fn ends_with_one_of<'t>(text: &'t str, phrases: &[&str]) -> Option<&'t str> {
    let found = phrases
        .iter()
        .filter_map(|phrase| text.strip_suffix(phrase));
    found
        .filter(|before| {
            !before.ends_with(char::is_alphanumeric) || text.ends_with(['>', '≥', '='])
        })
        .min_by_key(|before| before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ranges_and_bounds_are_read_from_the_end() {
        for (text, min, max, is_bound) in [
            ("5", 5, None, false),
            ("need 5+ ", 5, None, true),
            ("five", 5, None, false),
            ("five (5) ", 5, None, false),
            ("3-5 ", 3, Some(5), true),
            ("3 – 5", 3, Some(5), true),
            ("3 to 5", 3, Some(5), true),
            ("zwei bis vier", 2, Some(4), true),
            ("3-5+", 3, None, true),
            ("at least 4", 4, None, true),
            ("MINDESTENS 4", 4, None, true),
            ("> 7", 7, None, true),
            ("up to 2", 0, Some(2), true),
            ("5 or more", 5, None, true),
        ] {
            let quantity = Quantity::at_end(text).unwrap();
            assert_eq!(
                (quantity.min, quantity.max, quantity.is_bound),
                (min, max, is_bound),
                "{text}"
            );
        }
    }

    #[test]
    fn other_words_and_numbers_are_not_quantities() {
        for text in [
            "",
            "several",
            "2015",
            "1.5",
            "$5",
            "A5",
            "five (6)",
            "someone",
            "6 months to 1",
        ] {
            assert_eq!(Quantity::at_end(text), None, "{text}");
        }
    }
}
