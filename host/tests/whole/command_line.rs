//! The program as a person runs it: arguments, exit codes, what goes to which stream.

use std::process::{Command, Output};

use crate::support::World;
use job_scanner_board_server::{Board, Failure, job};
use serde_json::Value;

fn job_scanner(world: &World, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_job-scanner"))
        .args(arguments)
        .current_dir(world.folder())
        .env_clear()
        .env("DATABASE_URL", world.database_url())
        .env("XDG_CACHE_HOME", crate::support::compiled())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn world() -> World {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new([job(1).title("Rust Engineer \u{1b}[31m").location("Berlin")]));
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_run_prints_a_summary_and_exits_with_0() {
    let world = world().await;
    let output = job_scanner(&world, &["--manual-run"]);
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stdout.contains("greenhouse/acme") && stdout.contains("Rust Engineer"), "{stdout}");
    assert!(!stdout.contains('\u{1b}'), "a board's terminal sequence stays text");
    assert!(stderr.contains("run.finished"), "{stderr}");
    assert_eq!(world.outbox().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_source_makes_it_1() {
    let world = world().await;
    world.boards.fail("acme", Failure::status(500));
    let output = job_scanner(&world, &["scan"]);
    assert_eq!(output.status.code(), Some(1));
    let stdout = text(&output.stdout);
    assert!(stdout.contains("failed: greenhouse/acme: upstream:"), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_one_object_and_nothing_else() {
    let world = world().await;
    let output = job_scanner(&world, &["scan", "--format", "json", "--log-level", "error"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(text(&output.stderr).lines().filter(|line| line.contains("level=info")).count(), 0);
    assert_eq!(
        keys(&result),
        ["duration_ms", "finished_at", "had_errors", "run_id", "skipped", "sources", "started_at", "totals", "trigger"]
    );
    assert_eq!(
        keys(&result["sources"][0]),
        [
            "alerts_sent",
            "budget",
            "closed",
            "duplicate",
            "duration_ms",
            "error",
            "errors",
            "failed",
            "fetched",
            "matched",
            "name",
            "new",
            "normalized",
            "notified",
            "outcome",
            "rejected",
            "reopened",
            "skipped",
            "source",
            "unchanged",
            "updated",
            "upserted",
            "warnings"
        ]
    );
    assert_eq!((&result["totals"]["new"], &result["sources"][0]["source"]), (&1.into(), &"greenhouse/acme".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_named_source_is_scanned() {
    let world = world().await;
    world.write_config(&world.config(&[world.greenhouse("acme"), world.greenhouse("other")]));
    let output = job_scanner(&world, &["scan", "--source", "greenhouse/acme", "--format", "json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["sources"].as_array().unwrap().len(), 1);
    let output = job_scanner(&world, &["scan", "--source", "greenhouse/nobody"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("there is no source `greenhouse/nobody`"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_and_broken_configurations_make_it_2() {
    let world = world().await;
    assert_eq!(job_scanner(&world, &["--no-such-flag"]).status.code(), Some(2));
    assert_eq!(job_scanner(&world, &["--manual-run", "--config", "none.yaml"]).status.code(), Some(2));
    assert_eq!(job_scanner(&world, &[]).status.code(), Some(2));

    world.write_config("sources:\n  - {type: nosuch, identifier: a}\nsearch_criteria: {required_terms: [a]}\n");
    let output = job_scanner(&world, &["--manual-run"]);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr.starts_with("config.yaml:2:12: sources[0].type: no adapter `nosuch`"), "{stderr}");
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}
