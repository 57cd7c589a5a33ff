//! Whole rows of any table: read in pages in the order of the primary key, written, and hashed.

use std::borrow::Cow;

use job_scanner_core::hash::HashEncoder;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type, TypeInfo as _, ValueRef as _};

use crate::columns::ROWS_PER_STATEMENT;
use crate::copying::tables::{Column, Kind, Table};
use crate::driver::{Connection, Statement, Value};

/// The values of a row, in the order of the selected columns.
#[derive(Debug)]
pub(super) struct AnyRow(Vec<Value<'static>>);

/// The number of rows that were read, and their hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) rows: u64,
    hash: [u8; 32],
}

/// Reads the rows of a table in pages.
pub(super) struct Reader<'t> {
    table: &'t Table,
    /// The key of the last row that was read; `None` before the first.
    last: Option<Vec<Value<'static>>>,
    rows: u64,
    hash: HashEncoder,
}

impl<'t> Reader<'t> {
    pub(super) fn new(table: &'t Table) -> Self {
        Self {
            table,
            last: None,
            rows: 0,
            hash: HashEncoder::new("job-scanner 2026-11-30 rows of a table"),
        }
    }

    /// Returns the next rows; none at the end.
    pub(super) async fn page(&mut self, conn: &mut Connection) -> Result<Vec<AnyRow>, sqlx::Error> {
        let mut rows: Vec<AnyRow> = self.select().fetch_all(conn).await?;
        for row in &mut rows {
            row.assign_kinds(&self.table.columns);
            row.0.iter().for_each(|value| add(&mut self.hash, value));
            self.rows += 1;
        }

        if let Some(last) = rows.last() {
            let key = self.table.key.iter();
            self.last = Some(key.map(|position| last.0[*position].clone()).collect());
        }
        Ok(rows)
    }

    /// Returns the number of rows in all pages so far, and their hash.
    pub(super) fn finish(self) -> Content {
        Content {
            rows: self.rows,
            hash: self.hash.finish(),
        }
    }

    fn select(&self) -> Statement<'static> {
        let Table {
            name, columns, key, ..
        } = self.table;
        let key: Vec<_> = key
            .iter()
            .map(|position| &*columns[*position].name)
            .collect();
        let key = key.join(", ");

        let mut select = Statement::composed(format!("SELECT {} FROM {name}", names(columns)));
        if let Some(last) = &self.last {
            select.push(format!(" WHERE ({key}) > ("));
            select.push_list(last.iter().cloned());
        }
        select.push(format!(" ORDER BY {key} LIMIT {ROWS_PER_STATEMENT}"));
        select
    }
}

/// Writes rows with their ids.
pub(super) async fn insert(
    conn: &mut Connection,
    table: &Table,
    rows: Vec<AnyRow>,
) -> Result<(), sqlx::Error> {
    let into = format!("INSERT INTO {} ({}) ", table.name, names(&table.columns));
    let mut insert = Statement::composed(into);
    insert.push_values(rows, |mut values, AnyRow(row)| {
        for value in row {
            values.push_bind(value);
        }
    });
    insert.execute(conn).await.map(drop)
}

fn names(columns: &[Column]) -> String {
    let names: Vec<_> = columns.iter().map(|column| &*column.name).collect();
    names.join(", ")
}

impl AnyRow {
    /// Gives each value the kind of its column: a flag of SQLite is read as a number, and a NULL
    /// without a type.
    fn assign_kinds(&mut self, columns: &[Column]) {
        for (value, column) in self.0.iter_mut().zip(columns) {
            match (column.kind, &*value) {
                (Kind::Flag, Value::Integer(number)) => {
                    *value = Value::Boolean(number.map(|number| number != 0));
                }
                (Kind::Text, Value::Integer(None)) => *value = Value::Text(None),
                (Kind::Bytes, Value::Integer(None)) => *value = Value::Bytes(None),
                _ => {}
            }
        }
    }
}

impl<'r, R: Row> FromRow<'r, R> for AnyRow
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        let positions = 0..row.len();
        positions
            .map(|position| value(row, position))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// Reads a value. A NULL has no type here.
fn value<'r, R: Row>(row: &'r R, position: usize) -> Result<Value<'static>, sqlx::Error>
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    let found = row.try_get_raw(position)?;
    if found.is_null() {
        return Ok(Value::Integer(None));
    }

    // The names that SQLite and PostgreSQL have for the types.
    Ok(match found.type_info().name() {
        "BLOB" | "BYTEA" => Value::Bytes(Some(Cow::Owned(row.try_get(position)?))),
        "TEXT" => Value::Text(Some(Cow::Owned(row.try_get(position)?))),
        "BOOLEAN" | "BOOL" => Value::Boolean(Some(row.try_get(position)?)),
        _ => Value::Integer(Some(row.try_get(position)?)),
    })
}

/// Adds a value to the hash. A NULL of any type is the same.
fn add(hash: &mut HashEncoder, value: &Value<'_>) {
    match value {
        Value::Integer(number) => hash.optional(*number, HashEncoder::integer),
        Value::Boolean(flag) => hash.optional(flag.map(i64::from), HashEncoder::integer),
        Value::Text(text) => hash.optional(text.as_deref(), HashEncoder::text),
        Value::Bytes(bytes) => hash.optional(bytes.as_deref(), HashEncoder::text),
    }
}
