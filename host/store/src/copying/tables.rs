//! The tables of the present schema with their columns, read from a new SQLite database in memory.

use job_scanner_row_derive::FromRow;
use sqlx::sqlite::SqliteConnectOptions;

use crate::database::MIGRATIONS;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::maintenance::connect;

/// The tables whose rows are ordered by the number that SQLite gives them. In PostgreSQL it is a
/// column.
const NUMBERED: [&str; 2] = ["job_versions", "job_closures"];

/// The name of that number.
const ROWID: &str = "rowid";

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// The positions in `columns` of the primary key.
    pub(super) key: Vec<usize>,
    /// True if the table gives ids, and never one of them twice.
    pub(super) gives_ids: bool,
}

/// A column of a table.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    /// SQLite stores 0 or 1.
    Flag,
    Text,
    Bytes,
}

#[derive(FromRow)]
struct TableRow {
    name: String,
    sql: String,
}

#[derive(FromRow)]
struct ColumnRow {
    name: String,
    declared: String,
    /// The place in the primary key, from 1; 0 of a column that is not in it.
    pk: i64,
}

/// Returns the tables in an order in which each comes after those that it refers to. A job and its
/// first version refer to each other; that key is checked when the transaction ends.
pub(super) async fn all() -> Result<Vec<Table>, StoreError> {
    let fresh = connect(SqliteConnectOptions::new().in_memory(true)).await?;
    let mut connection = fresh.acquire().await?;
    connection.migrate(&MIGRATIONS).await?;

    // A table that another one refers to was created before it.
    let select = Statement::new(
        "SELECT name, sql FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations' ORDER BY rowid",
    );
    let rows: Vec<TableRow> = select.fetch_all(&mut connection).await?;

    let mut tables = Vec::new();
    for row in rows {
        tables.push(described(&mut connection, row).await?);
    }
    drop(connection);
    fresh.close().await;

    Ok(tables)
}

async fn described(conn: &mut Connection, row: TableRow) -> Result<Table, StoreError> {
    let select =
        Statement::new("SELECT name, type AS declared, pk FROM pragma_table_info($1) ORDER BY cid");
    let mut columns: Vec<ColumnRow> = select.bind(&row.name).fetch_all(conn).await?;
    if NUMBERED.contains(&row.name.as_str()) {
        columns.push(ColumnRow {
            name: ROWID.to_owned(),
            declared: "INTEGER".to_owned(),
            pk: 0,
        });
    }

    let key = key(&columns);
    let columns = columns.into_iter().map(|column| Column {
        kind: kind(&column, &row.sql),
        name: column.name,
    });
    Ok(Table {
        columns: columns.collect(),
        key,
        gives_ids: row.sql.contains("AUTOINCREMENT"),
        name: row.name,
    })
}

/// Returns the positions of the primary key; that of the row's number if there is none.
fn key(columns: &[ColumnRow]) -> Vec<usize> {
    let mut key: Vec<_> = (0..columns.len())
        .filter(|position| columns[*position].pk > 0)
        .collect();
    key.sort_by_key(|position| columns[*position].pk);

    if key.is_empty() {
        key.extend(columns.iter().position(|column| column.name == ROWID));
    }
    key
}

fn kind(column: &ColumnRow, table: &str) -> Kind {
    let is_flag = table.contains(&format!("({} IN (0, 1))", column.name));
    match column.declared.as_str() {
        "INTEGER" if is_flag => Kind::Flag,
        "INTEGER" => Kind::Integer,
        "BLOB" => Kind::Bytes,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_table_has_a_key_and_the_kinds_of_its_columns() {
        let tables = all().await.unwrap();
        assert!(
            tables.iter().all(|table| !table.key.is_empty()),
            "{tables:?}"
        );

        let closures = tables
            .iter()
            .find(|table| table.name == "job_closures")
            .unwrap();
        let names = closures.columns.iter().map(|column| column.name.as_str());
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["job_id", "closed_at", "reopened_at", "rowid"]
        );
        assert_eq!(closures.key, [3]);

        let jobs = tables.iter().find(|table| table.name == "jobs").unwrap();
        let kind = |name| {
            jobs.columns
                .iter()
                .find(|column| column.name == name)
                .unwrap()
                .kind
        };
        let kinds = ["job_id", "url", "content_hash", "baseline"].map(kind);
        assert_eq!(kinds, [Kind::Integer, Kind::Text, Kind::Bytes, Kind::Flag]);
    }

    #[tokio::test]
    async fn only_tables_that_never_repeat_an_id_give_ids() {
        let tables = all().await.unwrap();
        let giving = tables.iter().filter(|table| table.gives_ids);
        let names: Vec<_> = giving.map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["clusters", "sessions", "api_keys"]);
    }
}
