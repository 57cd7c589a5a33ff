//! The results, as a table and as JSON.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

/// All results of one run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
}

/// A promise and its result.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    /// A name for programs, such as `first-scan`.
    pub(crate) name: &'static str,
    /// A description for people.
    pub(crate) what: &'static str,
    /// The measurements from which the value is computed, and others that explain it.
    pub(crate) parts: Vec<Part>,
    pub(crate) value: f64,
    /// The unit of value and bound.
    pub(crate) unit: Unit,
    /// The bound, which the value may reach but not exceed.
    pub(crate) at_most: f64,
    pub(crate) met: bool,
}

/// A measurement in a row.
#[derive(Debug, Serialize)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: Unit,
}

/// The unit of a number.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) enum Unit {
    #[serde(rename = "ratio")]
    Ratio,
    #[serde(rename = "ms")]
    Milliseconds,
    #[serde(rename = "MB")]
    Megabytes,
    #[serde(rename = "kB")]
    Kilobytes,
}

impl Row {
    /// Creates a row. `value` has the unit of the bound.
    pub(crate) fn new(
        name: &'static str,
        what: &'static str,
        value: f64,
        (at_most, unit): (f64, Unit),
        parts: Vec<Part>,
    ) -> Self {
        Self {
            name,
            what,
            parts,
            value,
            unit,
            at_most,
            met: value <= at_most,
        }
    }
}

impl Part {
    pub(crate) fn new(name: &'static str, value: f64, unit: Unit) -> Self {
        Self { name, value, unit }
    }

    pub(crate) fn ms(name: &'static str, value: f64) -> Self {
        Self::new(name, value, Unit::Milliseconds)
    }
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Ratio => format!("{value:.3}"),
            Self::Milliseconds if value < 10.0 => format!("{value:.2} ms"),
            Self::Milliseconds => format!("{value:.0} ms"),
            Self::Megabytes => format!("{value:.1} MB"),
            Self::Kilobytes => format!("{value:.0} kB"),
        }
    }
}

impl Report {
    pub(crate) fn table(&self) -> String {
        let mut table = Table::new();
        table
            .load_style(presets::ASCII_MARKDOWN)
            .set_content_arrangement(ContentArrangement::Dynamic);

        table.set_header(["what", "measured", "value", "at most", "met"]);

        for row in &self.rows {
            let parts = row
                .parts
                .iter()
                .map(|part| format!("{} {}", part.name, part.unit.show(part.value)));

            table.add_row([
                row.what.to_owned(),
                parts.collect::<Vec<_>>().join("\n"),
                row.unit.show(row.value),
                row.unit.show(row.at_most),
                if row.met { "yes" } else { "NO" }.to_owned(),
            ]);
        }

        table.to_string()
    }

    pub(crate) fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)?)
    }

    pub(crate) fn write(&self, file: &Path) -> anyhow::Result<()> {
        fs::write(file, self.json()? + "\n")
            .with_context(|| format!("could not write `{}`", file.display()))
    }
}
