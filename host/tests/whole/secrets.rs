//! Secrets that are markers: nothing that the program writes shows them, however much it logs and whatever fails.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use job_scanner_smtp_server::{Failure, Tls};

use crate::command_line::text;
use crate::post::{LoginPlace, Post, assert_no_secret};

/// What stands where a password could.
const MARKER: &str = "marker-in-a-url";

/// Runs the program at its most talkative.
fn run(mut program: Command, arguments: &[&str]) -> Output {
    let output = program.args(arguments).args(["--log-level", "trace", "--log-format", "json"]).output().unwrap();
    for bytes in [&output.stdout, &output.stderr] {
        assert_no_secret(bytes);
        assert!(!text(bytes).contains(MARKER), "{}", text(bytes));
    }
    output
}

/// Looks into every file below this folder, the raw pages of databases included.
fn assert_kept_nowhere(folder: &Path) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += assert_kept_nowhere(&path);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        assert_no_secret(&bytes);
        assert!(!String::from_utf8_lossy(&bytes).contains(MARKER), "{}", path.display());
        files += 1;
    }
    files
}

/// A world that has seen refused logins, failed and sent messages, and a source whose URL holds a password.
async fn everything_is_silent(place: LoginPlace) {
    let post = Post::new(Tls::StartTls, "jo@example.com", "email: {max_retries: 0}\n").await;
    let world = &post.world;
    let address = world.boards.address();
    let userinfo = format!(
        "{{type: greenhouse, identifier: odd, options: {{base_url: 'http://{MARKER}:{MARKER}@{address}/api'}}, \
         allow_hosts: ['{address}']}}"
    );
    world.write_config(&format!("{}email: {{max_retries: 0}}\n", world.config(&[world.greenhouse("acme"), userinfo])));
    let program = || post.program_with_login(place);
    for failure in [Failure::Auth(535), Failure::Dot(451)] {
        post.server.fail_next(failure);
        assert_eq!(run(program(), &["scan", "--format", "json"]).status.code(), Some(1));
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
    assert!(assert_kept_nowhere(&world.folder().join("data")) >= 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_from_the_environment_is_written_nowhere() {
    everything_is_silent(LoginPlace::Environment).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_from_files_is_written_nowhere() {
    everything_is_silent(LoginPlace::Files).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_from_dot_env_is_written_nowhere() {
    everything_is_silent(LoginPlace::DotEnv).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_used_is_refused_without_being_repeated() {
    let post = Post::new(Tls::None, "jo@example.com", "").await;
    let world = &post.world;
    let refused = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut program = post.program();
        program.envs(variables.iter().copied());
        let output = run(program, arguments);
        assert_eq!(output.status.code(), Some(2), "{variables:?}: {}", text(&output.stderr));
        text(&output.stderr)
    };
    for url in [format!("postgres://jo:{MARKER}@db.example/jobs"), format!("mysql://{MARKER}"), MARKER.to_owned()] {
        let said = refused(&[("DATABASE_URL", &url)], &["scan"]);
        assert!(said.contains("DATABASE_URL"), "{said}");
    }
    // A login given twice, and one without its other half.
    refused(&[("SMTP_PASS", MARKER)], &["scan"]);
    refused(&[("SMTP_PASS", MARKER), ("SMTP_PASS_FILE", ""), ("SMTP_USER", "")], &["check"]);

    fs::write(world.folder().join(".env"), format!("SMTP_PASS='{MARKER}\nmore\n")).unwrap();
    let said = refused(&[], &["scan"]);
    assert!(said.contains(".env:1:1"), "{said}");
    fs::remove_file(world.folder().join(".env")).unwrap();

    let listed = format!("allow_hosts: ['http://{MARKER}:{MARKER}@127.0.0.1']");
    world.write_config(&world.config(&[format!("{{type: greenhouse, identifier: acme, {listed}}}")]));
    let said = refused(&[], &["scan"]);
    assert!(said.contains("allow_hosts"), "{said}");
}
