//! Ways out that WASI would have: there is nothing behind any of them.

use tokio::net::TcpListener;

use super::{failure, source};
use crate::support::World;
use job_scanner::pipeline::{PipelineRunResult, ScanOutcome};
use job_scanner_board_server::{Board, job};

async fn scanned(world: &World, options: &str) -> PipelineRunResult {
    world.boards.set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    let escaping = format!("{{type: escaping, identifier: any, options: {{{options}}}}}");
    let result = world.run(&world.config(&[escaping, world.greenhouse("acme")])).await;
    assert_eq!(source(&result, "greenhouse/acme").outcome, ScanOutcome::Complete);
    result
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_no_files_variables_sockets_or_names() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let result = scanned(&world, &format!("port: {}", listener.local_addr().unwrap().port())).await;
    assert_eq!(source(&result, "escaping/any").outcome, ScanOutcome::Complete, "{result:#?}");
    let title: String = sqlx::query_scalar(
        "SELECT title FROM jobs JOIN job_versions USING (job_id, content_hash) JOIN sources USING (source_id)
         WHERE adapter = 'escaping'",
    )
    .fetch_one(&mut world.database().await)
    .await
    .unwrap();
    let nothing = "0 folders, 0 variables, 0 arguments, connection access-denied, name permanent-resolver-failure";
    assert_eq!(title, nothing);
    let connected = futures::poll!(std::pin::pin!(listener.accept()));
    assert!(connected.is_pending(), "somebody came: {connected:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_process_is_the_end_of_the_scan() {
    let world = World::new().await;
    let result = scanned(&world, "exit: true").await;
    assert_eq!(failure(&result, "escaping/any"), "trap");
    let error = source(&result, "escaping/any").error.as_ref().unwrap();
    assert!(error.message.contains("Exited"), "{error:?}");
}
