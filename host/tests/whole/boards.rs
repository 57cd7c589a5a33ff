//! Each kind of board that returns all its jobs in response to `GET`: a complete scan, then an
//! unchanged one without a response body, and a board that does not exist.

use std::str::FromStr as _;

use job_scanner_board_server::{Api, Board, BoardJob, Employment, Failure, Workplace, job};
use job_scanner_core::run::ScanOutcome;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Row as _};

use crate::support::{World, failure, source};

const KINDS: [(Api, &str); 3] = [
    (Api::Greenhouse, "greenhouse"),
    (Api::Lever, "lever"),
    (Api::Ashby, "ashby"),
];

fn engineer() -> BoardJob {
    job(1)
        .title("Rust Engineer")
        .location("Berlin, Germany; Wien, Austria")
        .content_html("<p>Hello</p><h2>You bring</h2>\n<ul><li>Patience</li></ul>")
        .department("Platform")
        .first_published("2026-03-02T09:30:00-04:00")
        .metadata("Location Type", "single_select", "Hybrid")
        .metadata("Employment Type", "single_select", "Full-time")
        .workplace(Workplace::Hybrid)
        .employment(Employment::FullTime)
        .salary(70_000, 90_000, "EUR")
}

fn every_kind(world: &World, token: &str) -> String {
    world.config(&KINDS.map(|(api, _)| world.board(api, token, "")))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_is_complete_first_and_then_unchanged_without_a_body() {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new([engineer(), job(2), job(3)]));
    let config = every_kind(&world, "acme");

    let first = world.run(&config).await;
    for (_, kind) in KINDS {
        let stats = source(&first, &format!("{kind}/acme"));
        assert_eq!(
            (stats.outcome, stats.counts.new, stats.counts.matched),
            (ScanOutcome::Complete, 3, 1),
            "{kind}"
        );
        assert!(stats.warnings.is_empty(), "{kind}: {:?}", stats.warnings);
    }

    world.boards.clear_requests();
    let second = world.run(&config).await;
    for (_, kind) in KINDS {
        assert_eq!(
            source(&second, &format!("{kind}/acme")).outcome,
            ScanOutcome::NotModified,
            "{kind}"
        );
    }
    let answers: Vec<_> = world
        .boards
        .requests()
        .iter()
        .map(|it| (it.status, it.body_bytes))
        .collect();
    assert_eq!(answers, [(Some(304), 0); 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_returns_the_same_job() {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new([engineer()]));
    world.run(&every_kind(&world, "acme")).await;

    let options = SqliteConnectOptions::from_str(&world.database_url()).unwrap();
    let rows = sqlx::query("SELECT * FROM jobs JOIN job_versions USING (job_id, content_hash)")
        .fetch_all(&mut options.connect().await.unwrap())
        .await
        .unwrap();
    assert_eq!(rows.len(), KINDS.len());
    for row in &rows {
        let text = |column: &str| row.get::<Option<String>, _>(column).unwrap_or_default();
        assert_eq!(
            (text("title"), text("workplace")),
            ("Rust Engineer".to_owned(), "hybrid".to_owned())
        );
        assert!(
            text("locations").contains("Berlin") && text("locations").contains("Wien"),
            "{}",
            text("locations")
        );
        assert!(
            text("salary").contains("70000") && text("salary").contains("EUR"),
            "{}",
            text("salary")
        );
        assert!(text("salary").contains("year"), "{}", text("salary"));
        assert!(
            text("description").contains("Patience"),
            "{}",
            text("description")
        );
        assert!(
            text("employment_type").starts_with("Full"),
            "{}",
            text("employment_type")
        );
        assert_eq!(text("department"), "Platform");
        assert_eq!(text("posted_at"), "2026-03-02T13:30:00.000Z");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_does_not_exist_is_not_found() {
    let world = World::new().await;
    let result = world.run(&every_kind(&world, "nobody")).await;
    for (_, kind) in KINDS {
        assert_eq!(failure(&result, &format!("{kind}/nobody")), "not-found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_of_another_shape_is_an_error_not_an_empty_board() {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new([engineer()]));
    for odd in [
        Failure::Empty,
        Failure::Html,
        Failure::Body("{\"ok\": false}".to_owned()),
    ] {
        world.boards.fail("acme", odd.clone());
        let result = world.run(&every_kind(&world, "acme")).await;
        for (_, kind) in KINDS {
            assert_eq!(
                failure(&result, &format!("{kind}/acme")),
                "unexpected-response",
                "{kind}: {odd:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_pages_of_a_full_lever_board_are_revalidated() {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new((1..=100).map(job)));
    let config = world.config(&[world.board(Api::Lever, "acme", "")]);
    let first = world.run(&config).await;
    assert_eq!(source(&first, "lever/acme").counts.new, 100);

    world.boards.clear_requests();
    let second = world.run(&config).await;
    assert_eq!(
        source(&second, "lever/acme").outcome,
        ScanOutcome::NotModified
    );
    let answers: Vec<_> = world
        .boards
        .requests()
        .iter()
        .map(|it| (it.status, it.body_bytes))
        .collect();
    assert_eq!(answers, [(Some(304), 0); 2]);

    world.boards.edit_board("acme", |board| board.remove(7));
    let third = world.run(&config).await;
    let stats = source(&third, "lever/acme");
    assert_eq!(
        (stats.outcome, stats.counts.fetched),
        (ScanOutcome::Complete, 99)
    );
}
