//! Adapters that return more than the host has to accept.

use job_scanner_core::run::ScanOutcome;

use super::{LITTLE_MEMORY, fails_as, is_cut_short, scanned, scanned_component};
use crate::support::World;
use crate::wat::{Parts, component};

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_log_lines_is_cut_with_a_warning() {
    let world = World::new().await;
    let stats = scanned(&world, "log-flood", "", LITTLE_MEMORY).await;
    assert_eq!(stats.outcome, ScanOutcome::Complete);
    assert_eq!(
        stats.warnings,
        ["the adapter logged too much; 9500 lines were dropped"]
    );
    let budget = stats.budget.unwrap();
    assert_eq!((budget.log_lines.used, budget.log_lines.limit), (500, 500));
    let of_lines: u64 = (1..=500)
        .map(|line| format!("line {line} of a flood").len() as u64)
        .sum();
    assert_eq!(
        (budget.log_bytes.used, budget.log_bytes.limit),
        (of_lines, 256 << 10)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn more_jobs_than_a_page_may_hold_fail_the_scan() {
    fails_as("ok", ", jobs: 11", "page_jobs: 10", "output-too-large").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_without_end_stop_at_the_limit_of_the_scan() {
    is_cut_short(
        "many-jobs",
        ", count: 1",
        "scan_jobs: 10",
        "jobs of one scan",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_too_many_bytes_fails_the_scan() {
    fails_as(
        "big-pages",
        ", bytes: 2000000",
        "page_bytes: 1MiB",
        "output-too-large",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_without_end_stop_at_the_byte_limit_of_the_scan() {
    is_cut_short(
        "big-pages",
        ", bytes: 500000",
        "scan_bytes: 2MiB",
        "bytes of one scan",
    )
    .await;
}

/// The error for output that is too large even to be copied and counted.
const NOT_COUNTED: &str = "the adapter returned too much: bytes of one page, limit 1048576";

/// The string consists of zeros, which take no memory until something else is written.
#[tokio::test(flavor = "multi_thread")]
async fn a_string_of_a_gigabyte_is_not_copied() {
    let module = r#"(import "job-scanner:source/log@0.1.0" "log" (func $log (param i32 i32 i32)))"#;
    for mebibytes in [1_024, 5] {
        let fetch_jobs = &format!(
            "(drop (memory.grow (i32.const {})))
            (call $log (i32.const 0) (i32.const 65536) (i32.const {})) unreachable",
            mebibytes * 16,
            mebibytes << 20
        );
        let component = component(&Parts {
            module,
            fetch_jobs,
            ..Parts::default()
        });
        let error = scanned_component(&component, "memory: 2GiB, page_bytes: 1MiB")
            .await
            .error
            .unwrap();
        assert_eq!(
            (error.kind.as_str(), error.message.as_str()),
            ("output-too-large", NOT_COUNTED),
            "{mebibytes} MiB"
        );
    }
}

/// All fields of the jobs are empty, because the memory is zero.
#[tokio::test(flavor = "multi_thread")]
async fn a_million_tiny_jobs_are_not_copied() {
    for jobs in [1_000_000, 20_000] {
        let fetch_jobs = &format!(
            "(drop (memory.grow (i32.const 8000)))
            (i32.store (i32.const 131080) (i32.const 262144)) (i32.store (i32.const 131084) (i32.const {jobs}))
            i32.const 131072"
        );
        let component = component(&Parts {
            fetch_jobs,
            ..Parts::default()
        });
        let error = scanned_component(&component, "memory: 2GiB, page_bytes: 1MiB")
            .await
            .error
            .unwrap();
        assert_eq!(
            (error.kind.as_str(), error.message.as_str()),
            ("output-too-large", NOT_COUNTED),
            "{jobs} jobs"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_beyond_the_limit_fails_the_scan() {
    fails_as("huge-state", "", LITTLE_MEMORY, "output-too-large").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_beyond_the_limit_is_cut_with_a_warning() {
    let world = World::new().await;
    let stats = scanned(&world, "big-title", "", LITTLE_MEMORY).await;
    assert_eq!(
        (stats.counts.rejected, stats.counts.new),
        (0, 1),
        "{stats:#?}"
    );
    assert!(
        stats
            .warnings
            .iter()
            .any(|warning| warning.starts_with("title-cut")),
        "{:#?}",
        stats.warnings
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_beyond_the_limit_reject_only_their_jobs() {
    let world = World::new().await;
    let stats = scanned(&world, "huge-ids", "", LITTLE_MEMORY).await;
    assert_eq!(
        (stats.counts.rejected, stats.counts.new),
        (3, 1),
        "{stats:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn extras_beyond_the_limit_are_cut_with_a_warning() {
    let world = World::new().await;
    let stats = scanned(&world, "huge-extra", "", LITTLE_MEMORY).await;
    assert_eq!(
        (stats.counts.rejected, stats.counts.new),
        (0, 1),
        "{stats:#?}"
    );
    assert!(
        stats
            .warnings
            .iter()
            .any(|warning| warning.contains("extra")),
        "{:#?}",
        stats.warnings
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_beyond_the_limit_are_dropped_and_counted() {
    let world = World::new().await;
    let stats = scanned(&world, "huge-warnings", "", LITTLE_MEMORY).await;
    assert_eq!(stats.counts.new, 1);
    assert_eq!(
        stats.warnings.len(),
        101,
        "a hundred, and that there were more"
    );
    assert!(stats.warnings.iter().all(|warning| warning.len() <= 1024));
    assert_eq!(stats.warnings[100], "900 further warnings were dropped");
}

#[tokio::test(flavor = "multi_thread")]
async fn different_jobs_with_one_id_become_one_with_a_warning() {
    let world = World::new().await;
    let stats = scanned(&world, "duplicate-ids", "", LITTLE_MEMORY).await;
    assert_eq!(stats.counts.new, 1, "{stats:#?}");
    assert!(
        stats
            .warnings
            .iter()
            .any(|warning| warning.contains("duplicate-id")),
        "{stats:#?}"
    );
}
