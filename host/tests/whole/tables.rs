//! Tables on terminals of several widths, and in a pipe.

use std::process::{Command, Stdio};

use jiff::SignedDuration;
use job_scanner_board_server::{Api, Board, BoardJob, Workplace, job};
use job_scanner_pipeline::clock::Clock;

use crate::command_line::{job_scanner, text};
use crate::process::quoted_words;
use crate::support::World;

/// The widths of the terminals.
const WIDTHS: [usize; 4] = [60, 80, 120, 200];

/// The keys of the jobs of [`scanned`]. Ids of Lever are UUIDs.
const KEYS: [&str; 3] = [
    "lever/northwind/00000000-0001-4000-8000-000000000001",
    "lever/northwind/00000000-0002-4000-8000-000000000002",
    "lever/northwind/00000000-0003-4000-8000-000000000003",
];

/// Returns a time that is half a day past this age, so that the age stays the same during a test.
fn days_ago(days: i64) -> String {
    let age = SignedDuration::from_hours(days * 24 + 12);
    (Clock::system().now() - age).to_string()
}

fn jobs() -> [BoardJob; 3] {
    [
        job(1)
            .title("Senior Backend Engineer for Warehouse Control Systems, Night Shift Included")
            .location("Bergen; Oslo; Trondheim")
            .salary(70_000, 92_500, "EUR")
            .first_published(days_ago(3)),
        job(2)
            .title("倉庫エンジニア \u{1b}[31m\u{202e}")
            .location("Tromsø")
            .workplace(Workplace::Remote)
            .first_published(days_ago(38)),
        job(3)
            .title("Forklift Driver")
            .location("Hammerfest")
            .salary(31_000, 31_000, "EUR")
            .first_published(days_ago(800)),
    ]
}

/// Returns a world whose board was scanned with two profiles, and what the scan printed.
async fn scanned() -> (World, String) {
    let world = World::new().await;
    world.boards.set_board("northwind", Board::new(jobs()));
    let source = world.board(Api::Lever, "northwind", ", name: Northwind Traders");
    let profile = "profiles:\n  - {name: nights, query: 'night OR salary >= 80k EUR'}\n";
    world.write_config(&(world.config(&[source]) + profile));

    let output = job_scanner(&world, &["scan"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    (world, text(&output.stdout))
}

/// Returns what a command prints to a terminal of this width, without its log.
pub(crate) fn on_terminal(world: &World, width: usize, arguments: &[&str]) -> String {
    let mut program = world.program();
    program.args(arguments);
    let words = quoted_words(&program);
    let command = format!("stty columns {width} rows 40; exec {words} 2>log");
    let given = program
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .current_dir(world.folder())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .envs(given)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stdout));
    text(&output.stdout).replace("\r\n", "\n")
}

/// Returns the number of columns that a line needs.
pub(crate) fn columns_of(line: &str) -> usize {
    console::measure_text_width(line)
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_fit_the_terminal_and_their_keys_stay_whole() {
    let (world, _) = scanned().await;
    for width in WIDTHS {
        let printed = on_terminal(&world, width, &["jobs"]);
        for line in printed.lines().filter(|line| !line.starts_with("  ")) {
            assert!(columns_of(line) <= width, "{width}: {line}");
        }
        for key in KEYS {
            let mut words = printed.split_whitespace();
            assert!(words.any(|word| word == key), "{width}: {key} in {printed}");
        }
        let is_control = |c: char| c.is_control() && c != '\n';
        assert!(!printed.contains(is_control), "{width}: {printed:?}");
        insta::assert_snapshot!(format!("jobs_{width}"), printed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_gets_all_columns_of_jobs_with_whole_cells() {
    let (world, _) = scanned().await;
    let output = job_scanner(&world, &["jobs"]);
    insta::assert_snapshot!("jobs_pipe", text(&output.stdout));
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_one_profile_show_only_its_terms() {
    let (world, _) = scanned().await;
    let printed = on_terminal(&world, 120, &["jobs", "--profile", "nights"]);
    assert!(
        printed.contains("  night, salary >= 80k EUR\n"),
        "{printed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_lists_its_matches_with_their_pay_and_reasons() {
    let (world, piped) = scanned().await;
    let (_, matches) = piped.split_once(" new matches:\n").unwrap();
    insta::assert_snapshot!("scan_pipe", matches);

    for width in [80, 200] {
        let printed = on_terminal(&world, width, &["scan", "--dry-run"]);
        let (_, matches) = printed.split_once(" (dry run, nothing sent):\n").unwrap();
        insta::assert_snapshot!(format!("dry_run_{width}"), matches);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_state_fit_in_80_columns() {
    let (world, _) = scanned().await;
    for command in ["sources", "runs", "deliveries", "alerts", "check"] {
        let printed = on_terminal(&world, 80, &[command]);
        for line in printed.lines() {
            assert!(columns_of(line) <= 80, "{command}: {line}");
            assert!(line.trim_end() == line, "{command}: {line:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_in_a_pipe_writes_no_line_longer_than_its_text() {
    let (world, _) = scanned().await;
    let printed = text(&job_scanner(&world, &["check"]).stdout);
    assert!(
        printed.lines().any(|line| columns_of(line) > 100),
        "{printed}"
    );
    for line in printed.lines() {
        assert_eq!(line, line.trim_end(), "{printed}");
    }
}
