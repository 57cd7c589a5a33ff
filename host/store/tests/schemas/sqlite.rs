//! The schema of SQLite, in the terms of PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};

use job_scanner_row_derive::FromRow;
use job_scanner_store::Store;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use crate::Schema;

/// The condition that a table's text has for a flag.
const FLAG: &str = "IN (0, 1)";

#[derive(FromRow)]
struct Table {
    name: String,
    sql: String,
}

#[derive(FromRow)]
struct Column {
    name: String,
    declared: String,
    notnull: bool,
    /// The place in the primary key, from 1; 0 of a column that is not in it.
    pk: i64,
    dflt_value: Option<String>,
}

#[derive(FromRow)]
struct Index {
    name: String,
    unique: bool,
    /// `c` of an index that has a name of its own, `u` or `pk` of one that belongs to a key.
    origin: String,
}

#[derive(FromRow)]
struct ForeignKeyColumn {
    id: i64,
    table: String,
    from: String,
    /// `None` if the key refers to the primary key.
    to: Option<String>,
    on_update: String,
    on_delete: String,
}

/// Reads the schema of a new database.
pub(crate) async fn schema() -> Schema {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jobs.db");
    let url = format!("sqlite:{}", file.display());
    Store::open(&url).await.unwrap().close().await;

    let database = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&file));
    let database = database.await.unwrap();

    let mut schema = Schema::default();
    for table in objects(&database, "table").await {
        add_columns(&mut schema, &database, &table).await;
        add_indexes(&mut schema, &database, &table).await;
        add_foreign_keys(&mut schema, &database, &table).await;
        add_words(&mut schema, &table);
    }
    for view in objects(&database, "view").await {
        let columns = columns(&database, &view.name).await;
        let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
        let view = format!("{} ({})", view.name, names.join(", "));
        schema.views.insert(view);
    }
    schema
}

async fn objects(database: &SqlitePool, kind: &str) -> Vec<Table> {
    let select = "SELECT name, sql FROM sqlite_schema
                  WHERE type = $1 AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations'";
    let select = sqlx::query_as(select).bind(kind.to_owned());
    select.fetch_all(database).await.unwrap()
}

async fn columns(database: &SqlitePool, table: &str) -> Vec<Column> {
    let select =
        "SELECT name, type AS declared, \"notnull\", pk, dflt_value FROM pragma_table_info($1)";
    let select = sqlx::query_as(select).bind(table.to_owned());
    select.fetch_all(database).await.unwrap()
}

async fn add_columns(schema: &mut Schema, database: &SqlitePool, table: &Table) {
    for column in columns(database, &table.name).await {
        let is_flag = table.sql.contains(&format!("({} {FLAG})", column.name));
        let kind = match column.declared.as_str() {
            "INTEGER" if is_flag => "boolean",
            "INTEGER" => "bigint",
            "TEXT" => "text C",
            "BLOB" => "bytea",
            other => other,
        };

        let required = column.notnull || column.pk > 0;
        let null = if required { "not null" } else { "null" };
        let default = match column.dflt_value.as_deref() {
            Some("0") if is_flag => " default false".to_owned(),
            Some(value) => format!(" default {value}"),
            None => String::new(),
        };

        let described = format!("{}.{} {kind} {null}{default}", table.name, column.name);
        schema.columns.insert(described);
    }
}

async fn add_indexes(schema: &mut Schema, database: &SqlitePool, table: &Table) {
    let select = "SELECT name, \"unique\", origin FROM pragma_index_list($1)";
    let select = sqlx::query_as(select).bind(table.name.clone());
    let indexes: Vec<Index> = select.fetch_all(database).await.unwrap();

    for index in &indexes {
        let of = format!("{} ({})", table.name, index_columns(database, index).await);
        let unique = if index.unique { "unique " } else { "" };
        let described = if index.origin == "c" {
            let condition = condition(database, &index.name).await;
            format!("{unique}{} on {of}{condition}", index.name)
        } else {
            format!("{unique}on {of}")
        };
        schema.indexes.insert(described);
    }

    // The number of a row is the key of its table, which needs no index.
    if indexes.iter().all(|index| index.origin != "pk") {
        for key in primary_key(database, &table.name).await {
            let described = format!("unique on {} ({key})", table.name);
            schema.indexes.insert(described);
        }
    }
}

async fn index_columns(database: &SqlitePool, index: &Index) -> String {
    let select = "SELECT name FROM pragma_index_info($1) ORDER BY seqno";
    let select = sqlx::query_scalar(select).bind(index.name.clone());
    let columns: Vec<String> = select.fetch_all(database).await.unwrap();
    columns.join(", ")
}

/// Returns the condition of a partial index, such as ` where dispatched = 0`, with flags as
/// PostgreSQL prints them.
async fn condition(database: &SqlitePool, index: &str) -> String {
    let select = "SELECT sql FROM sqlite_schema WHERE name = $1";
    let select = sqlx::query_scalar(select).bind(index.to_owned());
    let sql: String = select.fetch_one(database).await.unwrap();
    let Some((_, condition)) = sql.split_once(" WHERE ") else {
        return String::new();
    };

    let terms = condition.split(" AND ").map(|term| {
        let of_flag = |value| term.strip_suffix(value).filter(|flag| !flag.contains(' '));
        match (of_flag(" = 0"), of_flag(" = 1")) {
            (Some(flag), _) => format!("NOT {flag}"),
            (_, Some(flag)) => flag.to_owned(),
            _ => term.to_owned(),
        }
    });
    format!(" where {}", terms.collect::<Vec<_>>().join(" AND "))
}

async fn primary_key(database: &SqlitePool, table: &str) -> Vec<String> {
    let mut columns = columns(database, table).await;
    columns.retain(|column| column.pk > 0);
    columns.sort_by_key(|column| column.pk);
    columns.into_iter().map(|column| column.name).collect()
}

async fn add_foreign_keys(schema: &mut Schema, database: &SqlitePool, table: &Table) {
    let select = format!(
        "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete
         FROM pragma_foreign_key_list('{}') ORDER BY id, seq",
        table.name
    );
    let select = sqlx::query_as(AssertSqlSafe(select));
    let columns: Vec<ForeignKeyColumn> = select.fetch_all(database).await.unwrap();

    let mut keys = BTreeMap::<i64, Vec<ForeignKeyColumn>>::new();
    for column in columns {
        keys.entry(column.id).or_default().push(column);
    }

    for key in keys.values() {
        let ForeignKeyColumn {
            table: target,
            on_update,
            on_delete,
            ..
        } = &key[0];
        let from: Vec<_> = key.iter().map(|column| column.from.as_str()).collect();
        let named: Option<Vec<_>> = key.iter().map(|column| column.to.clone()).collect();
        let to = match named {
            Some(named) => named,
            None => primary_key(database, target).await,
        };

        let described = format!(
            "{} ({}) to {target} ({}), delete {on_delete}, update {on_update}",
            table.name,
            from.join(", "),
            to.join(", "),
        );
        schema.foreign_keys.insert(described);
    }
}

/// Adds the quoted words in the text of a table. Only checks have some.
fn add_words(schema: &mut Schema, table: &Table) {
    let code: BTreeSet<_> = table.sql.lines().map(without_comment).collect();
    for line in code {
        for word in line.split('\'').skip(1).step_by(2) {
            schema.words.insert(format!("{}: {word}", table.name));
        }
    }
}

fn without_comment(line: &str) -> &str {
    line.split("--").next().unwrap_or_default()
}
