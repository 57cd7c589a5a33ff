//! Ways out of the sandbox that WASI could offer: none of them works.

use job_scanner_board_server::{Board, job};
use job_scanner_core::run::ScanOutcome;
use job_scanner_pipeline::{PipelineRunResult, SourceRunStats};
use tokio::net::TcpListener;

use super::{LITTLE_TIME, failure, scanned_component, source};
use crate::support::World;
use crate::wat::{FOR_EVER, Parts, WAITING, component};

async fn scanned_in_wat(parts: Parts<'_>, limits: &str) -> SourceRunStats {
    scanned_component(&component(&parts), limits).await
}

async fn scanned(world: &World, options: &str) -> PipelineRunResult {
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    let escaping = format!("{{type: escaping, identifier: any, options: {{{options}}}}}");
    let result = world
        .run(&world.config(&[escaping, world.greenhouse("acme")]))
        .await;
    assert_eq!(
        source(&result, "greenhouse/acme").outcome,
        ScanOutcome::Complete
    );
    result
}

#[tokio::test(flavor = "multi_thread")]
async fn wasi_offers_no_files_variables_sockets_or_names() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let result = scanned(
        &world,
        &format!("port: {}", listener.local_addr().unwrap().port()),
    )
    .await;
    assert_eq!(
        source(&result, "escaping/any").outcome,
        ScanOutcome::Complete,
        "{result:#?}"
    );
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
async fn an_exit_of_the_process_ends_only_the_scan() {
    let world = World::new().await;
    let result = scanned(&world, "exit: true").await;
    assert_eq!(failure(&result, "escaping/any"), "trap");
    let error = source(&result, "escaping/any").error.as_ref().unwrap();
    assert!(error.message.contains("Exited"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_wait_is_a_timeout() {
    let fetch_jobs = &format!("{FOR_EVER} unreachable");
    let stats = scanned_in_wat(
        Parts {
            module: WAITING,
            fetch_jobs,
            ..Parts::default()
        },
        LITTLE_TIME,
    )
    .await;
    let error = stats.error.unwrap();
    assert_eq!(
        (error.kind.as_str(), error.message.as_str()),
        ("timeout", "timed out after 1s (one page)")
    );
}

/// The wait is twice as long as the CPU budget, and far shorter than the time limit.
#[tokio::test(flavor = "multi_thread")]
async fn waiting_does_not_use_the_cpu_budget() {
    let fetch_jobs = "(call $wait (call $after (i64.const 600000000))) unreachable";
    let stats = scanned_in_wat(
        Parts {
            module: WAITING,
            fetch_jobs,
            ..Parts::default()
        },
        "cpu_page: 300ms",
    )
    .await;
    assert_eq!(
        stats.error.unwrap().kind.as_str(),
        "trap",
        "it went on after the wait"
    );
    let cpu = stats.budget.unwrap().cpu_ms.used;
    assert!(cpu < 300, "{cpu} ms");
}

/// The manifest can be read, but the instance for the scan never finishes its start. The adapter
/// tells the two apart by the error of a request: while the manifest is read, requests are denied.
#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_never_starts_is_a_timeout() {
    let module = &format!(
        r#"{WAITING}
        (import "job-scanner:source/http@0.1.0" "send"
            (func $send (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
        (func (export "_initialize")
            (call $send (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
                (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 9000))
            ;; An error, and not the one that says "denied".
            (if (i32.load8_u (i32.const 9008)) (then {FOR_EVER})))"#
    );
    let stats = scanned_in_wat(
        Parts {
            module,
            ..Parts::default()
        },
        LITTLE_TIME,
    )
    .await;
    let error = stats.error.unwrap();
    assert_eq!(
        (error.kind.as_str(), error.message.as_str()),
        ("timeout", "timed out after 1s (one page)")
    );
}
