//! Pay in a few words, for a cell of a table.

use job_scanner_core::job::{PayPeriod, Salary};

use crate::cells::short;

/// Returns a salary in a few words. A number, currency or period that is unknown is left out.
pub(crate) fn pay(salary: &Salary) -> String {
    let is_plausible = |amount: &f64| amount.is_finite() && *amount >= 0.0;
    let (min, max) = (
        salary.min.filter(is_plausible),
        salary.max.filter(is_plausible),
    );
    let range = match (min, max) {
        (Some(min), Some(max)) => range(min, max),
        (Some(min), None) => format!("≥{}", amount(min)),
        (None, Some(max)) => format!("≤{}", amount(max)),
        (None, None) => return salary.text.as_deref().map(short).unwrap_or_default(),
    };

    let currency = match &salary.currency {
        Some(code) => format!(" {}", short(code)),
        None => String::new(),
    };
    let period = salary.period.map(per).unwrap_or_default();
    format!("{range}{currency}{period}")
}

/// Returns a range such as `70–90k`: the unit is written once if both ends have it.
fn range(min: f64, max: f64) -> String {
    let (low, high) = (amount(min), amount(max));
    if low == high {
        return low;
    }
    for unit in ['k', 'M'] {
        if let (Some(low), true) = (low.strip_suffix(unit), high.ends_with(unit)) {
            return format!("{low}–{high}");
        }
    }
    format!("{low}–{high}")
}

/// Returns an amount such as `45`, `22.50`, `9500`, `72.5k` or `1.2M`. Amounts from 10,000 are
/// rounded to a tenth of their unit.
fn amount(amount: f64) -> String {
    let in_unit = |unit: f64| (amount / unit * 10.0).round() / 10.0;
    if in_unit(1_000.0) >= 1_000.0 {
        format!("{}M", in_unit(1_000_000.0))
    } else if amount >= 10_000.0 {
        format!("{}k", in_unit(1_000.0))
    } else {
        let cents = format!("{amount:.2}");
        cents.strip_suffix(".00").unwrap_or(&cents).to_owned()
    }
}

fn per(period: PayPeriod) -> &'static str {
    match period {
        PayPeriod::Hour => "/h",
        PayPeriod::Day => "/d",
        PayPeriod::Week => "/wk",
        PayPeriod::Month => "/mo",
        PayPeriod::Year => "/yr",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn salary(min: f64, max: f64, currency: &str, period: Option<PayPeriod>) -> Salary {
        let known = |amount: f64| Some(amount).filter(|amount| *amount >= 0.0);
        Salary {
            min: known(min),
            max: known(max),
            currency: Some(currency.to_owned()).filter(|code| !code.is_empty()),
            period,
            text: None,
        }
    }

    #[test]
    fn pay_is_short_and_leaves_out_what_is_unknown() {
        let unknown = -1.0;
        let (year, hour) = (Some(PayPeriod::Year), Some(PayPeriod::Hour));
        for (given, shown) in [
            (salary(70_000.0, 90_000.0, "EUR", year), "70–90k EUR/yr"),
            (salary(45.0, 45.0, "USD", hour), "45 USD/h"),
            (salary(22.5, 31.0, "USD", hour), "22.50–31 USD/h"),
            (salary(72_500.0, 99_980.0, "GBP", year), "72.5–100k GBP/yr"),
            (
                salary(9_500.0, 12_000.0, "PLN", Some(PayPeriod::Month)),
                "9500–12k PLN/mo",
            ),
            (
                salary(900_000.0, 1_250_000.0, "JPY", year),
                "900k–1.3M JPY/yr",
            ),
            (salary(999_960.0, 4_000_000.0, "JPY", year), "1–4M JPY/yr"),
            (salary(60_000.0, unknown, "EUR", year), "≥60k EUR/yr"),
            (
                salary(unknown, 300.0, "EUR", Some(PayPeriod::Day)),
                "≤300 EUR/d",
            ),
            (salary(70_000.0, 70_000.0, "", None), "70k"),
            (
                salary(900.0, unknown, "CHF", Some(PayPeriod::Week)),
                "≥900 CHF/wk",
            ),
        ] {
            assert_eq!(pay(&given), shown);
        }
        let words = Salary {
            text: Some("by agreement\u{7}".to_owned()),
            ..salary(unknown, unknown, "EUR", year)
        };
        assert_eq!(pay(&words), "by agreement\\u{7}");
    }
}
