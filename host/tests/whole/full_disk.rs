//! A disk that is full for a moment, at each write of a run in turn: that run fails, and the next
//! run in the same process succeeds.
//!
//! A limit on the size of files simulates the full disk. It applies to a whole process, so the test
//! runs itself again in a separate process, which ignores the signal about the limit (`SIGXFSZ`).

use std::env;
use std::process::{Command, id};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use job_scanner_board_server::{Board, job};
use job_scanner_core::run::Trigger;
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{PipelineRunResult, RunRequest, ScanPipeline};
use tokio_util::sync::CancellationToken;

use crate::support::World;

/// The bytes that one page of the database takes in its journal.
const FRAME: u64 = 4096 + 24;

/// More frames than one run writes.
const MOST_FRAMES: u64 = 200;

#[test]
fn a_run_after_any_failed_write_succeeds_and_sends_all_alerts() {
    let limited = "trap '' XFSZ; exec \"$0\" --exact full_disk::in_a_process_of_its_own --ignored --nocapture";
    let own = Command::new("sh")
        .args(["-c", limited])
        .arg(env::current_exe().unwrap())
        .output()
        .unwrap();
    assert!(
        own.status.success(),
        "{}",
        String::from_utf8_lossy(&own.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the test above runs it, alone"]
async fn in_a_process_of_its_own() {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new([]));
    let config = world.config(&[world.greenhouse("acme")])
        + "email: {max_retries: 0}\non_first_scan: each\n";
    let mut context = world.context(&config).await;
    let hours = Arc::new(AtomicI64::new(0));
    context.scanner.clock = clock(&hours);
    let pipeline = ScanPipeline::new(context);
    run(&pipeline).await.expect("the disk is not full yet");

    let (mut failed, mut jobs) = (0, 0);
    for frames in 0..MOST_FRAMES {
        jobs += 1;
        world.boards.edit_board("acme", |board| {
            board.put(job(jobs).title(format!("Engineer {jobs}")));
        });
        world.number("PRAGMA wal_checkpoint(TRUNCATE)").await;

        limit_files(&(frames * FRAME).to_string());
        let without_room = run(&pipeline).await;
        limit_files("unlimited");
        let with_room = run(&pipeline)
            .await
            .unwrap_or_else(|error| panic!("after {frames} frames: {error}"));

        assert!(
            !with_room.had_errors,
            "after {frames} frames: {with_room:#?}"
        );
        match without_room {
            Ok(result) if !result.had_errors => break,
            _ => failed += 1,
        }
    }
    assert!((10..MOST_FRAMES).contains(&failed), "{failed} runs failed");

    // Messages that could not be written are retried later.
    hours.store(24, Ordering::SeqCst);
    run(&pipeline).await.unwrap();
    assert_eq!(world.outbox().len() as u64, jobs, "each job is told once");
    assert!(
        world
            .outbox()
            .iter()
            .all(|message| message.trim_end().ends_with("--")),
        "each message is whole"
    );
    assert!(world.is_sound().await);
}

fn clock(hours: &Arc<AtomicI64>) -> Clock {
    let hours = Arc::clone(hours);
    let start: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
    Clock::from_fn(move || start + jiff::SignedDuration::from_hours(hours.load(Ordering::SeqCst)))
}

async fn run(
    pipeline: &ScanPipeline,
) -> Result<PipelineRunResult, impl std::fmt::Display + std::fmt::Debug> {
    pipeline
        .run_once(
            &RunRequest {
                trigger: Trigger::Manual,
                only: None,
            },
            &CancellationToken::new(),
        )
        .await
}

/// Limits the size of files that this process may write.
fn limit_files(bytes: &str) {
    let limited = Command::new("prlimit")
        .args(["--pid", &id().to_string(), &format!("--fsize={bytes}:")])
        .status();
    assert!(limited.unwrap().success());
}
