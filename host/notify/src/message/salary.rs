//! Describes a salary in one line, with only the facts that the board provides.

use job_scanner_core::job::{KnownPay, Origin, PayPeriod, Salary};
use job_scanner_core::normalize::facts::pay::PayKind;

use crate::message::text::{grouped, one_line, optional_line};

/// The maximum length of a salary line.
const CHARS: usize = 160;

/// The maximum number of ranges of a text in one line.
const RANGES: usize = 3;

/// The maximum length of the name of a place.
const PLACE_CHARS: usize = 40;

/// Returns a line such as `EUR 60,000–80,000 a year`. A currency or period that the board does not
/// provide is named as unknown. `None` if the salary has neither a number nor a text.
pub(crate) fn describe(salary: &Salary) -> Option<String> {
    let Some(range) = range(salary) else {
        return optional_line(salary.text.as_deref(), CHARS);
    };
    let unknown = match (&salary.currency, salary.period) {
        (None, None) => " (currency and period unknown)",
        (None, Some(_)) => " (currency unknown)",
        (Some(_), None) => " (period unknown)",
        (Some(_), Some(_)) => "",
    };
    let period = salary.period.map(describe_period).unwrap_or_default();
    Some(one_line(&format!("{range}{period}{unknown}"), CHARS))
}

/// Returns a line such as `EUR 60,000–80,000 a year (from the text)` with the ranges that the text
/// states for the places of the job; `None` without any.
pub(crate) fn describe_stated(pay: &[KnownPay]) -> Option<String> {
    let of_text = pay
        .iter()
        .filter(|pay| pay.origin == Origin::Text && !pay.is_elsewhere);
    let ranges: Vec<String> = of_text.take(RANGES).filter_map(describe_range).collect();
    if ranges.is_empty() {
        return None;
    }
    let ranges = one_line(&ranges.join("; "), CHARS);
    Some(format!("{ranges} (from the text)"))
}

fn describe_range(pay: &KnownPay) -> Option<String> {
    let stated = &pay.range;
    let line = describe(&Salary {
        min: stated.min,
        max: stated.max,
        currency: stated.currency.clone(),
        period: stated.period,
        text: None,
    })?;
    let kind = match stated.kind {
        PayKind::Base => "",
        PayKind::OnTarget => " on target",
    };
    let place = optional_line(stated.place.as_deref(), PLACE_CHARS);
    let place = place.map_or_else(String::new, |place| format!(" in {place}"));
    Some(format!("{line}{kind}{place}"))
}

fn range(salary: &Salary) -> Option<String> {
    let plausible =
        |amount: Option<f64>| amount.filter(|amount| amount.is_finite() && *amount >= 0.0);
    let currency = optional_line(salary.currency.as_deref(), 16)
        .map(|code| code + " ")
        .unwrap_or_default();

    let min = plausible(salary.min).map(amount);
    let max = plausible(salary.max).map(amount);
    match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("{currency}{min}")),
        (Some(min), Some(max)) => Some(format!("{currency}{min}–{max}")),
        (Some(min), None) => Some(format!("from {currency}{min}")),
        (None, Some(max)) => Some(format!("up to {currency}{max}")),
        (None, None) => None,
    }
}

/// Returns an amount with separated thousands, and with cents if there are any.
fn amount(amount: f64) -> String {
    let cents = format!("{amount:.2}");
    let (whole, fraction) = cents.split_once('.').unwrap_or((&cents, "00"));
    let whole = grouped(whole);

    if fraction == "00" {
        whole
    } else {
        format!("{whole}.{fraction}")
    }
}

fn describe_period(period: PayPeriod) -> &'static str {
    match period {
        PayPeriod::Hour => " an hour",
        PayPeriod::Day => " a day",
        PayPeriod::Week => " a week",
        PayPeriod::Month => " a month",
        PayPeriod::Year => " a year",
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::normalize::facts::pay::StatedPay;

    use super::*;

    fn salary(
        min: Option<f64>,
        max: Option<f64>,
        currency: Option<&str>,
        period: Option<PayPeriod>,
    ) -> Salary {
        Salary {
            min,
            max,
            currency: currency.map(Into::into),
            period,
            text: None,
        }
    }

    #[test]
    fn a_salary_line_names_an_unknown_currency_or_period() {
        let (eur, year) = (Some("EUR"), Some(PayPeriod::Year));
        for (given, words) in [
            (
                salary(Some(60_000.0), Some(80_000.0), eur, year),
                Some("EUR 60,000–80,000 a year"),
            ),
            (
                salary(Some(60_000.0), Some(80_000.0), None, year),
                Some("60,000–80,000 a year (currency unknown)"),
            ),
            (
                salary(Some(60_000.0), None, eur, None),
                Some("from EUR 60,000 (period unknown)"),
            ),
            (
                salary(None, Some(1_234_567.0), None, None),
                Some("up to 1,234,567 (currency and period unknown)"),
            ),
            (
                salary(Some(25.5), Some(25.5), Some("USD"), Some(PayPeriod::Hour)),
                Some("USD 25.50 an hour"),
            ),
            (salary(Some(f64::NAN), Some(-1.0), eur, year), None),
            (
                Salary {
                    text: Some("Competitive\r\nplus equity".into()),
                    ..Salary::default()
                },
                Some("Competitive plus equity"),
            ),
            (Salary::default(), None),
        ] {
            assert_eq!(describe(&given).as_deref(), words, "{given:?}");
        }
    }

    #[test]
    fn ranges_of_the_text_say_so_and_those_for_other_places_are_left_out() {
        let stated = |min: f64, kind, place: Option<&str>, is_elsewhere| KnownPay {
            range: StatedPay {
                min: Some(min),
                max: Some(min + 10_000.0),
                currency: Some("EUR".to_owned()),
                period: Some(PayPeriod::Year),
                kind,
                place: place.map(Into::into),
            },
            origin: Origin::Text,
            is_elsewhere,
        };
        let pay = [
            stated(60_000.0, PayKind::Base, Some("Berlin"), false),
            stated(90_000.0, PayKind::Base, Some("Zürich"), true),
            stated(70_000.0, PayKind::OnTarget, None, false),
        ];
        assert_eq!(
            describe_stated(&pay).as_deref(),
            Some(
                "EUR 60,000–70,000 a year in Berlin; EUR 70,000–80,000 a year on target (from the text)"
            )
        );
        assert_eq!(describe_stated(&pay[1..2]), None);
    }

    #[test]
    fn a_huge_salary_stays_within_the_line_limit() {
        let huge = salary(Some(f64::MAX), Some(f64::MAX), Some("EUR"), None);
        assert_eq!(describe(&huge).unwrap().chars().count(), CHARS);
    }
}
