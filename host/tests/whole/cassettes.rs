//! Scans from cassettes: those of the first-party adapters, a new recording, and those of failed
//! scans.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use job_scanner_board_server::{Api, Board, Failure, job};
use job_scanner_core::run::ScanOutcome;
use serde_json::Value;

use crate::command_line::{job_scanner, text};
use crate::support::{World, compiled, failure, hostile_with, repository, source};

/// Runs the program without a network, if this machine can do that. A replay does not use the
/// network in either case.
fn without_network(world: &World, arguments: &[&str]) -> Output {
    const UNSHARED: [&str; 2] = ["--map-root-user", "--net"];
    let can = Command::new("unshare")
        .args(UNSHARED)
        .arg("true")
        .output()
        .is_ok_and(|tried| tried.status.success());
    if !can {
        eprintln!(
            "skipped: taking the network away, which `unshare --map-root-user --net` cannot do here"
        );
        return job_scanner(world, arguments);
    }
    let program = Command::new("unshare")
        .args(UNSHARED)
        .arg(env!("CARGO_BIN_EXE_job-scanner"))
        .args(arguments)
        .current_dir(world.folder())
        .env("XDG_CACHE_HOME", compiled())
        .output();
    program.unwrap()
}

fn replay(world: &World, adapter: &str, cassette: &Path) -> Output {
    without_network(
        world,
        &[
            "adapter",
            "test",
            adapter,
            "--cassette",
            cassette.to_str().unwrap(),
            "--format",
            "json",
        ],
    )
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
}

/// Returns a world whose configuration names the adapters' folder, the only key that a replay
/// reads.
async fn world() -> World {
    let world = World::new().await;
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    world
}

fn first_party() -> Vec<(String, PathBuf)> {
    let mut cassettes = Vec::new();
    for adapter in fs::read_dir(repository().join("adapters")).unwrap() {
        let adapter = adapter.unwrap();
        let Ok(folders) = fs::read_dir(adapter.path().join("cassettes")) else {
            continue;
        };
        let name = adapter.file_name().into_string().unwrap();
        cassettes.extend(folders.map(|folder| (name.clone(), folder.unwrap().path())));
    }
    cassettes.sort();
    cassettes
}

#[tokio::test(flavor = "multi_thread")]
async fn first_party_cassettes_replay_identically_and_match_their_snapshots() {
    let world = world().await;
    let cassettes = first_party();
    assert!(cassettes.len() >= 6, "{cassettes:?}");
    for (adapter, cassette) in cassettes {
        let once = replay(&world, &adapter, &cassette);
        let again = replay(&world, &adapter, &cassette);
        assert_eq!(
            text(&once.stdout),
            text(&again.stdout),
            "{}",
            cassette.display()
        );
        let mut report = json(&once);
        assert_eq!(
            (&report["missing"], &report["unused"]),
            (&Value::Array(vec![]), &Value::Array(vec![]))
        );
        let is_good = report["outcome"] == "complete" || report["outcome"] == "window";
        assert_eq!(once.status.success(), is_good, "{report:#}");
        // The memory that an adapter takes depends on its build.
        report.as_object_mut().unwrap().remove("budget").unwrap();
        let name = format!(
            "{adapter}-{}",
            cassette.file_name().unwrap().to_str().unwrap()
        );
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&report).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_replays_without_its_board() {
    let mut world = world().await;
    world
        .boards
        .set_board("acme", Board::new((1..=100).map(job)));
    let (folder, wasm) = (
        world.folder().join("new"),
        world.folder().join("adapters/lever.wasm"),
    );
    let (folder, wasm) = (folder.to_str().unwrap(), wasm.to_str().unwrap());
    let base_url = format!("base_url={}", world.boards.api_url(Api::Lever));
    let host = world.boards.address().to_string();
    let test = [
        "adapter",
        "test",
        wasm,
        "--cassette",
        folder,
        "--format",
        "json",
    ];
    let source = [
        "--record",
        "--identifier",
        "acme",
        "--option",
        &base_url,
        "--allow-host",
        &host,
    ];

    let recorded = job_scanner(&world, &[&test[..], &source].concat());
    assert!(recorded.status.success(), "{}", text(&recorded.stderr));
    assert!(
        text(&recorded.stderr).contains("recorded 2 requests"),
        "{}",
        text(&recorded.stderr)
    );
    assert_eq!(json(&recorded)["jobs"].as_array().unwrap().len(), 100);
    // A new recording takes the source from the earlier one, except for the hosts.
    let again = job_scanner(
        &world,
        &[&test[..], &["--record", "--allow-host", &host]].concat(),
    );
    assert_eq!(json(&again), json(&recorded), "{}", text(&again.stderr));

    world.boards = job_scanner_board_server::BoardServer::start()
        .await
        .unwrap();
    let replayed = job_scanner(&world, &test);
    assert_eq!(
        text(&replayed.stdout),
        text(&recorded.stdout),
        "{}",
        text(&replayed.stderr)
    );
}

/// Writes a cassette from a third party that names this host and these options.
fn third_party_cassette(world: &World, host: &str, options: &Value) -> PathBuf {
    let folder = world.folder().join("strangers");
    fs::create_dir(&folder).unwrap();
    let source =
        serde_json::json!({"identifier": "acme", "allow_hosts": [host], "options": options});
    let keys = serde_json::json!({"format": 1, "source": source, "now": "2026-11-23T08:15:00Z", "exchanges": []});
    fs::write(folder.join("cassette.json"), keys.to_string()).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_contacts_no_host_that_only_the_cassette_lists() {
    let world = world().await;
    world.boards.set_board("acme", Board::new([job(1)]));
    let host = world.boards.address().to_string();
    let base_url = world.boards.api_url(Api::Greenhouse);
    let cassette = third_party_cassette(&world, &host, &serde_json::json!({"base_url": base_url}));
    let before = fs::read(cassette.join("cassette.json")).unwrap();
    let record = [
        "adapter",
        "test",
        "greenhouse",
        "--record",
        "--cassette",
        cassette.to_str().unwrap(),
    ];
    for flags in [&[][..], &["--allow-host", "other.example"]] {
        let refused = job_scanner(&world, &[&record[..], flags].concat());
        let stderr = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{stderr}");
        assert!(
            stderr.contains(&format!("`--allow-host {host}`")),
            "{stderr}"
        );
    }
    assert!(world.boards.requests().is_empty());
    assert_eq!(fs::read(cassette.join("cassette.json")).unwrap(), before);
    let recorded = job_scanner(&world, &[&record[..], &["--allow-host", &host]].concat());
    assert_eq!(
        recorded.status.code(),
        Some(0),
        "{}",
        text(&recorded.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_reads_no_secret_that_only_the_cassette_names() {
    const KEY: &str = "marker-of-a-key";
    let manifest = r#"{"name": "hostile", "version": "1", "hosts": [{"pattern": "board.example"}],
        "options": {"properties": {"key": {"type": "string", "x-secret": true, "x-secret-hosts": ["board.example"]}}}}"#;
    let world = world().await;
    world
        .accept(&world.put_adapter("hostile", &hostile_with(manifest)))
        .await;
    world.boards.set_board("acme", Board::new([job(1)]));
    let url = format!(
        "{}/v1/boards/acme/jobs",
        world.boards.api_url(Api::Greenhouse)
    );
    let host = world.boards.address().to_string();
    fs::write(world.folder().join("key"), KEY).unwrap();
    for place in ["env:BOARD_KEY", "file:key", "{{secret:key}}"] {
        let header = ["X-Key", "{{secret:key}}"];
        let options =
            serde_json::json!({"mode": "fetch-whole", "url": url, "header": header, "key": place});
        let cassette = third_party_cassette(&world, &host, &options);
        let record = |flags: &[&str]| {
            let mut program = world.program();
            program.env("BOARD_KEY", KEY).args([
                "adapter",
                "test",
                "hostile",
                "--record",
                "--allow-host",
                &host,
            ]);
            program
                .arg("--cassette")
                .arg(&cassette)
                .args(flags)
                .output()
                .unwrap()
        };
        let refused = record(&[]);
        let stderr = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{place}: {stderr}");
        assert!(
            stderr.contains("`--option key=env:NAME`") && !stderr.contains(KEY),
            "{place}: {stderr}"
        );
        assert!(world.boards.requests().is_empty(), "{place}");

        record(&["--option", "key=env:BOARD_KEY"]);
        let sent = world.boards.requests();
        world.boards.clear_requests();
        assert_eq!(
            sent[0].header("x-key"),
            Some(KEY),
            "{place}: what was said is used"
        );
        assert!(
            !fs::read_to_string(cassette.join("cassette.json"))
                .unwrap()
                .contains(KEY)
        );
        fs::remove_dir_all(cassette).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_refuses_options_that_a_scan_would_refuse() {
    let world = world().await;
    let arguments =
        "adapter test lever --cassette new --record --identifier acme --option regoin=eu";
    let output = job_scanner(&world, &arguments.split(' ').collect::<Vec<_>>());
    assert_eq!(
        text(&output.stderr),
        "error: option `regoin`: is not an option of this adapter; remove it, or write one of `base_url`, `region`\n"
    );
    assert!(!output.status.success() && !world.folder().join("new").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_includes_details_that_the_listing_omits() {
    let world = world().await;
    world.boards.set_board(
        "acme",
        Board::new((1..=60).map(|id| job(id).content_html(format!("<p>Text {id}</p>")))),
    );
    world.boards.fail("acme/2", Failure::status(404));
    world.boards.fail("acme/3", Failure::status(500));
    let base_url = format!("base_url={}", world.boards.api_url(Api::Greenhouse));
    let host = world.boards.address().to_string();
    let cassette = world.folder().join("cassette");
    let test = [
        "adapter",
        "test",
        "deferred",
        "--format",
        "json",
        "--cassette",
        cassette.to_str().unwrap(),
    ];
    let source = [
        "--record",
        "--identifier",
        "acme",
        "--option",
        &base_url,
        "--allow-host",
        &host,
    ];

    let recorded = json(&job_scanner(&world, &[&test[..], &source].concat()));
    let jobs = recorded["jobs"].as_array().unwrap();
    assert_eq!(
        (jobs.len(), &jobs[0]["description"]["html"]),
        (59, &"<p>Text 1</p>".into())
    );
    assert_eq!(
        jobs[1]["description"]["deferred"], "3",
        "one that failed is as it is listed"
    );
    assert!(
        recorded["warnings"][0]
            .as_str()
            .unwrap()
            .starts_with("no details of job `3`: "),
        "{recorded}"
    );
    assert_eq!(json(&replay(&world, "deferred", &cassette)), recorded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_response_is_reported_with_the_recorded_ones() {
    let world = world().await;
    let cassette = world.folder().join("edited");
    let original = repository().join("adapters/greenhouse/cassettes/no-such-board/cassette.json");
    fs::create_dir(&cassette).unwrap();
    let edited = fs::read_to_string(original)
        .unwrap()
        .replace("\"nobody\"", "\"somebody\"");
    fs::write(cassette.join("cassette.json"), edited).unwrap();

    let output = replay(&world, "greenhouse", &cassette);
    assert_eq!(output.status.code(), Some(1));
    let stderr = text(&output.stderr);
    let missing = "the cassette has no response to\n  GET https://boards-api.greenhouse.io/v1/boards/somebody/jobs?";
    let recorded =
        "it has responses to\n  GET https://boards-api.greenhouse.io/v1/boards/nobody/jobs?";
    assert!(
        stderr.contains(missing) && stderr.contains(recorded),
        "{stderr}"
    );
    let report = json(&output);
    assert_eq!(
        (
            report["missing"].as_array().unwrap().len(),
            report["unused"].as_array().unwrap().len()
        ),
        (1, 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanges_of_the_last_failed_scans_replay_the_failure() {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    let config =
        world.config(&[world.greenhouse("acme")]) + "advanced: {keep_failed_exchanges: 2}\n";
    let folder = world.folder().join("data/failed-exchanges");

    let good = world.run(&config).await;
    assert_eq!(
        source(&good, "greenhouse/acme").outcome,
        ScanOutcome::Complete
    );
    assert!(!folder.exists(), "a scan that succeeds leaves nothing");

    let mut seen = Vec::new();
    for odd in [
        Failure::status(500),
        Failure::Html,
        Failure::Body("{\"jobs\": \"none\"}".to_owned()),
    ] {
        world.boards.fail("acme", odd);
        let result = world.run(&config).await;
        let kept = source(&result, "greenhouse/acme")
            .exchanges
            .clone()
            .unwrap();
        let output = replay(&world, "greenhouse", &kept);
        assert_eq!(
            json(&output)["error"]["kind"],
            failure(&result, "greenhouse/acme"),
            "{}",
            text(&output.stderr)
        );
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (mode(&kept), mode(&kept.join("cassette.json"))),
            (0o700, 0o600)
        );
        seen.push(kept);
    }
    let exist: Vec<bool> = seen.iter().map(|kept| kept.exists()).collect();
    assert_eq!(exist, [false, true, true]);

    world
        .run(&config.replace("keep_failed_exchanges: 2", "keep_failed_exchanges: 0"))
        .await;
    assert!(
        seen.iter().all(|kept| !kept.exists()),
        "what is not wanted any more is removed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_the_folder_of_failed_exchanges() {
    let world = World::new().await;
    world.boards.fail("acme", Failure::status(500));
    world.write_config(
        &(world.config(&[world.greenhouse("acme")]) + "advanced: {keep_failed_exchanges: 1}\n"),
    );
    let stderr = text(&job_scanner(&world, &["scan"]).stderr);
    let line = stderr
        .lines()
        .find(|line| line.contains("source.failed"))
        .unwrap_or_default();
    assert!(
        line.contains("its requests and responses are in `")
            && line.contains("failed-exchanges/greenhouse-acme-"),
        "{stderr}"
    );
}
