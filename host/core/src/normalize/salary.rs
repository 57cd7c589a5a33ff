//! Normalization of salaries: plausible numbers, a currency code, and the board's words.

use super::text::{cut, one_line};
use super::warnings::{Problem, Warnings};
use crate::raw::Salary;

/// The longest text of a salary, in bytes.
const MAX_TEXT_BYTES: usize = 1024;

/// Returns the valid parts of a salary; `None` if it has neither a number nor a text.
///
/// Zero means "not given" on several boards. If the lower end is above the upper end, both are
/// dropped, since it is unknown which one is wrong.
pub(super) fn salary(raw: &Salary, warnings: &mut Warnings<'_>) -> Option<Salary> {
    let (mut min, mut max) = (amount(raw.min, warnings), amount(raw.max, warnings));
    if let (Some(low), Some(high)) = (min, max)
        && low > high
    {
        warnings.note(Problem::Salary);
        (min, max) = (None, None);
    }

    let mut text = raw
        .text
        .as_deref()
        .map(one_line)
        .filter(|text| !text.is_empty());
    if let Some(text) = &mut text
        && cut(text, MAX_TEXT_BYTES)
    {
        warnings.note(Problem::FieldCut);
    }

    if min.is_none() && max.is_none() && text.is_none() {
        return None;
    }
    Some(Salary {
        min,
        max,
        currency: currency(raw.currency.as_deref(), warnings),
        period: raw.period,
        text,
    })
}

fn amount(given: Option<f64>, warnings: &mut Warnings<'_>) -> Option<f64> {
    let amount = given.filter(|&amount| amount != 0.0)?;

    if amount.is_finite() && amount > 0.0 {
        return Some(amount);
    }
    warnings.note(Problem::Salary);
    None
}

fn currency(given: Option<&str>, warnings: &mut Warnings<'_>) -> Option<String> {
    let code = given.map(str::trim).filter(|code| !code.is_empty())?;

    if code.len() == 3 && code.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Some(code.to_ascii_uppercase());
    }
    warnings.note(Problem::Currency);
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::PayPeriod;

    fn kept(raw: &Salary) -> (Option<Salary>, usize) {
        let mut tally = super::super::warnings::Tally::default();
        let kept = salary(raw, &mut tally.of("job"));
        (kept, tally.into_lines().len())
    }

    fn yearly(min: f64, max: f64) -> Salary {
        Salary {
            min: Some(min),
            max: Some(max),
            currency: Some("EUR".to_owned()),
            period: Some(PayPeriod::Year),
            text: None,
        }
    }

    #[test]
    fn a_plain_range_is_kept_as_it_is() {
        assert_eq!(
            kept(&yearly(50_000.0, 70_000.5)),
            (Some(yearly(50_000.0, 70_000.5)), 0)
        );
        assert_eq!(
            kept(&yearly(50_000.0, 50_000.0)),
            (Some(yearly(50_000.0, 50_000.0)), 0)
        );
    }

    #[test]
    fn zero_means_not_given() {
        assert_eq!(kept(&yearly(0.0, -0.0)), (None, 0));
        assert_eq!(
            kept(&yearly(0.0, 9.0)),
            (
                Some(Salary {
                    min: None,
                    ..yearly(1.0, 9.0)
                }),
                0
            )
        );
    }

    #[test]
    fn impossible_numbers_are_dropped_with_a_warning() {
        for (min, max) in [
            (f64::NAN, f64::INFINITY),
            (-1.0, f64::NEG_INFINITY),
            (9.0, 1.0),
        ] {
            assert_eq!(kept(&yearly(min, max)), (None, 1), "{min} {max}");
        }
    }

    #[test]
    fn a_currency_has_three_letters() {
        let with = |currency: &str| Salary {
            currency: Some(currency.to_owned()),
            ..yearly(1.0, 2.0)
        };
        assert_eq!(kept(&with(" usd ")), (Some(with("USD")), 0));
        assert_eq!(
            kept(&with(" ")),
            (
                Some(Salary {
                    currency: None,
                    ..yearly(1.0, 2.0)
                }),
                0
            )
        );
        for currency in ["€", "US$", "EURO", "ÄB"] {
            assert_eq!(
                kept(&with(currency)),
                (
                    Some(Salary {
                        currency: None,
                        ..yearly(1.0, 2.0)
                    }),
                    1
                )
            );
        }
    }

    #[test]
    fn a_salary_may_consist_of_text_alone() {
        let words = |text: &str| Salary {
            text: Some(text.to_owned()),
            ..Salary::default()
        };
        assert_eq!(
            kept(&words(" competitive\n plus bonus ")),
            (Some(words("competitive plus bonus")), 0)
        );
        assert_eq!(kept(&words(" \n")), (None, 0));
        assert_eq!(
            kept(&Salary {
                period: Some(PayPeriod::Hour),
                ..Salary::default()
            }),
            (None, 0)
        );
    }
}
