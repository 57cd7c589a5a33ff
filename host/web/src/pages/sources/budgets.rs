//! The use of a scan's budgets, in words and units.

use serde_json::Value;

/// The share of a budget from which it is worth a look, in percent.
const TIGHT_PERCENT: u64 = 80;

/// The unit of a budget.
#[derive(Clone, Copy)]
enum Unit {
    Number,
    Millis,
    Bytes,
}

/// The budgets that are shown, in this order: the key in the stored JSON, the name, the unit.
const SHOWN: [(&str, &str, Unit); 7] = [
    ("wall_ms", "time", Unit::Millis),
    ("cpu_ms", "computing", Unit::Millis),
    ("memory_bytes", "memory", Unit::Bytes),
    ("requests", "requests", Unit::Number),
    ("response_bytes", "received", Unit::Bytes),
    ("pages", "pages", Unit::Number),
    ("jobs", "jobs", Unit::Number),
];

/// The use of one budget.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BudgetLine {
    pub(crate) name: &'static str,
    /// The used part and the limit, such as `1.2 s of 2 min`.
    pub(crate) amount: String,
    pub(crate) percent: u64,
    /// True if the budget is nearly used up.
    pub(crate) is_tight: bool,
}

/// Returns the lines of the stored use of budgets. A value that is missing, as in rows of other
/// versions, has no line.
pub(crate) fn lines(budget: Option<&Value>) -> Vec<BudgetLine> {
    let line = |(key, name, unit): (&str, &'static str, Unit)| {
        let of_key = budget?.get(key)?;
        let used = of_key.get("used")?.as_u64()?;
        let limit = of_key.get("limit")?.as_u64().filter(|limit| *limit > 0)?;
        let percent = used.saturating_mul(100) / limit;
        Some(BudgetLine {
            name,
            amount: format!("{} of {}", unit.show(used), unit.show(limit)),
            percent,
            is_tight: percent >= TIGHT_PERCENT,
        })
    };
    SHOWN.into_iter().filter_map(line).collect()
}

impl Unit {
    fn show(self, amount: u64) -> String {
        match self {
            Self::Number => amount.to_string(),
            Self::Millis => match amount {
                ..1_000 => format!("{amount} ms"),
                1_000..120_000 => tenths(amount, 1_000, "s"),
                _ => format!("{} min", amount / 60_000),
            },
            Self::Bytes => match amount {
                ..1_024 => format!("{amount} B"),
                1_024..1_048_576 => format!("{} KB", amount / 1_024),
                1_048_576..1_073_741_824 => tenths(amount, 1_048_576, "MB"),
                _ => tenths(amount, 1_073_741_824, "GB"),
            },
        }
    }
}

/// Returns an amount in a unit with one decimal place, which is left out if it is 0.
fn tenths(amount: u64, unit: u64, name: &str) -> String {
    let tenths = amount.saturating_mul(10) / unit;
    match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        tenth => format!("{}.{tenth} {name}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn budgets_are_shown_with_units_and_the_share_that_was_used() {
        let stored = json!({
            "cpu_ms": {"used": 1_250, "limit": 20_000},
            "memory_bytes": {"used": 60 << 20, "limit": 64 << 20},
            "log_lines": {"used": 1, "limit": 2},
        });
        let lines = lines(Some(&stored));
        let shown: Vec<_> = lines
            .iter()
            .map(|line| (line.name, line.amount.as_str(), line.percent, line.is_tight))
            .collect();
        assert_eq!(
            shown,
            [
                ("computing", "1.2 s of 20 s", 6, false),
                ("memory", "60 MB of 64 MB", 93, true),
            ]
        );
    }

    #[test]
    fn values_of_another_version_have_no_line() {
        for stored in [
            json!(null),
            json!({"cpu_ms": 3}),
            json!({"jobs": {"used": 1, "limit": 0}}),
        ] {
            assert_eq!(lines(Some(&stored)), []);
        }
        assert_eq!(lines(None), []);
    }
}
