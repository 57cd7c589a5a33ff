//! Five hundred scans of a hostile adapter among five hundred of honest ones, in one process that
//! must not be affected.

use std::env;
use std::fs;
use std::process::Command;

use job_scanner_board_server::{Api, Board, Failure, job};
use job_scanner_core::key::SourceKey;
use job_scanner_core::run::{ScanOutcome, Trigger};
use job_scanner_pipeline::{RunRequest, ScanPipeline};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::support::{World, source};

/// The number of misbehaving scans in one run, and of honest scans among them.
const AT_A_TIME: usize = 10;
const RUNS: usize = 50;
/// The bytes by which the memory of the process may grow after the first run of twenty scans.
const ROOM: u64 = 20 << 20;
/// The number of connections that may be open between two runs, on both sides, and of the tasks
/// that serve them.
const IDLE: usize = 16;

/// Every mode of the hostile adapter. Those that take most memory come first, because the process
/// keeps that memory.
const CRIMES: [(&str, &str); 35] = [
    ("grow-then-error", ""),
    ("grow", ""),
    ("fetch-at-once", ", url: 'HUGE', times: 20"),
    ("big-pages", ", bytes: 500000"),
    ("huge-ids", ""),
    ("evil-error", ""),
    ("huge-extra", ""),
    ("huge-warnings", ""),
    ("recurse", ""),
    ("log-flood", ""),
    ("ok", ""),
    ("loop", ""),
    ("loop-in-log", ""),
    ("loop-between-logs", ""),
    ("loop-over-pages", ""),
    ("loop-later", ""),
    ("panic", ""),
    ("trap", ""),
    ("grow-at-once", ""),
    ("hang", ", url: 'SILENT'"),
    ("fetch", ", url: 'HUGE'"),
    ("fetch-whole", ", url: 'MOVED'"),
    (
        "fetch-in-turn",
        ", url: 'https://elsewhere.example/', times: 200",
    ),
    ("rate-limited", ", seconds: 1"),
    ("endless-paging", ""),
    ("same-cursor", ""),
    ("lie-not-modified", ""),
    ("lie-unless-answered", ", url: 'BROKEN'"),
    ("lie-on-second-page", ", url: 'EMPTY'"),
    ("big-title", ""),
    ("many-jobs", ", count: 100"),
    ("huge-state", ""),
    ("huge-cursor", ""),
    ("duplicate-ids", ""),
    ("evil-words", ""),
];

const LIMITS: &str = "adapters: {dir: adapters, limits: {hostile: \
                      {cpu_page: 50ms, cpu_scan: 200ms, wall_page: 200ms, memory: 64MiB, scan_bytes: 2MiB, pages: 50,
                       requests: 100, response_bytes: 256KiB, responses_held_bytes: 1MiB}}}\n\
                      advanced: {max_concurrent_sources: 2}\n";

/// The resources that a process holds; `memory` in bytes.
#[derive(Debug, Clone, Copy)]
struct Held {
    memory: u64,
    files: usize,
    tasks: usize,
}

impl Held {
    fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let resident = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap();
        let kilobytes: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
        Self {
            memory: kilobytes << 10,
            files: fs::read_dir("/proc/self/fd").unwrap().count(),
            tasks: Handle::current().metrics().num_alive_tasks(),
        }
    }
}

/// Other tests would count as growth, so this test runs itself again in a separate process.
#[test]
fn a_process_survives_five_hundred_misbehaving_scans() {
    let own = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "soak::in_a_process_of_its_own",
            "--ignored",
            "--nocapture",
        ])
        .output()
        .unwrap();
    assert!(
        own.status.success(),
        "{}",
        String::from_utf8_lossy(&own.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the test above runs it, alone"]
async fn in_a_process_of_its_own() {
    let world = World::new().await;
    let (sources, honest) = sources(&world);
    let pipeline = world
        .pipeline(
            &world
                .config(&sources)
                .replace("adapters: {dir: adapters}\n", LIMITS),
        )
        .await;
    let mut crimes = CRIMES.iter().cycle().map(|(mode, _)| key("hostile", mode));

    let mut first = None;
    for _ in 0..RUNS {
        let crimes: Vec<SourceKey> = crimes.by_ref().take(AT_A_TIME).collect();
        run(&pipeline, &honest, crimes).await;
        world.boards.clear_requests();
        first.get_or_insert_with(Held::now);
    }
    let (first, last) = (first.unwrap(), Held::now());
    assert!(last.memory < first.memory + ROOM, "{first:?} {last:?}");
    assert!(last.files <= first.files + IDLE, "{first:?} {last:?}");
    assert!(last.tasks <= first.tasks + IDLE, "{first:?} {last:?}");
}

/// Returns a source for each misbehaviour, and the honest ones with their keys.
fn sources(world: &World) -> (Vec<String>, Vec<SourceKey>) {
    let boards = &world.boards;
    let url = |token: &str| format!("{}/v1/boards/{token}/jobs", boards.api_url(Api::Greenhouse));
    boards.set_board("empty", Board::new([]));
    boards.fail("silent", Failure::Hang);
    boards.fail("broken", Failure::status(500));
    boards.fail("huge", Failure::Body("x".repeat(1 << 20)));
    boards.fail("moved", Failure::Redirect(url("moved")));
    let crime = |(mode, options): &(&str, &str)| {
        let places = ["empty", "silent", "broken", "huge", "moved"];
        let options = places.iter().fold((*options).to_owned(), |options, place| {
            options.replace(
                &format!("'{}'", place.to_uppercase()),
                &format!("'{}'", url(place)),
            )
        });
        world.hostile(mode, &options)
    };
    let mut sources: Vec<String> = CRIMES.iter().map(crime).collect();
    let tokens: Vec<String> = (0..AT_A_TIME)
        .map(|number| format!("honest-{number}"))
        .collect();
    for token in &tokens {
        boards.set_board(token, Board::new((1..=20).map(job)));
        sources.push(world.greenhouse(token));
    }
    (
        sources,
        tokens
            .iter()
            .map(|token| key("greenhouse", token))
            .collect(),
    )
}

fn key(adapter: &str, identifier: &str) -> SourceKey {
    format!("{adapter}/{identifier}").parse().unwrap()
}

async fn run(pipeline: &ScanPipeline, honest: &[SourceKey], crimes: Vec<SourceKey>) {
    let only = Some([honest, &crimes].concat());
    let request = RunRequest {
        trigger: Trigger::Manual,
        only,
    };
    let result = pipeline
        .run_once(&request, &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(result.sources.len(), 2 * AT_A_TIME);
    for honest in honest {
        let honest = source(&result, &honest.to_string());
        assert!(
            matches!(
                honest.outcome,
                ScanOutcome::Complete | ScanOutcome::NotModified
            ),
            "{honest:#?}"
        );
    }
    assert!(result.had_errors);
}
