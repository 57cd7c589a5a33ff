//! What a job pays, in numbers where the board has them, and in its words where it has not.

use crate::{PayPeriod, Salary};

impl Salary {
    /// Numbers in major units. Zero is how many boards write "not given": none then, and no salary
    /// without a number. A currency that is no code of three letters is none.
    pub fn between(
        min: Option<f64>,
        max: Option<f64>,
        currency: Option<String>,
        period: Option<PayPeriod>,
    ) -> Option<Self> {
        let given =
            |number: Option<f64>| number.filter(|number| number.is_finite() && *number > 0.0);
        let (min, max) = (given(min), given(max));
        let currency = currency.and_then(|code| currency_code(&code));

        (min.is_some() || max.is_some()).then_some(Self {
            min,
            max,
            currency,
            period,
            text: None,
        })
    }

    /// The board's words, for it has no numbers.
    pub fn from_text(words: impl Into<String>) -> Self {
        Self {
            min: None,
            max: None,
            currency: None,
            period: None,
            text: Some(words.into()),
        }
    }

    /// What several ranges span together: from the lowest to the highest number. None where they
    /// are not counted in one currency over one period, and none of no range.
    pub fn spanning(ranges: &[Self]) -> Option<Self> {
        let (first, others) = ranges.split_first()?;
        let is_like_first =
            |range: &Self| range.currency == first.currency && range.period == first.period;
        let is_of_one_unit = others.iter().all(is_like_first);

        // A range without a lower end has an unknown lower end.
        let lowest = ranges
            .iter()
            .map(|range| range.min)
            .reduce(|one, other| Some(one?.min(other?)));
        let highest = ranges
            .iter()
            .map(|range| range.max)
            .reduce(|one, other| Some(one?.max(other?)));
        let (min, max) = (lowest.flatten(), highest.flatten());

        (is_of_one_unit && (min.is_some() || max.is_some())).then(|| Self {
            min,
            max,
            ..first.clone()
        })
    }

    /// Several ranges that are no one range, each under its title.
    pub fn from_titled_ranges<'a>(
        titled: impl IntoIterator<Item = (&'a str, &'a Self)>,
    ) -> Option<Self> {
        let mut words = String::new();

        for (title, range) in titled {
            words.push_str(if words.is_empty() { "" } else { "; " });
            words.push_str(title.trim());
            words.push_str(if title.trim().is_empty() { "" } else { ": " });
            words.push_str(&range.to_text());
        }

        (!words.is_empty()).then(|| Self::from_text(words))
    }

    /// The numbers as a person would write them: `50 - 65.5 USD an hour`.
    fn to_text(&self) -> String {
        let numbers = match (self.min, self.max) {
            (Some(min), Some(max)) if min < max => format!("{min} - {max}"),
            (Some(min), None) => format!("from {min}"),
            (None, Some(max)) => format!("up to {max}"),
            (Some(number), _) => number.to_string(),
            (None, None) => String::new(),
        };

        let period = self.period.map(|period| match period {
            PayPeriod::Hour => "an hour",
            PayPeriod::Day => "a day",
            PayPeriod::Week => "a week",
            PayPeriod::Month => "a month",
            PayPeriod::Year => "a year",
        });

        let words = [
            Some(numbers.as_str()),
            self.currency.as_deref(),
            period,
            self.text.as_deref(),
        ];
        words
            .into_iter()
            .flatten()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn currency_code(code: &str) -> Option<String> {
    let code = code.trim();
    (code.len() == 3 && code.bytes().all(|it| it.is_ascii_alphabetic()))
        .then(|| code.to_ascii_uppercase())
}

/// What a salary is counted over, from the board's word or words for it: `hour`, `HOURLY`, `1
/// YEAR`, `per-year-salary`, `Annual salary`. None where they name no period, more than one, or
/// several of it.
pub fn pay_period(words: &str) -> Option<PayPeriod> {
    let words = words.to_ascii_lowercase();
    let mut named = None;

    for word in words.split(|character: char| !character.is_ascii_alphanumeric()) {
        let period = match word {
            "hour" | "hourly" => PayPeriod::Hour,
            "day" | "daily" => PayPeriod::Day,
            "week" | "weekly" => PayPeriod::Week,
            "month" | "monthly" => PayPeriod::Month,
            "year" | "yearly" | "annual" | "annually" | "annum" => PayPeriod::Year,
            "bi" | "semi" | "half" | "twice" => return None,
            number if number != "1" && number.parse::<u32>().is_ok() => return None,
            _ => continue,
        };

        if named.replace(period).is_some_and(|before| before != period) {
            return None;
        }
    }

    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(min: f64, max: f64, currency: &str, period: PayPeriod) -> Salary {
        Salary::between(
            Some(min),
            Some(max),
            Some(currency.to_owned()),
            Some(period),
        )
        .unwrap_or_else(|| panic!("{min}"))
    }

    #[test]
    fn zero_is_no_salary_and_neither_is_what_is_no_number() {
        for number in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(
                Salary::between(Some(number), None, Some("EUR".to_owned()), None),
                None,
                "{number}"
            );
        }
        let salary = Salary::between(Some(0.0), Some(50.0), None, None).expect("a salary");
        assert_eq!((salary.min, salary.max), (None, Some(50.0)));
    }

    #[test]
    fn a_currency_is_a_code() {
        for (code, expected) in [
            (" usd ", Some("USD")),
            ("US$", None),
            ("€", None),
            ("", None),
            ("EURO", None),
        ] {
            let salary =
                Salary::between(Some(1.0), None, Some(code.to_owned()), None).expect("a salary");
            assert_eq!(salary.currency.as_deref(), expected, "{code}");
        }
    }

    #[test]
    fn ranges_of_one_unit_span_one() {
        let (low, high) = (
            range(50e3, 60e3, "USD", PayPeriod::Year),
            range(55e3, 80e3, "USD", PayPeriod::Year),
        );
        assert_eq!(
            Salary::spanning(&[low.clone(), high.clone()]),
            Some(range(50e3, 80e3, "USD", PayPeriod::Year))
        );
        assert_eq!(
            Salary::spanning(std::slice::from_ref(&low)),
            Some(low.clone())
        );
        let open = Salary { min: None, ..high };
        assert_eq!(
            Salary::spanning(&[low.clone(), open.clone()]),
            Some(Salary {
                min: None,
                max: Some(80e3),
                ..low.clone()
            })
        );
        for other in [
            range(1.0, 2.0, "EUR", PayPeriod::Year),
            range(1.0, 2.0, "USD", PayPeriod::Hour),
        ] {
            assert_eq!(Salary::spanning(&[low.clone(), other]), None);
        }
        assert_eq!(Salary::spanning(&[Salary { max: None, ..low }, open]), None);
        assert_eq!(Salary::spanning(&[]), None);
    }

    #[test]
    fn ranges_that_are_no_one_range_are_told_in_words() {
        let (base, bonus) = (
            range(5.0, 6.0, "USD", PayPeriod::Hour),
            range(7.0, 8.0, "EUR", PayPeriod::Year),
        );
        let several = Salary::from_titled_ranges([("Base ", &base), ("", &bonus)]);
        assert_eq!(
            several,
            Some(Salary::from_text(
                "Base: 5 - 6 USD an hour; 7 - 8 EUR a year"
            ))
        );
        assert_eq!(Salary::from_titled_ranges([]), None);
    }

    #[test]
    fn numbers_are_written_as_people_do() {
        let hourly = range(50.0, 65.5, "USD", PayPeriod::Hour);
        for (salary, words) in [
            (hourly.clone(), "50 - 65.5 USD an hour"),
            (
                Salary {
                    min: None,
                    ..hourly.clone()
                },
                "up to 65.5 USD an hour",
            ),
            (
                Salary {
                    max: None,
                    currency: None,
                    ..hourly.clone()
                },
                "from 50 an hour",
            ),
            (
                Salary {
                    max: Some(50.0),
                    period: None,
                    ..hourly
                },
                "50 USD",
            ),
            (Salary::from_text("by agreement"), "by agreement"),
        ] {
            assert_eq!(salary.to_text(), words);
        }
    }

    #[test]
    fn a_period_is_named_once_or_unknown() {
        for (words, expected) in [
            ("hour", Some(PayPeriod::Hour)),
            ("HOURLY", Some(PayPeriod::Hour)),
            ("per year", Some(PayPeriod::Year)),
            ("1 YEAR", Some(PayPeriod::Year)),
            ("1 DAY", Some(PayPeriod::Day)),
            ("per-month-salary", Some(PayPeriod::Month)),
            ("per-week-wage", Some(PayPeriod::Week)),
            ("Annual Salary", Some(PayPeriod::Year)),
            ("Hourly rate (per hour)", Some(PayPeriod::Hour)),
            ("yearly", Some(PayPeriod::Year)),
            ("2 WEEK", None),
            ("Annual, paid monthly", None),
            ("bi-weekly", None),
            ("SEMI_MONTHLY", None),
            ("one-time", None),
            ("NONE", None),
            ("fortnight", None),
            ("Base pay", None),
            ("Holiday bonus", None),
            ("", None),
        ] {
            assert_eq!(pay_period(words), expected, "{words}");
        }
    }
}
