//! The command line: arguments, exit codes, and output on both streams.

use std::fs::{self, File};
use std::process::{Command, Output, Stdio};

use job_scanner_board_server::{Board, Failure, job};
use serde_json::Value;

use crate::support::World;

/// Runs the program in the folder of a world, with a separate environment.
pub(crate) fn job_scanner(world: &World, arguments: &[&str]) -> Output {
    world.program().args(arguments).output().unwrap()
}

/// Returns printed bytes as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn world() -> World {
    let world = World::new().await;
    world.boards.set_board(
        "acme",
        Board::new([job(1).title("Rust Engineer \u{1b}[31m").location("Berlin")]),
    );
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_run_prints_a_summary_and_exits_with_0() {
    let world = world().await;
    let output = job_scanner(&world, &["--manual-run"]);
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(
        stdout.contains("greenhouse/acme") && stdout.contains("Rust Engineer"),
        "{stdout}"
    );
    assert!(
        !stdout.contains('\u{1b}'),
        "a board's terminal sequence stays text"
    );
    assert!(stderr.contains("run.finished"), "{stderr}");
    assert_eq!(world.outbox().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_source_makes_the_exit_code_1() {
    let world = world().await;
    world.boards.fail("acme", Failure::status(500));
    let output = job_scanner(&world, &["scan"]);
    assert_eq!(output.status.code(), Some(1));
    let stdout = text(&output.stdout);
    assert!(
        stdout.contains("failed: greenhouse/acme: upstream:"),
        "{stdout}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn json_output_is_exactly_one_object() {
    let world = world().await;
    let output = job_scanner(
        &world,
        &["scan", "--format", "json", "--log-level", "error"],
    );
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        text(&output.stderr)
            .lines()
            .filter(|line| line.contains("level=info"))
            .count(),
        0
    );
    assert_eq!(
        keys(&result),
        [
            "dry_run",
            "duration_ms",
            "finished_at",
            "had_errors",
            "interrupted",
            "profiles",
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
            "grouped",
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
    assert_eq!(
        (&result["totals"]["new"], &result["sources"][0]["source"]),
        (&1.into(), &"greenhouse/acme".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_matches_and_stores_nothing() {
    let world = world().await;
    let table = job_scanner(&world, &["scan", "--dry-run"]);
    assert_eq!(table.status.code(), Some(0), "{}", text(&table.stderr));
    assert!(
        text(&table.stdout).contains("1 match (dry run, nothing sent):"),
        "{}",
        text(&table.stdout)
    );
    assert!(
        text(&table.stdout).contains("Rust Engineer"),
        "{}",
        text(&table.stdout)
    );
    let kept: Vec<_> = world
        .folder()
        .join("data")
        .read_dir()
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(kept.len(), 0, "{kept:?}");

    let result: Value = serde_json::from_slice(
        &job_scanner(&world, &["scan", "--dry-run", "--format", "json"]).stdout,
    )
    .unwrap();
    assert_eq!(
        (&result["dry_run"], &result["run_id"]),
        (&true.into(), &Value::Null)
    );
    assert_eq!(
        (&result["totals"]["fetched"], &result["totals"]["matched"]),
        (&1.into(), &1.into())
    );
    assert_eq!(
        (&result["totals"]["new"], &result["totals"]["notified"]),
        (&0.into(), &0.into())
    );
    assert_eq!(
        keys(&result["matches"][0]),
        [
            "company",
            "company_from",
            "key",
            "locations",
            "profile",
            "title",
            "url"
        ]
    );
    assert_eq!(
        (
            &result["matches"][0]["key"],
            &result["matches"][0]["profile"]
        ),
        (&"greenhouse/acme/1".into(), &"default".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_sends_no_validators_and_reports_failures() {
    let world = world().await;
    assert_eq!(job_scanner(&world, &["scan"]).status.code(), Some(0));
    let result: Value = serde_json::from_slice(
        &job_scanner(&world, &["scan", "--dry-run", "--format", "json"]).stdout,
    )
    .unwrap();
    assert_eq!(
        result["sources"][0]["outcome"], "complete",
        "no validator was sent"
    );

    world.boards.fail("acme", Failure::status(500));
    let failed = job_scanner(&world, &["scan", "--dry-run"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        text(&failed.stdout).contains("failed: greenhouse/acme: upstream:"),
        "{}",
        text(&failed.stdout)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_named_source_is_scanned() {
    let world = world().await;
    world.write_config(&world.config(&[world.greenhouse("acme"), world.greenhouse("other")]));
    let output = job_scanner(
        &world,
        &["scan", "--source", "greenhouse/acme", "--format", "json"],
    );
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["sources"].as_array().unwrap().len(), 1);
    let output = job_scanner(&world, &["scan", "--source", "greenhouse/nobody"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("unknown source `greenhouse/nobody`"),
        "{}",
        text(&output.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_and_broken_configurations_make_the_exit_code_2() {
    let world = world().await;
    assert_eq!(
        job_scanner(&world, &["--no-such-flag"]).status.code(),
        Some(2)
    );
    assert_eq!(
        job_scanner(&world, &["--manual-run", "--config", "none.yaml"])
            .status
            .code(),
        Some(2)
    );

    world.write_config(
        "sources:\n  - {type: nosuch, identifier: a}\nsearch_criteria: {required_terms: [a]}\nadapters: {dir: adapters}\n",
    );
    let output = job_scanner(&world, &["--manual-run"]);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr.contains("\nconfig.yaml:2:12: sources[0].type: no adapter `nosuch`"),
        "{stderr}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn manual_run_is_a_scan_and_cannot_be_combined_with_other_commands() {
    let world = world().await;
    let runs = async || {
        world
            .number("SELECT COUNT(*) FROM runs WHERE trigger = 'manual'")
            .await
    };
    for arguments in [&["--manual-run"][..], &["scan"], &["scan", "--manual-run"]] {
        let before = if world.folder().join("data").exists() {
            runs().await
        } else {
            0
        };
        assert_eq!(
            job_scanner(&world, arguments).status.code(),
            Some(0),
            "{arguments:?}"
        );
        assert_eq!(runs().await, before + 1, "{arguments:?}");
    }
    let output = job_scanner(&world, &["jobs", "--manual-run"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(2), "")
    );
    assert!(
        text(&output.stderr).contains("`--manual-run` cannot be combined with this command"),
        "{}",
        text(&output.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_flag_overrides_the_environment_and_the_environment_the_file() {
    let world = world().await;
    world.write_config(&format!(
        "{}logging: {{level: warn}}\n",
        world.config(&[world.greenhouse("acme")])
    ));
    let effective = |environment: &str, flag: &[&str]| {
        let output = world
            .program()
            .arg("scan")
            .args(flag)
            .env("LOG_LEVEL", environment)
            .output()
            .unwrap();
        let stderr = text(&output.stderr);
        let loaded = stderr
            .lines()
            .find(|line| line.contains("event=config.loaded"))?;
        loaded
            .split(' ')
            .find_map(|field| field.strip_prefix("log.level="))
            .map(str::to_owned)
    };
    assert_eq!(
        effective("", &[]),
        None,
        "the file sets `warn`, which hides the event of the start"
    );
    assert_eq!(effective("info", &[]).as_deref(), Some("info"));
    assert_eq!(
        effective("info", &["--log-level", "debug"]).as_deref(),
        Some("debug")
    );
    assert_eq!(effective("debug", &["--log-level", "error"]), None);
}

/// Returns the keys of a JSON object, sorted.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn check_passes_for_a_working_setup_and_changes_nothing() {
    let world = world().await;
    let output = job_scanner(&world, &["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!(report["ok"], true);
    let checks = report["checks"].as_array().unwrap();
    let seen: Vec<_> = checks
        .iter()
        .map(|check| {
            (
                check["what"].as_str().unwrap(),
                check["status"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("configuration", "ok"),
        // The profile, and its excluded term, which does not search the text.
        ("profile", "ok"),
        ("profile", "ok"),
        ("adapter greenhouse", "ok"),
        ("certificates", "ok"),
        ("database", "ok"),
        ("mail", "warning"),
    ];
    assert_eq!(seen, expected);
    assert_eq!(keys(&checks[0]), ["detail", "status", "what"]);
    assert!(
        checks[3]["detail"]
            .as_str()
            .unwrap()
            .contains("may reach boards-api.greenhouse.io"),
        "{report}"
    );
    assert!(!world.folder().join("data").exists(), "nothing is created");
    assert!(text(&job_scanner(&world, &["check"]).stdout).ends_with("Ready to run.\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn check_reports_errors_that_a_run_would_have() {
    let world = world().await;
    fs::write(
        world.folder().join("adapters/greenhouse.wasm"),
        "no component",
    )
    .unwrap();
    fs::create_dir(world.folder().join("data")).unwrap();
    fs::write(
        world.folder().join("data/job_scanner.db"),
        "not a database, but as long as the header of one is",
    )
    .unwrap();
    fs::write(world.folder().join("data/outbox"), "a file").unwrap();
    let output = job_scanner(&world, &["check"]);
    let stdout = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    for failed in ["adapter greenhouse", "database", "mail"] {
        let line = stdout.lines().find(|line| line.contains(failed)).unwrap();
        assert!(line.contains(" error "), "{failed}: {stdout}");
    }
    assert!(
        stdout.ends_with("Fix the errors above before running.\n"),
        "{stdout}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_reports_a_broken_configuration_in_the_requested_format() {
    let world = world().await;
    world.write_config("sources: []\nsearch_criteria: {}\n");
    let output = job_scanner(&world, &["check"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(2), "")
    );
    assert!(
        text(&output.stderr).starts_with("config.yaml:1:"),
        "{}",
        text(&output.stderr)
    );
    let output = job_scanner(&world, &["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), &report["ok"]),
        (Some(2), &false.into())
    );
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
    assert_eq!(
        job_scanner(&world, &["completions", "tcsh"]).status.code(),
        Some(2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_needs_no_configuration() {
    let world = World::new().await;
    let output = job_scanner(&world, &["schema"]);
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), &schema["title"]),
        (Some(0), &"config.yaml of job-scanner".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_reaches_every_recipient_without_a_database() {
    let world = world().await;
    let test = |recipients: &str| {
        let mut program = world.program();
        program
            .args(["notify", "test", "--channel", "mail"])
            .env("ALERT_TO_EMAIL", recipients)
            .output()
            .unwrap()
    };
    let output = test("jo@example.com,kim@example.com");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let written = ["jo", "kim"].map(|name| {
        format!("mail: written to data/outbox for {name}@example.com; set SMTP_HOST and ALERT_TO_EMAIL to send it\n")
    });
    assert_eq!(text(&output.stdout), written.concat());
    let mail = world.outbox();
    assert_eq!(mail.len(), 2);
    assert!(
        mail[0].contains("To: jo@example.com\r\nSubject: Test message from job-scanner\r\n"),
        "{}",
        mail[0]
    );
    assert!(mail[0].contains("\r\nMessage-ID: <"), "{}", mail[0]);
    assert!(!world.folder().join("data/job_scanner.db").exists());

    fs::remove_dir_all(world.folder().join("data")).unwrap();
    fs::write(world.folder().join("data"), "a file").unwrap();
    let output = test("jo@example.com");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stdout).starts_with("mail: not sent to jo@example.com: could not write"),
        "{output:?}"
    );
}

/// Returns a file to which every write fails, as on a full disk.
fn full() -> Stdio {
    File::options()
        .write(true)
        .open("/dev/full")
        .unwrap()
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_codes_do_not_change_if_standard_error_cannot_be_written() {
    let world = world().await;
    for (code, arguments) in [
        (2, &["scan", "--config", "none.yaml"][..]),
        (2, &["--no-such-flag"]),
        (2, &["jobs", "--manual-run"]),
        (1, &["db", "vacuum"]),
        (0, &["jobs"]),
        (0, &["scan", "--log-level", "trace"]),
        (0, &["scan", "--log-format", "json"]),
        (2, &["adapter", "inspect", "nothing"]),
    ] {
        let mut program = world.program();
        let ended = program
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(full())
            .status()
            .unwrap();
        assert_eq!(ended.code(), Some(code), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_an_error_and_a_closed_pipe_is_not() {
    let world = world().await;
    for arguments in [
        &["schema"][..],
        &["completions", "bash"],
        &["--help"],
        &["scan", "--help"],
        &["--version"],
        &["jobs"],
        &["jobs", "--format", "json"],
        &["jobs", "--format", "csv"],
        &["sources"],
        &["scan"],
    ] {
        let mut program = world.program();
        let output = program.args(arguments).stdout(full()).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(1),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        assert!(
            text(&output.stderr).contains("error: cannot write the result: "),
            "{arguments:?}"
        );

        let mut program = world.program();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = program.args(arguments).stdout(writer).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_standard_streams_change_nothing() {
    let world = world().await;
    let program = world.program();
    for (code, argument) in [
        (0, "scan"),
        (0, "jobs"),
        (2, "--no-such-flag"),
        (1, "check"),
    ] {
        if argument == "check" {
            fs::write(
                world.folder().join("adapters/greenhouse.wasm"),
                "no component",
            )
            .unwrap();
        }
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", "exec \"$0\" \"$1\" <&- >&- 2>&-"])
            .arg(program.get_program())
            .arg(argument);
        shell.current_dir(world.folder()).env_clear();
        shell.envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        assert_eq!(shell.status().unwrap().code(), Some(code), "{argument}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tilde_is_the_home_folder_in_every_kind_of_path() {
    let world = world().await;
    let home = world.folder().join("home");
    fs::create_dir(&home).unwrap();
    fs::rename(world.folder().join("adapters"), home.join("adapters")).unwrap();
    fs::write(home.join("password"), "marker").unwrap();
    let config = world
        .config(&[world.greenhouse("acme")])
        .replace("dir: adapters", "dir: '~/adapters'");
    fs::write(home.join("mine.yaml"), config).unwrap();
    fs::remove_file(world.folder().join("config.yaml")).unwrap();
    fs::write(
        world.folder().join(".env"),
        "DATABASE_URL=sqlite:~/deep/jobs.db\nSMTP_PASS_FILE=~/password\nSMTP_USER=jo@example.com\nSMTP_HOST=127.0.0.1\n",
    )
    .unwrap();
    let scan = |home: Option<&std::path::Path>, config: &str| {
        let mut program = world.program();
        program.env_remove("DATABASE_URL").args(["scan", config]);
        program
            .envs(home.map(|home| ("HOME", home)))
            .output()
            .unwrap()
    };
    let output = scan(Some(&home), "--config=~/mine.yaml");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(home.join("deep/jobs.db").is_file());
    assert!(!world.folder().join("~").exists());

    let output = scan(None, "--config=~/mine.yaml");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("HOME is not set to an absolute path"),
        "{}",
        text(&output.stderr)
    );
    let output = scan(None, "--config=home/mine.yaml");
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    for place in [
        "adapters.dir: `~/adapters` begins",
        "DATABASE_URL: begins",
        "SMTP_PASS_FILE: `~/password` begins",
    ] {
        assert!(stderr.contains(place), "{place}: {stderr}");
    }
    assert!(!world.folder().join("~").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn pipes_and_devices_are_rejected_instead_of_read() {
    let world = world().await;
    let pipe = world.folder().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    for (name, place) in [
        ("SMTP_PASS_FILE", "/dev/zero"),
        ("SMTP_USER_FILE", "/dev/zero"),
        ("SMTP_CA_FILE", "/dev/zero"),
        ("SMTP_PASS_FILE", "pipe"),
        ("SMTP_CA_FILE", "pipe"),
        ("SMTP_CA_FILE", "."),
    ] {
        let mut program = world.program();
        program
            .arg("jobs")
            .env("SMTP_HOST", "127.0.0.1")
            .env(name, place);
        if name != "SMTP_USER_FILE" {
            program.env("SMTP_USER", "jo@example.com");
        }
        if name != "SMTP_PASS_FILE" {
            program.env("SMTP_PASS", "marker");
        }
        let output = program.output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}={place}: {stderr}");
        assert!(
            stderr.contains(&format!("{name}: `{place}` cannot be read: it is a ")),
            "{stderr}"
        );
    }
    for config in ["pipe", "/dev/zero"] {
        let output = job_scanner(&world, &["jobs", "--config", config]);
        assert_eq!(output.status.code(), Some(2), "{config}");
        assert!(
            text(&output.stderr).contains("cannot be read: it is a "),
            "{}",
            text(&output.stderr)
        );
    }
    fs::rename(&pipe, world.folder().join(".env")).unwrap();
    let output = job_scanner(&world, &["jobs"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).starts_with(".env: cannot be read: it is a pipe"),
        "{}",
        text(&output.stderr)
    );
}
