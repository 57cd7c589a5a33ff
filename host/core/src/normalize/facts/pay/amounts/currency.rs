//! Currencies as they are written next to an amount: as a sign, a code or a word.

use super::super::edges::{ceil, floor};

/// A currency as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::normalize::facts::pay) enum Currency {
    /// An ISO 4217 code.
    Code(&'static str),
    /// A plain `$`, of one of many countries.
    Dollar,
    /// "kr", of one of the Nordic countries.
    Krone,
    /// A sign or a pair of codes that leaves a choice.
    Unknown,
}

use Currency::{Code, Dollar, Krone, Unknown};

/// Letters before a `$` that say which dollar it is.
const DOLLARS: &[(&str, Currency)] = &[
    ("US", Code("USD")),
    ("U.S.", Code("USD")),
    ("CA", Code("CAD")),
    ("CDN", Code("CAD")),
    ("C", Code("CAD")),
    ("AU", Code("AUD")),
    ("A", Code("AUD")),
    ("NZ", Code("NZD")),
    ("SG", Code("SGD")),
    ("S", Code("SGD")),
    ("HK", Code("HKD")),
    ("NT", Code("TWD")),
    ("MX", Code("MXN")),
    ("R", Code("BRL")),
];

/// Codes, in their order. They have to be in upper case: "5 CAD designers" is rare, "5 cad
/// designers" is not.
const CODES: &[&str] = &[
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP",
    "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW", "MXN", "MYR",
    "NGN", "NOK", "NZD", "PEN", "PHP", "PLN", "RMB", "RON", "RUB", "SAR", "SEK", "SGD", "THB",
    "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
];

/// Words in lower case. They may be in any case.
const WORDS: &[(&str, Currency)] = &[
    ("chf", Code("CHF")),
    ("czk", Code("CZK")),
    ("dkk", Code("DKK")),
    ("dollars", Dollar),
    ("eur", Code("EUR")),
    ("euro", Code("EUR")),
    ("euroa", Code("EUR")),
    ("euros", Code("EUR")),
    ("fr.", Code("CHF")),
    ("franken", Code("CHF")),
    ("gbp", Code("GBP")),
    ("huf", Code("HUF")),
    ("inr", Code("INR")),
    ("kr", Krone),
    ("kr.", Krone),
    ("kroner", Krone),
    ("kronor", Code("SEK")),
    ("kč", Code("CZK")),
    ("nok", Code("NOK")),
    ("pln", Code("PLN")),
    ("pounds", Code("GBP")),
    ("reais", Code("BRL")),
    ("rs", Code("INR")),
    ("rs.", Code("INR")),
    ("rupees", Code("INR")),
    ("sek", Code("SEK")),
    ("sfr", Code("CHF")),
    ("sfr.", Code("CHF")),
    ("usd", Code("USD")),
    ("zl", Code("PLN")),
    ("zł", Code("PLN")),
    ("złotych", Code("PLN")),
];

/// The bytes before or after an amount that may name a currency.
const MAX_BYTES: usize = 24;

/// Returns the currency that ends at `end`, and its start. Up to two spaces may follow it.
pub(in crate::normalize::facts::pay) fn currency_before(
    text: &str,
    end: usize,
) -> Option<(Currency, usize)> {
    let window_start = floor(text, end.saturating_sub(MAX_BYTES));
    let before = trim_two_spaces(&text[window_start..end]);
    let last = before.chars().next_back()?;
    if let Some(currency) = sign(last) {
        return Some((currency, window_start + before.len() - last.len_utf8()));
    }
    if last == '$' {
        let (currency, len) = dollar_before(&before[..before.len() - 1]);
        return Some((currency, window_start + len));
    }
    if !last.is_alphabetic() && last != '.' {
        return None;
    }

    let is_letter = |sign: char| sign.is_alphanumeric() || sign == '.';
    let word_start = before.rfind(|sign| !is_letter(sign)).map_or(0, |at| {
        at + before[at..].chars().next().map_or(0, char::len_utf8)
    });
    let currency = word(&before[word_start..])?;
    Some((currency, window_start + word_start))
}

/// Returns the currency of a `$` by the text before it, and the start of the whole.
fn dollar_before(before: &str) -> (Currency, usize) {
    let spaced = trim_two_spaces(before);
    let start = spaced
        .rfind(|sign: char| !sign.is_ascii_uppercase() && sign != '.')
        .map_or(0, |at| {
            at + spaced[at..].chars().next().map_or(0, char::len_utf8)
        });
    let letters = &spaced[start..];
    let is_whole = !spaced[..start].ends_with(char::is_alphanumeric);
    let is_attached = spaced.len() == before.len();
    if letters.is_empty() || !is_whole {
        return (Dollar, before.len());
    }

    if let Ok(at) = CODES.binary_search(&letters) {
        return (Code(CODES[at]), start);
    }
    let known = DOLLARS.iter().find(|(prefix, _)| *prefix == letters);
    match known {
        // In "Plan A $50", the letter is not a part of the sign.
        Some((prefix, currency)) if is_attached || prefix.len() > 1 => (*currency, start),
        _ => (Dollar, before.len()),
    }
}

/// Returns the currency that begins at `start` or after one space, and its end.
pub(super) fn currency_after(text: &str, start: usize) -> Option<(Currency, usize)> {
    let at = start + leading_space(&text[start..]);
    let (currency, len) = first_written(&text[at..])?;
    let end = at + len;

    // "CAD/USD" is one of two.
    let other = text[end..].strip_prefix('/').and_then(first_written);
    if let Some((other, len)) = other {
        let currency = if other == currency { currency } else { Unknown };
        return Some((currency, end + 1 + len));
    }
    Some((currency, end))
}

fn first_written(text: &str) -> Option<(Currency, usize)> {
    let first = text.chars().next()?;
    if first == '$' || sign(first).is_some() {
        // In "$5 $6", the second sign belongs to the second number.
        let rest = text[first.len_utf8()..].trim_start_matches(' ');
        let is_of_next = rest.starts_with(|sign: char| sign.is_ascii_digit());
        let currency = sign(first).unwrap_or(Dollar);
        return (!is_of_next).then_some((currency, first.len_utf8()));
    }
    if !first.is_alphabetic() {
        return None;
    }

    let letters = letters(text);
    // "US dollars" and "Canadian dollars" are of one country, with any other word of none.
    if let Some(after) = text[letters.len()..].strip_prefix(" dollars")
        && !after.starts_with(char::is_alphanumeric)
    {
        let currency = match letters {
            "US" | "us" => Code("USD"),
            "Canadian" => Code("CAD"),
            "Australian" => Code("AUD"),
            _ => Unknown,
        };
        return Some((currency, letters.len() + " dollars".len()));
    }
    // "kr." and "Rs." are words with a full stop.
    let with_stop = text.get(..letters.len() + 1);
    let stopped = with_stop.filter(|written| written.ends_with('.'));
    if let Some((written, currency)) = stopped.and_then(|it| Some((it, word(it)?))) {
        return Some((currency, written.len()));
    }
    word(letters).map(|currency| (currency, letters.len()))
}

/// Returns the letters at the start of a text, as far as they may be a currency.
fn letters(text: &str) -> &str {
    let window = &text[..ceil(text, MAX_BYTES)];
    let end = window.find(|sign: char| !sign.is_alphanumeric());
    &window[..end.unwrap_or(window.len())]
}

/// Returns the currency of a whole word.
fn word(word: &str) -> Option<Currency> {
    if word.len() == 3
        && word.bytes().all(|byte| byte.is_ascii_uppercase())
        && let Ok(at) = CODES.binary_search(&word)
    {
        return Some(Code(CODES[at]));
    }
    let known = WORDS
        .iter()
        .find(|(known, _)| known.len() == word.len() && known.eq_ignore_ascii_case(word));
    known.map(|(_, currency)| *currency)
}

/// Returns the currency of a sign of one character.
fn sign(sign: char) -> Option<Currency> {
    let code = match sign {
        '€' => "EUR",
        '£' => "GBP",
        '₹' => "INR",
        '₽' => "RUB",
        '₩' => "KRW",
        '₪' => "ILS",
        '₺' => "TRY",
        '₴' => "UAH",
        '₫' => "VND",
        '₱' => "PHP",
        '₦' => "NGN",
        '฿' => "THB",
        // Of Japan and of China.
        '¥' => return Some(Unknown),
        _ => return None,
    };
    Some(Code(code))
}

fn trim_two_spaces(text: &str) -> &str {
    let once = text
        .strip_suffix([' ', '\u{a0}', '\u{202f}'])
        .unwrap_or(text);
    once.strip_suffix([' ', '\u{a0}', '\u{202f}'])
        .unwrap_or(once)
}

/// Returns the bytes of the space at the start of a text: 0 if there is none.
pub(super) fn leading_space(text: &str) -> usize {
    let first = text.chars().next();
    let space = first.filter(|first| matches!(first, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'));
    space.map_or(0, char::len_utf8)
}
