//! The events in the log: each has a stable name, and the fields that a query needs.

use std::fs;

use job_scanner_board_server::{Board, Failure as BoardFailure, job};
use job_scanner_smtp_server::{Failure, Tls};
use serde_json::Value;

use crate::command_line::{job_scanner, text};
use crate::post::{Post, assert_no_secret};
use crate::process::Daemon;
use crate::support::{World, repository};

/// Every event, with its required fields.
const EVENTS: [(&str, &[&str]); 20] = [
    ("service.starting", &["version"]),
    ("config.loaded", &["log.level", "config.file"]),
    ("config.refused", &[]),
    ("scheduler.started", &[]),
    ("scheduler.next_run", &["next_run_at"]),
    ("run.started", &["run.id", "run.trigger"]),
    ("source.started", &["run.id", "source.key"]),
    (
        "source.fetched",
        &[
            "run.id",
            "source.key",
            "fetched",
            "requests",
            "http.status",
            "http.url",
            "elapsed_ms",
        ],
    ),
    (
        "source.normalized",
        &[
            "run.id",
            "source.key",
            "normalized",
            "rejected",
            "matched",
            "elapsed_ms",
        ],
    ),
    (
        "source.finished",
        &[
            "run.id",
            "source.key",
            "outcome",
            "new",
            "http.status",
            "http.url",
            "elapsed_ms",
        ],
    ),
    (
        "source.failed",
        &[
            "run.id",
            "source.key",
            "error.kind",
            "http.status",
            "http.url",
            "elapsed_ms",
        ],
    ),
    ("source.warning", &["run.id", "source.key"]),
    (
        "notification.sent",
        &["run.id", "source.key", "alerts.count", "elapsed_ms"],
    ),
    (
        "notification.failed",
        &[
            "run.id",
            "source.key",
            "alerts.count",
            "error",
            "elapsed_ms",
        ],
    ),
    (
        "notification.skipped",
        &["run.id", "source.key", "alerts.count"],
    ),
    (
        "notification.grouped",
        &["run.id", "source.key", "alerts.count"],
    ),
    (
        "notification.duplicate",
        &["run.id", "source.key", "alerts.count"],
    ),
    (
        "run.finished",
        &[
            "run.id",
            "fetched",
            "matched",
            "alerts_sent",
            "errors",
            "had_errors",
            "elapsed_ms",
        ],
    ),
    ("service.stopping", &[]),
    ("scheduler.stopped", &[]),
];

/// Returns a field of an event, or of a span around it.
fn field<'l>(line: &'l Value, name: &str) -> Option<&'l Value> {
    let spans = line["spans"].as_array().into_iter().flatten();
    std::iter::once(line)
        .chain(spans)
        .find_map(|part| part.get(name))
}

/// Runs a service in which every event occurs, and returns its log.
async fn log_with_every_event() -> Vec<Value> {
    let post = Post::new(Tls::StartTls, "jo@example.com", "").await;
    let (world, boards) = (&post.world, &post.world.boards);
    let config = |more: &str| {
        let sources = [
            world.greenhouse("acme"),
            world.greenhouse("down"),
            world.greenhouse("short"),
        ];
        format!(
            "{}email: {{max_retries: 0}}\n{more}",
            world.config(&sources)
        )
    };
    boards.fail("down", BoardFailure::status(500));
    boards.set_board("short", Board::new([job(1).title("Chef")]));
    boards.fail("short", BoardFailure::WrongTotal(9));
    world.write_config(&config(""));
    let mut program = post.program();
    program.args(["--log-format", "json", "--log-level", "debug"]);
    let mut daemon = Daemon::start(program);
    daemon.says("run.finished");

    // The server rejects the message about the new version. The return to the first version causes
    // no message, and neither does another place.
    post.server.fail_next(Failure::Dot(451));
    for (title, place) in [
        ("Senior Rust Engineer", "Berlin"),
        ("Rust Engineer", "Berlin"),
        ("Rust Engineer", "Bonn"),
    ] {
        boards.set_board("acme", Board::new([job(1).title(title).location(place)]));
        daemon.signal("USR1");
        daemon.says("run.finished");
    }
    world.write_config("sources: [\n");
    daemon.signal("HUP");
    daemon.says("config.refused");
    world.write_config(
        &config("on_first_scan: silent\n").replace("identifier: down", "identifier: late"),
    );
    boards.set_board("late", Board::new([job(1).title("Go Engineer")]));
    daemon.signal("HUP");
    daemon.says("notification.skipped");
    daemon.says("run.finished");
    daemon.signal("TERM");
    let log = daemon.ends().log;
    let parsed = log.iter().map(|line| {
        assert_no_secret(line.as_bytes());
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    });
    parsed.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_documented_and_logged_with_its_fields() {
    let log = log_with_every_event().await;
    let described = fs::read_to_string(repository().join("docs/logs.md")).unwrap();
    for (event, fields) in EVENTS {
        assert!(
            described.contains(&format!("`{event}`")),
            "docs/logs.md says nothing of {event}"
        );
        let lines: Vec<&Value> = log.iter().filter(|line| line["event"] == event).collect();
        assert!(!lines.is_empty(), "no {event} in {log:#?}");
        for name in fields {
            for line in &lines {
                assert!(
                    field(line, name).is_some_and(|value| !value.is_null()),
                    "no {name} in {line:#}"
                );
            }
        }
    }
    let one = |event: &str| log.iter().find(|line| line["event"] == event).unwrap();
    assert_eq!(one("config.loaded")["log.level"], "debug");
    let failed = one("source.failed");
    assert_eq!(field(failed, "source.key").unwrap(), "greenhouse/down");
    assert_eq!(
        (&failed["http.status"], &failed["error.kind"]),
        (&500.into(), &"upstream".into())
    );
    assert!(
        failed["http.url"]
            .as_str()
            .unwrap()
            .contains("/v1/boards/down/jobs"),
        "{failed}"
    );
    assert_eq!(one("notification.sent")["source.key"], "greenhouse/acme");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_names_its_run_and_its_source_at_every_level() {
    let world = World::new().await;
    world.boards.fail("down", BoardFailure::status(500));
    world.write_config(&world.config(&[world.greenhouse("down")]));
    for level in ["warn", "info"] {
        let output = job_scanner(
            &world,
            &["scan", "--log-format", "json", "--log-level", level],
        );
        let log = text(&output.stderr);
        let failed = log
            .lines()
            .find(|line| line.contains("source.failed"))
            .unwrap();
        let failed: Value = serde_json::from_str(failed).unwrap();
        assert_eq!(
            field(&failed, "source.key").unwrap(),
            "greenhouse/down",
            "{level}"
        );
        assert!(field(&failed, "run.id").is_some(), "{level}");
    }
}
