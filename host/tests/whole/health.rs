//! Messages about sources that fail for a long time.

use jiff::Timestamp;
use job_scanner_board_server::{Board, Failure, job};
use job_scanner_pipeline::PipelineRunResult;
use job_scanner_pipeline::clock::Clock;

use crate::support::{World, run_once};

/// Makes one run on this day and at this hour of November 2026, as a separate process would.
async fn run_at(world: &World, config: &str, time: &str) -> PipelineRunResult {
    let now: Timestamp = format!("2026-11-{time}:00Z").parse().unwrap();
    let mut context = world.context(config).await;
    context.scanner.clock = Clock::from_fn(move || now);
    run_once(context).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_message_reports_a_failing_source_and_one_its_recovery() {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Cook")]));
    world
        .boards
        .set_board("globex", Board::new([job(1).title("Cook")]));
    let config = world.config(&[world.greenhouse("acme"), world.greenhouse("globex")]);
    run_at(&world, &config, "20T08:00").await;

    world.boards.fail("acme", Failure::status(500));
    for time in ["20T09:00", "20T20:00"] {
        run_at(&world, &config, time).await;
        assert_eq!(world.outbox().len(), 0, "not yet a day at {time}");
    }
    for time in ["21T09:00", "21T10:00"] {
        run_at(&world, &config, time).await;
    }
    let [failing] = &world.outbox()[..] else {
        panic!("{:?}", world.outbox())
    };
    assert!(
        failing.contains("Subject: acme has failed since 2026-11-20 09:00 UTC"),
        "{failing}"
    );
    assert!(
        failing.contains("upstream: ") && failing.contains("A later scan may succeed"),
        "{failing}"
    );

    world.boards.heal("acme");
    for time in ["21T11:00", "21T12:00"] {
        run_at(&world, &config, time).await;
    }
    let messages = world.outbox();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(
        messages[1]
            .contains("Subject: acme has recovered; it had failed since 2026-11-20 09:00 UTC"),
        "{}",
        messages[1]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_that_fail_together_are_reported_in_one_message() {
    let world = World::new().await;
    for board in ["acme", "globex"] {
        world
            .boards
            .set_board(board, Board::new([job(1).title("Cook")]));
        world.boards.fail(board, Failure::status(503));
    }
    let config = world.config(&[world.greenhouse("acme"), world.greenhouse("globex")])
        + "health: {notify_after: 1h}\n";
    run_at(&world, &config, "20T08:00").await;
    run_at(&world, &config, "20T09:00").await;
    let [failing] = &world.outbox()[..] else {
        panic!("{:?}", world.outbox())
    };
    assert!(failing.contains("Subject: 2 sources fail"), "{failing}");
    assert!(
        failing.contains("greenhouse/acme") && failing.contains("greenhouse/globex"),
        "{failing}"
    );
}
