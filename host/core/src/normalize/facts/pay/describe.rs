//! Describes a range that is pay: its bounds, currency, period, kind and place.
//!
//! Not here: the decision that it is pay (`judge`).

use crate::raw::PayPeriod;

use super::amounts::{Currency, Range, currency_before};
use super::context::Context;
use super::dollar::Signs;
use super::edges::{ceil, floor};
use super::judge::is_large_unit;
use super::place::{place_after, place_before};
use super::stated::{PayKind, StatedPay};
use super::words::{Meaning, PayWord};

/// The least amount without a stated period that is certainly for a year, in a currency whose unit
/// is worth about as much as a dollar or a euro.
const LEAST_YEARLY: f64 = 20_000.0;

/// The bytes around a range in which the country of its `$` is looked for.
const AROUND: usize = 160;

/// Words before an amount that is the lower end.
const FROM: &[&str] = &[
    "from",
    "starting at",
    "starts at",
    "at least",
    "minimum",
    "minimum of",
    "min",
    "min.",
    "upwards of",
    "ab",
    "mindestens",
    "mind.",
    "à partir de",
    "a partir de",
    "desde",
    "a partire da",
    "vanaf",
    "od",
    "från",
    "fra",
    "alkaen",
    "over",
    "mínimo",
    "minimo",
    "minimum de",
];

/// Words before an amount that is the upper end.
const UP_TO: &[&str] = &[
    "up to",
    "bis zu",
    "bis",
    "maximum",
    "max",
    "max.",
    "jusqu'à",
    "jusqu’à",
    "hasta",
    "fino a",
    "tot",
    "até",
    "do",
    "upp till",
    "op til",
    "opp til",
    "as much as",
    "maximal",
    "maximum of",
];

/// The beginnings of words for pay in countries of pesos and reais.
const PAY_IN_PESOS: &[&str] = &["sueldo", "salari", "salári", "remunera"];

/// Returns the pay that a range states.
pub(super) fn pay_of(
    range: &Range,
    context: &Context<'_>,
    text: &str,
    signs: &Signs<'_>,
) -> StatedPay {
    let place = place_before(context.sentence).or_else(|| place_after(context.rest));
    let written = range
        .currency
        .or_else(|| currency_in_label(context.sentence));
    let code = written.and_then(|currency| {
        let of_place = place
            .as_deref()
            .and_then(|place| signs.code(currency, place));
        of_place.or_else(|| signs.code(currency, line_around(text, range)))
    });
    let (min, max) = bounds(range, context);
    StatedPay {
        min,
        max,
        currency: code.map(str::to_owned),
        period: period(range, context, code),
        kind: kind(context),
        place,
    }
}

/// Returns the currency of "Salary (EUR): ".
fn currency_in_label(sentence: &str) -> Option<Currency> {
    let label = sentence.trim_end().strip_suffix(':')?;
    let label = label.trim_end_matches([')', ']', ' ']);
    currency_before(label, label.len()).map(|(currency, _)| currency)
}

/// Returns the part of the line directly around a range.
fn line_around<'t>(text: &'t str, range: &Range) -> &'t str {
    let before_start = floor(text, range.start.saturating_sub(AROUND));
    let after_end = ceil(text, range.end + AROUND);
    let line_start = text[before_start..range.start]
        .rfind('\n')
        .map_or(before_start, |at| before_start + at + 1);
    let line_end = text[range.end..after_end]
        .find('\n')
        .map_or(after_end, |at| range.end + at);
    &text[line_start..line_end]
}

/// Returns the two ends. A single amount is both, unless the text says "from" or "up to".
fn bounds(range: &Range, context: &Context<'_>) -> (Option<f64>, Option<f64>) {
    if let Some(high) = range.high {
        return (Some(range.low), Some(high));
    }
    let before = context
        .before
        .trim_end_matches([' ', '~', '>', '(', '\u{a0}']);
    let follows = |words: &[&str]| words.iter().any(|word| ends_with_word(before, word));
    if range.is_open || follows(FROM) {
        (Some(range.low), None)
    } else if follows(UP_TO) {
        (None, Some(range.low))
    } else {
        (Some(range.low), Some(range.low))
    }
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}

/// Returns the period that is written after or before the range, or that is certain by its size.
fn period(range: &Range, context: &Context<'_>, code: Option<&'static str>) -> Option<PayPeriod> {
    if range.period.is_some() {
        return range.period;
    }
    let mut before = context.words_before.iter().rev();
    let stated = before.find_map(|hit| match hit.meaning {
        Meaning::Period(period) => Some(period),
        _ => None,
    });
    let is_yearly = range.low >= LEAST_YEARLY && is_in_large_unit(range, context, code);
    let implied = is_yearly.then_some(PayPeriod::Year);
    stated.filter(|period| fits(*period, range)).or(implied)
}

/// Returns true if the amount is in a currency such as euro or dollar. A plain `$` next to a Spanish
/// or a Portuguese word is that of a country in which a month is paid with the same numbers.
fn is_in_large_unit(range: &Range, context: &Context<'_>, code: Option<&'static str>) -> bool {
    match (code, range.currency) {
        (Some(code), _) => is_large_unit(Some(Currency::Code(code))),
        (None, Some(Currency::Dollar)) => !PAY_IN_PESOS
            .iter()
            .any(|word| context.before.contains(word)),
        (None, _) => false,
    }
}

/// Returns true if a word such as "annual" before a range can be its period. In "the annual bonus
/// and $30", it is not.
fn fits(period: PayPeriod, range: &Range) -> bool {
    if !is_large_unit(range.currency) {
        return true;
    }
    match period {
        PayPeriod::Hour => range.top() < 1_500.0,
        PayPeriod::Day => (20.0..15_000.0).contains(&range.low),
        PayPeriod::Week => (50.0..60_000.0).contains(&range.low),
        PayPeriod::Month => (100.0..100_000.0).contains(&range.low),
        PayPeriod::Year => range.low >= 2_500.0,
    }
}

/// Returns the kind that the nearest word for pay before the range, or a word after it, says.
fn kind(context: &Context<'_>) -> PayKind {
    let is_target = |hit: &PayWord| hit.meaning == Meaning::OnTarget;
    let pay_words = context.words_before.iter();
    let nearest = pay_words
        .filter(|hit| is_target(hit) || hit.meaning == Meaning::Pay)
        .max_by_key(|hit| (hit.end, is_target(hit)));
    let is_on_target = nearest.is_some_and(is_target)
        || context.words_after.iter().any(is_target)
        || context.rest.contains(" split")
        || says_on_target(context.following);
    if is_on_target {
        PayKind::OnTarget
    } else {
        PayKind::Base
    }
}

/// Returns true for "This range indicates OTE", before any other number.
fn says_on_target(after: &str) -> bool {
    let before_digit = after.split(|sign: char| sign.is_ascii_digit()).next();
    let Some((_, range)) = before_digit.and_then(|after| after.split_once("range")) else {
        return false;
    };
    let sentence = range.split(['.', '\n']).next().unwrap_or_default();
    sentence.contains("OTE") || sentence.contains("n-target") || sentence.contains("n target")
}
