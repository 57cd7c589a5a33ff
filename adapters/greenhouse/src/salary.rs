//! The pay of a job, as numbers if there is exactly one range.

use job_scanner_sdk::{PayPeriod, Salary, Text, pay_period};

use crate::api::PayRange;

/// The value of an employer's own `currency_range` field.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct CurrencyRange<'a> {
    /// In major units, as a number in a string.
    #[serde(borrow, default)]
    min_value: Text<'a>,
    /// In major units, as a number in a string.
    #[serde(borrow, default)]
    max_value: Text<'a>,
    /// [ISO 4217](https://www.iso.org/iso-4217-currency-codes.html) code.
    #[serde(borrow, default)]
    unit: Text<'a>,
}

/// Returns the pay from Greenhouse's own ranges. Several ranges are returned as text: they are for
/// several places or for more than the salary, and only their titles tell.
pub(crate) fn of_pay_ranges(ranges: &[PayRange<'_>]) -> Option<Salary> {
    let ranges: Vec<_> = ranges
        .iter()
        .filter_map(|range| Some((range.title.trimmed(), pay_range(range)?)))
        .collect();
    match &ranges[..] {
        [(_, only)] => Some(only.clone()),
        several => Salary::from_titled_ranges(several.iter().map(|(title, range)| (*title, range))),
    }
}

fn pay_range(range: &PayRange<'_>) -> Option<Salary> {
    let major = |cents: Option<f64>| cents.map(|it| it / 100.0);
    let period = pay_period(range.title.trimmed());
    salary(
        major(range.min_cents),
        major(range.max_cents),
        range.currency_type.trimmed(),
        period,
    )
}

/// Returns the pay from the employer's own ranges, if exactly one is set. If several are set, no
/// field says what each of them means.
pub(crate) fn of_currency_ranges(ranges: Vec<CurrencyRange<'_>>) -> Option<Salary> {
    only(ranges.into_iter().filter_map(|range| {
        let (min, max) = (range.min_value.parsed(), range.max_value.parsed());
        salary(min, max, range.unit.trimmed(), None)
    }))
}

fn only(mut salaries: impl Iterator<Item = Salary>) -> Option<Salary> {
    let first = salaries.next()?;
    if salaries.next().is_some() {
        None
    } else {
        Some(first)
    }
}

/// Returns a salary if there is an amount. An amount below one is a placeholder: `0.0` and `0.01`
/// mean "not given".
fn salary(
    min: Option<f64>,
    max: Option<f64>,
    currency: &str,
    period: Option<PayPeriod>,
) -> Option<Salary> {
    let given = |amount: &f64| *amount >= 1.0;
    Salary::between(
        min.filter(given),
        max.filter(given),
        Some(currency.to_owned()),
        period,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ranges: &str) -> Option<Salary> {
        of_pay_ranges(&serde_json::from_str::<Vec<_>>(ranges).expect("ranges"))
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
        let range = r#"[{"min_cents": 9000000, "max_cents": 12000050, "currency_type": "EUR", "title": "Annual Salary"}]"#;
        assert_eq!(of(range), Some(expected));
    }

    #[test]
    fn several_ranges_become_text() {
        let range = |title: &str, cents: u32| {
            format!(
                r#"{{"min_cents": {cents}, "max_cents": 12000000, "currency_type": "USD", "title": "{title}"}}"#
            )
        };
        let text = "NYC: 90000 - 120000 USD; OTE (annual): 100000 - 120000 USD a year";
        let several = of(&format!(
            "[{}, {}]",
            range("NYC", 9_000_000),
            range("OTE (annual)", 10_000_000)
        ));
        assert_eq!(several, Some(Salary::from_text(text)));
    }

    #[test]
    fn a_placeholder_is_not_a_salary() {
        assert_eq!(
            of(
                r#"[{"min_cents": 0, "max_cents": 0, "currency_type": "USD", "title": "Annual Salary"}]"#
            ),
            None
        );
        let ranges = r#"[{"unit": "EUR", "min_value": "0.0", "max_value": "0.01"},
                         {"unit": null, "min_value": "50000.0", "max_value": "60000.0"}]"#;
        let salary =
            of_currency_ranges(serde_json::from_str(ranges).expect("ranges")).expect("one range");
        assert_eq!(
            (salary.min, salary.max, salary.currency),
            (Some(50_000.0), Some(60_000.0), None)
        );
    }
}
