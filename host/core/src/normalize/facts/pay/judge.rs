//! The decision if a range is pay.

use crate::raw::PayPeriod::{Day, Hour, Month, Week, Year};

use super::amounts::{Currency, Range};
use super::context::Context;
use super::words::{Meaning, PayWord};

/// The bytes between a word such as "bonus" and the amount of the bonus.
const NEXT_TO: usize = 14;

/// The bytes between a word such as "salary" and an amount without a currency.
const NEAR: usize = 40;

/// The bytes between a word such as "salary" and a single amount without a period.
const IN_SENTENCE: usize = 90;

/// The least and the largest pay of a year that is recognized without a word for pay.
const PLAIN_YEAR: std::ops::RangeInclusive<f64> = 30_000.0..=900_000.0;

/// Returns true if the numbers and units of a range may be pay, whatever the words around it say.
pub(super) fn may_be_pay(range: &Range) -> bool {
    let has_size = range.currency.is_some() || range.has_scale || !is_year(range);
    range.is_possible && has_size && is_plausible(range)
}

/// Returns true if a range that may be pay is pay: the nearest word says so, or the range has a
/// plausible size, stands where postings write the pay, and no word near it means anything else.
pub(super) fn is_pay(range: &Range, context: &Context<'_>) -> bool {
    let words = NearestWords::of(context);
    if words.exclude(range) {
        return false;
    }
    if range.currency.is_some() {
        words.say_pay(range) || is_written_as_pay(range, context, &words)
    } else {
        is_pay_without_currency(range, context, &words)
    }
}

/// The nearest words of each meaning.
struct NearestWords {
    /// The bytes to the nearest word before, by meaning.
    pay: Option<usize>,
    not_pay: Option<usize>,
    extra: Option<usize>,
    topic: Option<usize>,
    is_sum: bool,
    /// True if a word before names a period.
    has_period: bool,
    /// The meaning of the first word after.
    after: Option<Meaning>,
}

impl NearestWords {
    fn of(context: &Context<'_>) -> Self {
        let distance = |hit: &PayWord| context.distance(hit);
        let nearest = |meanings: &[Meaning]| {
            let hits = context.words_before.iter();
            let named = hits.filter(|hit| meanings.contains(&hit.meaning));
            named.map(distance).min()
        };
        let is_period = |hit: &PayWord| matches!(hit.meaning, Meaning::Period(_));
        let first = context
            .words_after
            .iter()
            .filter(|hit| !is_period(hit))
            .min_by_key(|hit| hit.start);
        Self {
            pay: nearest(&[Meaning::Pay, Meaning::OnTarget]),
            not_pay: nearest(&[Meaning::NotPay]),
            extra: nearest(&[Meaning::Extra]),
            topic: nearest(&[Meaning::Topic]),
            is_sum: context.is_sum,
            has_period: context.words_before.iter().any(is_period),
            after: first.map(|hit| hit.meaning),
        }
    }

    fn is_named_after(&self) -> bool {
        matches!(self.after, Some(Meaning::Pay | Meaning::OnTarget))
    }

    /// Returns true if a word nearer than any word for pay says that the range is something else. A
    /// single amount needs less for that than a range.
    fn exclude(&self, range: &Range) -> bool {
        let is_single = range.high.is_none();
        let is_nearest = |distance: usize| self.pay.is_none_or(|pay| distance < pay);
        // "Earn $20 per hour serving food" is about the pay, "$20 food" is not.
        let is_rate = range.period.is_some() && self.pay.is_some_and(|pay| pay <= NEAR);
        let is_other_after = match self.after {
            Some(Meaning::NotPay) => true,
            Some(Meaning::Extra) => !self.is_sum && !is_rate,
            Some(Meaning::Topic) => !is_rate,
            _ => false,
        };
        is_other_after
            || self.not_pay.is_some_and(is_nearest)
            || (self.extra).is_some_and(|it| is_nearest(it) && (is_single || it <= NEXT_TO))
            || (self.topic).is_some_and(|it| is_nearest(it) && is_single)
    }

    /// Returns true if a word before or after a range with a currency means pay.
    fn say_pay(&self, range: &Range) -> bool {
        let is_complete = range.high.is_some() || range.period.is_some() || self.has_period;
        let reach = if is_complete { usize::MAX } else { IN_SENTENCE };
        let is_named = self.is_named_after() || self.pay.is_some_and(|distance| distance <= reach);
        // A small amount without a period may be anything.
        let is_sized = is_complete || range.low >= 1000.0;
        is_named && is_sized
    }

    /// Returns true if no word near the range means anything else than pay.
    fn are_silent(&self) -> bool {
        let is_far = |distance: Option<usize>| distance.is_none_or(|distance| distance > NEAR);
        self.not_pay.is_none() && is_far(self.extra) && is_far(self.topic)
    }
}

/// Returns true if a range with a currency stands where postings write the pay without a word for
/// it.
fn is_written_as_pay(range: &Range, context: &Context<'_>, words: &NearestWords) -> bool {
    let is_yearly = match range.period {
        None | Some(Year) => PLAIN_YEAR.contains(&range.low) && PLAIN_YEAR.contains(&range.top()),
        Some(_) => false,
    };
    let is_segment = context.begins_segment && context.ends_segment;
    let is_rate = matches!(range.period, Some(Hour | Month | Day | Week));
    if range.high.is_some() {
        let is_narrow = range.top() <= range.low * 6.0;
        let is_label = context.begins_segment && (is_yearly || is_rate || range.low >= 10_000.0);
        return is_narrow && (is_label || (is_yearly && words.are_silent()));
    }
    let is_amount = is_yearly || range.period == Some(Hour);
    is_segment && is_amount && words.are_silent()
}

/// Returns true if a range without a currency is pay. It needs a word for pay near it, or has to be
/// in thousands and alone in its segment.
fn is_pay_without_currency(range: &Range, context: &Context<'_>, words: &NearestWords) -> bool {
    if range.low < 1000.0 {
        return false;
    }
    let is_range = range.high.is_some() && range.has_scale;
    let reach = if is_range { IN_SENTENCE } else { NEAR };
    let is_near = words.pay.is_some_and(|distance| distance <= reach);
    let is_closed = context.ends_segment || range.period.is_some() || words.is_named_after();
    if is_near && is_closed {
        return true;
    }
    let is_yearly = PLAIN_YEAR.contains(&range.low) && PLAIN_YEAR.contains(&range.top());
    is_range && is_yearly && context.begins_segment && context.ends_segment && words.are_silent()
}

/// Returns true if a number without a currency may be a year of the calendar.
fn is_year(range: &Range) -> bool {
    let is_year = |value: f64| (1900.0..=2100.0).contains(&value);
    is_year(range.low) || is_year(range.top())
}

/// Returns true if a person may earn the amount in the period. The bounds exclude mistakes, not
/// unusual pay.
fn is_plausible(range: &Range) -> bool {
    let (least, most) = match range.period {
        Some(Hour) => (3.0, 1_500.0),
        Some(Day) => (20.0, 15_000.0),
        Some(Week) => (50.0, 60_000.0),
        Some(Month) => (100.0, 150_000.0),
        Some(Year) => (2_500.0, 5_000_000.0),
        None => (5.0, 5_000_000.0),
    };
    // The units of other currencies are smaller, down to a ten-thousandth.
    let factor = if is_large_unit(range.currency) {
        1.0
    } else {
        20_000.0
    };
    let is_wide = range.low > 0.0 && range.top() > range.low * 12.0;
    range.low >= least && range.top() <= most * factor && !is_wide
}

/// Returns true if a unit of the currency is worth about as much as a dollar or a euro.
pub(super) fn is_large_unit(currency: Option<Currency>) -> bool {
    match currency {
        Some(Currency::Code(code)) => {
            matches!(
                code,
                "EUR" | "USD" | "GBP" | "CHF" | "CAD" | "AUD" | "NZD" | "SGD"
            )
        }
        Some(Currency::Dollar) | None => true,
        Some(Currency::Krone | Currency::Unknown) => false,
    }
}
