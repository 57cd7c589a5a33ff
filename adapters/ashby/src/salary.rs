//! The salary, selected from everything that Ashby calls compensation. Bonus and equity are only in
//! the summary.

use job_scanner_sdk::{Salary, pay_period};

use crate::api::{Compensation, Component};

/// Returns the salary of all tiers. If it has several currencies or intervals, returns it as text.
pub(crate) fn salary(compensation: Compensation<'_>) -> Option<Salary> {
    let components = compensation.summary_components.unwrap_or_default();
    let mut in_numbers = components
        .iter()
        .filter(|it| it.compensation_type.trimmed() == "Salary")
        .filter_map(range);
    if let (Some(only), None) = (in_numbers.next(), in_numbers.next()) {
        return Some(only);
    }
    let text = compensation
        .scrapeable_compensation_salary_summary
        .into_option()?;
    Some(Salary::from_text(text))
}

/// Returns the summary of the compensation if it has more than the salary: parts after a `•`, or
/// only other components.
pub(crate) fn summary(compensation: &Compensation<'_>) -> Option<String> {
    let summary = compensation
        .compensation_tier_summary
        .clone()
        .into_option()?;
    let mut components = compensation.summary_components.iter().flatten();
    let has_salary = components.any(|it| it.compensation_type.trimmed() == "Salary");
    (summary.contains('•') || !has_salary).then_some(summary)
}

fn range(component: &Component<'_>) -> Option<Salary> {
    let (currency, period) = (
        component.currency_code.clone().into_option(),
        pay_period(component.interval.trimmed()),
    );
    Salary::between(component.min_value, component.max_value, currency, period)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::PayPeriod;

    use super::*;

    fn of(components: &str, words: &str) -> Option<Salary> {
        let json = format!(
            r#"{{"summaryComponents": {components}, "scrapeableCompensationSalarySummary": {words},
                "compensationTierSummary": "$119K \u2013 $189K \u2022 Offers Equity"}}"#
        );
        salary(serde_json::from_str(&json).expect("a compensation"))
    }

    fn component(kind: &str, interval: &str, currency: &str, min: u32, max: u32) -> String {
        format!(
            r#"{{"compensationType": "{kind}", "interval": "{interval}", "currencyCode": "{currency}",
                "minValue": {min}, "maxValue": {max}}}"#
        )
    }

    #[test]
    fn bonus_and_equity_are_not_part_of_the_salary() {
        let salary = component("Salary", "1 HOUR", "USD", 20, 35);
        let bonus = component("Bonus", "1 YEAR", "USD", 5_000, 9_000);
        let expected = Salary {
            min: Some(20.0),
            max: Some(35.0),
            currency: Some("USD".to_owned()),
            period: Some(PayPeriod::Hour),
            text: None,
        };
        assert_eq!(of(&format!("[{bonus}, {salary}]"), "null"), Some(expected));
        assert_eq!(of(&format!("[{bonus}]"), "null"), None);
        assert_eq!(of("null", "null"), None);
    }

    #[test]
    fn the_summary_is_kept_if_it_has_more_than_the_salary() {
        let kept = |components: &str, words: &str| {
            let json = format!(
                r#"{{"summaryComponents": {components}, "compensationTierSummary": {words}}}"#
            );
            summary(&serde_json::from_str(&json).expect("a compensation"))
        };
        let salary = format!("[{}]", component("Salary", "1 HOUR", "USD", 20, 35));
        let equity = format!("[{}]", component("EquityPercentage", "NONE", "", 0, 0));
        let owned = |text: &str| Some(text.to_owned());
        assert_eq!(
            kept(&salary, r#""$20 • 12% at night""#),
            owned("$20 • 12% at night")
        );
        assert_eq!(kept(&equity, r#""Offers Equity""#), owned("Offers Equity"));
        assert_eq!(kept(&salary, r#""$20 – $35""#), None);
        assert_eq!(kept("null", "null"), None);
    }

    #[test]
    fn several_salaries_become_the_text_of_the_board() {
        let dollars = component("Salary", "1 YEAR", "USD", 119_000, 189_000);
        let euros = component("Salary", "1 YEAR", "EUR", 90_000, 100_000);
        assert_eq!(
            of(&format!("[{dollars}, {euros}]"), "\"$119K - $189K\""),
            Some(Salary::from_text("$119K - $189K"))
        );
        assert_eq!(of(&format!("[{dollars}, {euros}]"), "\" \""), None);
    }

    #[test]
    fn zero_is_left_out() {
        let zero = component("Salary", "1 YEAR", "USD", 0, 0);
        assert_eq!(of(&format!("[{zero}]"), "null"), None);
        let upto = of(
            &format!("[{}]", component("Salary", "NONE", "", 0, 500)),
            "null",
        )
        .expect("a maximum");
        assert_eq!(
            (upto.min, upto.max, upto.currency, upto.period),
            (None, Some(500.0), None, None)
        );
    }
}
