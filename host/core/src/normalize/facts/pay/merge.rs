//! Joins the ranges of a text: each is kept once, and two ways to write one complete each other.

use crate::raw::PayPeriod;

use super::amounts::Range;
use super::stated::{PayKind, StatedPay};

/// Words between two ways to write the same pay.
const OR: &[&str] = &["or", "/", "oder", "ou", "o", "lub", "eller", "of", "tai"];

/// Returns true for the second of "45-70 USD or 180-280 PLN per hour", after pay that ends at
/// `last_end`.
pub(super) fn is_alternative(text: &str, last_end: Option<usize>, range: &Range) -> bool {
    let between = last_end.and_then(|end| text.get(end..range.start));
    let is_joined = between.is_some_and(|between| OR.contains(&between.trim()));
    is_joined && range.currency.is_some()
}

/// Gives the last range the period of the one with which it is written.
pub(super) fn share_period(found: &mut [StatedPay], period: Option<PayPeriod>) {
    if let Some(last) = found.last_mut() {
        last.period = last.period.or(period);
    }
}

/// Adds a range, unless the text has stated the same one before. The two complete each other.
pub(super) fn add(found: &mut Vec<StatedPay>, pay: StatedPay) {
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
