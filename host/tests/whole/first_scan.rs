//! From the board to the mail: a first scan, and the scans that follow it.

use job_scanner_board_server::{Board, Failure, job};
use job_scanner_core::run::ScanOutcome;

use crate::support::{World, failure, source};

fn two_jobs() -> Board {
    Board::new([
        job(1)
            .title("Rust Engineer")
            .location("Berlin, Germany")
            .content_html("<p>Build <b>things</b>.</p>"),
        job(2).title("Chef").location("Paris, France"),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matching_job_is_stored_and_mailed_once() {
    let world = World::new().await;
    world.boards.set_board("acme", two_jobs());
    let config = world.config(&[world.greenhouse("acme")]);

    let first = world.run(&config).await;
    let counts = source(&first, "greenhouse/acme").counts;
    assert_eq!(
        (
            counts.fetched,
            counts.new,
            counts.matched,
            counts.notified,
            counts.alerts_sent
        ),
        (2, 2, 1, 1, 1)
    );
    assert!(!first.had_errors);
    let mail = world.outbox();
    assert_eq!(mail.len(), 1);
    assert!(
        mail[0].contains("Rust Engineer") && !mail[0].contains("Chef"),
        "{}",
        mail[0]
    );

    let second = world.run(&config).await;
    assert_eq!(
        source(&second, "greenhouse/acme").outcome,
        ScanOutcome::NotModified
    );
    assert_eq!((second.totals.new, second.totals.notified), (0, 0));
    assert_eq!(world.outbox().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_message_counts_all_watched_boards() {
    let world = World::new().await;
    world.boards.set_board("acme", two_jobs());
    world
        .boards
        .set_board("kitchen", Board::new([job(7).title("Chef")]));
    world
        .run(&world.config(&[world.greenhouse("acme"), world.greenhouse("kitchen")]))
        .await;
    let mail = &world.outbox()[0];
    assert!(
        mail.contains("Subject: Watching 2 boards: 1 of 3 jobs matches\r\n"),
        "{mail}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_board_sends_no_body_and_updates_one_row() {
    let world = World::new().await;
    world.boards.set_board("acme", two_jobs());
    let config = world.config(&[world.greenhouse("acme")]);
    world.run(&config).await;
    let audit = audit::install(&world).await;
    world.boards.clear_requests();

    world.run(&config).await;

    let requests = world.boards.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!((requests[0].status, requests[0].body_bytes), (Some(304), 0));
    // The run writes its own row twice: when it starts and when it ends.
    assert_eq!(
        audit.rows(&world).await,
        ["runs insert", "runs update", "sources update"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_without_validators_is_recognized_by_its_body() {
    let world = World::new().await;
    world.boards.set_validators(false);
    world.boards.set_board("acme", two_jobs());
    let config = world.config(&[world.greenhouse("acme")]);
    world.run(&config).await;
    let second = world.run(&config).await;
    assert_eq!(
        source(&second, "greenhouse/acme").outcome,
        ScanOutcome::NotModified
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_job_alerts_again_but_its_old_version_does_not() {
    let world = World::new().await;
    let text = |html: &str| Board::new([job(1).title("Rust Engineer").content_html(html)]);
    let config = world.config(&[world.greenhouse("acme")]);
    let mut notified = Vec::new();
    for html in ["<p>A</p>", "<p>B</p>", "<p>A</p>"] {
        world.boards.set_board("acme", text(html));
        let totals = world.run(&config).await.totals;
        notified.push((totals.notified, totals.duplicate));
    }
    assert_eq!(notified, [(1, 0), (1, 0), (0, 1)]);
    let messages = world.outbox();
    assert_eq!(messages.len(), 2);
    let is_about_the_change = |message: &&String| message.contains("Changed job");
    let about_the_change = messages.iter().find(is_about_the_change).unwrap();
    for line in [
        "- text: 1 word removed, 1 word added",
        "before: A",
        "now: B",
    ] {
        assert!(about_the_change.contains(line), "{about_the_change}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_date_alone_is_not_a_new_version() {
    let world = World::new().await;
    let edited = |at: &str| Board::new([job(1).title("Rust Engineer").updated_at(at)]);
    let config = world.config(&[world.greenhouse("acme")]);
    world
        .boards
        .set_board("acme", edited("2026-08-01T10:00:00-04:00"));
    world.run(&config).await;
    world
        .boards
        .set_board("acme", edited("2026-08-02T10:00:00-04:00"));
    let second = world.run(&config).await;
    assert_eq!(
        (
            second.totals.updated,
            second.totals.unchanged,
            second.totals.notified
        ),
        (0, 1, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_shorter_than_its_total_is_partial_without_a_checkpoint() {
    let world = World::new().await;
    world.boards.set_board("acme", two_jobs());
    world.boards.fail("acme", Failure::WrongTotal(3));
    let config = world.config(&[world.greenhouse("acme")]);

    let first = world.run(&config).await;
    let stats = source(&first, "greenhouse/acme");
    assert_eq!(
        (stats.outcome, stats.counts.new, stats.error.is_none()),
        (ScanOutcome::Partial, 2, true)
    );
    assert_eq!(
        stats.warnings,
        ["the board says it has 3 jobs, but listed 2"]
    );
    assert!(first.had_errors);

    world.boards.clear_requests();
    world.run(&config).await;
    assert_eq!(
        world.boards.requests()[0].status,
        Some(200),
        "no validators after a partial scan"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_board_does_not_affect_another() {
    let world = World::new().await;
    world.boards.set_board("acme", two_jobs());
    world.boards.set_board("down", two_jobs());
    world.boards.fail("down", Failure::status(500));
    let config = world.config(&[
        world.greenhouse("down"),
        world.greenhouse("acme"),
        world.greenhouse("unknown"),
    ]);
    let result = world.run(&config).await;
    assert_eq!(
        source(&result, "greenhouse/acme").outcome,
        ScanOutcome::Complete
    );
    assert_eq!(failure(&result, "greenhouse/down"), "upstream");
    assert_eq!(failure(&result, "greenhouse/unknown"), "not-found");
    assert!(result.had_errors);
    let order: Vec<String> = result
        .sources
        .iter()
        .map(|source| source.source.to_string())
        .collect();
    assert_eq!(
        order,
        ["greenhouse/down", "greenhouse/acme", "greenhouse/unknown"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_reaches_max_jobs_is_truncated() {
    let world = World::new().await;
    world.boards.set_board("acme", two_jobs());
    let config = world.config(&[world.greenhouse_with("acme", ", max_jobs: 1")]);
    let result = world.run(&config).await;
    let stats = source(&result, "greenhouse/acme");
    assert_eq!(
        (stats.outcome, stats.counts.fetched),
        (ScanOutcome::Truncated, 1)
    );
    assert!(!result.had_errors);
}

/// Counts the rows that a run writes, with triggers on every table.
mod audit {
    use sqlx::Row as _;
    use sqlx::sqlite::SqliteConnection;

    use crate::support::World;

    pub(super) struct Audit;

    pub(super) async fn install(world: &World) -> Audit {
        let mut connection = world.database().await;
        run(&mut connection, "CREATE TABLE audit (what TEXT NOT NULL)").await;
        let tables = sqlx::query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' \
             AND name NOT LIKE 'sqlite%' AND name <> 'audit'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        for table in tables {
            let table: String = table.get(0);
            for verb in ["insert", "update", "delete"] {
                let trigger = format!(
                    "CREATE TRIGGER audit_{table}_{verb} AFTER {verb} ON {table} \
                     BEGIN INSERT INTO audit VALUES ('{table} {verb}'); END"
                );
                run(&mut connection, &trigger).await;
            }
        }
        Audit
    }

    impl Audit {
        pub(super) async fn rows(&self, world: &World) -> Vec<String> {
            let rows = sqlx::query("SELECT what FROM audit ORDER BY what")
                .fetch_all(&mut world.database().await)
                .await;
            rows.unwrap().iter().map(|row| row.get(0)).collect()
        }
    }

    async fn run(connection: &mut SqliteConnection, statement: &str) {
        sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
            .execute(connection)
            .await
            .unwrap();
    }
}
