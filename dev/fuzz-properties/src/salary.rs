//! The input is a salary: minimum, maximum, currency and the board's text, a line each. A minimum
//! or maximum that is not a number counts as missing.

use job_scanner_core::raw::{PayPeriod, RawJob, Salary};

use crate::normalized::{assert_clean, normalize, raw};

/// Checks that a normalized salary is plausible: positive numbers in order, a currency of three
/// letters, a text of one line. It must not be empty, and normalizing it again must not change it.
pub fn check(text: &str) {
    let mut lines = text.splitn(4, '\n');
    let mut line = || lines.next().map(str::to_owned);
    let given = Salary {
        min: line().and_then(|end| end.parse().ok()),
        max: line().and_then(|end| end.parse().ok()),
        currency: line(),
        period: Some(PayPeriod::Year),
        text: line(),
    };

    if let (Some(kept), _) = normalize_salary(given) {
        check_kept(kept);
    }
}

fn check_kept(kept: Salary) {
    for end in [kept.min, kept.max].into_iter().flatten() {
        assert!(end.is_finite() && end > 0.0, "{end}");
    }
    if let (Some(min), Some(max)) = (kept.min, kept.max) {
        assert!(min <= max, "{min} to {max}");
    }

    if let Some(code) = &kept.currency {
        assert!(
            code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()),
            "{code:?}"
        );
    }

    if let Some(words) = &kept.text {
        assert!(!words.is_empty() && words.len() <= 1024, "{words:?}");
        assert_clean(words, false);
    }

    assert!(
        kept.min.is_some() || kept.max.is_some() || kept.text.is_some(),
        "the salary is empty"
    );
    assert_eq!(normalize_salary(kept.clone()), (Some(kept), vec![]));
}

fn normalize_salary(given: Salary) -> (Option<Salary>, Vec<String>) {
    let (job, warnings) = normalize(RawJob {
        salary: Some(given),
        ..raw()
    });
    (job.salary, warnings)
}
