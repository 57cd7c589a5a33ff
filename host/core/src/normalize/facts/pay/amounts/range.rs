//! A range of two amounts, or one amount, with all that is written directly with it.

use crate::raw::PayPeriod;

use super::super::edges::ceil;
use super::currency::{Currency, currency_before};
use super::money::{Money, Scale};
use super::period::{Unit, unit_after};

/// A range as it is written, before it is known to be pay.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::normalize::facts::pay) struct Range {
    pub(in crate::normalize::facts::pay) start: usize,
    pub(in crate::normalize::facts::pay) end: usize,
    /// The end of the last amount, before its period.
    pub(in crate::normalize::facts::pay) amount_end: usize,
    pub(in crate::normalize::facts::pay) low: f64,
    /// `None` for a single amount.
    pub(in crate::normalize::facts::pay) high: Option<f64>,
    pub(in crate::normalize::facts::pay) currency: Option<Currency>,
    /// The period that directly follows.
    pub(in crate::normalize::facts::pay) period: Option<PayPeriod>,
    /// True for "50,000+".
    pub(in crate::normalize::facts::pay) is_open: bool,
    /// True if an amount is in thousands or lakhs.
    pub(in crate::normalize::facts::pay) has_scale: bool,
    /// False for anything that cannot be pay, such as a date, "$5M" and "$2 per word".
    pub(in crate::normalize::facts::pay) is_possible: bool,
}

/// The bytes of a note in parentheses between two amounts.
const MAX_NOTE: usize = 48;

/// The bytes between a word such as "to" and the digits of the second amount.
const MAX_SIGN: usize = 8;

/// Words between the two amounts of a range.
const TO: &[&str] = &[
    "to", "and", "bis", "und", "à", "et", "a", "y", "al", "hasta", "e", "tot", "en", "até", "do",
    "i", "till", "til", "och", "og", "ja",
];

impl Range {
    /// Reads the range whose first digit is at `start`. For an amount that cannot be pay, because it
    /// has no currency and is small, returns the position after it as an error.
    pub(in crate::normalize::facts::pay) fn read(text: &str, start: usize) -> Result<Self, usize> {
        let low = Money::read(text, start);
        let second = second_start(text, low.end).map(|start| Money::read(text, start));
        let is_large = |money: &Money| {
            let value = money.number.value;
            let is_calendar_year = (1900.0..=2100.0).contains(&value);
            money.has_currency()
                || money.scale != Scale::One
                || (value >= 1000.0 && !is_calendar_year)
        };
        if !is_large(&low) && !second.as_ref().is_some_and(is_large) {
            return Err(low.end);
        }

        let unit = unit_after(text, low.end);
        // In "$18/hr. - $29/hr.", the unit stands between the two amounts.
        let second = second.or_else(|| {
            let (_, end) = unit?;
            let end = end + usize::from(text[end..].starts_with(". "));
            Some(Money::read(text, second_start(text, end)?))
        });
        Ok(match second {
            Some(high) => Self::of_two(text, &low, &high, unit.map(|(unit, _)| unit)),
            None => Self::of_one(text, &low, unit),
        })
    }

    fn of_one(text: &str, money: &Money, unit: Option<(Unit, usize)>) -> Self {
        let implied = (money.scale == Scale::LakhPerYear).then_some(PayPeriod::Year);
        Self {
            start: money.start,
            end: unit.map_or(money.end, |(_, end)| end),
            amount_end: money.end,
            low: money.number.value * money.scale.factor(),
            high: None,
            currency: currency_of(&[money]),
            period: period(unit.map(|(unit, _)| unit)).or(implied),
            is_open: text[money.end..].trim_start_matches(' ').starts_with('+')
                && !is_addition(&text[money.end..]),
            has_scale: money.scale != Scale::One,
            is_possible: is_possible(money) && unit.is_none_or(|(unit, _)| unit != Unit::Other),
        }
    }

    fn of_two(text: &str, low: &Money, high: &Money, low_unit: Option<Unit>) -> Self {
        let high_unit = unit_after(text, high.end);
        let unit = high_unit.map(|(unit, _)| unit).or(low_unit);
        let (low_scale, high_scale) = shared_scales(low, high);
        let (low_value, high_value) = (
            low.number.value * low_scale.factor(),
            high.number.value * high_scale.factor(),
        );
        let implied = (high_scale == Scale::LakhPerYear).then_some(PayPeriod::Year);
        Self {
            start: low.start,
            end: high_unit.map_or(high.end, |(_, end)| end),
            amount_end: high.end,
            low: low_value,
            high: Some(high_value),
            currency: currency_of(&[low, high]),
            period: period(unit).or(implied),
            is_open: false,
            has_scale: high_scale != Scale::One || low_scale != Scale::One,
            is_possible: is_possible(low)
                && is_possible(high)
                && unit != Some(Unit::Other)
                && low_value <= high_value,
        }
    }

    /// Returns the larger end.
    pub(in crate::normalize::facts::pay) fn top(&self) -> f64 {
        self.high.unwrap_or(self.low)
    }
}

fn period(unit: Option<Unit>) -> Option<PayPeriod> {
    match unit? {
        Unit::Period(period) => Some(period),
        Unit::Other => None,
    }
}

/// Returns true for "$170k + bonus", unlike "$170k+".
fn is_addition(after: &str) -> bool {
    let sign = after.trim_start_matches(' ');
    let added = sign.trim_start_matches('+').trim_start_matches(' ');
    after.starts_with(' ') && added.starts_with(char::is_alphanumeric)
}

fn is_possible(money: &Money) -> bool {
    // In "$160,00" a digit may be missing.
    let is_doubtful = money.number.has_bare_decimal_comma
        && money.number.value >= 100.0
        && matches!(
            money.before,
            Some(Currency::Dollar | Currency::Code("USD" | "GBP" | "CAD" | "AUD"))
        );
    // "401k" and "401(k)" are a pension plan.
    let is_plan = (money.number.value - 401.0).abs() < 0.5 && money.before.is_none();
    money.number.is_plain
        && money.is_alone
        && money.scale != Scale::Huge
        && !is_doubtful
        && !is_plan
}

/// Returns the scale of each amount: in "$125-245K" both are thousands.
fn shared_scales(low: &Money, high: &Money) -> (Scale, Scale) {
    let is_rising = low.number.value <= high.number.value;
    if low.scale == Scale::One && low.number.value < 1000.0 && is_rising {
        return (high.scale, high.scale);
    }
    if high.scale == Scale::One && high.number.value < 1000.0 && is_rising {
        return (low.scale, low.scale);
    }
    (low.scale, high.scale)
}

/// Returns the currency of all amounts; [`Currency::Unknown`] if they differ.
fn currency_of(amounts: &[&Money]) -> Option<Currency> {
    let mut found: Option<Currency> = None;
    for amount in amounts {
        let implied = (amount.scale == Scale::LakhPerYear).then_some(Currency::Code("INR"));
        for currency in [amount.before, amount.after, implied].into_iter().flatten() {
            found = Some(found.map_or(currency, |found| common(found, currency)));
        }
    }
    found
}

fn common(one: Currency, other: Currency) -> Currency {
    match (one, other) {
        _ if one == other => one,
        (Currency::Dollar, Currency::Code(code)) | (Currency::Code(code), Currency::Dollar)
            if is_dollar(code) =>
        {
            Currency::Code(code)
        }
        (Currency::Krone, Currency::Code(code)) | (Currency::Code(code), Currency::Krone) => {
            Currency::Code(code)
        }
        _ => Currency::Unknown,
    }
}

fn is_dollar(code: &str) -> bool {
    code.ends_with('D') || matches!(code, "MXN" | "ARS" | "CLP" | "COP" | "BRL")
}

/// Returns the first digit of the second amount of a range whose first amount ends at `end`.
fn second_start(text: &str, end: usize) -> Option<usize> {
    let window = &text[end..ceil(text, end + MAX_NOTE + 24)];
    let plain = skip_to(window);
    let len = plain.or_else(|| {
        let note = without_note(window)?;
        Some(window.len() - note.len() + skip_to(note)?)
    })?;
    let after_sign = end + len;

    let ahead = &text[after_sign..ceil(text, after_sign + MAX_SIGN)];
    let digit = after_sign + ahead.find(|sign: char| sign.is_ascii_digit())?;
    let sign_start = currency_before(text, digit).map_or(digit, |(_, start)| start);
    let is_adjacent = sign_start >= after_sign
        && text[after_sign..sign_start]
            .chars()
            .all(|sign| matches!(sign, ' ' | '~' | '\u{a0}' | '\u{202f}'));
    is_adjacent.then_some(digit)
}

/// Returns the bytes up to the end of the dash or of the word that joins two amounts.
fn skip_to(window: &str) -> Option<usize> {
    let trimmed = window.trim_start_matches([' ', '\u{a0}', '\u{202f}', '+']);
    let space = window.len() - trimmed.len();
    let first = trimmed.chars().next()?;
    if matches!(first, '-' | '–' | '—' | '−' | '‐' | '‑' | '‒' | '~' | '→') {
        let dashes = trimmed.trim_start_matches(first);
        return Some(window.len() - dashes.len());
    }
    let word = trimmed.split(' ').next()?;
    let is_to = space > 0 && TO.iter().any(|to| to.eq_ignore_ascii_case(word));
    is_to.then_some(space + word.len())
}

/// Returns the text after a note in parentheses, as in "$70,000 (entry level) to $80,000".
fn without_note(window: &str) -> Option<&str> {
    let note = window.trim_start_matches(' ').strip_prefix('(')?;
    let (inside, after) = note.split_once(')')?;
    (inside.len() <= MAX_NOTE && !inside.contains('\n')).then_some(after)
}
