//! Finds the ranges of pay in a text.

use super::amounts::Range;
use super::context::Context;
use super::describe::pay_of;
use super::dollar::Signs;
use super::judge::{is_pay, may_be_pay};
use super::merge::{add, is_alternative, share_period};
use super::stated::StatedPay;

/// The most ranges that one text states.
pub const MAX_RANGES: usize = 16;

/// The amounts that are examined in one text. A posting has a few; a text of a million dollar signs
/// is not worth the time.
const MAX_EXAMINED: usize = 400;

/// Returns the ranges of pay that a text states, in the order of the text and each once; at most
/// [`MAX_RANGES`].
///
/// The period is the one that is written. Without one, an amount from 20,000 in a currency such as
/// euro or dollar is for a year: no month or hour is paid like that. Smaller amounts, and those in
/// other currencies, may be for a month or an hour and keep `None`.
#[must_use]
pub fn stated_pay(text: &str) -> Vec<StatedPay> {
    let mut search = PaySearch::in_text(text);
    let mut examined = 0;
    let mut at = 0;
    while let Some(start) = next_digit(text.as_bytes(), at) {
        match Range::read(text, start) {
            Ok(range) => {
                at = range.end.max(start + 1);
                if may_be_pay(&range) {
                    search.examine(&range);
                    examined += 1;
                }
            }
            Err(end) => at = end,
        }
        if examined == MAX_EXAMINED || search.found.len() == MAX_RANGES {
            break;
        }
    }
    search.found
}

/// A search for pay in one text.
struct PaySearch<'t> {
    text: &'t str,
    signs: Signs<'t>,
    found: Vec<StatedPay>,
    /// The end of the last range that is pay.
    last_end: Option<usize>,
}

impl<'t> PaySearch<'t> {
    fn in_text(text: &'t str) -> Self {
        Self {
            text,
            signs: Signs::of(text),
            found: Vec::new(),
            last_end: None,
        }
    }

    /// Adds the range if it is pay.
    fn examine(&mut self, range: &Range) {
        let context = Context::of(range, self.text);
        let is_alternative = is_alternative(self.text, self.last_end, range);
        if !is_alternative && !is_pay(range, &context) {
            return;
        }

        let pay = pay_of(range, &context, self.text, &self.signs);
        if is_alternative {
            share_period(&mut self.found, pay.period);
        }
        add(&mut self.found, pay);
        self.last_end = Some(range.end);
    }
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
