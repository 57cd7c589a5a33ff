//! One amount of money: a number with its scale and the currency before or after it.

use super::super::edges::ceil;
use super::currency::{Currency, currency_after, currency_before, leading_space};
use super::number::{Number, number_at};

/// An amount as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Money {
    pub(super) number: Number,
    pub(super) scale: Scale,
    pub(super) before: Option<Currency>,
    pub(super) after: Option<Currency>,
    /// The start of the currency, or of the number.
    pub(super) start: usize,
    pub(super) end: usize,
    /// False if the number is a part of a word, such as in "S3" and "3D".
    pub(super) is_alone: bool,
}

/// The factor that a word after a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    One,
    Thousand,
    /// A hundred thousand, in India.
    Lakh,
    /// A lakh of rupees per year: "LPA".
    LakhPerYear,
    /// Millions and more, which are never the pay of one person.
    Huge,
}

/// Words of a scale, in the spelling in which they follow a number.
const SCALES: &[(&str, Scale)] = &[
    ("k", Scale::Thousand),
    ("K", Scale::Thousand),
    ("T", Scale::Thousand),
    ("thousand", Scale::Thousand),
    ("Tsd.", Scale::Thousand),
    ("Tsd", Scale::Thousand),
    ("tsd.", Scale::Thousand),
    ("tys.", Scale::Thousand),
    ("tys", Scale::Thousand),
    ("mil", Scale::Thousand),
    ("LPA", Scale::LakhPerYear),
    ("lpa", Scale::LakhPerYear),
    ("Lpa", Scale::LakhPerYear),
    ("lakhs", Scale::Lakh),
    ("lakh", Scale::Lakh),
    ("Lakhs", Scale::Lakh),
    ("Lakh", Scale::Lakh),
    ("lacs", Scale::Lakh),
    ("Lacs", Scale::Lakh),
    ("lac", Scale::Lakh),
    ("L", Scale::Lakh),
];

/// The beginnings of words for millions and more.
const HUGE: &[&str] = &[
    "million", "milion", "miljon", "miljoen", "milhõ", "mill", "billion", "trillion", "mrd",
    "milliard", "bilhõ", "crore", "mio", "mln",
];

/// Abbreviations for millions and more.
const HUGE_LETTERS: &[&str] = &["m", "mm", "mn", "b", "bn", "t", "tn", "cr", "mil"];

/// The bytes of a word after a number that matter.
const MAX_LETTERS: usize = 16;

impl Money {
    /// Reads the amount whose first digit is at `start`.
    pub(super) fn read(text: &str, start: usize) -> Self {
        let mut number = number_at(text, start);
        number.end += dash_for_cents(&text[number.end..]);
        let before = currency_before(text, start);
        let (mut scale, scale_end) = scale_after(text, number.end);
        let after = currency_after(text, scale_end);

        let is_rupee = [before, after]
            .into_iter()
            .flatten()
            .any(|(currency, _)| currency == Currency::Code("INR"));
        let is_lakh_letter = text[number.end..scale_end].trim_start() == "L";
        let mut end = after.map_or(scale_end, |(_, end)| end);
        if is_lakh_letter && !is_rupee {
            scale = Scale::One;
            end = number.end;
        }
        Self {
            number,
            scale,
            before: before.map(|(currency, _)| currency),
            after: after.map(|(currency, _)| currency),
            start: before.map_or(start, |(_, start)| start),
            end,
            is_alone: is_alone(text, start, before.is_some(), end),
        }
    }

    /// Returns true if the amount has a currency, or a unit that implies one.
    pub(super) fn has_currency(&self) -> bool {
        self.before.is_some() || self.after.is_some() || self.scale == Scale::LakhPerYear
    }
}

impl Scale {
    pub(super) fn factor(self) -> f64 {
        match self {
            Self::One => 1.0,
            Self::Thousand => 1e3,
            Self::Lakh | Self::LakhPerYear => 1e5,
            Self::Huge => f64::INFINITY,
        }
    }
}

/// Returns the length of the ".-" of "45'000.-", which stands for no cents.
fn dash_for_cents(after: &str) -> usize {
    let dashes = [".-", ",-", ".–", ",–", ".—", ",—"];
    let dash = dashes.iter().find(|dash| after.starts_with(**dash));
    dash.map_or(0, |dash| dash.len())
}

/// Returns the scale that follows a number, and its end.
fn scale_after(text: &str, number_end: usize) -> (Scale, usize) {
    let at = number_end + leading_space(&text[number_end..]);
    let word = letters_at(text, at);
    if word.is_empty() {
        return (Scale::One, number_end);
    }

    for (written, scale) in SCALES {
        let end = at + written.len();
        if text[at..].starts_with(written) && ends_scale(text, end, written) {
            return (*scale, end);
        }
    }
    if is_huge(word) {
        return (Scale::Huge, at + word.len());
    }
    (Scale::One, number_end)
}

/// Returns true for a word or an abbreviation of millions and more.
fn is_huge(word: &str) -> bool {
    let is_abbreviated = HUGE_LETTERS
        .iter()
        .any(|letters| letters.eq_ignore_ascii_case(word));
    let begins = |start: &str| {
        let letters = word.get(..start.len());
        letters.is_some_and(|letters| letters.eq_ignore_ascii_case(start))
    };
    is_abbreviated || HUGE.iter().any(|start| begins(start))
}

/// Returns true if a word of a scale ends here: the next character is not a letter, or begins a
/// currency as in "65kEUR". "T" and "mil" are thousands only with a currency.
fn ends_scale(text: &str, end: usize, written: &str) -> bool {
    let needs_currency = matches!(written, "T" | "mil");
    let next = text[end..].chars().next();
    let is_attached_currency = currency_after(text, end).is_some();
    if needs_currency {
        return is_attached_currency;
    }
    !next.is_some_and(char::is_alphanumeric) || (written.len() == 1 && is_attached_currency)
}

/// Returns true if neither a letter before nor a letter after belongs to the same word.
fn is_alone(text: &str, start: usize, has_currency: bool, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let is_joined = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '#' | '@');
    let is_hour = ["hr", "hrs", "h"].contains(&letters_at(text, end));
    let is_joined_before = before.is_some_and(|sign| is_joined(sign) || sign == '.');
    let is_joined_after = after.is_some_and(|sign| is_joined(sign) || sign == '%');
    (has_currency || !is_joined_before) && (!is_joined_after || is_hour)
}

/// Returns the letters at a position, as far as they matter.
fn letters_at(text: &str, at: usize) -> &str {
    let window = &text[at..ceil(text, at + MAX_LETTERS)];
    let end = window.find(|sign: char| !sign.is_alphabetic());
    &window[..end.unwrap_or(window.len())]
}
