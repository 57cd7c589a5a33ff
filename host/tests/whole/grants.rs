//! An adapter may do only what the operator accepted: this exact file, with these hosts. The tests
//! use components that request what a test needs.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use job_scanner_board_server::{Board, Failure, job};
use job_scanner_core::run::{ScanOutcome, Trigger};
use job_scanner_pipeline::{PipelineRunResult, RunRequest};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::command_line::{job_scanner, keys, text};
use crate::support::{World, failure, hostile_with, source};

/// Returns a manifest with these hosts, and options of any kind.
fn manifest(version: &str, hosts: &str) -> String {
    format!(
        r#"{{"name": "mine", "version": "{version}", "hosts": [{hosts}], "options": {{"type": "object"}}}}"#
    )
}

/// Returns a world with a source of the adapter `mine`, which is honest, and a source of another
/// adapter, which must not be affected.
async fn world_with(adapter: &[u8]) -> (World, String) {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    world.put_adapter("mine", adapter);
    let mine = "{type: mine, identifier: any, options: {mode: ok, jobs: 1}}".to_owned();
    let config = world.config(&[mine, world.greenhouse("acme")]);
    world.write_config(&config);
    (world, config)
}

/// Returns the error of the source of `mine`, after checking that the other source was scanned.
fn message(result: &PipelineRunResult) -> &str {
    assert_eq!(failure(result, "greenhouse/acme"), "");
    assert_eq!(failure(result, "mine/any"), "not-accepted", "{result:#?}");
    &source(result, "mine/any").error.as_ref().unwrap().message
}

/// Runs the command that a message names in a shell, with a further argument.
fn follow(world: &World, message: &str, more: &str) -> Output {
    let command = message
        .split('`')
        .find(|part| part.starts_with("job-scanner "))
        .unwrap();
    let command = command.replacen("job-scanner", env!("CARGO_BIN_EXE_job-scanner"), 1);
    Command::new("/bin/sh")
        .args(["-c", &format!("{command} {more}")])
        .current_dir(world.folder())
        .env_clear()
        .env("XDG_CACHE_HOME", crate::support::compiled())
        .output()
        .unwrap()
}

fn lock_file(world: &World) -> String {
    fs::read_to_string(world.folder().join("adapters/adapters.lock")).unwrap()
}

/// Returns the standing and the detail that `adapter list` shows for an adapter.
fn standing(world: &World, name: &str) -> (String, String) {
    let output = job_scanner(world, &["adapter", "list", "--format", "json"]);
    let adapters: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let found = adapters
        .iter()
        .find(|adapter| adapter["name"] == name)
        .unwrap();
    let value = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    (value("status"), value("detail"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_that_was_not_accepted_fails_with_the_command_to_run() {
    let adapter = hostile_with(&manifest(
        "1.0.0",
        r#"{"pattern": "api.board.example", "reason": "the board"}"#,
    ));
    let (world, config) = world_with(&adapter).await;
    let result = world.run(&config).await;
    assert!(
        message(&result).starts_with("the adapter `"),
        "{}",
        message(&result)
    );
    assert_eq!(standing(&world, "mine").0, "not-accepted");

    let before = lock_file(&world);
    let refused = follow(&world, message(&result), "");
    assert_eq!(
        refused.status.code(),
        Some(2),
        "it cannot ask for confirmation without a terminal"
    );
    assert!(
        text(&refused.stdout).contains("api.board.example"),
        "{}",
        text(&refused.stdout)
    );
    assert!(
        text(&refused.stderr).contains("add `--yes`"),
        "{}",
        text(&refused.stderr)
    );
    assert_eq!(lock_file(&world), before, "nothing was written");

    let accepted = follow(&world, message(&result), "--yes");
    assert_eq!(
        accepted.status.code(),
        Some(0),
        "{}",
        text(&accepted.stderr)
    );
    let result = world.run(&config).await;
    assert_eq!(
        source(&result, "mine/any").outcome,
        ScanOutcome::Complete,
        "{result:#?}"
    );
    assert_eq!(
        standing(&world, "mine"),
        ("accepted".to_owned(), String::new())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_process_uses_an_adapter_once_it_is_accepted() {
    use job_scanner_core::run::Trigger;
    use job_scanner_pipeline::RunRequest;
    use tokio_util::sync::CancellationToken;

    let (world, config) = world_with(&hostile_with(&manifest("1.0.0", ""))).await;
    let pipeline = world.pipeline(&config).await;
    let request = RunRequest {
        trigger: Trigger::Manual,
        only: None,
    };
    let run = async || {
        pipeline
            .run_once(&request, &CancellationToken::new())
            .await
            .unwrap()
    };
    assert_eq!(failure(&run().await, "mine/any"), "not-accepted");
    world
        .accept(&world.folder().join("adapters/mine.wasm"))
        .await;
    assert_eq!(
        source(&run().await, "mine/any").outcome,
        ScanOutcome::Complete
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_file_is_refused_until_it_is_accepted_again() {
    let (world, config) = world_with(&hostile_with(&manifest("1.0.0", ""))).await;
    world
        .accept(&world.folder().join("adapters/mine.wasm"))
        .await;
    assert_eq!(
        source(&world.run(&config).await, "mine/any").outcome,
        ScanOutcome::Complete
    );

    world.put_adapter("mine", &hostile_with(&manifest("1.0.1", "")));
    let result = world.run(&config).await;
    assert!(
        message(&result).contains("changed since it was accepted"),
        "{}",
        message(&result)
    );
    let (stands, detail) = standing(&world, "mine");
    assert_eq!(
        (stands.as_str(), detail.as_str()),
        (
            "changed",
            "the file differs from the accepted one; it requests nothing more"
        )
    );
    assert_eq!(
        follow(&world, message(&result), "--yes").status.code(),
        Some(0)
    );
    assert_eq!(
        source(&world.run(&config).await, "mine/any").outcome,
        ScanOutcome::Complete
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_replaced_while_in_use_has_no_effect_until_restart() {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    world.boards.fail("acme", Failure::Hang);
    let config = world.config(&[world.greenhouse("acme")]);
    let pipeline = world.pipeline(&config).await;
    let (request, stop) = (
        RunRequest {
            trigger: Trigger::Manual,
            only: None,
        },
        CancellationToken::new(),
    );
    let replace = async {
        world.boards.wait_for_requests(1).await;
        world.put_adapter("greenhouse", &hostile_with(&manifest("1.0.0", "")));
        world.boards.heal("acme");
    };
    let (first, ()) = tokio::join!(pipeline.run_once(&request, &stop), replace);
    let outcome = |result: &PipelineRunResult| source(result, "greenhouse/acme").outcome;
    assert_eq!(outcome(&first.unwrap()), ScanOutcome::Complete);
    assert_eq!(
        outcome(&pipeline.run_once(&request, &stop).await.unwrap()),
        ScanOutcome::NotModified
    );

    let next_start = world.run(&config).await;
    assert_eq!(failure(&next_start, "greenhouse/acme"), "not-accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_that_requests_more_is_refused_until_accepted_again() {
    let host = r#"{"pattern": "api.board.example"}"#;
    let (world, config) = world_with(&hostile_with(&manifest("1.0.0", host))).await;
    world
        .accept(&world.folder().join("adapters/mine.wasm"))
        .await;

    let more = r#"{"pattern": "api.board.example", "methods": ["GET", "POST"]}, {"pattern": "evil.example"}"#;
    world.put_adapter("mine", &hostile_with(&manifest("1.0.1", more)));
    let result = world.run(&config).await;
    assert!(message(&result).contains("changed since it was accepted"));
    let (stands, detail) = standing(&world, "mine");
    assert_eq!(
        (stands.as_str(), detail.as_str()),
        (
            "changed",
            "the file differs from the accepted one; it also requests api.board.example, evil.example"
        ),
        "a scan refuses the file for the same reason"
    );
    let accepted = follow(&world, message(&result), "--yes");
    let shown = text(&accepted.stdout);
    assert!(
        shown.contains("POST (!)") && shown.contains("(!) can change data"),
        "{shown}"
    );
    let line = shown
        .lines()
        .find(|line| line.contains("evil.example"))
        .unwrap();
    assert!(line.contains("new"), "{shown}");
    assert_eq!(
        source(&world.run(&config).await, "mine/any").outcome,
        ScanOutcome::Complete
    );

    // The file is the same, but one of its hosts was removed from the lock file.
    let narrowed = lock_file(&world).replace("evil.example", "good.example");
    fs::write(world.folder().join("adapters/adapters.lock"), narrowed).unwrap();
    let result = world.run(&config).await;
    assert!(
        message(&result).contains("requests more than it was granted"),
        "{}",
        message(&result)
    );
    let (stands, detail) = standing(&world, "mine");
    assert_eq!(
        (stands.as_str(), detail.as_str()),
        ("asks-for-more", "it also requests evil.example")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_lock_file_is_reported_with_its_line_and_grants_nothing() {
    let (world, _) = world_with(&hostile_with(&manifest("1.0.0", ""))).await;
    let broken = lock_file(&world).replacen("\"grants\"", "<<<<<<< HEAD\n\"grants\"", 1);
    fs::write(world.folder().join("adapters/adapters.lock"), broken).unwrap();
    let output = job_scanner(&world, &["scan", "--source", "greenhouse/acme"]);
    let stdout = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout.contains("not-accepted")
            && stdout.contains("adapters.lock:6:7: key must be a string"),
        "{stdout}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn control_characters_in_a_lock_file_do_not_reach_the_terminal() {
    let (world, _) = world_with(&hostile_with(&manifest("1.0.0", ""))).await;
    let evil = lock_file(&world).replacen("\"grants\"", "\"\\u001b[2J\u{202e}\"", 1);
    fs::write(world.folder().join("adapters/adapters.lock"), evil).unwrap();
    let path = world.folder().join("adapters/mine.wasm");
    for arguments in [
        &["scan"][..],
        &["check"],
        &["adapter", "list"],
        &["adapter", "list", "--format", "json"],
        &["adapter", "inspect", path.to_str().unwrap()],
        &["adapter", "accept", path.to_str().unwrap(), "--yes"],
    ] {
        let output = job_scanner(&world, arguments);
        let shown = text(&output.stdout) + &text(&output.stderr);
        assert!(
            !shown.contains(['\u{1b}', '\u{202e}']),
            "{arguments:?}: {shown:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_acceptances_do_not_overwrite_each_other() {
    let world = World::new().await;
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    let names: Vec<String> = (1..=12).map(|number| format!("mine-{number}")).collect();
    for name in &names {
        // All files have the same bytes, so that each is accepted as quickly as one that is
        // compiled already.
        world.put_adapter(name, &hostile_with(&manifest("1.0.0", "")));
    }
    let accept = |name: &String| {
        let mut program = world.program();
        program
            .args(["adapter", "accept", name, "--yes"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        program.spawn().unwrap()
    };
    let started: Vec<_> = names.iter().map(accept).collect();
    for process in started {
        let output = process.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let lock: Value = serde_json::from_str(&lock_file(&world)).unwrap();
    for name in names {
        assert!(
            lock["adapters"][format!("{name}.wasm")].is_object(),
            "{name}: {lock:#}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_data_folder_stays_accepted_and_is_searched_second() {
    let world = World::new().await;
    let data = world.folder().join("data-home/job-scanner/adapters");
    fs::create_dir_all(&data).unwrap();
    for file in ["hostile.wasm", "adapters.lock"] {
        fs::copy(world.folder().join("adapters").join(file), data.join(file)).unwrap();
    }
    fs::copy(data.join("hostile.wasm"), data.join("other.wasm")).unwrap();
    let first = world.folder().join("first");
    fs::create_dir(&first).unwrap();
    let config = world.config(&[
        world.hostile("ok", ", jobs: 1"),
        "{type: other, identifier: any}".to_owned(),
    ]);
    world.write_config(&config.replace("{dir: adapters}", "{dir: first}"));
    let scan = || {
        let output = Command::new(env!("CARGO_BIN_EXE_job-scanner"))
            .args(["scan", "--format", "json"])
            .current_dir(world.folder())
            .env_clear()
            .env("DATABASE_URL", world.database_url())
            .env("XDG_CACHE_HOME", crate::support::compiled())
            .env("XDG_DATA_HOME", world.folder().join("data-home"))
            .output()
            .unwrap();
        let result: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        result["sources"][0]["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!(scan(), "complete");

    fs::copy(data.join("hostile.wasm"), first.join("hostile.wasm")).unwrap();
    assert_eq!(scan(), "failed", "the first match wins, accepted or not");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_may_name_the_file_of_its_adapter() {
    let world = World::new().await;
    let path = world.folder().join("my adapter.wasm");
    fs::write(&path, hostile_with(&manifest("1.0.0", ""))).unwrap();
    let named = |file: &str| {
        format!(
            "{{type: mine, identifier: any, adapter: '{file}', options: {{mode: ok, jobs: 1}}}}"
        )
    };
    let config = world.config(&[named("my adapter.wasm")]);
    let result = world.run(&config).await;
    let error = &source(&result, "mine/any").error.as_ref().unwrap().message;
    assert!(
        error.contains("/my adapter.wasm'`"),
        "quoted for a shell: {error}"
    );
    assert_eq!(standing(&world, "my adapter").0, "not-accepted");
    assert_eq!(follow(&world, error, "--yes").status.code(), Some(0));
    assert!(
        world.folder().join("adapters.lock").exists(),
        "beside the file that it pins"
    );
    assert_eq!(
        source(&world.run(&config).await, "mine/any").outcome,
        ScanOutcome::Complete
    );

    world.write_config(&world.config(&[named("nowhere.wasm")]));
    let output = job_scanner(&world, &["scan"]);
    assert_eq!(output.status.code(), Some(2));
    let stderr = text(&output.stderr);
    assert!(
        stderr.contains("config.yaml:2:44: sources[0].adapter: the adapter file `"),
        "{stderr}"
    );
}

/// Returns the adapter's error after a request to `url`, in a source with this identifier.
async fn answer_to(world: &World, identifier: &str, url: &str) -> String {
    let line = format!(
        "{{type: mine, identifier: '{identifier}', options: {{mode: hang, url: '{url}', site: s.example}}}}"
    );
    let result = world.run(&world.config(&[line])).await;
    result.sources[0].error.as_ref().unwrap().message.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_host_that_the_operator_names_is_granted() {
    let world = World::new().await;
    let hosts = r#"{"from": "identifier"}, {"from": "options.site"}"#;
    let schema = r#"{"properties": {"site": {"type": "string"}}}"#;
    let manifest =
        format!(r#"{{"name": "mine", "version": "1", "hosts": [{hosts}], "options": {schema}}}"#);
    world
        .accept(&world.put_adapter("mine", &hostile_with(&manifest)))
        .await;
    // Each refusal shows which hosts are granted, so that no request has to leave this machine.
    let plain = answer_to(
        &world,
        "https://jobs.example.com/feed",
        "http://jobs.example.com/feed",
    )
    .await;
    assert!(
        plain.contains("`jobs.example.com` is allowed by `https` only"),
        "{plain}"
    );
    let port = answer_to(&world, "jobs.example.com:8443", "https://jobs.example.com/").await;
    assert!(
        port.contains("`jobs.example.com` is allowed, but not on port 443"),
        "{port}"
    );
    let option = answer_to(&world, "any.example", "http://s.example/").await;
    assert!(
        option.contains("`s.example` is allowed by `https` only"),
        "{option}"
    );
    let other = answer_to(&world, "any.example", "http://jobs.example.com/").await;
    assert!(
        other.contains("`jobs.example.com` is not allowed"),
        "{other}"
    );

    let base = world.boards.base_url();
    let private = answer_to(&world, &base, &base).await;
    assert!(
        private.contains("is not allowed; add `allow_hosts: [\"127.0.0.1"),
        "private addresses stay refused: {private}"
    );
    assert!(world.boards.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_hosts_in_the_accepted_manifest_are_allowed() {
    let world = World::new().await;
    world
        .accept(&world.put_adapter(
            "mine",
            &hostile_with(&manifest("1.0.0", r#"{"pattern": "a.example"}"#)),
        ))
        .await;
    let granted = answer_to(&world, "any", "http://a.example/").await;
    assert!(
        granted.contains("`a.example` is allowed by `https` only"),
        "{granted}"
    );
    let other = answer_to(&world, "any", "http://b.example/").await;
    assert!(other.contains("`b.example` is not allowed"), "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_compiles_the_adapter_before_the_first_scan() {
    let (world, _) = world_with(&hostile_with(&manifest("1.0.0", ""))).await;
    let mine = "{type: mine, identifier: any, options: {mode: ok, jobs: 1}}".to_owned();
    world.write_config(&world.config(&[mine]));
    let cache = world.folder().join("cache");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_job-scanner"))
            .args(arguments)
            .current_dir(world.folder())
            .env_clear()
            .env("DATABASE_URL", world.database_url())
            .env("XDG_CACHE_HOME", &cache)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        compiled_files(&cache)
    };
    let after_accepting = run(&["adapter", "accept", "mine", "--yes"]);
    assert!(!after_accepting.is_empty());
    assert_eq!(
        run(&["scan"]),
        after_accepting,
        "the scan compiled nothing more"
    );
}

/// Returns the compiled files in a cache, without the records of their use.
fn compiled_files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        if entry.is_dir() {
            files.extend(compiled_files(&entry));
        } else if entry.extension().is_none() {
            files.push(entry.display().to_string());
        }
    }
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_higher_rate_is_ignored_unless_it_is_granted_too() {
    let hosts =
        r#"{"pattern": "fast.example", "rate": 50}, {"pattern": "slow.example", "rate": 0.5}"#;
    let (world, _) = world_with(&hostile_with(&manifest("1.0.0", hosts))).await;
    let rates = |arguments: &[&str]| {
        let output = job_scanner(
            &world,
            &[&["adapter", "accept", "mine", "--yes"], arguments].concat(),
        );
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let lock: Value = serde_json::from_str(&lock_file(&world)).unwrap();
        let hosts = &lock["adapters"]["mine.wasm"]["grants"]["hosts"];
        (
            (hosts[0]["rate"].as_f64(), hosts[1]["rate"].as_f64()),
            text(&output.stdout),
        )
    };
    let (held, shown) = rates(&[]);
    assert_eq!(held, (None, Some(0.5)));
    assert!(shown.contains("unless you add `--with-rates`"), "{shown}");
    assert_eq!(rates(&["--with-rates"]).0, (Some(50.0), Some(0.5)));
    assert_eq!(
        rates(&[]).0,
        (Some(50.0), Some(0.5)),
        "what is accepted already stays as it is"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn inspect_shows_everything_that_the_operator_needs_to_decide() {
    let world = World::new().await;
    let output = job_scanner(&world, &["adapter", "inspect", "golden"]);
    let stderr = text(&output.stderr);
    assert!(
        stderr.contains(
            "no adapter `golden`: none of these files exists: `adapters/dist/golden.wasm`, `"
        ),
        "{stderr}"
    );
    assert!(
        stderr
            .contains("/share/job-scanner/adapters/golden.wasm`; `job-scanner adapter list` lists"),
        "{stderr}"
    );
    assert_eq!(output.status.code(), Some(2), "nothing was done");

    world.write_config(&world.config(&[world.greenhouse("acme")]));
    let output = job_scanner(
        &world,
        &["adapter", "inspect", "golden", "--format", "json"],
    );
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = [
        "contract",
        "description",
        "exports",
        "file",
        "homepage",
        "hosts",
        "imports",
        "license",
        "limits",
        "name",
        "options",
        "secrets",
        "sha256",
        "size_bytes",
        "status",
        "version",
    ];
    assert_eq!(keys(&seen), expected);
    assert_eq!(
        (&seen["contract"], &seen["status"], &seen["name"]),
        (&"0.1".into(), &"accepted".into(), &"golden".into())
    );
    assert_eq!(
        seen["exports"],
        serde_json::json!(["job-scanner:source/adapter@0.1.0"])
    );
    assert_eq!(
        seen["secrets"],
        serde_json::json!({"api_key": ["api.board.example"]})
    );
    assert_eq!(seen["limits"], serde_json::json!({"memory_mib": 16.0}));
    assert_eq!(
        seen["hosts"][2],
        serde_json::json!({"pattern": null, "from": "identifier", "methods": ["GET", "HEAD"], "rate": null,
            "reason": "the board at an address of yours"})
    );

    let table = text(&job_scanner(&world, &["adapter", "inspect", "golden"]).stdout);
    for part in [
        "job-scanner:source/http@0.1.0",
        "GET, POST (!)",
        "`api_key` may be sent to api.board.example",
        "memory_mib 16",
    ] {
        assert!(table.contains(part), "{part}: {table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn control_characters_in_a_manifest_do_not_reach_the_terminal() {
    let world = World::new().await;
    let evil = r"\u001b[2J\u202egpj.exe";
    let manifest = format!(
        r#"{{"name": "evil", "version": "1{evil}", "description": "{evil}", "homepage": "{evil}",
            "hosts": [{{"pattern": "a.example", "reason": "{evil}\nb.example"}}],
            "options": {{"properties": {{"{evil}": {{"description": "{evil}"}}}}}}}}"#
    );
    let path = world.put_adapter("evil", &hostile_with(&manifest));
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    let path = path.to_str().unwrap();
    for arguments in [
        &["adapter", "inspect", path][..],
        &["adapter", "inspect", path, "--format", "json"],
        &["adapter", "accept", path, "--yes"],
        &["adapter", "list"],
        &["adapter", "list", "--format", "json"],
    ] {
        let output = job_scanner(&world, arguments);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let shown = text(&output.stdout) + &text(&output.stderr);
        assert!(
            !shown.contains(['\u{1b}', '\u{202e}']),
            "{arguments:?}: {shown}"
        );
    }
}
