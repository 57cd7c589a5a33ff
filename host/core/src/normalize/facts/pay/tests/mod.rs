//! The texts that state pay, and those that only look as if they did.
//!
//! Each case is a text and the ranges in it, one a line as [`line_of`] writes them: the bounds, the
//! currency, the period, the kind if it is not the base, and the place.

mod languages;
mod not_pay;
mod numbers;
mod properties;
mod ranges;

use super::{PayKind, StatedPay, stated_pay};

/// A text and the ranges that it states.
type Case = (&'static str, &'static [&'static str]);

/// Checks all cases and reports all that fail.
#[track_caller]
fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let found: Vec<String> = stated_pay(text).iter().map(line_of).collect();
        if found != *expected {
            wrong.push(format!(
                "{text:?}\n  expected {expected:?}\n  found    {found:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Writes a range as the tables have it: `60000..75000 EUR/year`. An unknown part is `?`.
fn line_of(pay: &StatedPay) -> String {
    let bound = |bound: Option<f64>| bound.map_or_else(String::new, |bound| bound.to_string());
    let range = if pay.min == pay.max {
        bound(pay.min)
    } else {
        format!("{}..{}", bound(pay.min), bound(pay.max))
    };
    let currency = pay.currency.as_deref().unwrap_or("?");
    let period = pay.period.map_or("?", |period| period.as_str());
    let kind = match pay.kind {
        PayKind::Base => "",
        PayKind::OnTarget => " on-target",
    };
    let place = pay
        .place
        .as_ref()
        .map_or_else(String::new, |place| format!(" @ {place}"));
    format!("{range} {currency}/{period}{kind}{place}")
}
