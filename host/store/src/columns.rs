//! Conversion of values to and from columns (times, JSON, hashes, keys), and the number of rows and
//! values per statement.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::Offset;
use job_scanner_core::key::{AdapterName, Identifier, SourceKey};
use job_scanner_core::time::utc_millis;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;

/// The maximum number of rows that one statement writes. Measured with 10,000 new jobs of 5 KB:
/// each doubling up to this number made a row a few percent cheaper, and further doublings did not.
/// The widest row has 14 values; a statement can bind 32,766.
pub(crate) const ROWS_PER_STATEMENT: usize = 128;

/// The maximum number of names in the `IN` list of one statement. Fewer would need more statements;
/// many more would approach the number of values that a statement can bind.
pub(crate) const NAMES_PER_STATEMENT: usize = 1_000;

/// Formats a time for a column: UTC, with milliseconds and a fixed width, so that times sort as
/// text.
pub(crate) fn time(at: Timestamp) -> String {
    utc_millis(at).to_string()
}

/// Formats the day of a time in UTC, such as `2026-11-23`.
pub(crate) fn day(at: Timestamp) -> String {
    Offset::UTC.to_datetime(at).date().to_string()
}

/// Formats a value as JSON. `column` is named in the error.
pub(crate) fn json<T: Serialize + ?Sized>(
    column: &'static str,
    value: &T,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| StoreError::Json { column, cause })
}

/// The row that values are read from. An error about a corrupt value names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    table: &'static str,
    id: i64,
}

impl Row {
    pub(crate) fn new(table: &'static str, id: impl Into<i64>) -> Self {
        Self {
            table,
            id: id.into(),
        }
    }

    /// Returns the value, or an error that names the row and the column.
    pub(crate) fn lift<T, E: fmt::Display>(
        self,
        column: &'static str,
        value: Result<T, E>,
    ) -> Result<T, StoreError> {
        let Self { table, id } = self;
        value.map_err(|reason| StoreError::Corrupt {
            table,
            column,
            id,
            reason: reason.to_string(),
        })
    }

    /// Parses a text value.
    pub(crate) fn parse<T: FromStr<Err: fmt::Display>>(
        self,
        column: &'static str,
        text: &str,
    ) -> Result<T, StoreError> {
        self.lift(column, text.parse())
    }

    /// Parses a text value that may be NULL.
    pub(crate) fn optional<T: FromStr<Err: fmt::Display>>(
        self,
        column: &'static str,
        text: Option<&str>,
    ) -> Result<Option<T>, StoreError> {
        text.map(|text| self.parse(column, text)).transpose()
    }

    /// Parses a JSON value.
    pub(crate) fn json<T: DeserializeOwned>(
        self,
        column: &'static str,
        text: &str,
    ) -> Result<T, StoreError> {
        self.lift(column, serde_json::from_str(text))
    }

    /// Converts a hash of 32 bytes.
    pub(crate) fn hash(self, column: &'static str, bytes: &[u8]) -> Result<[u8; 32], StoreError> {
        self.lift(
            column,
            bytes
                .try_into()
                .map_err(|_| format!("{} bytes, not 32", bytes.len())),
        )
    }
}

/// Converts the columns of a source's key.
pub(crate) fn lift_key(
    row: Row,
    adapter: String,
    identifier: String,
) -> Result<SourceKey, StoreError> {
    let adapter = row.lift("adapter", AdapterName::new(adapter))?;
    let identifier = row.lift("identifier", Identifier::new(identifier))?;
    Ok(SourceKey::new(adapter, identifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_time_has_a_fixed_width() {
        let times = [
            "2026-11-23T08:15:00Z",
            "2026-11-23T08:15:00.1Z",
            "2026-11-23T08:15:00.123456789Z",
        ];
        let stored: Vec<_> = times
            .iter()
            .map(|text| time(text.parse().unwrap()))
            .collect();
        assert_eq!(
            stored,
            [
                "2026-11-23T08:15:00.000Z",
                "2026-11-23T08:15:00.100Z",
                "2026-11-23T08:15:00.123Z"
            ]
        );
    }

    #[test]
    fn a_corrupt_value_is_reported_with_table_column_and_row() {
        let error = Row::new("jobs", 7)
            .hash("content_hash", &[1, 2])
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "row 7 of table `jobs` is corrupt: column `content_hash`: 2 bytes, not 32"
        );
    }
}
