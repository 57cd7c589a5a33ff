//! Conditions on the pay: `salary >= 70000 EUR/year`.
//!
//! A range satisfies `>=` by its top and `<=` by its bottom. The pay is unknown if the board does not
//! state the number that decides, the currency or the period, or if the currency is another one:
//! exchange rates change daily. Pay on target does not count, nor does a range for another place.

use super::bounds::Bounds;
use crate::normalize::facts::KnownPay;
use crate::normalize::facts::pay::StatedPay;
use crate::query::lexer::ComparisonSign;
use crate::query::truth::Truth;
use crate::raw::PayPeriod;

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

    /// Compares the base pay of a job with this one. Several ranges are compared as the one that
    /// includes them all.
    pub(in crate::query) fn compare(
        &self,
        comparison: ComparisonSign,
        of_job: &[KnownPay],
    ) -> Truth {
        let base = of_job.iter().filter(|pay| pay.is_base_here());
        let comparable = base.filter_map(|pay| self.bounds_of(&pay.range));
        Truth::of_values(comparable.map(|bounds| bounds.compare(comparison, self.amount)))
    }

    /// Returns a range per period of this pay; `None` if they cannot be compared.
    fn bounds_of(&self, range: &StatedPay) -> Option<Bounds> {
        let same_currency = range.currency.as_deref() == Some(&*self.currency);
        let factor = per_year(range.period?) / per_year(self.period);
        let convert = |amount: Option<f64>| amount.map(|amount| amount * factor);
        same_currency.then(|| Bounds {
            min: convert(range.min),
            max: convert(range.max),
        })
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
    use crate::normalize::facts::Origin;
    use crate::normalize::facts::pay::PayKind;

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

    fn range(min: f64, max: f64, currency: &str, period: Option<PayPeriod>) -> KnownPay {
        KnownPay {
            range: StatedPay {
                min: Some(min),
                max: Some(max),
                currency: Some(currency.to_owned()),
                period,
                kind: PayKind::Base,
                place: None,
            },
            origin: Origin::Text,
            is_elsewhere: false,
        }
    }

    fn at_least_70k(ranges: &[KnownPay]) -> Truth {
        let pay = Pay {
            amount: 70_000.0,
            currency: "EUR".to_owned(),
            period: PayPeriod::Year,
        };
        pay.compare(ComparisonSign::AtLeast, ranges)
    }

    #[test]
    fn periods_are_converted_and_currencies_are_not() {
        let year = Some(PayPeriod::Year);
        let of =
            |amount, currency, period| at_least_70k(&[range(amount, amount, currency, period)]);
        assert_eq!(of(6_000.0, "EUR", Some(PayPeriod::Month)), True);
        assert_eq!(of(5_000.0, "EUR", Some(PayPeriod::Month)), False);
        assert_eq!(of(90_000.0, "EUR", year), True);
        assert_eq!(of(90_000.0, "USD", year), Unknown);
        assert_eq!(of(90_000.0, "EUR", None), Unknown);
    }

    #[test]
    fn several_ranges_are_compared_together() {
        let eur = |min, max| range(min, max, "EUR", Some(PayPeriod::Year));
        let usd = range(90_000.0, 99_000.0, "USD", Some(PayPeriod::Year));
        let (junior, senior) = (eur(50_000.0, 60_000.0), eur(65_000.0, 75_000.0));
        assert_eq!(at_least_70k(&[junior.clone(), senior.clone()]), True);
        assert_eq!(at_least_70k(&[junior.clone(), usd]), False);
        let open = KnownPay {
            range: StatedPay {
                max: None,
                ..senior.range.clone()
            },
            ..senior.clone()
        };
        assert_eq!(at_least_70k(&[junior.clone(), open]), Unknown);
        assert_eq!(at_least_70k(&[]), Unknown);
    }

    #[test]
    fn only_base_pay_for_the_places_of_the_job_counts() {
        let high = range(90_000.0, 99_000.0, "EUR", Some(PayPeriod::Year));
        let elsewhere = KnownPay {
            is_elsewhere: true,
            ..high.clone()
        };
        let on_target = KnownPay {
            range: StatedPay {
                kind: PayKind::OnTarget,
                ..high.range.clone()
            },
            ..high.clone()
        };
        assert_eq!(at_least_70k(&[elsewhere, on_target]), Unknown);
        assert_eq!(at_least_70k(&[high]), True);
    }
}
