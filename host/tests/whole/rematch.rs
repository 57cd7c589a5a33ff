//! Matching the jobs of a large board again, a batch after the other, and failing between two of
//! them.

use job_scanner_board_server::{Board, job};
use job_scanner_core::run::ScanOutcome;
use sqlx::Connection as _;

use crate::support::{World, source};

/// Three batches of 500, of which the last is not full.
const JOBS: u64 = 1_100;
const ONE_BATCH: u64 = 500;

/// Returns a configuration with the world's board and these profiles.
fn with_profiles(world: &World, profiles: &str) -> String {
    let config = world.config(&[world.greenhouse("acme")]);
    let start = config.find("search_criteria").unwrap();
    let end = config.find("adapters:").unwrap();
    format!(
        "{}profiles: {profiles}\n{}",
        &config[..start],
        &config[end..]
    )
}

/// Returns a world whose board has only cooks, and was scanned with a profile that matches none.
async fn with_unmatched_cooks() -> World {
    let world = World::new().await;
    let cooks = (1..=JOBS).map(|id| job(id).title(format!("Cook {id}")));
    world.boards.set_board("acme", Board::new(cooks));
    let first = world.run(&with_profiles(&world, PILOTS)).await;
    let first = source(&first, "greenhouse/acme");
    assert_eq!(
        (first.outcome, first.counts.matched),
        (ScanOutcome::Complete, 0)
    );
    world
}

const PILOTS: &str = "[{name: pilots, query: 'title:pilot'}]";
const PILOTS_AND_COOKS: &str =
    "[{name: pilots, query: 'title:pilot'}, {name: cooks, query: 'title:cook'}]";

/// Makes one run with both profiles, in which an alert of the second batch cannot be written.
/// Returns the number of alerts that it reports.
async fn run_and_fail_midway(world: &World) -> u64 {
    let failing =
        "CREATE TRIGGER failing BEFORE INSERT ON alerts WHEN (SELECT count(*) FROM alerts) = 700
         BEGIN SELECT RAISE(ABORT, 'this row cannot be written'); END";
    execute(world, failing).await;
    let result = world.run(&with_profiles(world, PILOTS_AND_COOKS)).await;
    execute(world, "DROP TRIGGER failing").await;
    result.totals.notified
}

async fn execute(world: &World, sql: &'static str) {
    let mut database = world.database().await;
    sqlx::query(sql).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rematch_that_fails_midway_continues_without_loss_or_repetition() {
    let world = with_unmatched_cooks().await;

    assert_eq!(run_and_fail_midway(&world).await, ONE_BATCH);
    let matches = "SELECT COUNT(*) FROM matches WHERE profile = 'cooks' AND outdated_at IS NULL";
    let alerts = "SELECT COUNT(*) FROM alerts";
    for sql in [matches, alerts] {
        assert_eq!(world.number(sql).await, ONE_BATCH.cast_signed(), "{sql}");
    }

    let rest = JOBS - ONE_BATCH;
    for notified in [rest, 0] {
        let result = world.run(&with_profiles(&world, PILOTS_AND_COOKS)).await;
        assert_eq!(result.totals.notified, notified);
    }
    let sent = "SELECT COUNT(DISTINCT alert_id) FROM delivery_alerts";
    let sent_in_all = "SELECT COUNT(*) FROM delivery_alerts";
    for sql in [matches, alerts, sent, sent_in_all] {
        assert_eq!(world.number(sql).await, JOBS.cast_signed(), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_removed_before_its_rematch_ends_keeps_no_match() {
    let world = with_unmatched_cooks().await;

    run_and_fail_midway(&world).await;
    let result = world.run(&with_profiles(&world, PILOTS)).await;

    assert_eq!(result.totals.notified, 0);
    let matches = "SELECT COUNT(*) FROM matches WHERE outdated_at IS NULL";
    assert_eq!(world.number(matches).await, 0);
}
