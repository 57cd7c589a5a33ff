//! Crimes that take all the memory there is.

use super::{LITTLE_MEMORY, fails_as};
use crate::support::{World, source};
use crate::wat::{Parts, component, put_accepted};
use job_scanner::pipeline::{ScanOutcome, SourceRunStats};
use job_scanner_board_server::{Board, job};

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

/// What a source of this component fails as, beside an honest one.
async fn written_in_wat(parts: Parts<'_>) -> SourceRunStats {
    let world = World::new().await;
    put_accepted(&world, &component(&parts));
    world.boards.set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    let sources = world.config(&["{type: strange, identifier: any}".to_owned(), world.greenhouse("acme")]);
    let limited = format!("adapters: {{dir: adapters, limits: {{default: {{{LITTLE_MEMORY}}}}}}}\n");
    let result = world.run(&sources.replace("adapters: {dir: adapters}\n", &limited)).await;
    assert_eq!(source(&result, "greenhouse/acme").outcome, ScanOutcome::Complete);
    source(&result, "strange/any").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_ends_at_its_limit() {
    let stats = written_in_wat(Parts {
        module: "(table $t 1 funcref)",
        fetch_jobs:
            "(loop $again (br_if $again (i32.ne (i32.const -1) (table.grow $t (ref.null func) (i32.const 999)))))
            unreachable",
        ..Parts::default()
    })
    .await;
    let error = stats.error.unwrap();
    assert_eq!(error.kind, "out-of-memory", "{error:?}");
    assert!(error.message.contains("elements of one table, limit 100000"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_and_tables_end_together() {
    let stats = written_in_wat(Parts {
        module: "(table $a 1 funcref) (table $b 1 funcref)",
        fetch_jobs: "(drop (table.grow $a (ref.null func) (i32.const 99000)))
            (drop (table.grow $b (ref.null func) (i32.const 99000)))
            (loop $again (br_if $again (i32.ne (i32.const -1) (memory.grow (i32.const 1)))))
            unreachable",
        ..Parts::default()
    })
    .await;
    let error = stats.error.unwrap();
    assert_eq!(error.kind, "out-of-memory", "{error:?}");
    let memory = stats.budget.unwrap().memory_bytes;
    assert!(memory.used <= memory.limit && memory.used > memory.limit - (64 << 10), "{memory:?}");
    let of_memory_alone = memory.used / (64 << 10) * (64 << 10);
    assert_ne!(of_memory_alone, memory.used, "tables are counted, too: {memory:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_memories_in_one_module_are_refused() {
    let stats = written_in_wat(Parts { module: "(memory $second 1)", ..Parts::default() }).await;
    let error = stats.error.unwrap();
    assert_eq!(error.kind, "not-started", "{error:?}");
    assert!(error.message.contains("asks for more than an adapter may have"), "{error:?}");
}
