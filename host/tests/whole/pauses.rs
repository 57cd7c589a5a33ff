//! Paused sources: what the schedule, the commands and the messages do with them.

use std::process::Output;
use std::str;

use jiff::Timestamp;
use job_scanner_board_server::{Board, Failure, job};
use job_scanner_core::run::{ScanOutcome, Trigger};
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{PipelineRunResult, RunRequest, ScanPipeline};
use tokio_util::sync::CancellationToken;

use crate::support::{World, source};

/// Returns a pipeline whose clock shows this hour of a day in November 2026.
async fn pipeline_at(world: &World, config: &str, time: &str) -> ScanPipeline {
    let now: Timestamp = format!("2026-11-{time}:00Z").parse().unwrap();
    let mut context = world.context(config).await;
    context.scanner.clock = Clock::from_fn(move || now);
    ScanPipeline::new(context)
}

/// Makes one run at this time, over all sources or the one with this key.
async fn run_at(
    world: &World,
    config: &str,
    time: &str,
    trigger: Trigger,
    only: Option<&str>,
) -> PipelineRunResult {
    let pipeline = pipeline_at(world, config, time).await;
    let only = only.map(|key| vec![key.parse().unwrap()]);
    let run = pipeline
        .run_once(&RunRequest { trigger, only }, &CancellationToken::new())
        .await
        .unwrap();
    pipeline.context().store.close().await;
    run
}

/// Pauses a source of the configuration at this time.
async fn pause_at(world: &World, config: &str, name: &str, time: &str) {
    let pipeline = pipeline_at(world, config, time).await;
    let (store, clock) = (&pipeline.context().store, &pipeline.context().scanner.clock);
    let key = format!("greenhouse/{name}").parse().unwrap();
    store.pause_source(&key, name, clock.now()).await.unwrap();
    store.close().await;
}

fn run(world: &World, arguments: &[&str]) -> Output {
    world.program().args(arguments).output().unwrap()
}

fn outcomes(result: &PipelineRunResult) -> Vec<(String, ScanOutcome)> {
    let outcome =
        |source: &job_scanner_pipeline::SourceRunStats| (source.name.clone(), source.outcome);
    result.sources.iter().map(outcome).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_source_is_not_scheduled_and_keeps_its_jobs() {
    let world = World::with_a_job().await;
    world
        .boards
        .set_board("other", Board::new([job(2).title("Cook")]));
    let config = world.config(&[world.greenhouse("acme"), world.greenhouse("other")]);
    run_at(&world, &config, "20T08:00", Trigger::Schedule, None).await;
    pause_at(&world, &config, "acme", "20T08:05").await;

    world.boards.set_board("acme", Board::new([]));
    for time in ["20T09:00", "20T10:00", "20T11:00"] {
        let scheduled = run_at(&world, &config, time, Trigger::Schedule, None).await;
        assert_eq!(
            outcomes(&scheduled),
            [("other".to_owned(), ScanOutcome::NotModified)]
        );
    }
    let open =
        world.number("SELECT COUNT(*) FROM jobs WHERE closed_at IS NULL AND missing_since IS NULL");
    assert_eq!(open.await, 2, "the job of the paused source is untouched");

    let manual = run_at(&world, &config, "20T11:05", Trigger::Manual, None).await;
    assert_eq!(
        source(&manual, "greenhouse/acme").outcome,
        ScanOutcome::Paused
    );
    assert!(!manual.had_errors);

    let named = Some("greenhouse/acme");
    let named = run_at(&world, &config, "20T11:10", Trigger::Manual, named).await;
    assert_eq!(
        source(&named, "greenhouse/acme").outcome,
        ScanOutcome::Complete
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_with_only_paused_sources_has_nothing_due_until_one_is_resumed() {
    let world = World::with_a_job().await;
    let config = world.config(&[world.greenhouse("acme")]);
    pause_at(&world, &config, "acme", "20T08:00").await;
    let pipeline = pipeline_at(&world, &config, "21T08:00").await;
    assert_eq!(pipeline.next_due().await.unwrap(), None);

    let store = &pipeline.context().store;
    assert!(
        store
            .resume_source(&"greenhouse/acme".parse().unwrap())
            .await
            .unwrap()
    );
    assert!(pipeline.next_due().await.unwrap().is_some());
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_source_that_fails_makes_no_notice() {
    let world = World::with_a_job().await;
    world.boards.set_board("other", Board::new([]));
    let config = world.config(&[world.greenhouse("acme"), world.greenhouse("other")])
        + "health: {notify_after: 1h}\n";
    world.boards.fail("acme", Failure::status(500));
    run_at(&world, &config, "20T08:00", Trigger::Manual, None).await;
    pause_at(&world, &config, "acme", "20T08:05").await;

    run_at(&world, &config, "20T12:00", Trigger::Schedule, None).await;
    assert_eq!(world.outbox().len(), 0, "{:?}", world.outbox());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_name_paused_sources_and_their_time() {
    let world = World::with_a_job().await;
    let config = world.config(&[world.greenhouse("acme")]);
    world.write_config(&config);
    pause_at(&world, &config, "acme", "20T08:00").await;

    let table = run(&world, &["sources"]);
    let table = str::from_utf8(&table.stdout).unwrap();
    assert!(table.contains(" paused "), "{table}");
    assert!(
        table.contains("greenhouse/acme: paused since 2026-11-20 08:00 UTC"),
        "{table}"
    );

    let json = run(&world, &["sources", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json[0]["state"], "paused");
    assert_eq!(json[0]["paused_at"], "2026-11-20T08:00:00.000Z");
    assert_eq!(json[0]["next_due_at"], serde_json::Value::Null);

    let check = run(&world, &["check"]);
    let check = str::from_utf8(&check.stdout).unwrap();
    assert!(
        check.contains("greenhouse/acme since 2026-11-20T08:00:00Z"),
        "{check}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_pauses_and_resumes_sources_and_says_if_they_were_so_before() {
    let world = World::with_a_job().await;
    let config = world.config(&[world.greenhouse("acme"), world.greenhouse("bolt")]);
    world.write_config(&config);
    run_at(&world, &config, "20T08:00", Trigger::Manual, None).await;

    let results = |verb: &str, keys: &[&str]| -> serde_json::Value {
        let command = [&["source", verb, "--format", "json"], keys].concat();
        let output = run(&world, &command);
        let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        printed
    };
    let first = results("pause", &["greenhouse/acme"]);
    assert_eq!(
        first,
        serde_json::json!([{"source": "greenhouse/acme", "operation": "paused", "result": "done"}])
    );
    let both = results("pause", &["greenhouse/acme", "greenhouse/bolt"]);
    assert_eq!(
        (&both[0]["result"], &both[1]["result"]),
        (&"unchanged".into(), &"done".into())
    );
    let resumed = results("resume", &["greenhouse/acme"]);
    assert_eq!(resumed[0]["result"], "done");

    let sources = run(&world, &["sources", "--format", "json"]);
    let sources: serde_json::Value = serde_json::from_slice(&sources.stdout).unwrap();
    assert_eq!(sources[0]["paused_at"], serde_json::Value::Null);
    assert_eq!(sources[1]["state"], "paused");

    let unknown = run(&world, &["source", "pause", "acmee"]);
    let error = str::from_utf8(&unknown.stderr).unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        error.contains("unknown source `acmee`")
            && error.contains("greenhouse/acme, greenhouse/bolt"),
        "{error}"
    );
}
