//! The pay of a posting.
//!
//! `baseSalary` is what the employer pays. `estimatedSalary` is not read: it is what a site guesses
//! from similar jobs, and a guess must not look like the employer's word.

use serde_json::Value;

use super::values::{text, values};
use crate::values::{amount, pay_period};
use crate::{PayPeriod, Salary};

/// Returns the pay: a number, a range, or several of them. Words that are not a number are kept as
/// text. A currency next to the pay, `salaryCurrency`, applies if the pay has none.
pub(super) fn salary(posting: &Value) -> Option<Salary> {
    let beside = text(&posting["salaryCurrency"]);
    let ranges: Vec<Salary> = values(&posting["baseSalary"])
        .flat_map(|pay| ranges(pay, beside.as_deref()))
        .collect();

    match &ranges[..] {
        [] => None,
        [only] => Some(only.clone()),
        several => Salary::spanning(several)
            .or_else(|| Salary::from_titled_ranges(several.iter().map(|range| ("", range)))),
    }
}

/// Returns the ranges of one element of `baseSalary`: a `MonetaryAmount`, or an amount alone.
fn ranges(pay: &Value, beside: Option<&str>) -> Vec<Salary> {
    let inner = &pay["value"];
    let amounts = if inner.is_null() { pay } else { inner };
    let currency = || {
        let own = text(&pay["currency"]).or_else(|| text(&pay["priceCurrency"]));
        own.or_else(|| beside.map(str::to_owned))
    };

    values(amounts)
        .filter_map(|amount| {
            let currency = text(&amount["currency"]).or_else(currency);
            range(amount, currency, period(amount).or_else(|| period(pay)))
        })
        .collect()
}

/// Returns one range: a `QuantitativeValue`, or a number alone.
fn range(value: &Value, currency: Option<String>, period: Option<PayPeriod>) -> Option<Salary> {
    let single = number(value)
        .or_else(|| number(&value["value"]))
        .or_else(|| number(&value["price"]));
    let min = number(&value["minValue"]).or(single);
    let max = number(&value["maxValue"]).or(single);

    Salary::between(min, max, currency, period).or_else(|| in_words(value))
}

/// Returns pay in words, such as `from 60.000 € by agreement`. Zero is not words.
fn in_words(value: &Value) -> Option<Salary> {
    let words = value.as_str().or_else(|| value["value"].as_str())?.trim();
    (!words.is_empty() && amount(words).is_none()).then(|| Salary::from_text(words))
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| amount(value.as_str()?))
}

/// Returns the unit of time: a word, or a [code of UN/CEFACT](https://schema.org/unitCode).
fn period(value: &Value) -> Option<PayPeriod> {
    let words = || text(&value["unitText"]).and_then(|words| pay_period(&words));
    words().or_else(|| {
        let code = text(&value["unitCode"])?;
        match &*code.to_ascii_uppercase() {
            "HUR" => Some(PayPeriod::Hour),
            "WEE" => Some(PayPeriod::Week),
            "MON" => Some(PayPeriod::Month),
            "ANN" => Some(PayPeriod::Year),
            _ => pay_period(&code),
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pay(
        min: f64,
        max: f64,
        currency: Option<&str>,
        period: Option<PayPeriod>,
    ) -> Option<Salary> {
        Salary::between(Some(min), Some(max), currency.map(str::to_owned), period)
    }

    #[test]
    fn pay_is_read_in_every_form() {
        use PayPeriod::{Day, Hour, Month, Week, Year};
        let euros = Some("EUR");
        for (base, expected) in [
            (json!(60000), pay(60e3, 60e3, euros, None)),
            (json!("60.000,50"), pay(60_000.5, 60_000.5, euros, None)),
            (
                json!({"currency": "CHF", "value": {"minValue": "60,000", "maxValue": 70_000, "unitText": "Year"}}),
                pay(60e3, 70e3, Some("CHF"), Some(Year)),
            ),
            (
                json!({"value": 20.5, "unitText": "hourly"}),
                pay(20.5, 20.5, euros, Some(Hour)),
            ),
            (
                json!({"minValue": 3000, "maxValue": "3.500", "unitCode": "mon"}),
                pay(3e3, 3.5e3, euros, Some(Month)),
            ),
            (
                json!({"value": {"value": "500", "unitCode": "DAY", "currency": "USD"}}),
                pay(500.0, 500.0, Some("USD"), Some(Day)),
            ),
            (
                json!({"@type": "PriceSpecification", "price": 900, "priceCurrency": "GBP", "unitText": "WEEK"}),
                pay(900.0, 900.0, Some("GBP"), Some(Week)),
            ),
            (
                json!({"value": [50000, "60.000"], "unitText": "YEAR"}),
                pay(50e3, 60e3, euros, Some(Year)),
            ),
            (
                json!({"value": [{"minValue": 50, "maxValue": 60}, {"minValue": 55, "maxValue": 90}]}),
                pay(50.0, 90.0, euros, None),
            ),
            (
                json!([{"value": {"value": 10}, "currency": "USD"}, {"value": 12, "currency": "EUR"}]),
                Some(Salary::from_text("10 USD; 12 EUR")),
            ),
            (
                json!({"value": {"value": "by agreement"}}),
                Some(Salary::from_text("by agreement")),
            ),
            (json!("competitive"), Some(Salary::from_text("competitive"))),
            (json!("0"), None),
            (json!({"value": {"minValue": 0}}), None),
            (json!(null), None),
        ] {
            let posting = json!({"baseSalary": base, "salaryCurrency": "eur"});
            assert_eq!(salary(&posting), expected, "{base}");
        }
    }

    #[test]
    fn an_estimate_is_not_pay() {
        let estimate =
            json!({"estimatedSalary": {"currency": "EUR", "median": 50000, "unitText": "YEAR"}});
        assert_eq!(salary(&estimate), None);
    }
}
