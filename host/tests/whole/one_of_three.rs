//! One of three sources fails, in a different way in each test. It costs only its own scan, and
//! `sources` shows the reason.

use job_scanner_board_server::{Board, Failure, job};
use serde_json::Value;

use crate::command_line::{job_scanner, text};
use crate::support::World;

/// Scans the source of this line between two that work.
fn between_two_sound_ones(world: &World, bad: String, key: &str, kind: &str, words: &str) {
    for board in ["acme", "globex"] {
        world
            .boards
            .set_board(board, Board::new([job(1).title("Rust Engineer")]));
    }
    let config = world.config(&[world.greenhouse("acme"), bad, world.greenhouse("globex")]);
    world.write_config(&config.replace(
        "{dir: adapters}",
        "{dir: adapters, limits: {hostile: {wall_page: 1s}}}",
    ));

    let output = job_scanner(world, &["scan", "--format", "json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let outcomes: Vec<_> = result["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| &source["outcome"])
        .collect();
    assert_eq!(outcomes, ["complete", "failed", "complete"]);
    assert_eq!(result["totals"]["alerts_sent"], 2);

    let listed = job_scanner(world, &["sources", "--format", "json"]);
    let sources: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let states: Vec<_> = sources
        .as_array()
        .unwrap()
        .iter()
        .map(|source| &source["state"])
        .collect();
    assert_eq!(states, ["ok", "failing", "ok"]);
    assert_eq!(
        (&sources[1]["source"], &sources[1]["error"]["kind"]),
        (&key.into(), &kind.into())
    );
    let message = sources[1]["error"]["message"].as_str().unwrap();
    assert!(message.starts_with(words), "{message}");
    assert!(sources[1]["last_error_at"].is_string(), "{sources}");
    let table = text(&job_scanner(world, &["sources"]).stdout);
    assert!(
        table.contains(&format!("\n  {kind}: {message}\n")),
        "{table}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_traps_does_not_affect_the_others() {
    let world = World::new().await;
    let bad = world.hostile("trap", "");
    let words = "the adapter trapped: wasm trap: wasm `unreachable` instruction executed";
    between_two_sound_ones(&world, bad, "hostile/trap", "trap", words);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_times_out_does_not_affect_the_others() {
    let world = World::new().await;
    world.boards.fail("silent", Failure::Hang);
    let url = format!(
        "{}/boards-api.greenhouse.io/v1/boards/silent/jobs",
        world.boards.base_url()
    );
    let bad = world.hostile("hang", &format!(", url: '{url}'"));
    between_two_sound_ones(
        &world,
        bad,
        "hostile/hang",
        "timeout",
        "timed out after 1s (one page)",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_with_status_500_does_not_affect_the_others() {
    let world = World::new().await;
    world.boards.fail("down", Failure::status(500));
    let bad = world.greenhouse("down");
    let path = "boards-api.greenhouse.io/v1/boards/down/jobs?content=true";
    let words = format!("the board answered 500: {}/{path}", world.boards.base_url());
    between_two_sound_ones(&world, bad, "greenhouse/down", "upstream", &words);
}
