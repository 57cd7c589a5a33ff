//! The form of values in columns, both ways: times, JSON, hashes, keys; and the number of rows and
//! values that share a statement.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::Offset;
use job_scanner_core::key::{AdapterName, Identifier, SourceKey};
use job_scanner_core::time::utc_millis;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{Encode, QueryBuilder, Sqlite, Type};

use crate::error::StoreError;

/// How many rows one statement writes. Measured with 10,000 new jobs of 5 KB: each doubling up to
/// here made a row cheaper by some percent, the next ones none. The widest row has 14 values; a
/// statement takes 32,766.
pub(crate) const ROWS_PER_STATEMENT: usize = 128;

/// How many names one statement asks for. Fewer would take more statements, and more would come
/// near to the values that a statement takes.
pub(crate) const NAMES_PER_STATEMENT: usize = 1_000;

/// A time as we store it: UTC, milliseconds, fixed width, so that times sort as text.
pub(crate) fn time(at: Timestamp) -> String {
    utc_millis(at).to_string()
}

/// The day of a moment in UTC, `2026-11-23`.
pub(crate) fn day(at: Timestamp) -> String {
    Offset::UTC.to_datetime(at).date().to_string()
}

/// A value as JSON. `column` is for the error.
pub(crate) fn json<T: Serialize + ?Sized>(
    column: &'static str,
    value: &T,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| StoreError::Json { column, cause })
}

/// Pushes the values of a list whose bracket is open, with commas between them, and closes it.
pub(crate) fn push_list<'v, T>(
    statement: &mut QueryBuilder<Sqlite>,
    values: impl IntoIterator<Item = T>,
) where
    T: Encode<'v, Sqlite> + Type<Sqlite>,
{
    let mut list = statement.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    statement.push(")");
}

/// The row that values are read from, to be named when one of them makes no sense.
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

    /// Passes a good value on; names the row when it is a bad one.
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

    /// Reads what has a form as text.
    pub(crate) fn parse<T: FromStr<Err: fmt::Display>>(
        self,
        column: &'static str,
        text: &str,
    ) -> Result<T, StoreError> {
        self.lift(column, text.parse())
    }

    /// Reads what has a form as text and may be absent.
    pub(crate) fn optional<T: FromStr<Err: fmt::Display>>(
        self,
        column: &'static str,
        text: Option<&str>,
    ) -> Result<Option<T>, StoreError> {
        text.map(|text| self.parse(column, text)).transpose()
    }

    /// Reads JSON.
    pub(crate) fn json<T: DeserializeOwned>(
        self,
        column: &'static str,
        text: &str,
    ) -> Result<T, StoreError> {
        self.lift(column, serde_json::from_str(text))
    }

    /// Reads a hash of 32 bytes.
    pub(crate) fn hash(self, column: &'static str, bytes: &[u8]) -> Result<[u8; 32], StoreError> {
        self.lift(
            column,
            bytes
                .try_into()
                .map_err(|_| format!("{} bytes, not 32", bytes.len())),
        )
    }
}

/// Reads the parts of a source's key from their columns.
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
            "row 7 of table `jobs` makes no sense: column `content_hash`: 2 bytes, not 32"
        );
    }
}
