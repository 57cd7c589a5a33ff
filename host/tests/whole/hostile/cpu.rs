//! Adapters that use up the CPU, and adapters that trap.

use super::{LITTLE_TIME, fails_as, is_cut_short, scanned_component};
use crate::wat::{Parts, component};

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_loop_ends_with_its_cpu_budget() {
    fails_as("loop", "", LITTLE_TIME, "cpu-budget").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_that_keeps_calling_the_host_ends_with_its_cpu_budget() {
    fails_as("loop-in-log", "", LITTLE_TIME, "cpu-budget").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_that_leaves_before_each_check_ends_with_its_budget() {
    fails_as("loop-between-logs", "", "cpu_page: 300ms", "cpu-budget").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_short_pages_end_with_the_cpu_budget_of_the_scan() {
    fails_as("loop-over-pages", "", "cpu_scan: 300ms", "cpu-budget").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_before_an_endless_loop_are_kept() {
    is_cut_short(
        "loop-later",
        "",
        LITTLE_TIME,
        "CPU (one page) budget of 300ms",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_is_recorded_as_a_trap() {
    fails_as("trap", "", LITTLE_TIME, "trap").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_recorded_as_a_trap() {
    fails_as("panic", "", LITTLE_TIME, "trap").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_recursion_is_recorded_as_a_trap() {
    fails_as("recurse", "", LITTLE_TIME, "trap").await;
}

/// A body of `fetch-jobs` that returns no jobs: the memory at this address is zero.
const NO_JOBS: &str = "i32.const 131072";

/// Returns the kind of error with which a source of this component fails; empty if it succeeds.
async fn kind_of(parts: Parts<'_>) -> &'static str {
    let stats = scanned_component(&component(&parts), LITTLE_TIME).await;
    stats.error.map_or("", |error| error.kind.as_str())
}

/// The allocator runs before the call, to make room for the arguments.
#[tokio::test(flavor = "multi_thread")]
async fn misbehaviour_in_the_allocator_fails_the_scan() {
    let kind = async |realloc| {
        kind_of(Parts {
            realloc,
            fetch_jobs: NO_JOBS,
            ..Parts::default()
        })
        .await
    };
    assert_eq!(
        kind("i32.const 65536").await,
        "",
        "the honest one is no crime"
    );
    assert_eq!(
        kind("(loop $again (br $again)) unreachable").await,
        "cpu-budget"
    );
    assert_eq!(kind("unreachable").await, "trap");
    assert_eq!(kind("i32.const -1").await, "trap", "there is no such room");
}

/// The cleanup function runs after the call, to free the result.
#[tokio::test(flavor = "multi_thread")]
async fn misbehaviour_in_the_cleanup_fails_the_scan() {
    let kind = async |code| {
        let export = "cabi_post_job-scanner:source/adapter@0.1.0#fetch-jobs";
        let module = &format!("(func (export \"{export}\") (param i32) {code})");
        kind_of(Parts {
            module,
            fetch_jobs: NO_JOBS,
            ..Parts::default()
        })
        .await
    };
    assert_eq!(kind("").await, "", "the honest one is no crime");
    assert_eq!(kind("(loop $again (br $again))").await, "cpu-budget");
    assert_eq!(kind("unreachable").await, "trap");
}
