//! What a hostile adapter costs: its own scan, and nothing else. One test per crime.

use std::time::Duration;

use crate::support::{World, failure, source};
use job_scanner::pipeline::{PipelineRunResult, ScanOutcome};
use job_scanner_board_server::{Board, Failure, job};

/// Limits that a test reaches soon, under which an honest adapter still has room.
const LITTLE_TIME: &str = "adapters: {dir: adapters, limits: {hostile: {cpu_page: 300ms, wall_page: 1s}}}\n";
const LITTLE_MEMORY: &str = "adapters: {dir: adapters, limits: {hostile: {memory: 64MiB}}}\n";

/// Scans a hostile source beside an honest one, which must not notice.
async fn beside_an_honest_one(world: &World, mode: &str, options: &str, limits: &str) -> PipelineRunResult {
    world.boards.set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    let sources = world.config(&[world.hostile(mode, options), world.greenhouse("acme")]);
    let result = world.run(&sources.replace("adapters: {dir: adapters}\n", limits)).await;
    assert_eq!(source(&result, "greenhouse/acme").outcome, ScanOutcome::Complete);
    assert_eq!(source(&result, "greenhouse/acme").counts.alerts_sent, 1, "the honest source's match was mailed");
    result
}

async fn fails_as(mode: &str, limits: &str, kind: &str) {
    let world = World::new().await;
    let result = beside_an_honest_one(&world, mode, "", limits).await;
    let key = format!("hostile/{mode}");
    assert_eq!(failure(&result, &key), kind, "{:#?}", source(&result, &key));
    assert!(result.had_errors);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_loop_ends_with_its_cpu_budget() {
    fails_as("loop", LITTLE_TIME, "cpu-budget").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_that_keeps_calling_the_host_ends_with_its_cpu_budget() {
    fails_as("loop-in-log", LITTLE_TIME, "cpu-budget").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_is_recorded_as_one() {
    fails_as("trap", LITTLE_TIME, "trap").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_ends_at_its_limit() {
    fails_as("grow", LITTLE_MEMORY, "out-of-memory").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn running_out_of_memory_under_another_name_is_still_that() {
    fails_as("grow-then-error", LITTLE_MEMORY, "out-of-memory").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_seen_before_ends_the_scan() {
    fails_as("same-cursor", LITTLE_TIME, "endless-paging").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn not_modified_without_a_reason_is_refused() {
    fails_as("lie-not-modified", LITTLE_TIME, "unexpected-response").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_answers_costs_a_page_of_wall_clock() {
    let world = World::new().await;
    world.boards.set_board("silent", Board::new([]));
    world.boards.fail("silent", Failure::Hang);
    let url = format!("{}/boards-api.greenhouse.io/v1/boards/silent/jobs", world.boards.base_url());
    let result = beside_an_honest_one(&world, "hang", &format!(", url: '{url}'"), LITTLE_TIME).await;
    let stats = source(&result, "hostile/hang");
    assert_eq!(failure(&result, "hostile/hang"), "timeout", "{stats:#?}");
    let cpu = Duration::from_millis(stats.budget.unwrap().cpu_ms.used);
    assert!(cpu < Duration::from_millis(300), "waiting is not computing: {cpu:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_without_end_stop_at_their_limit() {
    let world = World::new().await;
    let config = world.config(&[world.hostile("endless-paging", "")]);
    let config = config.replace("{dir: adapters}", "{dir: adapters, limits: {hostile: {pages: 50}}}");
    let result = world.run(&config).await;
    assert_eq!(failure(&result, "hostile/endless-paging"), "endless-paging");
    assert_eq!(source(&result, "hostile/endless-paging").budget.unwrap().pages.used, 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_log_lines_is_cut_and_said_so() {
    let world = World::new().await;
    let result = beside_an_honest_one(&world, "log-flood", "", LITTLE_MEMORY).await;
    let stats = source(&result, "hostile/log-flood");
    assert_eq!(stats.outcome, ScanOutcome::Complete);
    assert_eq!(stats.warnings, ["the adapter logged too much; 9500 lines were dropped"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_jobs_than_a_page_may_hold_fail_the_scan() {
    let world = World::new().await;
    let config = world.config(&[world.hostile("ok", ", jobs: 11")]);
    let config = config.replace("{dir: adapters}", "{dir: adapters, limits: {hostile: {page_jobs: 10}}}");
    let result = world.run(&config).await;
    assert_eq!(failure(&result, "hostile/ok"), "output-too-large");
}
