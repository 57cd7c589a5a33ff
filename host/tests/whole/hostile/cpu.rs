//! Crimes that burn the processor, and those that stop dead.

use super::{LITTLE_TIME, fails_as, is_cut_short};

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_loop_ends_with_its_cpu_budget() {
    fails_as("loop", "", LITTLE_TIME, "cpu-budget").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_that_keeps_calling_the_host_ends_with_its_cpu_budget() {
    fails_as("loop-in-log", "", LITTLE_TIME, "cpu-budget").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_that_leaves_just_before_the_host_looks_ends_with_its_cpu_budget() {
    fails_as("loop-between-logs", "", "cpu_page: 300ms", "cpu-budget").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pages_of_little_work_end_with_the_budget_of_the_scan() {
    fails_as("loop-over-pages", "", "cpu_scan: 300ms", "cpu-budget").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_the_loop_is_kept_and_closes_nothing() {
    is_cut_short("loop-later", "", LITTLE_TIME, "CPU (one page) budget of 300ms").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_is_recorded_as_one() {
    fails_as("trap", "", LITTLE_TIME, "trap").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_trap() {
    fails_as("panic", "", LITTLE_TIME, "trap").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_without_an_end_is_a_trap() {
    fails_as("recurse", "", LITTLE_TIME, "trap").await;
}
