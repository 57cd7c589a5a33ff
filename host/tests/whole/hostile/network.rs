//! Misbehaviour that needs a server. [`crate::requests`] tests which hosts an adapter may contact.

use std::time::Duration;

use job_scanner_board_server::{Api, Board, Failure};
use job_scanner_core::run::ScanOutcome;

use super::{LITTLE_TIME, scan_next_to_honest_source, scanned};
use crate::requests::title_of_the_job;
use crate::support::{World, failure, source};

/// Adds a board that an adapter may contact, and returns its URL as an option.
fn target(world: &World) -> String {
    world.boards.set_board("target", Board::new([]));
    format!(
        ", url: '{}/v1/boards/target/jobs'",
        world.boards.api_url(Api::Greenhouse)
    )
}

/// Returns the results that the adapter saw for its requests.
async fn adapter_results(mode: &str, options: &str, limits: &str) -> (World, String) {
    let world = World::new().await;
    let options = format!("{}{options}", target(&world));
    let stats = scanned(&world, mode, &options, limits).await;
    assert!(stats.error.is_none(), "{stats:#?}");
    let title = title_of_the_job(&world, mode).await;
    (world, title)
}

fn asked(world: &World) -> usize {
    world
        .boards
        .requests()
        .iter()
        .filter(|request| request.path.contains("/target/"))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_responds_causes_a_page_timeout() {
    let world = World::new().await;
    let url = target(&world);
    world.boards.fail("target", Failure::Hang);
    let result = scan_next_to_honest_source(&world, "hang", &url, LITTLE_TIME).await;
    let stats = source(&result, "hostile/hang");
    assert_eq!(failure(&result, "hostile/hang"), "timeout", "{stats:#?}");
    let cpu = Duration::from_millis(stats.budget.unwrap().cpu_ms.used);
    assert!(
        cpu < Duration::from_millis(300),
        "waiting is not computing: {cpu:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_causes_a_page_timeout() {
    let world = World::new().await;
    let url = target(&world);
    world.boards.fail("target", Failure::SlowBody);
    let result = scan_next_to_honest_source(&world, "hang", &url, LITTLE_TIME).await;
    assert_eq!(
        failure(&result, "hostile/hang"),
        "timeout",
        "{:#?}",
        source(&result, "hostile/hang")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_beyond_the_limit_are_not_sent() {
    let (world, told) = adapter_results("fetch-in-turn", ", times: 30", "requests: 20").await;
    assert!(told.starts_with("20 × 200, 10 × "), "{told}");
    assert!(told.contains("too-many-requests"), "{told}");
    assert_eq!(asked(&world), 20);
}

/// The requests go to hosts that were not granted, or are invalid. They cost the host time, so they
/// count like others.
#[tokio::test(flavor = "multi_thread")]
async fn refused_requests_count_towards_the_request_limit() {
    for (mode, url, refusal) in [
        ("fetch-in-turn", "https://elsewhere.example/", "denied"),
        ("fetch-at-once", "https://elsewhere.example/", "denied"),
        ("fetch-in-turn", "nowhere", "invalid-request"),
    ] {
        let world = World::new().await;
        let options = format!(", url: '{url}', times: 30");
        let stats = scanned(&world, mode, &options, "requests: 20").await;
        let told = title_of_the_job(&world, mode).await;
        assert!(
            told.starts_with("20 × ") && told.contains(refusal),
            "{told}"
        );
        assert!(
            told.contains(", 10 × ") && told.contains("too-many-requests"),
            "{told}"
        );
        let requests = stats.budget.unwrap().requests;
        assert_eq!((requests.used, requests.limit), (20, 20), "{mode} {url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_beyond_the_limit_is_not_sent() {
    let (world, told) =
        adapter_results("fetch-at-once", ", times: 30", "requests_in_batch: 20").await;
    assert!(told.starts_with("30 × "), "{told}");
    assert!(told.contains("too-many-requests"), "{told}");
    assert_eq!(asked(&world), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_beyond_the_limit_does_not_reach_the_guest() {
    let world = World::new().await;
    let url = target(&world);
    world
        .boards
        .fail("target", Failure::Body("x".repeat(1 << 20)));
    let stats = scanned(&world, "fetch", &url, "response_bytes: 64KiB").await;
    assert!(stats.error.is_none(), "{stats:#?}");
    let told = title_of_the_job(&world, "fetch").await;
    assert!(told.contains("too-large"), "{told}");
}

/// The adapter requests as many of them as one call may, far more than the host may hold at once.
#[tokio::test(flavor = "multi_thread")]
async fn bodies_beyond_the_held_limit_do_not_reach_the_guest() {
    let world = World::new().await;
    let url = target(&world);
    world
        .boards
        .fail("target", Failure::Body("x".repeat(256 << 10)));
    let stats = scanned(
        &world,
        "fetch-at-once",
        &format!("{url}, times: 256"),
        "responses_held_bytes: 2MiB",
    )
    .await;
    assert!(stats.error.is_none(), "{stats:#?}");
    let told = title_of_the_job(&world, "fetch-at-once").await;
    // Seven with their headers fit. A body that does not fit is released again.
    let answered: u64 = told
        .split_once(" × 200")
        .unwrap()
        .0
        .rsplit(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..8).contains(&answered), "{told}");
    assert!(
        told.contains(&format!("{} × ", 256 - answered)) && told.contains("too-large"),
        "{told}"
    );
    let held = stats.budget.unwrap().responses_held_bytes;
    assert_eq!((held.used, held.limit), (2 << 20, 2 << 20));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_was_not_granted_is_not_sent() {
    for method in ["POST", "DELETE", "CONNECT", "TRACE", "GET /x HTTP/1.1"] {
        let (world, told) =
            adapter_results("fetch", &format!(", method: '{method}'"), LITTLE_TIME).await;
        assert!(
            told.contains("denied") || told.contains("invalid-request"),
            "{method}: {told}"
        );
        assert_eq!(asked(&world), 0, "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reserved_and_smuggled_headers_are_not_sent() {
    for (name, value) in [
        ("Host", "internal.example"),
        ("Connection", "upgrade"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "0"),
        ("Range", "bytes=0-1"),
        ("User-Agent", "somebody else"),
        ("X-Evil", "a\\r\\nHost: internal.example"),
        ("X-Evil: a\\r\\nHost", "internal.example"),
    ] {
        let options = format!(", header: [\"{name}\", \"{value}\"]");
        let (world, told) = adapter_results("fetch", &options, LITTLE_TIME).await;
        assert!(told.contains("invalid-request"), "{name}: {told}");
        assert_eq!(asked(&world), 0, "{name}");
    }
}

/// Returns the seconds from the last run until the board may be contacted again.
async fn rest(world: &World) -> i64 {
    world
        .number(
            "SELECT unixepoch(rest_until) - unixepoch((SELECT MAX(started_at) FROM runs))
             FROM sources WHERE adapter = 'hostile'",
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_of_a_day_is_recorded() {
    let world = World::new().await;
    let stats = scanned(&world, "rate-limited", ", seconds: 86400", LITTLE_TIME).await;
    assert_eq!(
        stats.error.map(|error| error.kind.as_str()),
        Some("rate-limited")
    );
    assert_eq!(rest(&world).await, 86_400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_on_a_later_page_is_recorded() {
    let world = World::new().await;
    let stats = scanned(
        &world,
        "rate-limited",
        ", seconds: 86400, later: true",
        LITTLE_TIME,
    )
    .await;
    assert_eq!(
        (stats.outcome, stats.counts.new),
        (ScanOutcome::Partial, 1),
        "{stats:#?}"
    );
    assert_eq!(rest(&world).await, 86_400);
}
