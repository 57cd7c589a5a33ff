//! Several processes on one database: one run at a time, and no process fails because the database
//! is locked.

use std::process::{Command, Output, Stdio};

use job_scanner_board_server::{Board, Failure, job};
use serde_json::Value;

use crate::command_line::text;
use crate::support::World;

/// Returns a world with one large board, so that a run writes for a while.
async fn world() -> World {
    let world = World::new().await;
    world.boards.set_board(
        "acme",
        Board::new((1..=2_000).map(|id| job(id).title(format!("Rust Engineer {id}")))),
    );
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    world
}

/// Runs all commands at once.
fn together(world: &World, commands: &[&[&str]]) -> Vec<Output> {
    let start = |arguments: &&[&str]| {
        let mut program: Command = world.program();
        program
            .args(*arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let started: Vec<_> = commands.iter().map(start).collect();
    started
        .into_iter()
        .map(|process| process.wait_with_output().unwrap())
        .collect()
}

fn assert_not_locked(output: &Output) {
    for words in [text(&output.stdout), text(&output.stderr)] {
        assert!(
            !words.contains("locked") && !words.contains("busy"),
            "{words}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_concurrent_scans_runs_and_the_others_are_skipped() {
    let world = world().await;
    let outputs = together(&world, &[&["scan", "--format", "json"][..]; 4]);
    let mut skipped = 0;
    for output in &outputs {
        assert_not_locked(output);
        let result: Value = serde_json::from_slice(&output.stdout).unwrap();
        let is_skipped = result["skipped"] == true;
        assert_eq!(
            output.status.code(),
            Some(i32::from(is_skipped)),
            "{}",
            text(&output.stderr)
        );
        if is_skipped {
            let holder = result["skipped_for"].as_str().unwrap();
            assert!(
                holder.starts_with("process ") || holder == "another process",
                "{holder}"
            );
            skipped += 1;
        }
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM runs").await, 4 - skipped);
    assert_eq!(
        world.outbox().len(),
        4,
        "2,000 jobs in messages of 500, once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn database_commands_work_while_a_run_writes() {
    let world = world().await;
    // The first run writes all jobs, and the second run writes all of them again.
    assert!(together(&world, &[&["scan"]])[0].status.success());
    world.boards.edit_board("acme", |board| {
        for id in 1..=2_000 {
            board.put(job(id).title(format!("Rust Engineer {id}, senior")));
        }
    });
    let commands: &[&[&str]] = &[
        &["scan"],
        &["jobs"],
        &["db", "backup", "copy.db"],
        &["sources"],
        &["db", "migrate"],
        &["deliveries"],
    ];
    for (output, command) in together(&world, commands).iter().zip(commands) {
        assert_not_locked(output);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{command:?}: {}",
            text(&output.stderr)
        );
    }
    assert!(world.is_sound().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vacuum_is_refused_while_a_run_writes() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let mut scan = world
        .program()
        .arg("scan")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    world.boards.wait_for_requests(1).await;
    let vacuum = world.program().args(["db", "vacuum"]).output().unwrap();
    let said = text(&vacuum.stderr);
    assert_eq!(vacuum.status.code(), Some(1), "{said}");
    assert!(
        said.contains(&format!("(process {} since", scan.id())) && said.contains("try again"),
        "{said}"
    );

    world.boards.heal("acme");
    scan.wait().unwrap();
    assert!(
        world
            .program()
            .args(["db", "vacuum"])
            .output()
            .unwrap()
            .status
            .success()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_with_an_old_generation_is_discarded_as_superseded() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let scan = world
        .program()
        .args(["scan", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    world.boards.wait_for_requests(1).await;
    // Another process that shares the file, but not this machine's locks, would leave this state.
    let overtake = "UPDATE sources SET generation = generation + 1, last_outcome = 'complete'";
    sqlx::query(overtake)
        .execute(&mut world.database().await)
        .await
        .unwrap();
    world.boards.heal("acme");

    let output = scan.wait_with_output().unwrap();
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let source = &result["sources"][0];
    assert_eq!(
        (&source["outcome"], &source["fetched"]),
        (&"superseded".into(), &2_000.into())
    );
    assert_eq!(
        (&source["new"], &source["matched"], &source["notified"]),
        (&0.into(), &0.into(), &0.into())
    );
    assert_eq!(output.status.code(), Some(0), "the other one has it all");
    for table in ["jobs", "matches", "alerts", "http_cache"] {
        let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let rows: i64 = sqlx::query_scalar(count)
            .fetch_one(&mut world.database().await)
            .await
            .unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    let outcome = "SELECT COUNT(*) FROM run_sources WHERE outcome = 'superseded'";
    assert_eq!(world.number(outcome).await, 1);
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM sources WHERE last_outcome = 'complete'")
            .await,
        1
    );
}
