//! Adapters that return pages without end, or claim falsely that nothing has changed.

use job_scanner_board_server::{Api, Board, Failure};

use super::{LITTLE_TIME, fails_as, scan_next_to_honest_source, scanned};
use crate::support::{World, failure};

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_cursor_ends_the_scan() {
    let world = World::new().await;
    let stats = scanned(&world, "same-cursor", "", LITTLE_TIME).await;
    assert_eq!(
        stats.error.map(|error| error.kind.as_str()),
        Some("endless-paging")
    );
    assert_eq!(
        stats.budget.unwrap().pages.used,
        2,
        "it ends when the cursor comes again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_without_end_stop_at_their_limit() {
    let world = World::new().await;
    let stats = scanned(&world, "endless-paging", "", "pages: 50").await;
    assert_eq!(
        stats.error.map(|error| error.kind.as_str()),
        Some("endless-paging")
    );
    assert_eq!(stats.budget.unwrap().pages.used, 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_beyond_the_limit_is_refused() {
    fails_as("huge-cursor", "", LITTLE_TIME, "output-too-large").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn not_modified_without_a_reason_is_refused() {
    fails_as("lie-not-modified", "", LITTLE_TIME, "unexpected-response").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn not_modified_after_an_error_response_is_refused_and_closes_nothing() {
    let world = World::new().await;
    world.boards.set_board("liar", Board::new([]));
    let url = format!(
        ", url: '{}/v1/boards/liar/jobs'",
        world.boards.api_url(Api::Greenhouse)
    );
    scanned(&world, "lie-unless-answered", &url, "pages: 5").await;
    let open = "SELECT COUNT(*) FROM jobs j JOIN sources s ON s.source_id = j.source_id
                WHERE s.adapter = 'hostile' AND j.closed_at IS NULL AND j.missing_since IS NULL";
    let before = world.number(open).await;
    assert!(before > 0);
    world.boards.fail("liar", Failure::status(500));
    world.boards.set_board("acme", Board::new([]));
    let config = world.config(&[world.hostile("lie-unless-answered", &url)]);
    let result = world.run(&config).await;
    assert_eq!(
        failure(&result, "hostile/lie-unless-answered"),
        "unexpected-response"
    );
    assert_eq!(world.number(open).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn not_modified_on_a_later_page_is_refused() {
    let world = World::new().await;
    world.boards.set_board("liar", Board::new([]));
    let url = format!(
        ", url: '{}/v1/boards/liar/jobs'",
        world.boards.api_url(Api::Greenhouse)
    );
    // The first scan has no earlier response to compare with, so it makes no false claim.
    let first = scan_next_to_honest_source(&world, "lie-on-second-page", &url, "pages: 5").await;
    assert_eq!(failure(&first, "hostile/lie-on-second-page"), "");
    let config = world.config(&[world.hostile("lie-on-second-page", &url)]);
    let second = world.run(&config).await;
    assert_eq!(
        failure(&second, "hostile/lie-on-second-page"),
        "unexpected-response"
    );
}
