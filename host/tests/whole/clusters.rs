//! Postings of one vacancy: in many places, on two boards, and taken apart.

use job_scanner_board_server::{Board, BoardJob, Failure, job};
use job_scanner_pipeline::PipelineRunResult;
use serde_json::Value;

use crate::support::World;

const TEXT: &str = "<p>You plan the routes of our trams, from the first one at four in the morning to the last one \
    after midnight. You talk with drivers, with the workshop and with the city, you know timetables by heart, and you \
    stay calm when a tram breaks down in the rush hour.</p>";

/// Returns a posting of one vacancy in a place.
fn posting(id: u64, town: &str) -> BoardJob {
    job(id)
        .title("Tram Engineer")
        .location(town)
        .content_html(TEXT)
}

fn towns(range: std::ops::RangeInclusive<u64>) -> impl Iterator<Item = BoardJob> {
    range.map(|id| posting(id, &format!("Town {id}")))
}

/// Returns a world with a board `acme`, and a configuration that sends one message per job, also
/// about the first scan.
async fn world_of(board: Board) -> (World, String) {
    let world = World::new().await;
    world.boards.set_board("acme", board);
    let config = each(&world.config(&[world.greenhouse("acme")]));
    (world, config)
}

fn each(config: &str) -> String {
    format!("{config}on_first_scan: each\n")
}

fn sent_and_grouped(result: &PipelineRunResult) -> (u64, u64) {
    (result.totals.alerts_sent, result.totals.grouped)
}

/// Returns the only message, without the line breaks that encodings add.
fn message(world: &World) -> String {
    let messages = world.outbox();
    let [message] = &messages[..] else {
        panic!("{messages:?}")
    };
    let unfolded = message.replace("\r\n", "\n").replace("=\n", "");
    unfolded.replace("\n ", " ")
}

/// Returns what the program prints as JSON.
fn json_of(world: &World, arguments: &[&str]) -> Value {
    let output = world.program().args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs `jobs split` and returns its exit code and what it prints.
fn split(world: &World, key: &str) -> (Option<i32>, String) {
    let output = world
        .program()
        .args(["jobs", "split", key])
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(printed).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_places_in_one_scan_are_one_message_with_all_places() {
    let (world, config) = world_of(Board::new(towns(1..=30))).await;
    let result = world.run(&config).await;
    assert_eq!(sent_and_grouped(&result), (1, 29));
    let message = message(&world);
    assert!(message.contains("Town 1 and 29 more"), "{message}");
    assert!(message.contains("Location: Town 1\n"), "{message}");
    assert!(message.contains("Also in: Town 2; Town 3;"), "{message}");
    assert!(message.contains("and 21 more"), "{message}");
    assert!(message.contains(">Also in</th>"), "{message}");

    let alerts = json_of(&world, &["alerts", "--limit", "50", "--format", "json"]);
    let grouped = alerts
        .as_array()
        .unwrap()
        .iter()
        .filter(|alert| alert["grouped"] == true);
    assert_eq!(grouped.count(), 29);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_scan_counts_all_postings_and_lists_the_vacancy_once() {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new(towns(1..=30)));
    let config = world.config(&[world.greenhouse("acme")]);
    assert_eq!(sent_and_grouped(&world.run(&config).await), (1, 29));
    let message = message(&world);
    assert!(message.contains("30 of 30 jobs match"), "{message}");
    assert!(!message.contains("2. Tram Engineer"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_places_over_five_scans_are_one_message() {
    let (world, config) = world_of(Board::new(towns(1..=6))).await;
    assert_eq!(sent_and_grouped(&world.run(&config).await), (1, 5));
    for scan in 1..5 {
        let more = towns(scan * 6 + 1..=scan * 6 + 6);
        world
            .boards
            .edit_board("acme", |board| more.for_each(|job| board.add(job)));
        assert_eq!(sent_and_grouped(&world.run(&config).await), (0, 6));
    }

    let message = message(&world);
    assert!(
        message.contains("Also in: Town 2; Town 3; Town 4; Town 5; Town 6\n"),
        "{message}"
    );
    assert_eq!(
        world
            .number("SELECT COUNT(DISTINCT cluster_id) FROM cluster_jobs")
            .await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_matches_where_earlier_ones_did_not_is_a_message() {
    let (world, config) = world_of(Board::new([posting(1, "New York")])).await;
    let config = config.replace(
        "search_criteria: {required_terms: [engineer], exclude_terms: [intern]}",
        "profiles: [{name: berlin, query: 'engineer AND location:berlin'}]",
    );
    assert_eq!(sent_and_grouped(&world.run(&config).await), (0, 0));
    world
        .boards
        .edit_board("acme", |board| board.add(posting(2, "Berlin")));
    assert_eq!(sent_and_grouped(&world.run(&config).await), (1, 0));
    assert!(message(&world).contains("Also in: New York\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vacancy_on_two_boards_is_one_message() {
    let world = World::new().await;
    let board = |jobs: Vec<BoardJob>| Board {
        company: Some("Acme Trams".to_owned()),
        ..Board::new(jobs)
    };
    let page = |id| format!("https://trams.example/jobs/{id}");
    let teaser = "<p>Trams!</p>";
    world.boards.set_board(
        "acme",
        board(vec![
            posting(1, "Ulm").url(page(1)),
            posting(2, "Ulm")
                .title("Bus Engineer")
                .url(page(2))
                .content_html(teaser),
        ]),
    );
    // The same text of the same company, and the same address.
    world.boards.set_board(
        "trams",
        board(vec![
            posting(3, "Köln").url(page(3)),
            posting(4, "Ulm")
                .title("Bus Engineer")
                .url(page(2))
                .content_html("<p>Busses!</p>"),
        ]),
    );

    let config = each(&world.config(&[world.greenhouse("acme")]));
    assert_eq!(sent_and_grouped(&world.run(&config).await), (2, 0));
    let config = each(&world.config(&[world.greenhouse("acme"), world.greenhouse("trams")]));
    assert_eq!(sent_and_grouped(&world.run(&config).await), (0, 2));

    let jobs = json_of(
        &world,
        &["jobs", "--source", "greenhouse/acme", "--format", "json"],
    );
    for job in jobs.as_array().unwrap() {
        assert_eq!(
            job["also_on"],
            serde_json::json!(["greenhouse/trams"]),
            "{job}"
        );
    }
    let places = jobs
        .as_array()
        .unwrap()
        .iter()
        .map(|job| job["also_in"][0]["name"].as_str());
    assert_eq!(places.collect::<Vec<_>>(), [None, Some("Köln")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_job_stays_split_in_later_scans() {
    let (world, config) = world_of(Board::new(towns(1..=3))).await;
    world.run(&config).await;
    let (code, printed) = split(&world, "greenhouse/acme/2");
    assert_eq!(code, Some(0), "{printed}");
    assert!(
        printed.contains("2 other jobs stay in its former cluster"),
        "{printed}"
    );

    // All change, and the split one is a message of its own.
    world.boards.edit_board("acme", |board| {
        for job in &mut board.jobs {
            job.content_html = Some(TEXT.replace("four", "five"));
        }
        board.add(posting(4, "Late"));
    });
    assert_eq!(sent_and_grouped(&world.run(&config).await), (2, 2));
    let alone = "SELECT COUNT(*) FROM cluster_jobs GROUP BY cluster_id ORDER BY 1 LIMIT 1";
    assert_eq!(world.number(alone).await, 1);

    let (code, printed) = split(&world, "greenhouse/acme/2");
    assert_eq!(
        (code, printed.contains("already")),
        (Some(0), true),
        "{printed}"
    );
    let (code, printed) = split(&world, "greenhouse/acme/99");
    assert_eq!(code, Some(1), "{printed}");
    assert!(
        printed.contains("unknown job `greenhouse/acme/99`"),
        "{printed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_arrives_later_joins_its_vacancy() {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new([posting(1, "Ulm"), posting(2, "Köln")]));
    world.boards.fail("acme/2", Failure::status(500));
    let config = each(&world.config(&[world.deferred("acme", "")]));
    assert_eq!(sent_and_grouped(&world.run(&config).await), (1, 0));
    world.boards.heal("acme/2");
    assert_eq!(sent_and_grouped(&world.run(&config).await), (0, 1));
}
