//! Output that a guest writes to WASI's standard output and error.

use job_scanner_core::run::ScanOutcome;

use crate::support::{World, source};

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_on_standard_output_is_cut_like_any_other_log() {
    let world = World::new().await;
    let result = world
        .run(&world.config(&["{type: chatty, identifier: any}".to_owned()]))
        .await;
    let stats = source(&result, "chatty/any");
    assert_eq!(
        (stats.outcome, stats.counts.matched),
        (ScanOutcome::Complete, 1),
        "{stats:#?}"
    );
    // The line without an end is logged or dropped only with the guest.
    assert_eq!(
        stats.warnings,
        ["the adapter logged too much; 9500 lines were dropped"]
    );
    let memory = stats.budget.unwrap().memory_bytes.used;
    assert!(memory < 4 << 20, "what was written is not kept: {memory}");
}
