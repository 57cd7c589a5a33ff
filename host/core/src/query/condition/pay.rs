//! Conditions on the pay: `salary >= 70000 EUR/year`.
//!
//! A range satisfies `>=` by its top and `<=` by its bottom. The pay is unknown if the board does not
//! state the number that decides, the currency or the period, or if the currency is another one:
//! exchange rates change daily.

use crate::query::lexer::ComparisonSign;
use crate::query::truth::Truth;
use crate::raw::{PayPeriod, Salary};

/// An amount of money for a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Pay {
    pub(in crate::query) amount: f64,
    /// An ISO 4217 code.
    pub(in crate::query) currency: String,
    pub(in crate::query) period: PayPeriod,
}

impl Pay {
    /// Parses a number, such as `70000`, `70,000`, `70_000` or `70k`; `None` for anything else. A full
    /// stop before three digits may be a decimal point or separate thousands, so it is not accepted.
    pub(in crate::query) fn amount(word: &str) -> Option<f64> {
        let (digits, factor) = match word.strip_suffix(['k', 'K']) {
            Some(digits) => (digits, 1_000.0),
            None => (word, 1.0),
        };
        let is_plain = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'_' | b'.'));
        let mut groups = digits.split([',', '_']);
        let first = groups.next().unwrap_or_default();
        let is_grouped =
            groups.all(|group| group.split('.').next().is_some_and(|it| it.len() == 3));
        let decimals = digits
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        if !is_plain || !is_grouped || first.is_empty() || decimals == 3 {
            return None;
        }
        let number: f64 = digits.replace([',', '_'], "").parse().ok()?;
        Some(number * factor)
    }

    /// Parses `EUR/year` or `EUR`, which is per year; `None` for anything else.
    pub(in crate::query) fn currency_and_period(word: &str) -> Option<(String, PayPeriod)> {
        let (currency, period) = word.split_once('/').unwrap_or((word, "year"));
        let is_code =
            currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic());
        let period = period.parse().ok()?;
        is_code.then(|| (currency.to_ascii_uppercase(), period))
    }

    /// Compares the pay of a job with this one.
    pub(in crate::query) fn compare(
        &self,
        comparison: ComparisonSign,
        salary: Option<&Salary>,
    ) -> Truth {
        let Some((min, max)) = salary.and_then(|salary| self.range_of(salary)) else {
            return Truth::Unknown;
        };
        // The first bound decides. If only the other one is stated, it may still be enough.
        let (decisive, other) = match comparison {
            ComparisonSign::More | ComparisonSign::AtLeast => (max, min),
            ComparisonSign::Less | ComparisonSign::AtMost => (min, max),
        };
        let holds = |amount: f64| comparison.holds(&amount, &self.amount);
        match (decisive, other) {
            (Some(amount), _) => holds(amount).into(),
            (None, Some(amount)) if holds(amount) => Truth::True,
            _ => Truth::Unknown,
        }
    }

    /// Returns the bounds of a salary per period of this pay; `None` if they cannot be compared.
    fn range_of(&self, salary: &Salary) -> Option<(Option<f64>, Option<f64>)> {
        let same_currency = salary.currency.as_deref() == Some(&*self.currency);
        let factor = per_year(salary.period?) / per_year(self.period);
        let convert = |amount: Option<f64>| amount.map(|amount| amount * factor);
        same_currency.then(|| (convert(salary.min), convert(salary.max)))
    }
}

/// Returns the number of periods in a year of full-time work: 52 weeks of 5 days of 8 hours.
fn per_year(period: PayPeriod) -> f64 {
    match period {
        PayPeriod::Hour => 52.0 * 40.0,
        PayPeriod::Day => 52.0 * 5.0,
        PayPeriod::Week => 52.0,
        PayPeriod::Month => 12.0,
        PayPeriod::Year => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{False, True, Unknown};
    use super::*;

    #[test]
    fn amounts_are_read_in_common_forms() {
        for (word, amount) in [
            ("70000", Some(70_000.0)),
            ("70k", Some(70_000.0)),
            ("70.5K", Some(70_500.0)),
            ("70,000", Some(70_000.0)),
            ("1_000_000", Some(1_000_000.0)),
            ("42.50", Some(42.5)),
            ("70.000", None),
            ("7,0", None),
            (",000", None),
            ("70000€", None),
            ("k", None),
            ("", None),
            ("1.2.3", None),
        ] {
            assert_eq!(Pay::amount(word), amount, "{word}");
        }
    }

    #[test]
    fn the_period_is_a_year_unless_it_is_stated() {
        let year = Some(("EUR".to_owned(), PayPeriod::Year));
        assert_eq!(Pay::currency_and_period("EUR"), year);
        assert_eq!(Pay::currency_and_period("eur/year"), year);
        assert_eq!(Pay::currency_and_period("EUR/decade"), None);
        assert_eq!(Pay::currency_and_period("euros"), None);
    }

    fn at_least_70k(min: Option<f64>, max: Option<f64>) -> Truth {
        compare(
            ComparisonSign::AtLeast,
            min,
            max,
            "EUR",
            Some(PayPeriod::Year),
        )
    }

    fn compare(
        comparison: ComparisonSign,
        min: Option<f64>,
        max: Option<f64>,
        currency: &str,
        period: Option<PayPeriod>,
    ) -> Truth {
        let pay = Pay {
            amount: 70_000.0,
            currency: "EUR".to_owned(),
            period: PayPeriod::Year,
        };
        let salary = Salary {
            min,
            max,
            currency: Some(currency.to_owned()),
            period,
            text: None,
        };
        pay.compare(comparison, Some(&salary))
    }

    #[test]
    fn a_range_is_compared_by_the_bound_that_decides() {
        let (low, high) = (Some(60_000.0), Some(80_000.0));
        assert_eq!(at_least_70k(low, high), True);
        assert_eq!(at_least_70k(low, low), False);
        assert_eq!(at_least_70k(high, None), True, "from 80,000");
        assert_eq!(at_least_70k(low, None), Unknown, "from 60,000");
        assert_eq!(at_least_70k(None, low), False, "up to 60,000");
        assert_eq!(at_least_70k(None, None), Unknown);
        let at_most = |min, max| {
            compare(
                ComparisonSign::AtMost,
                min,
                max,
                "EUR",
                Some(PayPeriod::Year),
            )
        };
        assert_eq!(at_most(low, high), True);
        assert_eq!(at_most(high, high), False);
        assert_eq!(at_most(None, low), True);
        assert_eq!(at_most(None, high), Unknown);
    }

    #[test]
    fn periods_are_converted_and_currencies_are_not() {
        let monthly = |amount| {
            let (min, max) = (Some(amount), Some(amount));
            compare(
                ComparisonSign::AtLeast,
                min,
                max,
                "EUR",
                Some(PayPeriod::Month),
            )
        };
        assert_eq!(monthly(6_000.0), True);
        assert_eq!(monthly(5_000.0), False);
        let (min, max) = (Some(90_000.0), Some(90_000.0));
        let of = |currency, period| compare(ComparisonSign::AtLeast, min, max, currency, period);
        assert_eq!(of("USD", Some(PayPeriod::Year)), Unknown);
        assert_eq!(of("EUR", None), Unknown);
    }
}
