//! Adapters that use up memory.

use job_scanner_board_server::{Board, job};
use job_scanner_core::run::ScanOutcome;
use job_scanner_pipeline::SourceRunStats;

use super::{LITTLE_MEMORY, fails_as, scanned_component};
use crate::support::{World, failure, source};
use crate::wat::{FOR_EVER, Parts, WAITING, component, put_accepted, with_modules};

#[tokio::test(flavor = "multi_thread")]
async fn memory_beyond_its_limit_fails_the_scan() {
    fails_as("grow", "", LITTLE_MEMORY, "out-of-memory").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_beyond_its_limit_in_one_step_fails_the_scan() {
    fails_as("grow-at-once", "", LITTLE_MEMORY, "out-of-memory").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disguised_memory_error_is_recorded_as_out_of_memory() {
    fails_as("grow-then-error", "", LITTLE_MEMORY, "out-of-memory").await;
}

async fn written_in_wat(parts: Parts<'_>) -> SourceRunStats {
    scanned_component(&component(&parts), LITTLE_MEMORY).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_beyond_its_limit_fails_the_scan() {
    let stats = written_in_wat(Parts {
        module: "(table $t 1 funcref)",
        fetch_jobs:
            "(loop $again (br_if $again (i32.ne (i32.const -1) (table.grow $t (ref.null func) (i32.const 999)))))
            unreachable",
        ..Parts::default()
    })
    .await;
    let error = stats.error.unwrap();
    assert_eq!(error.kind.as_str(), "out-of-memory", "{error:?}");
    assert!(
        error
            .message
            .contains("elements of one table, limit 100000"),
        "{error:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_and_tables_share_one_limit() {
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
    assert_eq!(error.kind.as_str(), "out-of-memory", "{error:?}");
    let memory = stats.budget.unwrap().memory_bytes;
    assert!(
        memory.used <= memory.limit && memory.used > memory.limit - (64 << 10),
        "{memory:?}"
    );
    let of_memory_alone = memory.used / (64 << 10) * (64 << 10);
    assert_ne!(
        of_memory_alone, memory.used,
        "tables are counted, too: {memory:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn several_memories_in_one_module_are_refused() {
    let stats = written_in_wat(Parts {
        module: "(memory $second 1)",
        ..Parts::default()
    })
    .await;
    let error = stats.error.unwrap();
    assert_eq!(error.kind.as_str(), "not-started", "{error:?}");
    assert!(
        error.message.contains("exceeds the limits of an adapter"),
        "{error:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn memories_of_several_modules_share_one_limit() {
    let fetch_jobs = "(loop $again (br_if $again (i32.ne (i32.const -1) (memory.grow (i32.const 1))))) unreachable";
    let greedy =
        "(module (memory 1) (func $begin (drop (memory.grow (i32.const 500)))) (start $begin))";
    let stats = scanned_component(
        &with_modules(
            component(&Parts {
                fetch_jobs,
                ..Parts::default()
            }),
            &[greedy],
        ),
        LITTLE_MEMORY,
    )
    .await;
    let error = stats.error.unwrap();
    assert_eq!(error.kind.as_str(), "out-of-memory", "{error:?}");
    let memory = stats.budget.unwrap().memory_bytes;
    assert!(
        memory.used <= memory.limit && memory.used > memory.limit - (64 << 10),
        "{memory:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn more_memories_than_the_limit_are_refused() {
    let stats = scanned_component(
        &with_modules(component(&Parts::default()), &["(module (memory 1))"; 4]),
        "",
    )
    .await;
    let error = stats.error.unwrap();
    assert_eq!(error.kind.as_str(), "not-started", "{error:?}");
    assert!(
        error.message.contains("exceeds the limits of an adapter"),
        "{error:?}"
    );
}

/// Several sources hold as many memories as a component may have, until their time limit.
#[tokio::test(flavor = "multi_thread")]
async fn sources_with_many_memories_leave_enough_for_others() {
    let world = World::new().await;
    let fetch_jobs = &format!("{FOR_EVER} unreachable");
    let parts = Parts {
        module: WAITING,
        fetch_jobs,
        ..Parts::default()
    };
    put_accepted(
        &world,
        &with_modules(component(&parts), &["(module (memory 1))"]),
    );
    let mut sources: Vec<_> = (0..3)
        .map(|number| format!("{{type: strange, identifier: '{number}'}}"))
        .collect();
    for number in 0..3 {
        world.boards.set_board(
            &format!("acme-{number}"),
            Board::new([job(1).title("Rust Engineer")]),
        );
        sources.push(world.greenhouse(&format!("acme-{number}")));
    }
    let limits = "adapters: {dir: adapters, limits: {strange: {wall_page: 500ms}}}\n\
                  advanced: {max_concurrent_sources: 4}\n";
    let result = world
        .run(
            &world
                .config(&sources)
                .replace("adapters: {dir: adapters}\n", limits),
        )
        .await;
    for number in 0..3 {
        assert_eq!(
            failure(&result, &format!("strange/{number}")),
            "timeout",
            "{result:#?}"
        );
        assert_eq!(
            source(&result, &format!("greenhouse/acme-{number}")).outcome,
            ScanOutcome::Complete
        );
    }
}
