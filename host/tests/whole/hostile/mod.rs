//! Misbehaving adapters: each costs only its own scan. One test per kind of misbehaviour.

mod cpu;
mod describe;
mod memory;
mod network;
mod output;
mod paging;
mod secrets;
mod wasi;
mod words;

use job_scanner_board_server::{Board, job};
use job_scanner_core::run::ScanOutcome;
use job_scanner_pipeline::{PipelineRunResult, SourceRunStats};

use crate::support::{World, failure, source};
use crate::wat::put_accepted;

/// Limits that a test reaches quickly, but under which an honest adapter still has room.
const LITTLE_TIME: &str = "cpu_page: 300ms, wall_page: 1s";
const LITTLE_MEMORY: &str = "memory: 64MiB";

/// Scans a hostile source next to an honest one, which must not be affected. `options` are further
/// options of the hostile source, each after a comma; `limits` apply only to it.
async fn scan_next_to_honest_source(
    world: &World,
    mode: &str,
    options: &str,
    limits: &str,
) -> PipelineRunResult {
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    let sources = world.config(&[world.hostile(mode, options), world.greenhouse("acme")]);
    let limited = format!("adapters: {{dir: adapters, limits: {{hostile: {{{limits}}}}}}}\n");
    let result = world
        .run(&sources.replace("adapters: {dir: adapters}\n", &limited))
        .await;
    assert_eq!(
        source(&result, "greenhouse/acme").outcome,
        ScanOutcome::Complete
    );
    assert_eq!(
        source(&result, "greenhouse/acme").counts.alerts_sent,
        1,
        "the honest source's match was mailed"
    );
    result
}

/// Returns the result of the hostile source in such a run.
async fn scanned(world: &World, mode: &str, options: &str, limits: &str) -> SourceRunStats {
    let result = scan_next_to_honest_source(world, mode, options, limits).await;
    source(&result, &format!("hostile/{mode}")).clone()
}

/// Returns the result of a source of this component in such a run; `limits` apply only to it.
async fn scanned_component(component: &[u8], limits: &str) -> SourceRunStats {
    let world = World::new().await;
    put_accepted(&world, component);
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    let sources = world.config(&[
        "{type: strange, identifier: any}".to_owned(),
        world.greenhouse("acme"),
    ]);
    let limited = format!("adapters: {{dir: adapters, limits: {{strange: {{{limits}}}}}}}\n");
    let result = world
        .run(&sources.replace("adapters: {dir: adapters}\n", &limited))
        .await;
    assert_eq!(
        source(&result, "greenhouse/acme").outcome,
        ScanOutcome::Complete
    );
    source(&result, "strange/any").clone()
}

/// Checks that the misbehaviour fails the scan with this kind of error.
async fn fails_as(mode: &str, options: &str, limits: &str, kind: &str) {
    let world = World::new().await;
    let result = scan_next_to_honest_source(&world, mode, options, limits).await;
    let key = format!("hostile/{mode}");
    assert_eq!(failure(&result, &key), kind, "{:#?}", source(&result, &key));
    assert!(result.had_errors);
}

/// Checks that misbehaviour on a later page ends the scan: earlier pages are kept, and a warning
/// has the reason. `lifecycle.rs` tests that such a scan closes nothing.
async fn is_cut_short(mode: &str, options: &str, limits: &str, reason: &str) {
    let world = World::new().await;
    let stats = scanned(&world, mode, options, limits).await;
    assert_eq!(
        (stats.outcome, stats.counts.new),
        (ScanOutcome::Partial, 1),
        "{stats:#?}"
    );
    assert!(
        stats
            .warnings
            .iter()
            .any(|warning| warning.contains(reason)),
        "{:#?}",
        stats.warnings
    );
}
