//! The schema of PostgreSQL.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use job_scanner_postgres_server::Database;

use crate::Schema;

/// The column that SQLite has in every table without a definition.
const ROWID: &str = "rowid";

/// Applies all migrations to an empty database, and reads its schema.
pub(crate) fn schema(database: &Database<'_>) -> Schema {
    for (_, migration) in migrations("postgres") {
        database.execute(&migration);
    }

    Schema {
        columns: columns(database),
        indexes: indexes(database),
        foreign_keys: foreign_keys(database),
        views: views(database),
        words: words(database),
    }
}

/// Returns the names and the texts of the migrations of a database, in their order.
pub(crate) fn migrations(database: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let files = fs::read_dir(folder.join(database)).unwrap();
    let mut migrations: Vec<_> = files
        .map(|file| file.unwrap())
        .map(|file| {
            let name = file.file_name().into_string().unwrap();
            (name, fs::read_to_string(file.path()).unwrap())
        })
        .collect();
    migrations.sort_unstable();
    migrations
}

fn columns(database: &Database<'_>) -> BTreeSet<String> {
    let rows = database.rows(
        "SELECT t.relname || '.' || c.attname, format_type(c.atttypid, c.atttypmod), l.collname,
             CASE WHEN c.attnotnull THEN 'not null' ELSE 'null' END, pg_get_expr(d.adbin, d.adrelid)
         FROM pg_class t
         JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
         LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = c.attnum
         LEFT JOIN pg_collation l ON l.oid = c.attcollation
         WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace",
    );

    let described = rows.into_iter().filter_map(|row| {
        let [name, kind, collation, null, default] = row.try_into().unwrap();
        let collation = unless_empty(" ", &collation);
        let default = unless_empty(" default ", &default);

        let is_rowid = name.ends_with(&format!(".{ROWID}"));
        (!is_rowid).then(|| format!("{name} {kind}{collation} {null}{default}"))
    });
    described.collect()
}

fn indexes(database: &Database<'_>) -> BTreeSet<String> {
    let rows = database.rows(
        "SELECT CASE WHEN i.indisunique THEN 'unique ' ELSE '' END,
             CASE WHEN k.oid IS NULL THEN x.relname || ' ' ELSE '' END, t.relname,
             (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, true), ', ' ORDER BY n)
              FROM generate_series(1, i.indnkeyatts) AS n),
             pg_get_expr(i.indpred, i.indrelid, true)
         FROM pg_index i
         JOIN pg_class x ON x.oid = i.indexrelid
         JOIN pg_class t ON t.oid = i.indrelid
         LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
         WHERE t.relnamespace = 'public'::regnamespace",
    );

    let described = rows.into_iter().filter_map(|row| {
        let [unique, name, table, columns, condition] = row.try_into().unwrap();
        let condition = unless_empty(" where ", &plain(&condition));
        (columns != ROWID).then(|| format!("{unique}{name}on {table} ({columns}){condition}"))
    });
    described.collect()
}

/// Returns a value after its introduction; nothing if there is no value.
fn unless_empty(introduction: &str, value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        format!("{introduction}{value}")
    }
}

/// Removes what PostgreSQL adds when it prints a condition.
fn plain(condition: &str) -> String {
    condition.replace("::text", "").replace(['(', ')'], "")
}

fn foreign_keys(database: &Database<'_>) -> BTreeSet<String> {
    let rows = database.rows(
        "SELECT t.relname, r.relname, k.confdeltype, k.confupdtype,
             (SELECT string_agg(c.attname, ', ' ORDER BY n) FROM unnest(k.conkey) WITH ORDINALITY AS a (number, n)
              JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = a.number),
             (SELECT string_agg(c.attname, ', ' ORDER BY n) FROM unnest(k.confkey) WITH ORDINALITY AS a (number, n)
              JOIN pg_attribute c ON c.attrelid = k.confrelid AND c.attnum = a.number)
         FROM pg_constraint k
         JOIN pg_class t ON t.oid = k.conrelid
         JOIN pg_class r ON r.oid = k.confrelid
         WHERE k.contype = 'f'",
    );

    let described = rows.into_iter().map(|row| {
        let [table, target, delete, update, from, to] = row.try_into().unwrap();
        let delete = action(&delete);
        let update = action(&update);
        format!("{table} ({from}) to {target} ({to}), delete {delete}, update {update}")
    });
    described.collect()
}

fn action(letter: &str) -> &str {
    match letter {
        "a" => "NO ACTION",
        "c" => "CASCADE",
        "n" => "SET NULL",
        other => other,
    }
}

fn views(database: &Database<'_>) -> BTreeSet<String> {
    let rows = database.rows(
        "SELECT t.relname || ' (' || string_agg(c.attname, ', ' ORDER BY c.attnum) || ')'
         FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0
         WHERE t.relkind = 'v' AND t.relnamespace = 'public'::regnamespace
         GROUP BY t.relname",
    );
    rows.into_iter().flatten().collect()
}

fn words(database: &Database<'_>) -> BTreeSet<String> {
    let rows = database.rows(
        "SELECT DISTINCT t.relname || ': ' || word[1]
         FROM pg_constraint k
         JOIN pg_class t ON t.oid = k.conrelid
         CROSS JOIN regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''', 'g') AS word
         WHERE k.contype = 'c'",
    );
    rows.into_iter().flatten().collect()
}
