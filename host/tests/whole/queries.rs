//! Commands that read the database: their output, and that they need only the database.

use std::fs;

use job_scanner_board_server::{Board, Failure, job};
use serde_json::{Value, json};

use crate::command_line::{job_scanner, keys, text};
use crate::support::World;

/// Returns a world with two boards that were scanned once. Then one of them failed, and the adapter
/// was removed.
async fn scanned() -> World {
    let world = World::new().await;
    let rust = job(1)
        .title("Rust Engineer \u{1b}[31m")
        .location("Berlin")
        .content_html("<p>Build <b>things</b>.</p>");
    world.boards.set_board(
        "acme",
        Board::new([rust, job(2).title("=Chef, \"head\"").location("Paris")]),
    );
    world.boards.set_board(
        "globex",
        Board::new([job(7).title("Engineer").location("Oslo")]),
    );
    let names = [", name: Acme", ", name: 'Globex Corp'"];
    let sources = [
        world.greenhouse_with("acme", names[0]),
        world.greenhouse_with("globex", names[1]),
    ];
    world.write_config(&world.config(&sources));
    assert_eq!(job_scanner(&world, &["scan"]).status.code(), Some(0));
    world.boards.fail("globex", Failure::status(500));
    assert_eq!(job_scanner(&world, &["scan"]).status.code(), Some(1));
    fs::remove_file(world.folder().join("adapters/greenhouse.wasm")).unwrap();
    world
}

fn printed(world: &World, arguments: &[&str]) -> String {
    let output = job_scanner(world, arguments);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
    let stdout = text(&output.stdout);
    assert!(
        !stdout.chars().any(|c| c.is_control() && c != '\n'),
        "{arguments:?}: {stdout:?}"
    );
    stdout
}

fn parsed(world: &World, arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(world, arguments)).unwrap()
}

/// Returns the cells of a table's column in a pipe, without the header and without surrounding
/// spaces. The column has to be aligned to the left, and to end with the table or an empty line.
fn column(table: &str, name: &str) -> Vec<String> {
    let mut lines = table.lines();
    let header = lines
        .find(|line| line.contains(name))
        .unwrap_or_else(|| panic!("no {name} in {table}"));
    let start = header[..header.find(name).unwrap()].chars().count();
    let cell = |line: &str| line.chars().skip(start).collect::<String>();
    let rows = lines.take_while(|line| line.contains("  "));
    rows.map(|line| {
        cell(line)
            .split("  ")
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_without_a_database_report_it_and_create_none() {
    let world = World::new().await;
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    for (command, exit) in [
        (&["sources"][..], 0),
        (&["jobs"], 0),
        (&["explain", "--job", "greenhouse/acme/1"], 1),
        (&["runs"], 0),
        (&["alerts"], 0),
        (&["deliveries"], 0),
        (&["db", "migrate"], 1),
        (&["db", "vacuum"], 1),
        (&["db", "copy", "sqlite:copy.db"], 1),
    ] {
        let output = job_scanner(&world, command);
        assert_eq!(output.status.code(), Some(exit), "{command:?}");
        let stderr = text(&output.stderr);
        assert!(
            stderr.contains("yet; the first scan creates it"),
            "{command:?}: {stderr}"
        );
        assert!(!world.folder().join("data").exists(), "{command:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn manual_run_cannot_be_combined_with_a_command() {
    let world = World::new().await;
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    let output = job_scanner(&world, &["sources", "--manual-run"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("--manual-run"),
        "{}",
        text(&output.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_shows_failing_sources_with_time_and_advice() {
    let world = scanned().await;
    let table = printed(&world, &["sources"]);
    assert_eq!(column(&table, "state"), ["ok", "failing"]);
    assert_eq!(column(&table, "name"), ["Acme", "Globex Corp"]);
    assert!(
        table.contains("\ngreenhouse/globex: last scan failed; it last succeeded at 20"),
        "{table}"
    );
    assert!(
        table.contains("\n  upstream: the board answered 500"),
        "{table}"
    );
    assert!(table.contains("A later scan may succeed"), "{table}");

    let sources = parsed(&world, &["sources", "--format", "json"]);
    let names = [
        "budget",
        "consecutive_failures",
        "enabled",
        "error",
        "failing_since",
        "gone",
        "identifier",
        "in_doubt_since",
        "last_error_at",
        "last_success_at",
        "name",
        "next_due_at",
        "open_jobs",
        "paused_at",
        "source",
        "state",
        "type",
    ];
    for source in sources.as_array().unwrap() {
        assert_eq!(keys(source), names);
    }
    let [good, bad] = [&sources[0], &sources[1]];
    assert_eq!(
        (&good["source"], &good["state"], &good["open_jobs"]),
        (&json!("greenhouse/acme"), &json!("ok"), &json!(2))
    );
    assert_eq!(
        (&good["error"], &good["last_error_at"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&bad["state"], &bad["consecutive_failures"]),
        (&json!("failing"), &json!(1))
    );
    assert_eq!(
        (&bad["error"]["kind"], &bad["open_jobs"]),
        (&json!("upstream"), &json!(1))
    );
    assert!(bad["last_success_at"].as_str().unwrap() < bad["last_error_at"].as_str().unwrap());
    assert!(is_time(&bad["last_error_at"]), "{bad}");
    assert_eq!(
        (&good["in_doubt_since"], &bad["in_doubt_since"]),
        (&Value::Null, &Value::Null)
    );
    for source in [good, bad] {
        let requests = &source["budget"]["requests"];
        assert_eq!(
            (&requests["used"], &requests["limit"]),
            (&json!(1), &json!(3000)),
            "{source}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_with_a_suspicious_drop_is_shown_in_doubt() {
    let world = World::new().await;
    world.boards.set_board(
        "acme",
        Board::new((1..=6).map(|id| job(id).title("Rust Engineer"))),
    );
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    printed(&world, &["scan"]);
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    printed(&world, &["scan"]);

    let table = printed(&world, &["sources"]);
    assert_eq!(column(&table, "state"), ["ok, in doubt"]);
    assert!(
        table.contains("\ngreenhouse/acme: in doubt since 20"),
        "{table}"
    );
    assert!(
        table.contains("; it lists 1 of 6 jobs\n  the others stay open until"),
        "{table}"
    );
    let sources = parsed(&world, &["sources", "--format", "json"]);
    assert!(is_time(&sources[0]["in_doubt_since"]), "{sources}");
    assert_eq!(
        (&sources[0]["state"], &sources[0]["open_jobs"]),
        (&json!("ok"), &json!(6))
    );

    world.boards.set_board(
        "acme",
        Board::new((1..=6).map(|id| job(id).title("Rust Engineer"))),
    );
    printed(&world, &["scan"]);
    assert_eq!(column(&printed(&world, &["sources"]), "state"), ["ok"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_listed_before_its_first_scan_and_after_removal() {
    let world = scanned().await;
    let disabled = world.greenhouse_with("globex", ", enabled: false");
    world.write_config(&world.config(&[world.greenhouse("fresh"), disabled]));
    let sources = parsed(&world, &["sources", "--format", "json"]);
    let states: Vec<_> = sources
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["source"], &one["state"]))
        .collect();
    assert_eq!(
        states,
        [
            (&json!("greenhouse/fresh"), &json!("never-scanned")),
            (&json!("greenhouse/globex"), &json!("disabled")),
            (&json!("greenhouse/acme"), &json!("retired")),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_listed_with_their_matches() {
    let world = scanned().await;
    let table = printed(&world, &["jobs"]);
    let mut titles = column(&table, "title");
    titles.sort_unstable();
    assert_eq!(
        titles,
        ["=Chef, \"head\"", "Engineer", "Rust Engineer [31m"]
    );
    assert!(table.ends_with("\n3 jobs\n"), "{table}");

    let jobs = parsed(
        &world,
        &[
            "jobs",
            "--source",
            "greenhouse/acme",
            "--profile",
            "default",
            "--format",
            "json",
        ],
    );
    assert_eq!(jobs.as_array().unwrap().len(), 1, "{jobs}");
    let job = &jobs[0];
    assert_eq!(
        keys(job),
        [
            "also_in",
            "also_on",
            "apply_url",
            "closed_at",
            "cluster_id",
            "company",
            "company_from",
            "content_hash",
            "decision",
            "department",
            "description",
            "employment_type",
            "expires_at",
            "external_id",
            "extra",
            "facts",
            "first_seen_at",
            "key",
            "language",
            "last_seen_at",
            "locations",
            "matches",
            "posted_at",
            "salary",
            "silence",
            "source",
            "state",
            "title",
            "updated_at",
            "url",
            "workplace"
        ]
    );
    assert_eq!(
        (&job["key"], &job["source"]),
        (&json!("greenhouse/acme/1"), &json!("greenhouse/acme"))
    );
    assert_eq!(
        (&job["locations"], &job["closed_at"]),
        (&json!([{"name": "Berlin"}]), &Value::Null)
    );
    assert_eq!(job["description"], json!("Build things."));
    assert_eq!(job["content_hash"].as_str().unwrap().len(), 64);
    assert!(
        is_time(&job["first_seen_at"]) && is_time(&job["last_seen_at"]),
        "{job}"
    );
    let found = &job["matches"][0];
    assert_eq!(keys(found), ["matched_at", "profile", "reasons"]);
    assert_eq!(found["reasons"][0]["hit"]["field"], json!("title"));
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_filtered_by_words_and_age() {
    let world = scanned().await;
    let titles = |arguments: &[&str]| {
        let all: Vec<&str> = [&["jobs", "--format", "json"], arguments].concat();
        let jobs = parsed(&world, &all);
        jobs.as_array()
            .unwrap()
            .iter()
            .map(|job| job["external_id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(titles(&["--query", "engineer* berlin"]), ["1"]);
    assert_eq!(titles(&["--query", "=rust"]), [""; 0]);
    assert_eq!(
        titles(&["--query", "globex"]),
        ["7"],
        "the source's name stands in for the company"
    );
    assert_eq!(titles(&["--since", "7d"]).len(), 3);
    assert_eq!(titles(&["--since", "0s"]), [""; 0]);
    assert_eq!(printed(&world, &["jobs", "--query", "nothing"]), "0 jobs\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_has_one_line_per_job_and_no_formulas() {
    let world = scanned().await;
    let csv = printed(
        &world,
        &["jobs", "--source", "greenhouse/acme", "--format", "csv"],
    );
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 3, "{csv}");
    assert!(
        lines[0]
            .starts_with("key,source,external_id,title,company,company_from,department,locations,"),
        "{csv}"
    );
    assert!(
        csv.contains("\ngreenhouse/acme/2,greenhouse/acme,2,\"'=Chef, \"\"head\"\"\","),
        "{csv}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_names_are_rejected_as_wrong_usage() {
    let world = scanned().await;
    for (arguments, complaint) in [
        (
            ["jobs", "--profile", "other"],
            "unknown profile `other`; name one of: default",
        ),
        (
            ["jobs", "--source", "greenhouse/nobody"],
            "unknown source `greenhouse/nobody`",
        ),
        (
            ["jobs", "--since", "1mo"],
            "write how long ago, such as `7d`",
        ),
        (["jobs", "--query", "a*b"], "`*`"),
        (
            ["explain", "--job", "greenhouse/acme"],
            "type/identifier/external-id",
        ),
    ] {
        let output = job_scanner(&world, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&output.stderr).contains(complaint),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_match_and_a_miss_are_explained() {
    let world = scanned().await;
    let table = printed(&world, &["explain", "--job", "greenhouse/acme/1"]);
    assert!(table.contains("profile default: matches"), "{table}");
    assert!(table.contains("engineer  (title: Rust Engineer"), "{table}");
    assert!(table.contains("intern  (not found)"), "{table}");

    let miss = parsed(
        &world,
        &[
            "explain",
            "--job",
            "greenhouse/acme/2",
            "--profile",
            "default",
            "--format",
            "json",
        ],
    );
    assert_eq!(
        keys(&miss),
        [
            "company",
            "company_from",
            "content_hash",
            "key",
            "profiles",
            "title",
            "url"
        ]
    );
    let of_default = &miss["profiles"][0];
    assert_eq!(
        (&of_default["matches"], &of_default["tree"]["truth"]),
        (&json!(false), &json!("false"))
    );
    assert_eq!(
        of_default["smallest_change"],
        json!([{"term": "engineer", "needed": true}])
    );

    let output = job_scanner(&world, &["explain", "--job", "greenhouse/acme/99"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("unknown job `greenhouse/acme/99`"),
        "{}",
        text(&output.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_alerts_and_deliveries_show_what_happened() {
    let world = scanned().await;
    assert_eq!(
        column(&printed(&world, &["runs"]), "outcome"),
        ["with errors", "ok"]
    );
    assert_eq!(
        column(&printed(&world, &["runs", "--limit", "1"]), "run"),
        ["2"]
    );
    assert_eq!(
        column(&printed(&world, &["alerts"]), "deliveries"),
        ["mail sent", "mail sent"]
    );
    assert_eq!(column(&printed(&world, &["deliveries"]), "state"), ["sent"]);

    let runs = parsed(&world, &["runs", "--format", "json"]);
    let run = &runs[0];
    let names = [
        "duration_ms",
        "finished_at",
        "had_errors",
        "run_id",
        "sources",
        "started_at",
        "state",
        "totals",
        "trigger",
    ];
    assert_eq!(keys(run), names);
    assert_eq!(
        (&run["state"], &run["totals"]["errors"]),
        (&json!("finished"), &json!(1))
    );
    assert_eq!(
        run["sources"].as_array().unwrap().len(),
        1,
        "what did not change leaves nothing: {run}"
    );
    assert_eq!(run["sources"][0]["error"]["kind"], json!("upstream"));
    assert!(is_time(&run["finished_at"]), "{run}");

    let alerts = parsed(&world, &["alerts", "--format", "json"]);
    let names = [
        "alert_id",
        "changes",
        "cluster_id",
        "company",
        "company_from",
        "content_hash",
        "created_at",
        "deliveries",
        "grouped",
        "job",
        "kind",
        "profile",
        "run_id",
        "skipped",
        "title",
    ];
    assert_eq!(keys(&alerts[0]), names);
    assert_eq!(
        (&alerts[0]["kind"], &alerts[0]["run_id"]),
        (&json!("baseline"), &json!(1))
    );
    assert_eq!(
        alerts[0]["deliveries"],
        json!([{"delivery_id": 1, "channel": "mail", "recipient": "you@localhost", "state": "sent"}])
    );

    let deliveries = parsed(&world, &["deliveries", "--format", "json"]);
    let names = [
        "alerts",
        "attempts",
        "channel",
        "created_at",
        "delivery_id",
        "kind",
        "last_error",
        "message_id",
        "next_attempt_at",
        "recipient",
        "sent_at",
        "state",
    ];
    assert_eq!(keys(&deliveries[0]), names);
    assert_eq!(
        (&deliveries[0]["alerts"], &deliveries[0]["attempts"]),
        (&json!(2), &json!(1))
    );
    assert!(is_time(&deliveries[0]["sent_at"]), "{deliveries}");
}

#[tokio::test(flavor = "multi_thread")]
async fn database_commands_need_only_the_database() {
    let world = scanned().await;
    assert_eq!(
        printed(&world, &["db", "migrate"]),
        "the database is already up to date\n"
    );
    assert_eq!(
        printed(&world, &["db", "vacuum"]),
        "unused space was reclaimed\n"
    );
    assert_eq!(
        printed(&world, &["db", "backup", "copy.db"]),
        "the database was copied to `copy.db`\n"
    );
    let output = job_scanner(&world, &["db", "backup", "copy.db"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("`copy.db` already exists"),
        "{}",
        text(&output.stderr)
    );

    fs::rename(
        world.folder().join("copy.db"),
        world.folder().join("data/job_scanner.db"),
    )
    .unwrap();
    assert!(printed(&world, &["jobs"]).ends_with("\n3 jobs\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_database_is_used_like_the_original() {
    let world = scanned().await;
    let said = printed(&world, &["db", "copy", "sqlite:other/copy.db"]);
    assert!(
        said.ends_with(" tables were copied; to use the copy, set DATABASE_URL to it\n"),
        "{said}"
    );

    let asked = [
        &["jobs"][..],
        &["alerts"],
        &["runs"],
        &["deliveries", "--format", "json"],
    ];
    for command in asked {
        let mut program = world.program();
        let copy = program.env("DATABASE_URL", "sqlite:other/copy.db");
        let from_copy = copy.args(command).output().unwrap();
        assert_eq!(text(&from_copy.stdout), printed(&world, command));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_to_an_unsuitable_database_is_refused_without_its_url() {
    let world = scanned().await;
    printed(&world, &["db", "copy", "sqlite:copy.db"]);

    for (url, exit, says) in [
        (
            "sqlite:copy.db",
            1,
            "is not empty: its table `sources` has rows",
        ),
        (
            "sqlite:data/job_scanner.db",
            2,
            "is that of the database itself",
        ),
        (
            "sqlite:./data/job_scanner.db",
            2,
            "is that of the database itself",
        ),
        ("mysql://jo:marker@db/jobs", 2, "is not the URL of"),
        ("sqlite:marker/", 2, "names a folder; add a file name"),
    ] {
        let output = job_scanner(&world, &["db", "copy", url]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{url}: {said}");
        assert!(
            said.contains(says) && !said.contains("marker"),
            "{url}: {said}"
        );
    }
    assert!(printed(&world, &["jobs"]).ends_with("\n3 jobs\n"));
}

/// Returns true for a time such as `2026-11-23T08:15:00.000Z`.
fn is_time(value: &Value) -> bool {
    let shape: String = value
        .as_str()
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    shape == "0000-00-00T00:00:00.000Z"
}
