//! The list of sources: states, reasons, pauses, filters.

use job_scanner_board_server::{Board, Failure, job};

use crate::operator_page::browser::Session;
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_source_says_why_and_what_to_do_and_the_filter_finds_it() {
    let world = World::with_a_job().await;
    world.boards.set_board("broken", Board::new([]));
    world.boards.fail("broken", Failure::status(500));
    let config = world.config(&[world.greenhouse("acme"), world.greenhouse("broken")]);
    let mut session = Session::start(&world, &config, "");
    session.daemon.says("event=run.finished");

    let failing = session.browser.get("/sources?show=failing");
    failing.shows(&[
        "Failing (1)",
        "greenhouse/broken",
        "1 failed scan since ",
        "A later scan may succeed.",
    ]);
    assert!(
        !failing.text.contains("greenhouse/acme"),
        "{}",
        failing.text
    );
    let found = session.browser.get("/sources?q=ACM");
    found.shows(&["greenhouse/acme", "1 open job", "Budgets of the last scan"]);
    assert!(!found.text.contains("greenhouse/broken"), "{}", found.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_on_the_page_holds_for_the_schedule_until_it_is_resumed() {
    let world = World::with_a_job().await;
    world.boards.set_board("other", Board::new([job(2)]));
    let config = world.config(&[world.greenhouse("acme"), world.greenhouse("other")]);
    let mut session = Session::start(&world, &config, "");
    session.daemon.says("event=run.finished");

    let browser = &session.browser;
    let form = [("source", "greenhouse/acme"), ("show", "paused")];
    let paused = browser.submit("/sources/pause", &form);
    paused.shows(&["Paused (1)", "greenhouse/acme", "Resume", "1 open job"]);
    world.boards.clear_requests();
    browser.submit("/sources/scan", &[]);
    session.daemon.says("event=run.finished");
    let paths = world.boards.requested_paths();
    assert!(paths.len() == 1 && paths[0].contains("other"), "{paths:?}");

    let resumed = browser.submit("/sources/resume", &form);
    resumed.shows(&["Paused (0)", "No source is paused."]);
    browser.submit("/sources/scan", &[]);
    session.daemon.says("event=run.finished");
    assert_eq!(world.boards.requests().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_has_the_version_the_runs_and_the_grants() {
    let world = World::with_a_job().await;
    let config = world.config(&[world.greenhouse("acme")]);
    let mut session = Session::start(&world, &config, "");
    session.daemon.says("event=run.finished");
    let status = session.browser.get("/status");
    status.shows(&[
        env!("CARGO_PKG_VERSION"),
        "job_scanner.db",
        "1 fetched, 1 new, 1 matched",
        "boards-api.greenhouse.io",
        "/metrics",
    ]);
}
