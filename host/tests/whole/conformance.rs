//! The conformance kit: first-party adapters pass all rules, and an adapter that breaks a rule
//! fails exactly that rule.

use std::fs;
use std::path::{Path, PathBuf};

use job_scanner_board_server::{Api, Board, job};
use serde_json::Value;

use crate::command_line::{job_scanner, text};
use crate::support::{World, repository};
use crate::wat::{Parts, component};

/// The rules that the adapter breaks, each for the source that has the rule's name as its
/// identifier. Not here: `name`, `required-options` and `recorded-options`, which have separate
/// tests, `built` (`author.rs`), `imports`, since an adapter with other imports does not load
/// (`grants.rs`), `examples`, which is about the manifest alone, and `same-twice`, which this adapter
/// cannot break.
const RULES: [&str; 21] = [
    "hosts",
    "scan",
    "ids",
    "jobs",
    "dates",
    "resumes",
    "unchanged",
    "changed",
    "404",
    "401",
    "403",
    "429",
    "retry-after",
    "500",
    "timeout",
    "empty-body",
    "half-body",
    "page",
    "empty-board",
    "large-board",
    "budgets",
];

async fn world() -> World {
    let world = World::new().await;
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    world
}

/// Returns the failed rules that `adapter check` prints, and its exit code.
fn failed_rules(world: &World, arguments: &[&str]) -> (Vec<String>, Option<i32>) {
    let output = job_scanner(
        world,
        &[&["adapter", "check", "--format", "json"], arguments].concat(),
    );
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)));
    let findings = report["findings"].as_array().unwrap();
    let failed = findings
        .iter()
        .filter(|finding| finding["verdict"] == "failed");
    (
        failed
            .map(|finding| finding["rule"].as_str().unwrap().to_owned())
            .collect(),
        output.status.code(),
    )
}

fn wrong() -> String {
    repository()
        .join("target/test-adapters/wrong.wasm")
        .display()
        .to_string()
}

/// Returns the board of the misbehaving adapter, for the source that breaks this rule.
fn board(world: &World, rule: &str) -> PathBuf {
    let cassette = include_str!("conformance-board/cassette.json")
        .replace("\"honest\"", &format!("\"{rule}\""));
    let folder = world.folder().join(rule);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("cassette.json"), cassette).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn every_first_party_adapter_passes_all_rules() {
    let world = world().await;
    for adapter in fs::read_dir(repository().join("adapters/dist")).unwrap() {
        let path = adapter.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "wasm")
        {
            let (rules, exit) = failed_rules(&world, &[path.to_str().unwrap()]);
            assert_eq!((rules, exit), (vec![], Some(0)), "{}", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_that_breaks_a_rule_fails_exactly_that_rule() {
    let world = world().await;
    let honest = board(&world, "honest");
    assert_eq!(
        failed_rules(&world, &[&wrong(), "--cassette", honest.to_str().unwrap()]),
        (vec![], Some(0))
    );
    for rule in RULES {
        let folder = board(&world, rule);
        let (rules, exit) =
            failed_rules(&world, &[&wrong(), "--cassette", folder.to_str().unwrap()]);
        assert_eq!((rules, exit), (vec![rule.to_owned()], Some(1)), "{rule}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_in_a_renamed_file_fails_the_rule_on_names() {
    let world = world().await;
    let renamed = world.folder().join("right.wasm");
    fs::copy(wrong(), &renamed).unwrap();
    let (rules, exit) = failed_rules(&world, &[renamed.to_str().unwrap()]);
    assert_eq!((rules, exit), (vec!["name".to_owned()], Some(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_implausible_year_fails_the_rule_on_dates() {
    let world = world().await;
    let folder = board(&world, "years");
    let (rules, exit) = failed_rules(&world, &[&wrong(), "--cassette", folder.to_str().unwrap()]);
    assert_eq!((rules, exit), (vec!["dates".to_owned()], Some(1)));
}

/// Rewrites the cassette of [`board`] as if it had been recorded through a server on this machine.
fn through_test_server(folder: &Path) {
    let file = folder.join("cassette.json");
    let cassette = fs::read_to_string(&file).unwrap();
    let cassette = cassette
        .replace(
            r#""request": { "url": "https://board.example"#,
            r#""request": { "url": "http://127.0.0.1:8099/replay"#,
        )
        .replace(
            r#""options": { "team": "kitchen" }"#,
            r#""options": { "team": "kitchen", "base_url": "http://127.0.0.1:8099/replay" },
               "allow_hosts": ["127.0.0.1:8099"]"#,
        );
    assert_eq!(cassette.matches("8099").count(), 4, "{cassette}");
    fs::write(file, cassette).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cassette_of_a_test_server_still_checks_the_own_hosts() {
    let world = world().await;
    for (identifier, failed) in [
        ("honest", vec![]),
        ("own-host", vec!["hosts".to_owned()]),
        ("own-next-host", vec!["hosts".to_owned()]),
    ] {
        let folder = board(&world, identifier);
        through_test_server(&folder);
        let (rules, _) = failed_rules(&world, &[&wrong(), "--cassette", folder.to_str().unwrap()]);
        assert_eq!(rules, failed, "{identifier}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_required_option_that_the_schema_lacks_fails_the_rule() {
    let world = world().await;
    let strange = component(&Parts {
        manifest: r#"{"name": "strange", "version": "1",
            "options": {"required": ["tokens"], "properties": {"token": {"type": "string"}}}}"#,
        ..Parts::default()
    });
    let path = world.put_adapter("strange", &strange);
    assert_eq!(
        failed_rules(&world, &[path.to_str().unwrap()]),
        (vec!["required-options".to_owned()], Some(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_may_rely_on_its_required_options() {
    let world = world().await;
    let strange = component(&Parts {
        manifest: r#"{"name": "strange", "version": "1",
            "options": {"required": ["token"], "properties": {"token": {"type": "string"}}}}"#,
        ..Parts::default()
    });
    let path = world.put_adapter("strange", &strange);
    assert_eq!(
        failed_rules(&world, &[path.to_str().unwrap()]),
        (vec![], Some(0)),
        "it traps whenever it is called, and without a token it is not called"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_options_that_the_schema_refuses_fail_the_rule() {
    let world = world().await;
    let folder = board(&world, "honest");
    let file = folder.join("cassette.json");
    let cassette = fs::read_to_string(&file).unwrap();
    let cassette = cassette.replace(
        r#"{ "team": "kitchen" }"#,
        r#"{ "team": "kitchen", "pages": 0 }"#,
    );
    fs::write(file, cassette).unwrap();
    let (rules, exit) = failed_rules(&world, &[&wrong(), "--cassette", folder.to_str().unwrap()]);
    assert_eq!(
        (rules, exit),
        (vec!["recorded-options".to_owned()], Some(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_is_reported_with_advice_for_the_author() {
    let world = world().await;
    let folder = board(&world, "large-board");
    let arguments = [
        "adapter",
        "check",
        &wrong(),
        "--cassette",
        folder.to_str().unwrap(),
    ];
    let table = text(&job_scanner(&world, &arguments).stdout);
    for words in [
        "the adapter trapped: ",
        "; the last line it logged is `panicked at ",
        "what a large board`; log the cause",
        "in docs/adapters.md has the way",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_without_jobs_fails_with_the_reason() {
    let world = world().await;
    let cassette = board(&world, "trap").join("cassette.json");
    let answers = fs::read_to_string(&cassette)
        .unwrap()
        .replace("\"jobs\": [", "\"positions\": [");
    fs::write(&cassette, answers).unwrap();
    let folder = cassette.parent().unwrap().to_str().unwrap();
    let output = job_scanner(
        &world,
        &[
            "adapter",
            "check",
            "--format",
            "json",
            &wrong(),
            "--cassette",
            folder,
        ],
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let why = |rule: &str| {
        let mut findings = report["findings"].as_array().unwrap().iter();
        findings.find(|finding| finding["rule"] == rule).unwrap()["why"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(
        why("scan").starts_with("no scan finds jobs; the scan of `trap`: unexpected-response: "),
        "{report}"
    );
    assert_eq!(why("404"), "", "a rule that needs no jobs is checked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deferred_text_without_the_export_details_fails_the_rule() {
    let world = world().await;
    let folder = board(&world, "deferred");
    let (rules, exit) = failed_rules(&world, &[&wrong(), "--cassette", folder.to_str().unwrap()]);
    assert_eq!((rules, exit), (vec!["jobs".to_owned()], Some(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cassette_of_another_board_does_not_hide_the_mistake() {
    let world = world().await;
    let other = board(&world, "another-board");
    let cassette = other.join("cassette.json");
    let exchanges = fs::read_to_string(&cassette).unwrap();
    fs::write(
        &cassette,
        exchanges.replace("https://board.example", "https://another.example"),
    )
    .unwrap();
    let own = board(&world, "trap");
    let cassette = own.join("cassette.json");
    let exchanges = fs::read_to_string(&cassette).unwrap();
    fs::write(
        &cassette,
        exchanges.replace("\"jobs\": [", "\"positions\": ["),
    )
    .unwrap();

    for (folders, words) in [
        (
            [&other, &own],
            "no scan finds jobs; the scan of `trap`: unexpected-response: ",
        ),
        (
            [&other, &other],
            "; record the cassette again, or delete it if it is of another board",
        ),
    ] {
        let [first, second] = folders.map(|folder| folder.to_str().unwrap());
        let wrong = wrong();
        let arguments = [
            "adapter",
            "check",
            &wrong,
            "--cassette",
            first,
            "--cassette",
            second,
        ];
        let table = text(&job_scanner(&world, &arguments).stdout);
        assert!(table.contains(words), "{words}: {table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_closed_before_its_details_breaks_no_rule() {
    let world = world().await;
    world
        .boards
        .set_board("Careers", Board::new((1..=25).map(job)));
    let (base_url, host) = (
        format!("base_url={}", world.boards.api_url(Api::Workday)),
        world.boards.address().to_string(),
    );
    let cassette = world.folder().join("workday");
    let recorded = [
        "adapter",
        "test",
        "workday",
        "--record",
        "--cassette",
        cassette.to_str().unwrap(),
    ];
    let source = [
        "--identifier",
        "acme.wd5/Careers",
        "--option",
        &base_url,
        "--allow-host",
        &host,
    ];
    assert!(
        job_scanner(&world, &[recorded, source].concat())
            .status
            .success()
    );

    let file = cassette.join("cassette.json");
    let mut tape: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let last = tape["exchanges"]
        .as_array_mut()
        .unwrap()
        .last_mut()
        .unwrap();
    assert_ne!(last["request"]["method"], "POST", "a request for details");
    last["response"] = serde_json::json!({"status": 404});
    fs::write(&file, tape.to_string()).unwrap();
    assert_eq!(
        failed_rules(
            &world,
            &["workday", "--cassette", cassette.to_str().unwrap()]
        ),
        (vec![], Some(0))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_on_failures_are_checked_without_a_cassette() {
    let world = world().await;
    let output = job_scanner(&world, &["adapter", "check", &wrong()]);
    let words = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{words}");
    for line in [
        "\n404               passed",
        "\nsame-twice        skipped",
        "add a cassette",
    ] {
        assert!(words.contains(line), "{line}: {words}");
    }
}
