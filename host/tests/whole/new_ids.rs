//! Known jobs that a board lists under new ids, at the same address.

use job_scanner_board_server::{Board, BoardJob, job};
use job_scanner_core::run::Counts;
use job_scanner_pipeline::PipelineRunResult;

use crate::support::{World, source};

/// Returns the job of the page `page` under this id.
fn engineer(id: u64, page: u64) -> BoardJob {
    job(id)
        .title(format!("Engineer {page}"))
        .url(format!("https://acme.example/jobs/{page}"))
}

/// Returns a board with three jobs, whose ids begin after `offset`.
fn engineers(offset: u64) -> Board {
    Board::new((1..=3).map(|page| engineer(offset + page, page)))
}

/// Scans a board, gives its jobs new ids, and scans it again. Returns the result of the second scan.
async fn renamed(world: &World, config: &str) -> PipelineRunResult {
    world.boards.set_board("acme", engineers(0));
    world.run(config).await;
    world.boards.set_board("acme", engineers(100));
    world.run(config).await
}

fn counts(result: &PipelineRunResult, key: &str) -> Counts {
    source(result, key).counts
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_under_new_ids_are_the_jobs_of_the_same_pages() {
    let world = World::new().await;
    let config = world.config(&[world.greenhouse("acme")]);
    let second = renamed(&world, &config).await;
    let second = counts(&second, "greenhouse/acme");
    assert_eq!((second.new, second.notified, second.closed), (0, 0, 0));
    assert_eq!(world.number("SELECT COUNT(*) FROM jobs").await, 3);
    let renamed = "SELECT COUNT(*) FROM jobs WHERE external_id IN ('101', '102', '103') AND missing_since IS NULL";
    assert_eq!(world.number(renamed).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_job_with_another_text_is_a_changed_job() {
    let world = World::new().await;
    let config = world.config(&[world.greenhouse("acme")]);
    world.boards.set_board("acme", engineers(0));
    world.run(&config).await;
    let changed = engineer(102, 2).content_html("<p>Another text.</p>");
    world.boards.edit_board("acme", |board| {
        board.remove(2);
        board.add(changed);
    });
    let second = world.run(&config).await;
    let second = counts(&second, "greenhouse/acme");
    assert_eq!((second.new, second.updated, second.notified), (0, 1, 1));
    let kinds = "SELECT COUNT(*) FROM alerts WHERE kind = 'updated'";
    assert_eq!(world.number(kinds).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_texts_of_renamed_jobs_are_kept() {
    let world = World::new().await;
    let config = world.config(&[world.deferred("acme", "")]);
    let second = renamed(&world, &config).await;
    let second = counts(&second, "deferred/acme");
    assert_eq!((second.new, second.updated, second.notified), (0, 0, 0));
    let with_details =
        "SELECT COUNT(*) FROM job_details WHERE external_id IN ('101', '102', '103')";
    assert_eq!(world.number(with_details).await, 3);
    let with_text = "SELECT COUNT(*) FROM jobs JOIN job_versions USING (job_id, content_hash) WHERE description IS NOT NULL";
    assert_eq!(world.number(with_text).await, 3);
}
