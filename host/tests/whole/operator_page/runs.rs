//! Runs that a person requests, watches and stops on the page.

use std::time::Duration;

use job_scanner_board_server::{Board, Failure, job};

use crate::operator_page::browser::Session;
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_stops_within_ten_seconds_while_a_stream_of_events_is_open() {
    let world = World::with_a_job().await;
    let config = world.config(&[world.greenhouse("acme")]);
    let mut session = Session::start(&world, &config, "");
    session.daemon.says("event=run.finished");
    let mut events = session.browser.events();
    events.until(|event| event["is_running"] == false);

    session.daemon.signal("TERM");
    let end = session.daemon.ends();
    assert_eq!(end.code, Some(0), "{:#?}", end.log);
    assert!(end.took < Duration::from_secs(10), "{:?}", end.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_followed_by_events_and_by_reload_and_can_be_stopped() {
    let world = World::with_a_job().await;
    world.boards.set_board("slow", Board::new([job(2)]));
    let config = world.config(&[world.greenhouse("acme"), world.greenhouse("slow")]);
    let mut session = Session::start(&world, &config, "");
    session.daemon.says("event=run.finished");
    world.boards.fail("slow", Failure::Hang);

    let browser = &session.browser;
    let mut events = browser.events();
    events.until(|event| event["is_running"] == false);
    browser.submit("/sources/scan", &[]);
    let event = events.until(|event| event["scanned"] == 1 && event["is_running"] == true);
    assert_eq!(event["sources"], 2, "{event}");
    let text = "Scanning: 1 of 2 sources done. Last: greenhouse/acme, not-modified.";
    assert_eq!(event["text"], text);
    browser.get("/sources").shows(&[text, "Stop this run"]);

    browser.submit("/sources/stop", &[]);
    events.until(|event| event["is_running"] == false);
    session.daemon.says("event=run.finished");
    browser
        .get("/sources")
        .shows(&["No run is in progress", "Scan all now"]);
    assert!(world.is_sound().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn scan_now_of_one_source_scans_only_that_one() {
    let world = World::with_a_job().await;
    world.boards.set_board("other", Board::new([job(2)]));
    let config = world.config(&[world.greenhouse("acme"), world.greenhouse("other")]);
    let mut session = Session::start(&world, &config, "");
    session.daemon.says("event=run.finished");
    world.boards.clear_requests();

    let browser = &session.browser;
    let list = browser.submit("/sources/scan", &[("source", "greenhouse/other")]);
    assert_eq!(list.status, 200);
    session.daemon.says("event=run.finished");
    let paths = world.boards.requested_paths();
    assert!(paths.len() == 1 && paths[0].contains("other"), "{paths:?}");

    let unknown = browser.submit("/sources/scan", &[("source", "greenhouse/gone")]);
    assert_eq!(unknown.status, 404);
    unknown.shows(&["the configuration has no source `greenhouse/gone`"]);
}
