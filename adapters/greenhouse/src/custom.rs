//! The fields that employers define themselves.
//!
//! Their names and values are free text, so only unambiguous ones are used. Fields of type `user`
//! contain the name and address of an employee if an employer published them by mistake. They are
//! never read.

use job_scanner_sdk::{Location, Salary, Text, Workplace, place_text};
use serde::Deserialize;

use crate::api::CustomField;
use crate::salary::{self, CurrencyRange};

/// The values of the fields of one post.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Custom {
    pub(crate) employment_type: Option<String>,
    pub(crate) workplace: Option<Workplace>,
    pub(crate) places: Vec<Location>,
    pub(crate) salary: Option<Salary>,
}

/// Reads the fields of one post. If two fields have the same meaning, the first one is used.
pub(crate) fn read(fields: &[CustomField<'_>]) -> Custom {
    let mut custom = Custom::default();
    let mut pay_ranges = Vec::new();
    for field in fields {
        let name = field.name.trimmed();
        match field.value_type.trimmed() {
            "single_select" if is_one_of(name, &["employment type", "time type"]) => {
                custom.employment_type = custom
                    .employment_type
                    .or_else(|| value::<Text>(field)?.into_option());
            }
            "single_select" | "short_text"
                if is_one_of(
                    name,
                    &["location type", "workplace type", "work type", "remote"],
                ) =>
            {
                custom.workplace = custom
                    .workplace
                    .or_else(|| place_text::workplace(value::<Text>(field)?.trimmed()));
            }
            // `false` may still mean hybrid.
            "yes_no" if is_one_of(name, &["remote"]) && value(field) == Some(true) => {
                custom.workplace = custom.workplace.or(Some(Workplace::Remote));
            }
            "multi_select"
                if is_one_of(name, &["job posting location"]) && custom.places.is_empty() =>
            {
                custom.places =
                    Location::from_names(value::<Vec<Text>>(field).into_iter().flatten());
            }
            "currency_range" if is_pay(name) => pay_ranges.extend(value::<CurrencyRange>(field)),
            _ => {}
        }
    }
    custom.salary = salary::of_currency_ranges(pay_ranges);
    custom
}

fn value<'a, T: Deserialize<'a>>(field: &CustomField<'a>) -> Option<T> {
    serde_json::from_str(field.value?.get()).ok()
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|it| it.eq_ignore_ascii_case(name))
}

/// Returns true if the range of this field is the pay. A budget is what the employer could pay, and
/// is not public information.
fn is_pay(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pay", "salary", "compensation"]
        .iter()
        .any(|it| name.contains(it))
        && !name.contains("budget")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn custom(fields: &str) -> Custom {
        read(&serde_json::from_str::<Vec<CustomField>>(fields).expect("fields"))
    }

    #[test]
    fn a_field_is_recognized_by_name_and_type() {
        let custom = custom(
            r#"[{"name": "Employment Type", "value": "Full-time", "value_type": "single_select"},
                {"name": "Time Type", "value": "Part time", "value_type": "single_select"},
                {"name": "location type", "value": "In-Office", "value_type": "single_select"}]"#,
        );
        assert_eq!(custom.employment_type.as_deref(), Some("Full-time"));
        assert_eq!(custom.workplace, Some(Workplace::OnSite));
    }

    #[test]
    fn a_yes_to_remote_is_a_workplace_and_a_no_is_not() {
        let no = custom(r#"[{"name": "Remote", "value": false, "value_type": "yes_no"}]"#);
        assert_eq!(no.workplace, None);
        let yes = custom(r#"[{"name": "Remote", "value": true, "value_type": "yes_no"}]"#);
        assert_eq!(yes.workplace, Some(Workplace::Remote));
    }

    #[test]
    fn a_field_of_type_user_is_never_read() {
        let custom = custom(
            r#"[{"name": "Employment Type", "value": "Ada Example", "value_type": "user"},
                {"name": "Remote", "value": {"name": "Ada Example", "email": "ada@acme.example"}, "value_type": "user"}]"#,
        );
        assert_eq!(custom, Custom::default());
    }

    #[test]
    fn a_budget_is_not_a_salary() {
        let range = r#"{"unit": "USD", "min_value": "100000.0", "max_value": "120000.0"}"#;
        let salary = |name: &str| {
            custom(&format!(
                r#"[{{"name": "{name}", "value": {range}, "value_type": "currency_range"}}]"#
            ))
            .salary
        };
        assert_eq!(
            salary("Pay Transparency Range").and_then(|it| it.max),
            Some(120_000.0)
        );
        assert_eq!(salary("Baseline Budgeted Salary"), None);
        assert_eq!(salary("Relocation"), None);
    }
}
