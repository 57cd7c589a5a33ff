//! Amounts of money as they are written: numbers, currencies and periods, joined to ranges.
//!
//! [`Range`] is the result. `money` reads one amount of it, that is its `number`, its scale and its
//! [`Currency`]; `period` reads the unit after it, with the words in `period_words`.
//!
//! Not here: the decision if an amount is pay (`judge`).

mod currency;
mod money;
mod number;
mod period;
mod period_words;
mod range;

pub(super) use currency::{Currency, currency_before};
pub(super) use range::Range;
