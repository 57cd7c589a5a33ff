//! Compares the schemas of the two databases, as their catalogues describe them after all
//! migrations: tables, columns, keys, indexes, foreign keys, views and the words that checks allow.
//!
//! Each catalogue is read into a [`Schema`] in the terms of PostgreSQL. What differs on purpose
//! (the header of the first migration in `migrations/postgres` lists it) is translated there.

#![allow(clippy::unwrap_used, reason = "panicking is how tests fail")]

mod postgres;
mod sqlite;

use std::collections::BTreeSet;

use job_scanner_postgres_server::shared;

/// The description of a schema. Each set has one text per object, so that a difference reads well.
#[derive(Debug, Default, PartialEq, Eq)]
struct Schema {
    /// Such as `jobs.baseline boolean not null`.
    columns: BTreeSet<String>,
    /// Such as `jobs_missing on jobs (source_id) where …`. Those of keys have no name.
    indexes: BTreeSet<String>,
    /// Such as `alerts (run_id) to runs (run_id), delete SET NULL, update NO ACTION`.
    foreign_keys: BTreeSet<String>,
    /// Such as `job_sightings (job_id, source_id, state, last_seen_at)`.
    views: BTreeSet<String>,
    /// The words in the checks of a table, such as `attempts: abandoned`.
    words: BTreeSet<String>,
}

/// Returns the objects that only one of the schemas has, each with the name of that one.
fn differences(sqlite: &Schema, postgres: &Schema) -> Vec<String> {
    [
        (&sqlite.columns, &postgres.columns),
        (&sqlite.indexes, &postgres.indexes),
        (&sqlite.foreign_keys, &postgres.foreign_keys),
        (&sqlite.views, &postgres.views),
        (&sqlite.words, &postgres.words),
    ]
    .into_iter()
    .flat_map(|(sqlite, postgres)| only_in_one(sqlite, postgres))
    .collect()
}

fn only_in_one(sqlite: &BTreeSet<String>, postgres: &BTreeSet<String>) -> Vec<String> {
    let in_sqlite = sqlite.difference(postgres);
    let in_postgres = postgres.difference(sqlite);

    let in_sqlite = in_sqlite.map(|object| format!("only in SQLite: {object}"));
    let in_postgres = in_postgres.map(|object| format!("only in PostgreSQL: {object}"));
    in_sqlite.chain(in_postgres).collect()
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let Some(server) = shared() else { return };
    let sqlite = sqlite::schema().await;
    let postgres = postgres::schema(&server.create_database());

    assert!(sqlite.columns.len() > 150, "{sqlite:#?}");
    assert!(sqlite.indexes.len() > 40, "{sqlite:#?}");
    assert!(sqlite.foreign_keys.len() > 20, "{sqlite:#?}");
    assert!(sqlite.words.len() > 20, "{sqlite:#?}");

    let different = differences(&sqlite, &postgres);
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn migrations_have_the_same_numbers_from_the_first_one_of_postgres() {
    let sqlite = numbers("sqlite");
    let postgres = numbers("postgres");

    let first = postgres.first().unwrap();
    let since: BTreeSet<_> = sqlite.range(first.clone()..).cloned().collect();
    assert_eq!(since, postgres);
}

/// Returns the numbers of the migrations of a database, such as `0022`.
fn numbers(database: &str) -> BTreeSet<String> {
    let names = postgres::migrations(database).into_iter();
    names
        .map(|(name, _)| name.split('_').next().unwrap().to_owned())
        .collect()
}
