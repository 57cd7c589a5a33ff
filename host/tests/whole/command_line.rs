//! The program as a person runs it: arguments, exit codes, what goes to which stream.

use std::fs;
use std::process::Output;

use crate::support::World;
use job_scanner_board_server::{Board, Failure, job};
use serde_json::Value;

/// The program in the folder of a world, in an environment of its own.
pub(crate) fn job_scanner(world: &World, arguments: &[&str]) -> Output {
    world.program().args(arguments).output().unwrap()
}

/// What was printed.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn world() -> World {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new([job(1).title("Rust Engineer \u{1b}[31m").location("Berlin")]));
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_run_prints_a_summary_and_exits_with_0() {
    let world = world().await;
    let output = job_scanner(&world, &["--manual-run"]);
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stdout.contains("greenhouse/acme") && stdout.contains("Rust Engineer"), "{stdout}");
    assert!(!stdout.contains('\u{1b}'), "a board's terminal sequence stays text");
    assert!(stderr.contains("run.finished"), "{stderr}");
    assert_eq!(world.outbox().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_source_makes_it_1() {
    let world = world().await;
    world.boards.fail("acme", Failure::status(500));
    let output = job_scanner(&world, &["scan"]);
    assert_eq!(output.status.code(), Some(1));
    let stdout = text(&output.stdout);
    assert!(stdout.contains("failed: greenhouse/acme: upstream:"), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_one_object_and_nothing_else() {
    let world = world().await;
    let output = job_scanner(&world, &["scan", "--format", "json", "--log-level", "error"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(text(&output.stderr).lines().filter(|line| line.contains("level=info")).count(), 0);
    assert_eq!(
        keys(&result),
        [
            "dry_run",
            "duration_ms",
            "finished_at",
            "had_errors",
            "interrupted",
            "run_id",
            "skipped",
            "skipped_for",
            "sources",
            "started_at",
            "totals",
            "trigger"
        ]
    );
    assert_eq!(
        keys(&result["sources"][0]),
        [
            "alerts_sent",
            "budget",
            "closed",
            "details",
            "details_due",
            "details_failed",
            "duplicate",
            "duration_ms",
            "error",
            "errors",
            "failed",
            "fetched",
            "matched",
            "name",
            "new",
            "normalized",
            "notified",
            "outcome",
            "rejected",
            "reopened",
            "skipped",
            "source",
            "unchanged",
            "updated",
            "upserted",
            "warnings"
        ]
    );
    assert_eq!((&result["totals"]["new"], &result["sources"][0]["source"]), (&1.into(), &"greenhouse/acme".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_what_fits_and_leaves_no_trace() {
    let world = world().await;
    let table = job_scanner(&world, &["scan", "--dry-run"]);
    assert_eq!(table.status.code(), Some(0), "{}", text(&table.stderr));
    assert!(text(&table.stdout).contains("1 match, told to nobody:"), "{}", text(&table.stdout));
    assert!(text(&table.stdout).contains("Rust Engineer"), "{}", text(&table.stdout));
    let kept: Vec<_> = world.folder().join("data").read_dir().into_iter().flatten().collect();
    assert_eq!(kept.len(), 0, "{kept:?}");

    let result: Value =
        serde_json::from_slice(&job_scanner(&world, &["scan", "--dry-run", "--format", "json"]).stdout).unwrap();
    assert_eq!((&result["dry_run"], &result["run_id"]), (&true.into(), &Value::Null));
    assert_eq!((&result["totals"]["fetched"], &result["totals"]["matched"]), (&1.into(), &1.into()));
    assert_eq!((&result["totals"]["new"], &result["totals"]["notified"]), (&0.into(), &0.into()));
    assert_eq!(keys(&result["matches"][0]), ["company", "key", "locations", "profile", "title", "url"]);
    assert_eq!(
        (&result["matches"][0]["key"], &result["matches"][0]["profile"]),
        (&"greenhouse/acme/1".into(), &"default".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_asks_for_everything_and_reports_what_fails() {
    let world = world().await;
    assert_eq!(job_scanner(&world, &["scan"]).status.code(), Some(0));
    let result: Value =
        serde_json::from_slice(&job_scanner(&world, &["scan", "--dry-run", "--format", "json"]).stdout).unwrap();
    assert_eq!(result["sources"][0]["outcome"], "complete", "no validator was sent");

    world.boards.fail("acme", Failure::status(500));
    let failed = job_scanner(&world, &["scan", "--dry-run"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(text(&failed.stdout).contains("failed: greenhouse/acme: upstream:"), "{}", text(&failed.stdout));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_named_source_is_scanned() {
    let world = world().await;
    world.write_config(&world.config(&[world.greenhouse("acme"), world.greenhouse("other")]));
    let output = job_scanner(&world, &["scan", "--source", "greenhouse/acme", "--format", "json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["sources"].as_array().unwrap().len(), 1);
    let output = job_scanner(&world, &["scan", "--source", "greenhouse/nobody"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("there is no source `greenhouse/nobody`"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_and_broken_configurations_make_it_2() {
    let world = world().await;
    assert_eq!(job_scanner(&world, &["--no-such-flag"]).status.code(), Some(2));
    assert_eq!(job_scanner(&world, &["--manual-run", "--config", "none.yaml"]).status.code(), Some(2));

    world.write_config("sources:\n  - {type: nosuch, identifier: a}\nsearch_criteria: {required_terms: [a]}\n");
    let output = job_scanner(&world, &["--manual-run"]);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr.contains("\nconfig.yaml:2:12: sources[0].type: no adapter `nosuch`"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_run_is_a_mode_of_its_own() {
    let world = world().await;
    let runs = async || world.number("SELECT COUNT(*) FROM runs WHERE trigger = 'manual'").await;
    for arguments in [&["--manual-run"][..], &["scan"], &["scan", "--manual-run"]] {
        let before = if world.folder().join("data").exists() { runs().await } else { 0 };
        assert_eq!(job_scanner(&world, arguments).status.code(), Some(0), "{arguments:?}");
        assert_eq!(runs().await, before + 1, "{arguments:?}");
    }
    let output = job_scanner(&world, &["jobs", "--manual-run"]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""));
    assert!(text(&output.stderr).contains("`--manual-run` is a run of its own"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_level_is_that_of_the_flag_then_the_environment_then_the_file() {
    let world = world().await;
    world.write_config(&format!("{}logging: {{level: warn}}\n", world.config(&[world.greenhouse("acme")])));
    let effective = |environment: &str, flag: &[&str]| {
        let output = world.program().arg("scan").args(flag).env("LOG_LEVEL", environment).output().unwrap();
        let stderr = text(&output.stderr);
        let loaded = stderr.lines().find(|line| line.contains("event=config.loaded"))?;
        loaded.split(' ').find_map(|field| field.strip_prefix("log.level=")).map(str::to_owned)
    };
    assert_eq!(effective("", &[]), None, "the file says `warn`, which is no level to tell of a start");
    assert_eq!(effective("info", &[]).as_deref(), Some("info"));
    assert_eq!(effective("info", &["--log-level", "debug"]).as_deref(), Some("debug"));
    assert_eq!(effective("debug", &["--log-level", "error"]), None);
}

/// The keys of a JSON object, sorted.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn check_finds_nothing_wrong_and_changes_nothing() {
    let world = world().await;
    let output = job_scanner(&world, &["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!(report["ok"], true);
    let checks = report["checks"].as_array().unwrap();
    let seen: Vec<_> =
        checks.iter().map(|check| (check["what"].as_str().unwrap(), check["status"].as_str().unwrap())).collect();
    let expected = [
        ("configuration", "ok"),
        ("adapter greenhouse", "ok"),
        ("certificates", "ok"),
        ("database", "ok"),
        ("mail", "warning"),
    ];
    assert_eq!(seen, expected);
    assert_eq!(keys(&checks[0]), ["detail", "status", "what"]);
    assert!(checks[1]["detail"].as_str().unwrap().contains("may reach boards-api.greenhouse.io"), "{report}");
    assert!(!world.folder().join("data").exists(), "nothing is created");
    assert!(text(&job_scanner(&world, &["check"]).stdout).ends_with("a run would find all it needs\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_would_fail() {
    let world = world().await;
    fs::write(world.folder().join("adapters/greenhouse.wasm"), "no component").unwrap();
    fs::create_dir(world.folder().join("data")).unwrap();
    fs::write(world.folder().join("data/job_scanner.db"), "not a database, but as long as the header of one is")
        .unwrap();
    fs::write(world.folder().join("data/outbox"), "a file").unwrap();
    let output = job_scanner(&world, &["check"]);
    let stdout = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    for failed in ["adapter greenhouse", "database", "mail"] {
        let line = stdout.lines().find(|line| line.contains(failed)).unwrap();
        assert!(line.contains(" error "), "{failed}: {stdout}");
    }
    assert!(stdout.ends_with("a run would fail\n"), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_reports_a_broken_configuration_in_the_form_that_was_asked_for() {
    let world = world().await;
    world.write_config("sources: []\nsearch_criteria: {}\n");
    let output = job_scanner(&world, &["check"]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""));
    assert!(text(&output.stderr).starts_with("config.yaml:1:"), "{}", text(&output.stderr));
    let output = job_scanner(&world, &["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &report["ok"]), (Some(2), &false.into()));
    assert_eq!(report["checks"].as_array().unwrap().len(), 2, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn completions_need_no_configuration_and_know_every_command() {
    let world = World::new().await;
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = job_scanner(&world, &["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        let script = text(&output.stdout);
        for command in ["explain", "deliveries", "vacuum", "log-format"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
    assert_eq!(job_scanner(&world, &["completions", "tcsh"]).status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_needs_no_configuration() {
    let world = World::new().await;
    let output = job_scanner(&world, &["schema"]);
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &schema["required"][0]), (Some(0), &"sources".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_reaches_every_recipient_without_a_database() {
    let world = world().await;
    let test = |recipients: &str| {
        let mut program = world.program();
        program.args(["notify", "test", "--channel", "mail"]).env("ALERT_TO_EMAIL", recipients).output().unwrap()
    };
    let output = test("jo@example.com,kim@example.com");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let written = ["jo", "kim"].map(|name| {
        format!("mail: written to data/outbox for {name}@example.com; set SMTP_HOST and ALERT_TO_EMAIL to send it\n")
    });
    assert_eq!(text(&output.stdout), written.concat());
    let mail = world.outbox();
    assert_eq!(mail.len(), 2);
    assert!(mail[0].contains("To: jo@example.com\r\nSubject: Test message from job-scanner\r\n"), "{}", mail[0]);
    assert!(mail[0].contains("\r\nMessage-ID: <"), "{}", mail[0]);
    assert!(!world.folder().join("data/job_scanner.db").exists());

    fs::remove_dir_all(world.folder().join("data")).unwrap();
    fs::write(world.folder().join("data"), "a file").unwrap();
    let output = test("jo@example.com");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).starts_with("mail: not sent to jo@example.com: could not write"), "{output:?}");
}
