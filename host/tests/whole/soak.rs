//! Five hundred scans of a hostile adapter among five hundred of honest ones, in one process that must not notice.

use std::env;
use std::fs;
use std::process::Command;

use crate::support::{World, source};
use job_scanner::pipeline::{RunRequest, ScanOutcome, ScanPipeline, Trigger};
use job_scanner_board_server::{Api, Board, Failure, job};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

const RUNS: usize = 50;
/// Until the pool of instances keeps the memory that it may keep, 64 MiB at most.
const WARMING_UP: usize = 8;
/// By how much the memory of the process may grow after that.
const ROOM: u64 = 20 << 20;
/// Connections that happen to be open between two runs, on either side of them, and what serves them.
const IDLE: usize = 16;

/// The crimes of one run; each has as many honest sources beside it.
const CRIMES: [(&str, &str); 10] = [
    ("loop", ""),
    ("panic", ""),
    ("recurse", ""),
    ("grow", ""),
    ("grow-then-error", ""),
    ("big-pages", ", bytes: 500000"),
    ("log-flood", ""),
    ("same-cursor", ""),
    ("hang", ", url: 'URL'"),
    ("evil-error", ""),
];

const LIMITS: &str = "adapters: {dir: adapters, limits: {hostile: \
                      {cpu_page: 50ms, wall_page: 200ms, memory: 64MiB, scan_bytes: 2MiB}}}\n\
                      advanced: {max_concurrent_sources: 2}\n";

/// What a process holds.
#[derive(Debug, Clone, Copy)]
struct Held {
    memory: u64,
    files: usize,
    tasks: usize,
}

impl Held {
    fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kilobytes: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
        Self {
            memory: kilobytes << 10,
            files: fs::read_dir("/proc/self/fd").unwrap().count(),
            tasks: Handle::current().metrics().num_alive_tasks(),
        }
    }
}

/// Other tests would count as growth, so this one runs itself again in a process of its own.
#[test]
fn a_process_outlives_five_hundred_crimes() {
    let own = Command::new(env::current_exe().unwrap())
        .args(["--exact", "soak::in_a_process_of_its_own", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    assert!(own.status.success(), "{}", String::from_utf8_lossy(&own.stderr));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the test above runs it, alone"]
async fn in_a_process_of_its_own() {
    let world = World::new().await;
    world.boards.set_board("silent", Board::new([]));
    world.boards.fail("silent", Failure::Hang);
    let silent = format!("{}/v1/boards/silent/jobs", world.boards.api_url(Api::Greenhouse));
    let mut sources = Vec::new();
    for (number, (mode, options)) in CRIMES.iter().enumerate() {
        let token = format!("honest-{number}");
        world.boards.set_board(&token, Board::new((1..=20).map(job)));
        sources.push(world.hostile(mode, &options.replace("URL", &silent)));
        sources.push(world.greenhouse(&token));
    }
    let config = world.config(&sources).replace("adapters: {dir: adapters}\n", LIMITS);
    let pipeline = world.pipeline(&config).await;

    for _ in 0..WARMING_UP {
        run(&pipeline).await;
    }
    let warm = Held::now();
    for _ in WARMING_UP..RUNS {
        run(&pipeline).await;
    }
    let last = Held::now();
    assert!(last.memory < warm.memory + ROOM, "{warm:?} {last:?}");
    assert!(last.files <= warm.files + IDLE, "{warm:?} {last:?}");
    assert!(last.tasks <= warm.tasks + IDLE, "{warm:?} {last:?}");
}

async fn run(pipeline: &ScanPipeline) {
    let request = RunRequest { trigger: Trigger::Manual, only: None };
    let result = pipeline.run_once(&request, &CancellationToken::new()).await.unwrap();
    for number in 0..CRIMES.len() {
        let honest = source(&result, &format!("greenhouse/honest-{number}"));
        assert!(matches!(honest.outcome, ScanOutcome::Complete | ScanOutcome::NotModified), "{honest:#?}");
    }
    assert!(result.had_errors);
}
