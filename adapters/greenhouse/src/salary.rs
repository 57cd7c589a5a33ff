//! What a job pays, where the board leaves no doubt: one range, an amount, a currency.

use job_scanner_sdk::{PayPeriod, Salary, Text, pay_period};

use crate::api::PayRange;

/// The value of an employer's own `currency_range` field.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct CurrencyRange<'a> {
    /// Major units, a number in a string.
    #[serde(borrow, default)]
    min_value: Text<'a>,
    /// Major units, a number in a string.
    #[serde(borrow, default)]
    max_value: Text<'a>,
    /// ISO 4217.
    #[serde(borrow, default)]
    unit: Text<'a>,
}

/// Several ranges are for several places, and no field says which is whose: then none is taken.
pub(crate) fn of_pay_ranges(ranges: Vec<PayRange<'_>>) -> Option<Salary> {
    only(ranges.into_iter().filter_map(|range| {
        let major = |cents: Option<f64>| cents.map(|it| it / 100.0);
        let period = pay_period(range.title.trimmed());
        salary(major(range.min_cents), major(range.max_cents), range.currency_type.trimmed(), period)
    }))
}

/// As with pay ranges; employers leave all but one at zero, or do not.
pub(crate) fn of_currency_ranges(ranges: Vec<CurrencyRange<'_>>) -> Option<Salary> {
    only(ranges.into_iter().filter_map(|range| {
        let amount = |text: Text<'_>| text.trimmed().parse().ok();
        salary(amount(range.min_value), amount(range.max_value), range.unit.trimmed(), None)
    }))
}

fn only(mut salaries: impl Iterator<Item = Salary>) -> Option<Salary> {
    let first = salaries.next()?;
    if salaries.next().is_some() { None } else { Some(first) }
}

/// A salary, if there is an amount. Below one unit it is a placeholder: `0.0` and `0.01` stand for "not given".
fn salary(min: Option<f64>, max: Option<f64>, currency: &str, period: Option<PayPeriod>) -> Option<Salary> {
    let given = |amount: &f64| *amount >= 1.0;
    Salary::between(min.filter(given), max.filter(given), Some(currency.to_owned()), period)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ranges: &str) -> Option<Salary> {
        of_pay_ranges(serde_json::from_str(ranges).expect("ranges"))
    }

    #[test]
    fn cents_become_major_units() {
        let expected = Salary {
            min: Some(90_000.0),
            max: Some(120_000.5),
            currency: Some("EUR".to_owned()),
            period: Some(PayPeriod::Year),
            text: None,
        };
        let range =
            r#"[{"min_cents": 9000000, "max_cents": 12000050, "currency_type": "EUR", "title": "Annual Salary"}]"#;
        assert_eq!(of(range), Some(expected));
    }

    #[test]
    fn of_several_ranges_none_is_taken() {
        let range = r#"{"min_cents": 9000000, "max_cents": 12000000, "currency_type": "USD", "title": "NYC"}"#;
        assert!(of(&format!("[{range}]")).is_some());
        assert_eq!(of(&format!("[{range}, {range}]")), None);
    }

    #[test]
    fn a_placeholder_is_no_salary() {
        assert_eq!(of(r#"[{"min_cents": 0, "max_cents": 0, "currency_type": "USD", "title": "Annual Salary"}]"#), None);
        let ranges = r#"[{"unit": "EUR", "min_value": "0.0", "max_value": "0.01"},
                         {"unit": null, "min_value": "50000.0", "max_value": "60000.0"}]"#;
        let salary = of_currency_ranges(serde_json::from_str(ranges).expect("ranges")).expect("one range");
        assert_eq!((salary.min, salary.max, salary.currency), (Some(50_000.0), Some(60_000.0), None));
    }
}
