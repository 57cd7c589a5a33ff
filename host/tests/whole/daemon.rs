//! The program as a service: it scans on its own, listens to signals, and shares a database politely.

use std::time::Duration;

use job_scanner_board_server::{Board, Failure, job};

use crate::process::Daemon;
use crate::support::World;

async fn world() -> World {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_run_happens_at_once_and_the_next_when_the_source_is_due() {
    let world = world().await;
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=run.finished");
    assert_eq!(world.outbox().len(), 1);
    let next = daemon.says("event=scheduler.next_run");
    assert!(next.contains("next_run_at="), "{next}");

    drop(daemon);
    world.boards.clear_requests();
    let mut restarted = Daemon::start(world.program());
    restarted.says("event=scheduler.next_run");
    assert!(world.boards.requests().is_empty(), "a restart does not scan what is not due");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_runs_it_now_and_another_ends_it() {
    let world = world().await;
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=run.finished");
    daemon.signal("USR1");
    daemon.says("event=run.finished");
    assert_eq!(world.boards.requests().len(), 2);
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_in_the_middle_of_a_scan_is_quick_and_loses_nothing() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let daemon = Daemon::start(world.program());
    world.boards.wait_for_requests(1).await;
    daemon.signal("TERM");
    let end = daemon.ends();
    assert_eq!(end.code, Some(0));
    assert!(end.took < Duration::from_secs(10), "{:?}", end.took);
    assert!(world.is_sound().await);

    world.boards.heal("acme");
    let config = world.config(&[world.greenhouse("acme")]);
    assert_eq!(world.run(&config).await.totals.alerts_sent, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_configuration_is_refused_while_the_old_one_stays_in_force() {
    let world = world().await;
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=run.finished");
    world.write_config("sources: [\n");
    daemon.signal("HUP");
    daemon.says("event=config.refused");
    daemon.signal("USR1");
    daemon.says("event=run.finished");
    assert_eq!(world.boards.requests().len(), 2);

    world.boards.set_board("other", Board::new([job(2).title("Go Engineer")]));
    world.write_config(&world.config(&[world.greenhouse("other")]));
    daemon.signal("HUP");
    daemon.says("event=run.finished");
    assert_eq!(world.outbox().len(), 2, "the new source was due and is scanned");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_at_once_although_a_new_configuration_waits_for_a_run_to_end() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let mut daemon = Daemon::start(world.program());
    world.boards.wait_for_requests(1).await;
    daemon.signal("HUP");
    daemon.says("event=config.loaded");
    daemon.signal("TERM");
    let end = daemon.ends();
    assert_eq!(end.code, Some(0));
    assert!(end.took < Duration::from_secs(10), "{:?}", end.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_asks_for_rest_gets_it() {
    let world = world().await;
    world.boards.fail("acme", Failure::Status { code: 429, retry_after: Some(7200) });
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=source.failed");
    let next = daemon.says("event=scheduler.next_run");
    let at: jiff::Timestamp = next.split("next_run_at=").nth(1).unwrap().trim().parse().unwrap();
    let wait = at.duration_since(std::time::SystemTime::now().try_into().unwrap());
    assert!(wait > jiff::SignedDuration::from_mins(110), "15 minutes without the board's wish: {wait}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_is_skipped_and_told_whose_run_is_under_way() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let daemon = Daemon::start(world.program());
    world.boards.wait_for_requests(1).await;

    let second = world.program().arg("scan").output().unwrap();
    let stdout = String::from_utf8(second.stdout).unwrap();
    assert_eq!(second.status.code(), Some(1));
    let holder = format!("skipped: another run is under way on this database (process {} since", daemon.id());
    assert!(stdout.starts_with(&holder), "{stdout}");
}
