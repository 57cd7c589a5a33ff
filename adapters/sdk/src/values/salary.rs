//! Salaries: as numbers where the board provides them, otherwise as text.

use crate::{PayPeriod, Salary};

impl Salary {
    /// Returns a salary from numbers in major units. `None` without a number.
    ///
    /// Zero is left out: many boards write it for "not given". A currency that is not a code of
    /// three letters is left out too.
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

    /// Returns a salary that the board gives only as text.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self {
            min: None,
            max: None,
            currency: None,
            period: None,
            text: Some(text.into()),
        }
    }

    /// Merges ranges into one, from the lowest to the highest number.
    ///
    /// `None` if there are no ranges, or if they differ in currency or period.
    pub fn spanning(ranges: &[Self]) -> Option<Self> {
        let (first, others) = ranges.split_first()?;
        let is_like_first =
            |range: &Self| range.currency == first.currency && range.period == first.period;
        let have_same_unit = others.iter().all(is_like_first);

        // If the lower end of one range is unknown, the lowest number of all is unknown too.
        let lowest = ranges
            .iter()
            .map(|range| range.min)
            .reduce(|one, other| Some(one?.min(other?)));
        let highest = ranges
            .iter()
            .map(|range| range.max)
            .reduce(|one, other| Some(one?.max(other?)));
        let (min, max) = (lowest.flatten(), highest.flatten());

        (have_same_unit && (min.is_some() || max.is_some())).then(|| Self {
            min,
            max,
            ..first.clone()
        })
    }

    /// Returns ranges that cannot be merged as text, each with its title. `None` if there are none.
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

    /// Returns the salary as text: `50 - 65.5 USD an hour`.
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

/// Parses an amount of money as people write it: `60.000`, `60,000`, `60.000,50`, `60 000`,
/// `60'000`, `$60k`, `60,000 USD`.
///
/// A separator before exactly three digits separates thousands, unless the number begins with zero.
/// `None` if the text says anything else, such as a range or a unit.
pub(crate) fn amount(text: &str) -> Option<f64> {
    let is_around = |character: char| {
        character.is_whitespace() || "$€£¥₹".contains(character) || character == '\u{a0}'
    };
    let text = text.trim_matches(is_around);
    let (text, factor) = match text.strip_suffix(['k', 'K']) {
        Some(thousands) => (thousands.trim_end(), 1e3),
        None => (without_code(text), 1.0),
    };

    let text = text.trim_matches(is_around);
    let is_amount = text.starts_with(|first: char| first.is_ascii_digit())
        && text
            .chars()
            .all(|it| it.is_ascii_digit() || is_separator(it));
    let number: f64 = is_amount.then(|| decimal(text))??.parse().ok()?;
    Some(number * factor)
}

/// Returns an amount without the code of its currency before or after it.
fn without_code(text: &str) -> &str {
    let is_code = |code: &str| code.len() == 3 && code.bytes().all(|it| it.is_ascii_uppercase());
    match text.split_once(char::is_whitespace) {
        Some((code, rest)) if is_code(code) => rest,
        _ => match text.rsplit_once(char::is_whitespace) {
            Some((rest, code)) if is_code(code) => rest,
            _ => text,
        },
    }
}

/// Rewrites a number with separators as `60000.50`. `None` if its groups are not of three digits.
fn decimal(text: &str) -> Option<String> {
    let last = text.rfind(is_separator);
    let (whole, fraction) = match last {
        Some(at) if !separates_thousands(text, at) => {
            let mark = text[at..].chars().next()?;
            (&text[..at], &text[at + mark.len_utf8()..])
        }
        _ => (text, ""),
    };

    let mut groups = whole.split(is_separator);
    let first = groups.next()?;
    let has_groups = groups.all(|group| group.len() == 3);
    let is_valid = has_groups && (whole == first || first.len() <= 3);
    let digits = whole.chars().filter(char::is_ascii_digit);
    is_valid.then(|| format!("{}.{fraction}0", digits.collect::<String>()))
}

/// Returns true if the last separator of a number, at this position, does not begin its fraction.
fn separates_thousands(text: &str, at: usize) -> bool {
    let digits = text[at..].chars().filter(char::is_ascii_digit).count();
    let mark = text[at..].chars().next();
    let before = &text[..at];
    let other_mark_before = before
        .chars()
        .any(|it| is_separator(it) && Some(it) != mark && matches!(it, '.' | ','));

    let is_mark_of_fractions = matches!(mark, Some('.' | ','));
    !is_mark_of_fractions || (digits == 3 && !other_mark_before && !before.starts_with('0'))
}

fn is_separator(character: char) -> bool {
    ".,' ’\u{a0}\u{202f}\u{2009}".contains(character)
}

/// Parses the unit of time of a salary: `hour`, `HOURLY`, `1 YEAR`, `per-year-salary`, `Annual
/// salary`.
///
/// `None` if the text names no unit, more than one, or a multiple such as `2 WEEK`.
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
    fn zero_and_invalid_numbers_are_left_out() {
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
    fn a_currency_that_is_not_a_code_is_left_out() {
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
    fn ranges_of_the_same_unit_are_merged() {
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
    fn titled_ranges_become_one_text() {
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
    fn a_salary_is_written_as_text() {
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
    fn a_period_is_unknown_unless_exactly_one_is_named() {
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

    #[test]
    fn an_amount_is_read_with_any_separators() {
        for (text, expected) in [
            ("60000", Some(60e3)),
            (" 60000.50 ", Some(60_000.5)),
            ("60.000", Some(60e3)),
            ("60,000", Some(60e3)),
            ("60.000,50", Some(60_000.5)),
            ("60,000.5", Some(60_000.5)),
            ("1.234.567", Some(1_234_567.0)),
            ("1,234,567.89", Some(1_234_567.89)),
            ("60 000", Some(60e3)),
            ("60\u{a0}000,00", Some(60e3)),
            ("60'000", Some(60e3)),
            ("60’000.00", Some(60e3)),
            ("20.5", Some(20.5)),
            ("20,50", Some(20.5)),
            ("0.125", Some(0.125)),
            ("$60k", Some(60e3)),
            ("62.5 K", Some(62.5e3)),
            ("60,000 USD", Some(60e3)),
            ("CHF 60'000", Some(60e3)),
            ("€60.000", Some(60e3)),
            ("50000 - 60000", None),
            ("60.00.000", None),
            ("6000.000.000", None),
            ("60.000 a year", None),
            ("-5", None),
            ("1e5", None),
            (".5", None),
            ("60.", Some(60.0)),
            ("k", None),
            ("", None),
        ] {
            assert_eq!(amount(text), expected, "{text}");
        }
    }
}
