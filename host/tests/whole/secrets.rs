//! Secrets that are markers: the program never writes them, at any log level and after any failure.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use job_scanner_board_server::{Api, Board, Failure as Answer};
use job_scanner_smtp_server::{Failure, Tls};

use crate::command_line::text;
use crate::post::{LoginPlace, Post, assert_no_secret};
use crate::support::{World, hostile_with};

/// A marker for places where a password could be.
const MARKER: &str = "marker-in-a-url";

/// Runs the program with its most detailed log.
fn run(mut program: Command, arguments: &[&str]) -> Output {
    let output = program
        .args(arguments)
        .args(["--log-level", "trace", "--log-format", "json"])
        .output()
        .unwrap();
    for bytes in [&output.stdout, &output.stderr] {
        assert_no_login(bytes);
    }
    output
}

/// Checks every file below this folder, including the raw pages of databases. Returns the number of
/// files.
fn each_file(folder: &Path, look: fn(&[u8])) -> usize {
    let paths = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let look_into = |path: std::path::PathBuf| {
        if path.is_dir() {
            return each_file(&path, look);
        }
        look(&fs::read(&path).unwrap());
        1
    };
    paths.map(look_into).sum()
}

fn assert_no_login(bytes: &[u8]) {
    assert_no_secret(bytes);
    assert!(!String::from_utf8_lossy(bytes).contains(MARKER));
}

/// Checks that no command shows the login, in a world with refused logins, failed and sent
/// messages, and a source whose URL contains a password.
async fn assert_login_is_written_nowhere(place: LoginPlace) {
    let post = Post::new(Tls::StartTls, "jo@example.com", "email: {max_retries: 0}\n").await;
    let world = &post.world;
    let address = world.boards.address();
    let userinfo = format!(
        "{{type: greenhouse, identifier: odd, options: {{base_url: 'http://{MARKER}:{MARKER}@{address}/api'}}, \
         allow_hosts: ['{address}']}}"
    );
    world.write_config(&format!(
        "{}email: {{max_retries: 0}}\n",
        world.config(&[world.greenhouse("acme"), userinfo])
    ));
    let program = || post.program_with_login(place);
    for failure in [Failure::Auth(535), Failure::Dot(451)] {
        post.server.fail_next(failure);
        assert_eq!(
            run(program(), &["scan", "--format", "json"]).status.code(),
            Some(1)
        );
        post.pass_time().await;
    }
    run(program(), &["scan", "--format", "json"]);
    assert_eq!(post.server.received().len(), 1, "the login was used");
    for command in ["sources", "jobs", "runs", "alerts", "deliveries", "check"] {
        run(program(), &[command, "--format", "json"]);
        run(program(), &[command]);
    }
    run(program(), &["notify", "test"]);
    run(program(), &["explain", "--job", "greenhouse/acme/1"]);
    run(program(), &["db", "backup", "data/copy.db"]);
    assert!(each_file(&world.folder().join("data"), assert_no_login) >= 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_from_the_environment_is_written_nowhere() {
    assert_login_is_written_nowhere(LoginPlace::Environment).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_from_files_is_written_nowhere() {
    assert_login_is_written_nowhere(LoginPlace::Files).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_from_dot_env_is_written_nowhere() {
    assert_login_is_written_nowhere(LoginPlace::DotEnv).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_settings_are_refused_without_being_repeated() {
    let post = Post::new(Tls::None, "jo@example.com", "").await;
    let world = &post.world;
    let refused = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut program = post.program();
        program.envs(variables.iter().copied());
        let output = run(program, arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{variables:?}: {}",
            text(&output.stderr)
        );
        text(&output.stderr)
    };
    for url in [
        format!("postgres://jo:{MARKER}@db.example/jobs"),
        format!("mysql://{MARKER}"),
        MARKER.to_owned(),
    ] {
        let said = refused(&[("DATABASE_URL", &url)], &["scan"]);
        assert!(said.contains("DATABASE_URL"), "{said}");
    }
    // A login with two passwords, and a password without a user.
    refused(&[("SMTP_PASS", MARKER)], &["scan"]);
    refused(
        &[
            ("SMTP_PASS", MARKER),
            ("SMTP_PASS_FILE", ""),
            ("SMTP_USER", ""),
        ],
        &["check"],
    );

    fs::write(
        world.folder().join(".env"),
        format!("SMTP_PASS='{MARKER}\nmore\n"),
    )
    .unwrap();
    let said = refused(&[], &["scan"]);
    assert!(said.contains(".env:1:1"), "{said}");
    fs::remove_file(world.folder().join(".env")).unwrap();

    let listed = format!("allow_hosts: ['http://{MARKER}:{MARKER}@127.0.0.1']");
    world.write_config(
        &world.config(&[format!("{{type: greenhouse, identifier: acme, {listed}}}")]),
    );
    let said = refused(&[], &["scan"]);
    assert!(said.contains("allow_hosts"), "{said}");
}

/// The key of a source, and its form in a URL.
const KEY: &str = "marker of/a key";
const KEY_IN_URL: &str = "marker%20of%2Fa%20key";

/// Returns a world with a hostile adapter that sends a secret to a board that repeats it, and to
/// one that fails.
async fn world_with_a_key() -> (World, String) {
    let manifest = r#"{"name": "hostile", "version": "1", "hosts": [{"pattern": "board.example"}],
        "options": {"properties": {"key": {"type": "string", "x-secret": true, "x-secret-hosts": ["board.example"]}}}}"#;
    let world = World::new().await;
    let adapter = world.put_adapter("hostile", &hostile_with(manifest));
    world.accept(&adapter).await;
    for board in ["echo", "broken"] {
        world.boards.set_board(board, Board::new([]));
    }
    world.boards.fail(
        "echo",
        Answer::Body(format!("you sent {KEY}, that is {KEY_IN_URL}")),
    );
    world.boards.fail("broken", Answer::status(500));
    let url = |board: &str| {
        format!(
            "{}/v1/boards/{board}/jobs",
            world.boards.api_url(Api::Greenhouse)
        )
    };
    let asks = |mode: &str, board: &str| {
        let address = world.boards.address();
        let url = url(board);
        format!(
            "{{type: hostile, identifier: {board}, allow_hosts: ['{address}'], options: {{mode: {mode}, key: 'env:BOARD_KEY',
                 url: '{url}?k={{{{secret:key}}}}', header: [X-Plain, '{{{{secret:key}}}}']}}}}"
        )
    };
    let config = world.config(&[asks("fetch-whole", "echo"), asks("hang", "broken")]);
    (
        world,
        format!("{config}advanced: {{keep_failed_exchanges: 3}}\n"),
    )
}

fn assert_no_key(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert!(!text.contains(KEY) && !text.contains(KEY_IN_URL), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_a_source_is_written_nowhere() {
    let (world, config) = world_with_a_key().await;
    world.write_config(&config);
    let run = |arguments: &[&str]| {
        let mut program = world.program();
        program.env("BOARD_KEY", KEY);
        let output = run(program, arguments);
        assert_no_key(&output.stdout);
        assert_no_key(&output.stderr);
        output
    };
    assert_eq!(run(&["scan", "--format", "json"]).status.code(), Some(1));
    let sent = world.boards.requests();
    assert!(
        sent.iter()
            .all(|request| request.header("x-plain") == Some(KEY)),
        "{sent:?}"
    );
    assert!(
        sent.iter()
            .all(|request| request.path.ends_with(&format!("?k={KEY_IN_URL}"))),
        "{sent:?}"
    );
    for command in ["sources", "jobs", "runs", "alerts", "check"] {
        run(&[command, "--format", "json"]);
        run(&[command]);
    }
    run(&["scan", "--dry-run"]);
    assert!(
        each_file(&world.folder().join("data"), assert_no_key) >= 3,
        "database, lock, and a cassette"
    );
    let exchanges = world.folder().join("data/failed-exchanges");
    assert!(
        each_file(&exchanges, |bytes| assert!(
            text(bytes).contains("{{secret:key}}")
        )) > 0,
        "the scan that failed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_the_configuration_is_refused_without_being_repeated() {
    let (world, config) = world_with_a_key().await;
    for (place, told) in [
        (
            KEY,
            "does not say where the secret is stored; write `env:NAME` or `file:PATH`",
        ),
        (
            "env:NO_SUCH",
            "the variable `NO_SUCH` is not set, or is not UTF-8; set NO_SUCH, in `.env` for example",
        ),
        ("file:none", "the file `none` cannot be read"),
    ] {
        world.write_config(&config.replace("env:BOARD_KEY", place));
        let output = run(world.program(), &["scan"]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains("sources[0].options.key: ") && said.contains(told),
            "{said}"
        );
        assert_no_key(&output.stderr);
    }
}
