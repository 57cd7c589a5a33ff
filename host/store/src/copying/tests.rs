//! Tests of copies between two SQLite databases with rows in every table.

use crate::StoreError;
use crate::copying::copy::Copied;
use crate::copying::tables;
use crate::test_support::{
    TestStore, at, claim, count, delivery, number, spoil, store, text, with_alerts,
};

/// Rows of the tables that the scan and the delivery of [`filled`] leave empty. The newest cluster
/// is deleted, so its id is above those of all rows.
const FURTHER_ROWS: &str = "
    INSERT INTO http_cache VALUES (1, x'00ff', '\"tag\"', NULL, x'');
    INSERT INTO source_sizes VALUES (1, '2026-11-23', 300);
    INSERT INTO profiles VALUES (1, 'default', x'07', 3);
    INSERT INTO job_details VALUES (1, '0', 'awaited', 1, 2, NULL, '{}', x'01', x'02', NULL, NULL);
    INSERT INTO job_closures VALUES (2, 'a', 'b'), (1, 'c', 'd');
    INSERT INTO run_sources VALUES (1, 1, 'complete', '{}');
    INSERT INTO waiting_alerts VALUES (1, 'mail', 'me@example.org', 'default', 'x');
    INSERT INTO delivery_operations VALUES (7, 1, 'dropped', 'why', 'x', 'jo', 'desk');
    INSERT INTO channel_failures (channel, recipient, failing_since, error) VALUES ('mail', 'me', 'x', 'no');
    INSERT INTO unreadable_rows VALUES ('alerts', 9, 'odd');
    INSERT INTO health_notices VALUES (3, 1, 'failing', 'x', NULL, 'Zoë''s board\nis away', 'x');
    INSERT INTO delivery_notices VALUES (1, 3);
    INSERT INTO decisions VALUES (1, 'applied', NULL, 'x');
    INSERT INTO hidden_companies VALUES ('acme', 'Acme', NULL, NULL, 'x');
    INSERT INTO decision_changes VALUES (5, NULL, 'acme', 'Acme', 'hidden', NULL, NULL, 'x', 'jo', 'desk');
    INSERT INTO sessions VALUES (4, x'03', x'04', NULL, NULL, 'x', 'y');
    INSERT INTO api_keys VALUES (6, 'calendar', 'feed', 'default', x'05', 'x', NULL);
    INSERT INTO clusters VALUES (900, 'x');
    DELETE FROM clusters WHERE cluster_id = 900";

/// Returns a store with rows in every table, and more jobs than one page has.
async fn filled() -> TestStore {
    let (store, alerts) = with_alerts(300).await;
    let deliveries = [delivery("1@scanner", &alerts)];
    let recorded = store.record_deliveries(&deliveries, at("08:30:00"));
    recorded.await.unwrap();
    claim(&store, "08:31:00", "token").await.unwrap();

    for statement in FURTHER_ROWS.split(';') {
        spoil(&store, statement).await;
    }
    store
}

/// Returns all values of a table as SQL literals, in the order of its rows.
async fn dump(store: &TestStore, table: &tables::Table) -> Option<String> {
    let quoted = table
        .columns
        .iter()
        .map(|column| format!("quote({})", column.name));
    let row = quoted.collect::<Vec<_>>().join(" || ', ' || ");
    let order = if table.name == "job_versions" {
        "rowid"
    } else {
        "1"
    };
    let select = format!(
        "SELECT group_concat(line, char(10)) FROM (SELECT {row} AS line FROM {} ORDER BY {order})",
        table.name
    );
    text(store, &select).await
}

#[tokio::test]
async fn a_copy_has_the_rows_of_all_tables() {
    let original = filled().await;
    let copy = store().await;

    let copied = original.copy_to(&copy).await.unwrap();

    let mut rows = 0;
    let tables = tables::all().await.unwrap();
    for table in &tables {
        let expected = dump(&original, table).await;
        assert!(expected.is_some(), "{} is empty", table.name);
        assert_eq!(dump(&copy, table).await, expected, "{}", table.name);
        rows += count(&copy, &table.name).await.unsigned_abs();
    }
    let tables = tables.len();
    assert_eq!(copied, Copied { tables, rows });
}

#[tokio::test]
async fn a_copy_gives_no_id_that_the_original_has_given() {
    let original = filled().await;
    let copy = store().await;
    original.copy_to(&copy).await.unwrap();

    spoil(&copy, "INSERT INTO clusters (created_at) VALUES ('x')").await;

    let newest = number(&copy, "SELECT MAX(cluster_id) FROM clusters").await;
    assert_eq!(newest, 901);
}

#[tokio::test]
async fn a_database_with_a_row_in_any_table_is_refused_and_stays_as_it_is() {
    let original = filled().await;
    let copy = store().await;
    spoil(
        &copy,
        "INSERT INTO unreadable_rows VALUES ('alerts', 1, 'odd')",
    )
    .await;

    let refused = original.copy_to(&copy).await.unwrap_err();

    let StoreError::NotEmpty { table } = refused else {
        panic!("{refused}");
    };
    assert_eq!(table, "unreadable_rows");
    assert_eq!(count(&copy, "jobs").await, 0);
}

#[tokio::test]
async fn a_copy_that_differs_is_not_committed() {
    let changes = [
        ("runs", "UPDATE runs SET trigger = 'x'"),
        ("decisions", "UPDATE decisions SET note = ''"),
        ("alerts", "DELETE FROM alerts WHERE alert_id = 200"),
        ("jobs", "UPDATE jobs SET baseline = 0 WHERE job_id = 150"),
    ];
    for (table, change) in changes {
        let original = filled().await;
        let copy = store().await;
        let trigger = format!("CREATE TRIGGER spoil AFTER INSERT ON {table} BEGIN {change}; END");
        spoil(&copy, &trigger).await;

        let refused = original.copy_to(&copy).await.unwrap_err();

        let StoreError::Different { table: different } = refused else {
            panic!("{table}: {refused}");
        };
        assert_eq!(different, table);
        assert_eq!(count(&copy, "sources").await, 0, "{table}");
    }
}
