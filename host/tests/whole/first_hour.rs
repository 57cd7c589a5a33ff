//! The mistakes of a person who has just installed the program: each is reported once, with what to
//! write or to run instead.

use std::fs;

use job_scanner_board_server::{Board, Failure, job};
use job_scanner_core::run::ScanOutcome;
use serde_json::Value;

use crate::command_line::{job_scanner, text};
use crate::process::run_in_terminal;
use crate::support::{World, source};

/// Returns the details of the failed checks, each after its name, with this exit code.
fn failed_checks(world: &World, code: i32) -> Vec<String> {
    let output = job_scanner(world, &["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checks = report["checks"].as_array().unwrap().iter();
    checks
        .filter(|check| check["status"] == "error")
        .map(|check| {
            let (what, detail) = (&check["what"], &check["detail"]);
            format!("{}: {}", what.as_str().unwrap(), detail.as_str().unwrap())
        })
        .collect()
}

/// Writes a configuration with these sources, which are not boards of the world.
fn write_sources(world: &World, sources: &[&str]) {
    let sources: Vec<String> = sources
        .iter()
        .map(|source| format!("{{{source}}}"))
        .collect();
    world.write_config(&world.config(&sources));
}

const FIVE_SOURCES: [&str; 5] = [
    "type: lever, identifier: a",
    "type: lever, identifier: b",
    "type: gem, identifier: a",
    "type: gem, identifier: b",
    "type: ashby, identifier: a",
];

#[tokio::test(flavor = "multi_thread")]
async fn without_any_adapter_check_says_once_how_to_get_them() {
    let world = World::new().await;
    fs::remove_dir_all(world.folder().join("adapters")).unwrap();
    write_sources(&world, &FIVE_SOURCES);
    let failed = failed_checks(&world, 2);
    let [only] = failed.as_slice() else {
        panic!("{failed:#?}")
    };
    for words in [
        "adapters.dir: no adapters are installed, so 5 sources cannot be scanned",
        "adapters` (does not exist)",
        "`./just build-adapters`",
    ] {
        assert!(only.contains(words), "{words}: {only}");
    }

    let scan = text(&job_scanner(&world, &["scan", "--log-level", "error"]).stderr);
    assert_eq!(scan.lines().count(), 1, "{scan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn adapters_that_were_not_accepted_are_one_check_with_one_command() {
    let world = World::new().await;
    fs::remove_file(world.folder().join("adapters/adapters.lock")).unwrap();
    write_sources(&world, &FIVE_SOURCES);
    assert_eq!(
        failed_checks(&world, 1),
        [
            "adapters: 3 adapters have not been accepted yet, so 5 sources would fail; review their requests and accept \
             them: `job-scanner adapter accept ashby gem lever`"
        ]
    );

    fs::write(world.folder().join("adapters/adapters.lock"), "{").unwrap();
    let failed = failed_checks(&world, 1);
    let [only] = failed.as_slice() else {
        panic!("{failed:#?}")
    };
    assert!(only.ends_with("(5 sources of ashby, gem, lever)"), "{only}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_type_is_reported_once_with_the_type_that_was_meant() {
    let world = World::new().await;
    fs::remove_file(world.folder().join("adapters/personio.wasm")).unwrap();
    write_sources(
        &world,
        &[
            "type: levr, identifier: a",
            "type: smart-recruiters, identifier: a",
            "type: taleo, identifier: a",
            "type: taleo, identifier: b",
            "type: personio, identifier: a",
            "type: gem, identifier: a, adapter: none.wasm",
            "type: gem, identifier: b, adapter: none.wasm",
        ],
    );
    let failed = failed_checks(&world, 2);
    let expected = [
        "sources[0].type: no adapter `levr` is installed; did you mean `lever`?",
        "sources[1].type: no adapter `smart-recruiters` is installed; did you mean `smartrecruiters`?",
        "sources[2].type: no adapter `taleo` is installed (2 sources); write one of ",
        "sources[4].type: no adapter `personio` is installed; build it with `./just build-adapters personio`",
        "sources[5].adapter: the adapter file",
    ];
    assert_eq!(failed.len(), expected.len(), "{failed:#?}");
    for (found, expected) in failed.iter().zip(expected) {
        assert!(found.contains(expected), "{found}");
    }
    assert!(failed[2].contains(" ashby, ") && failed[2].contains("put `taleo.wasm` into `"));
    assert!(failed[4].contains("does not exist (2 sources); correct the path"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_instead_of_a_name_is_found_without_a_request() {
    let world = World::new().await;
    let base_url = world.boards.base_url();
    write_sources(
        &world,
        &[
            "type: greenhouse, identifier: \"https://boards.greenhouse.io/initech\"",
            "type: workday, identifier: initech.wd3",
            "type: ashby, identifier: jobs.lever.co/initech",
            &format!("type: lever, identifier: initech, options: {{base_url: \"{base_url}\"}}"),
            "type: feed, identifier: \"https://127.0.0.1:9/feed\"",
            "type: feed, identifier: \"https://jobs.initech.example/feed\"",
            "type: workday, identifier: initech.wd3/Jobs",
        ],
    );
    let failed = failed_checks(&world, 2);
    let address = world.boards.address();
    let expected = [
        "sources[0].identifier: is the address of a board, not its name; write `identifier: initech`".to_owned(),
        "sources[1].identifier: has no site; write the tenant and the site, as in `identifier: initech.wd3/Careers`"
            .to_owned(),
        "sources[2].identifier: is the address of a board of type `lever`; write `type: lever`, `identifier: initech`"
            .to_owned(),
        format!("sources[3].options.base_url: `{address}` is not allowed; add `allow_hosts: [\"{address}\"]` to the source"),
        "sources[4].identifier: `127.0.0.1:9` is not allowed; add `allow_hosts: [\"127.0.0.1:9\"]`".to_owned(),
    ];
    assert_eq!(failed.len(), expected.len(), "{failed:#?}");
    for (found, expected) in failed.iter().zip(expected) {
        assert!(found.contains(&expected), "{expected}: {found}");
    }
    assert!(world.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_host_is_named_where_the_failed_scan_is_shown() {
    let world = World::with_a_job().await;
    let (base_url, address) = (world.boards.base_url(), world.boards.address());
    write_sources(
        &world,
        &[&format!(
            "type: greenhouse, identifier: acme, options: {{base_url: \"{base_url}\"}}"
        )],
    );
    let line = format!("add `allow_hosts: [\"{address}\"]` to the source");
    let scan = job_scanner(&world, &["scan"]);
    assert_eq!(scan.status.code(), Some(1));
    assert!(text(&scan.stdout).contains(&line), "{}", text(&scan.stdout));
    let sources = text(&job_scanner(&world, &["sources"]).stdout);
    assert!(sources.contains(&line), "{sources}");
    assert!(
        sources.contains("add it to the source as the message says"),
        "{sources}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_that_looks_like_several_is_a_warning_of_check() {
    let world = World::new().await;
    let adapters = "adapters: {dir: adapters}";
    world.write_config(&format!(
        "sources: [{}]\nsearch_criteria: {{required_terms: ['rust OR go', '\"Berlin, Germany\"']}}\n{adapters}\n",
        world.greenhouse("acme")
    ));
    let output = job_scanner(&world, &["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checks = report["checks"].as_array().unwrap().iter();
    let warnings: Vec<&str> = checks
        .filter(|check| check["what"] == "profile" && check["status"] == "warning")
        .map(|check| check["detail"].as_str().unwrap())
        .collect();
    let [only] = warnings.as_slice() else {
        panic!("{warnings:#?}")
    };
    let expected = "default: `rust OR go` is searched as one phrase; write `keyword_groups: [[\"rust\", \"go\"]]`, or a \
                    profile with a `query`, if any of them is meant";
    assert!(only.starts_with(expected), "{only}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_in_a_terminal_is_quiet_until_its_result() {
    let world = World::with_a_job().await;
    let gone = world.greenhouse("gone");
    world.write_config(&world.config(&[world.greenhouse("acme"), gone]));
    let shown = |arguments: &[&str]| {
        let mut program = world.program();
        program.args(arguments);
        run_in_terminal(&program)
    };

    let scan = shown(&["scan"]);
    assert_eq!(scan.code, Some(1), "{}", scan.terminal);
    assert!(scan.result.contains("\nfailed: greenhouse/gone: "));
    let (terminal, lines) = (&scan.terminal, scan.terminal.lines());
    for logged in ["level=", "event=", "greenhouse/gone"] {
        assert!(!terminal.contains(logged), "{logged}: {terminal}");
    }
    let warnings: Vec<&str> = lines.filter(|line| line.contains("warning: ")).collect();
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    assert!(warnings[0].contains("ALERT_TO_EMAIL"), "{warnings:#?}");

    for command in ["check", "jobs", "sources", "runs"] {
        let quiet = shown(&[command]);
        assert_eq!(quiet.terminal, "", "{command}");
        assert!(!quiet.result.is_empty(), "{command}");
    }

    let asked = shown(&["scan", "--log-level", "info"]);
    assert!(
        asked.terminal.contains("event=source.failed"),
        "{}",
        asked.terminal
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_found_by_phrases_and_left_out_by_excluded_words() {
    let world = World::new().await;
    let titles = [
        "Machine Learning Engineer, Rust",
        "Learning Engineer for Machine Tools, Rust",
        "Machine Learning Engineer, Rust, Intern",
    ];
    let jobs = (1..).zip(titles).map(|(id, title)| job(id).title(title));
    world.boards.set_board("acme", Board::new(jobs));
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    assert_eq!(job_scanner(&world, &["scan"]).status.code(), Some(0));

    let found = |query: &str| {
        let output = job_scanner(&world, &["jobs", "--query", query, "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let jobs: Value = serde_json::from_slice(&output.stdout).unwrap();
        let jobs = jobs.as_array().unwrap().iter();
        let mut keys: Vec<String> = jobs
            .map(|job| job["key"].as_str().unwrap().replace("greenhouse/acme/", ""))
            .collect();
        keys.sort_unstable();
        keys.join(" ")
    };
    assert_eq!(found("machine learning rust"), "1 2 3");
    assert_eq!(found("\"machine learning\" rust"), "1 3");
    assert_eq!(found("\"machine learning\" -intern"), "1");

    for (query, correction) in [
        ("rust \"machine learning", "this quote is never closed"),
        ("-\"machine learning\"", "write what you look for as well"),
        ("rust AND", "expected a term here"),
    ] {
        let broken = job_scanner(&world, &["jobs", "--query", query]);
        assert_eq!(broken.status.code(), Some(2), "{query}");
        let message = text(&broken.stderr);
        assert!(message.contains(correction), "{query}: {message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_partial_listing_is_not_an_error_and_closes_nothing() {
    let world = World::new().await;
    let jobs = |count| Board::new((1..=count).map(|id| job(id).title("Rust Engineer")));
    world.boards.set_board("acme", jobs(3));
    let strict = world.config(&[world.greenhouse("acme")]);
    world.run(&strict).await;
    world.boards.set_board("acme", jobs(1));
    world.boards.fail("acme", Failure::WrongTotal(9));
    assert!(world.run(&strict).await.had_errors);

    let accepting = world.config(&[world.greenhouse_with("acme", ", accept_partial: true")]);
    for _ in 0..3 {
        let result = world.run(&accepting).await;
        let stats = source(&result, "greenhouse/acme");
        assert_eq!(
            (stats.outcome, stats.counts.errors, stats.counts.closed),
            (ScanOutcome::Partial, 0, 0)
        );
        assert!(!result.had_errors && stats.warnings.is_empty());
    }
    let open = "SELECT COUNT(*) FROM jobs WHERE closed_at IS NULL";
    assert_eq!(world.number(open).await, 3);

    for arguments in [&["scan"][..], &["scan", "--dry-run"]] {
        let scan = job_scanner(&world, arguments);
        let stdout = text(&scan.stdout);
        assert_eq!(scan.status.code(), Some(0), "{stdout}");
        assert!(
            stdout.contains("note: greenhouse/acme: the board says it has 9 jobs, but listed 1"),
            "{stdout}"
        );
        let stderr = text(&scan.stderr);
        assert!(
            !stderr.contains("level=warn target=job_scanner_pipeline"),
            "{stderr}"
        );
    }
    let sources = job_scanner(&world, &["sources", "--format", "json"]);
    let sources: Value = serde_json::from_slice(&sources.stdout).unwrap();
    assert_eq!(sources[0]["state"], "ok");

    // All other failures stay errors.
    world.boards.fail("acme", Failure::status(500));
    assert_eq!(job_scanner(&world, &["scan"]).status.code(), Some(1));
}
