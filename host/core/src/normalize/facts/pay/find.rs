//! Finds the ranges of pay in a text.

use crate::raw::PayPeriod;

use super::context::Context;
use super::currency::{ceil, floor};
use super::dollar::Signs;
use super::judge::{is_large_unit, is_pay, may_be_pay};
use super::place::place_before;
use super::range::Range;
use super::stated::{PayKind, StatedPay};
use super::words::{Hit, Meaning};

/// The most ranges that one text states.
pub const MAX_RANGES: usize = 16;

/// The amounts that are examined in one text. A posting has a few; a text of a million dollar signs
/// is not worth the time.
const MAX_EXAMINED: usize = 400;

/// The least amount without a stated period that is certainly for a year, in a currency whose unit
/// is worth about as much as a dollar or a euro.
const LEAST_YEARLY: f64 = 20_000.0;

/// The bytes around a range in which the country of its `$` is looked for.
const AROUND: usize = 160;

/// Returns the ranges of pay that a text states, in the order of the text and each once; at most
/// [`MAX_RANGES`].
///
/// The period is the one that is written. Without one, an amount from 20,000 in a currency such as
/// euro or dollar is for a year: no month or hour is paid like that. Smaller amounts, and those in
/// other currencies, may be for a month or an hour and keep `None`.
#[must_use]
pub fn stated_pay(text: &str) -> Vec<StatedPay> {
    let mut found = Vec::new();
    let signs = Signs::of(text);
    let mut at = 0;
    let mut examined = 0;
    let mut last: Option<usize> = None;
    while let Some(start) = next_digit(text.as_bytes(), at) {
        let range = match Range::read(text, start) {
            Ok(range) => range,
            Err(end) => {
                at = end;
                continue;
            }
        };
        at = range.end.max(start + 1);
        if !may_be_pay(&range) {
            continue;
        }
        examined += 1;
        if examined > MAX_EXAMINED || found.len() == MAX_RANGES {
            break;
        }

        let context = Context::of(&range, text);
        let is_alternative = is_alternative(text, last, &range);
        if is_alternative || is_pay(&range, &context) {
            let pay = pay_of(&range, &context, text, &signs);
            if is_alternative {
                share_period(&mut found, pay.period);
            }
            add(&mut found, pay);
            last = Some(range.end);
        }
    }
    found
}

/// Returns the position of the next digit. Most texts are long stretches without one, which are
/// compared in blocks.
fn next_digit(text: &[u8], from: usize) -> Option<usize> {
    const BLOCK: usize = 32;
    let mut at = from;
    while let Some(block) = text.get(at..at + BLOCK) {
        let has_digit = block
            .iter()
            .fold(false, |found, byte| found | byte.is_ascii_digit());
        if has_digit {
            break;
        }
        at += BLOCK;
    }
    let rest = text.get(at..)?;
    rest.iter()
        .position(u8::is_ascii_digit)
        .map(|position| at + position)
}

fn pay_of(range: &Range, context: &Context<'_>, text: &str, signs: &Signs<'_>) -> StatedPay {
    let code = range
        .currency
        .and_then(|currency| signs.code(currency, line_around(text, range)));
    let (min, max) = bounds(range, context);
    StatedPay {
        min,
        max,
        currency: code.map(str::to_owned),
        period: period(range, context),
        kind: kind(context),
        place: place_before(context.sentence),
    }
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

/// Words between two ways to write the same pay.
const OR: &[&str] = &["or", "/", "oder", "ou", "o", "lub", "eller", "of", "tai"];

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

/// Returns the period that is written after or before the range, or that is certain by its size.
fn period(range: &Range, context: &Context<'_>) -> Option<PayPeriod> {
    if range.period.is_some() {
        return range.period;
    }
    let mut before = context.words_before.iter().rev();
    let stated = before.find_map(|hit| match hit.meaning {
        Meaning::Period(period) => Some(period),
        _ => None,
    });
    let is_yearly =
        range.currency.is_some() && is_large_unit(range.currency) && range.low >= LEAST_YEARLY;
    let implied = is_yearly.then_some(PayPeriod::Year);
    stated.filter(|period| fits(*period, range)).or(implied)
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
    let is_target = |hit: &Hit| hit.meaning == Meaning::OnTarget;
    let pay_words = context.words_before.iter();
    let nearest = pay_words
        .filter(|hit| is_target(hit) || hit.meaning == Meaning::Pay)
        .max_by_key(|hit| (hit.end, is_target(hit)));
    let is_on_target = nearest.is_some_and(is_target)
        || context.words_after.iter().any(is_target)
        || context.rest.contains(" split")
        || context.says_on_target_below;
    if is_on_target {
        PayKind::OnTarget
    } else {
        PayKind::Base
    }
}

/// Returns true for the second of "45-70 USD or 180-280 PLN per hour", after pay that ends at
/// `last_end`.
fn is_alternative(text: &str, last_end: Option<usize>, range: &Range) -> bool {
    let between = last_end.and_then(|end| text.get(end..range.start));
    let is_joined = between.is_some_and(|between| OR.contains(&between.trim()));
    is_joined && range.currency.is_some()
}

/// Gives the last range the period of the one with which it is written.
fn share_period(found: &mut [StatedPay], period: Option<PayPeriod>) {
    if let Some(last) = found.last_mut() {
        last.period = last.period.or(period);
    }
}

/// Adds a range, unless the text has stated the same one before. The two complete each other.
fn add(found: &mut Vec<StatedPay>, pay: StatedPay) {
    let same = found.iter_mut().find(|known| is_same(known, &pay));
    match same {
        Some(known) => complete(known, pay),
        None => found.push(pay),
    }
}

fn is_same(one: &StatedPay, other: &StatedPay) -> bool {
    fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    (one.min, one.max) == (other.min, other.max)
        && agree(one.currency.as_ref(), other.currency.as_ref())
        && agree(one.period.as_ref(), other.period.as_ref())
        && agree(one.place.as_ref(), other.place.as_ref())
}

fn complete(known: &mut StatedPay, pay: StatedPay) {
    known.currency = known.currency.take().or(pay.currency);
    known.period = known.period.or(pay.period);
    known.place = known.place.take().or(pay.place);
    if pay.kind == PayKind::OnTarget {
        known.kind = pay.kind;
    }
}
