//! Crimes that take all the memory there is.

use super::{LITTLE_MEMORY, fails_as};

#[tokio::test(flavor = "multi_thread")]
async fn memory_ends_at_its_limit() {
    fails_as("grow", "", LITTLE_MEMORY, "out-of-memory").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_taken_in_one_step_ends_there_too() {
    fails_as("grow-at-once", "", LITTLE_MEMORY, "out-of-memory").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn running_out_of_memory_under_another_name_is_still_that() {
    fails_as("grow-then-error", "", LITTLE_MEMORY, "out-of-memory").await;
}
