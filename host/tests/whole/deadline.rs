//! The time limit of a run: sources that the run did not reach stay due, and jobs that it found are
//! stored and sent.

use std::time::Duration;

use job_scanner_board_server::{Board, Failure, job};
use job_scanner_core::run::{ScanOutcome, Trigger};
use job_scanner_pipeline::{PipelineRunResult, RunRequest, ScanPipeline};
use tokio_util::sync::CancellationToken;

use crate::support::{World, source};

/// Long enough for a board that responds.
const SHORT: Duration = Duration::from_secs(4);

/// Scans these sources one after the other, within `deadline` or the usual time limit.
async fn run(world: &World, sources: &[String], deadline: Option<Duration>) -> PipelineRunResult {
    let mut context = world.context(&world.config(sources)).await;
    context.scanner.config.advanced.max_concurrent_sources = 1;
    context.deadline = deadline.unwrap_or(context.deadline);
    let request = RunRequest {
        trigger: Trigger::Manual,
        only: None,
    };
    ScanPipeline::new(context)
        .run_once(&request, &CancellationToken::new())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_that_a_run_did_not_reach_are_scanned_first_next_time() {
    let world = World::new().await;
    for board in ["acme", "globex", "initech"] {
        world
            .boards
            .set_board(board, Board::new([job(1).title("Rust Engineer")]));
    }
    let sources = ["acme", "globex", "initech"].map(|board| world.greenhouse(board));
    world.boards.fail("globex", Failure::Hang);

    let cut = run(&world, &sources, Some(SHORT)).await;
    assert!(cut.interrupted && cut.had_errors);
    assert_eq!(
        cut.totals.alerts_sent, 1,
        "what was found is told all the same"
    );
    assert_eq!(cut.sources.len(), 2);
    let hanging = source(&cut, "greenhouse/globex");
    assert_eq!(
        (hanging.outcome, &hanging.error),
        (ScanOutcome::Partial, &None)
    );
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM sources WHERE consecutive_failures > 0")
            .await,
        0
    );

    world.boards.heal("globex");
    world.boards.clear_requests();
    let whole = run(&world, &sources, None).await;
    assert!(!whole.interrupted && !whole.had_errors);
    assert_eq!(whole.totals.alerts_sent, 2);
    let asked = world.boards.requests();
    let order: Vec<_> = asked
        .iter()
        .map(|request| request.path.rsplit('/').nth(1).unwrap())
        .collect();
    assert_eq!(order, ["globex", "initech", "acme"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn details_that_a_run_did_not_reach_are_not_failures() {
    let world = World::new().await;
    let built = |id| {
        job(id)
            .title(format!("Builder {id}"))
            .content_html("<p>An engineer.</p>")
    };
    world
        .boards
        .set_board("acme", Board::new([built(1), built(2)]));
    world.boards.fail("acme/2", Failure::Hang);
    let sources = [world.deferred("acme", "")];

    let cut = run(&world, &sources, Some(SHORT)).await;
    let acme = source(&cut, "deferred/acme");
    assert_eq!(
        (
            acme.outcome,
            acme.counts.details_due,
            acme.counts.details_failed
        ),
        (ScanOutcome::Complete, 2, 0)
    );
    assert!(
        acme.warnings
            .iter()
            .any(|warning| warning.ends_with("the run reached its time limit")),
        "{:?}",
        acme.warnings
    );
    assert_eq!(
        world.number("SELECT MAX(attempts) FROM job_details").await,
        0
    );

    world.boards.heal("acme/2");
    assert_eq!(run(&world, &sources, None).await.totals.alerts_sent, 2);
}
