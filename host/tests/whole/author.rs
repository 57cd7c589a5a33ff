//! The commands with which an author builds an adapter, checks it and accepts it.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Output;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::command_line::{job_scanner, text};
use crate::process::Daemon;
use crate::support::{World, repository};

/// The tool of this project's language copies a component, unless the source code is broken.
const SCRIPT: &str = "#!/bin/sh
set -e
cd \"$(dirname \"$0\")\"
if grep -q broken src/code.txt; then
  echo 'code.txt: this does not compile' >&2
  exit 3
fi
cp component.bin wrong.wasm
";

/// A world with a project in the folder `project`.
async fn project() -> World {
    use std::os::unix::fs::PermissionsExt as _;

    let world = World::new().await;
    let folder = world.folder().join("project");
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("build.sh"), SCRIPT).unwrap();
    fs::set_permissions(folder.join("build.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    let built = repository().join("target/test-adapters/wrong.wasm");
    fs::copy(built, folder.join("component.bin")).unwrap();
    write_code(&world, "sound");
    world
}

fn write_code(world: &World, code: &str) {
    fs::write(world.folder().join("project/src/code.txt"), code).unwrap();
}

fn component(world: &World) -> PathBuf {
    world.folder().join("project/wrong.wasm")
}

fn build(world: &World, more: &[&str]) -> Output {
    job_scanner(world, &[&["adapter", "build", "project"], more].concat())
}

fn check(world: &World) -> Output {
    job_scanner(
        world,
        &["adapter", "check", "project/wrong.wasm", "--format", "json"],
    )
}

/// Returns the verdict of a rule, and its reason.
fn finding(output: &Output, rule: &str) -> (String, String) {
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)));
    let mut findings = report["findings"].as_array().unwrap().iter();
    let finding = findings.find(|finding| finding["rule"] == rule).unwrap();
    let word = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    (word("verdict"), word("why"))
}

fn status(world: &World) -> String {
    let arguments = [
        "adapter",
        "inspect",
        "project/wrong.wasm",
        "--format",
        "json",
    ];
    let output = job_scanner(world, &arguments);
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    shown["status"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_build_check_does_not_pass_the_earlier_file() {
    let world = project().await;
    assert_eq!(build(&world, &[]).status.code(), Some(0));
    let sound = check(&world);
    assert_eq!(sound.status.code(), Some(0), "{}", text(&sound.stdout));
    assert_eq!(finding(&sound, "built").0, "passed");

    write_code(&world, "broken");
    let failed = build(&world, &[]);
    assert_eq!(failed.status.code(), Some(1));
    let told = text(&failed.stderr);
    assert!(
        told.ends_with("the earlier `wrong.wasm` is now `wrong.wasm.old`, so that it is not mistaken for the result\n"),
        "{told}"
    );
    let missing = check(&world);
    assert_eq!(missing.status.code(), Some(2));
    assert_eq!(
        text(&missing.stderr),
        "error: `project/wrong.wasm` does not exist; build it with `job-scanner adapter build`\n"
    );

    write_code(&world, "sound again");
    assert_eq!(build(&world, &[]).status.code(), Some(0));
    assert!(!component(&world).with_extension("wasm.old").exists());
    assert_eq!(check(&world).status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_older_than_the_source_code_fails_the_check() {
    let world = project().await;
    assert_eq!(build(&world, &[]).status.code(), Some(0));

    let file = File::options()
        .append(true)
        .open(component(&world))
        .unwrap();
    let hour_ago = SystemTime::now() - Duration::from_hours(1);
    file.set_modified(hour_ago).unwrap();
    let stale = check(&world);
    assert_eq!(stale.status.code(), Some(1));
    let (verdict, why) = finding(&stale, "built");
    assert_eq!(verdict, "failed");
    assert!(
        why.ends_with("was changed after the file was built; run `job-scanner adapter build`"),
        "{why}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn build_accept_shows_the_requests_and_needs_consent() {
    let world = project().await;
    let asked = build(&world, &["--accept"]);
    assert_eq!(asked.status.code(), Some(2));
    assert!(
        text(&asked.stderr).contains("cannot ask for confirmation without a terminal"),
        "{asked:?}"
    );
    assert_eq!(status(&world), "not-accepted");

    let accepted = build(&world, &["--accept", "--yes"]);
    assert_eq!(accepted.status.code(), Some(0));
    let shown = text(&accepted.stdout);
    for words in [
        "wrong 0.1.0 in `",
        "board.example",
        "accepted wrong 0.1.0\n",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert_eq!(status(&world), "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_that_failed_is_not_accepted() {
    let world = project().await;
    write_code(&world, "broken");
    let failed = build(&world, &["--accept", "--yes"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(!world.folder().join("project/adapters.lock").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_that_cannot_be_given_is_wrong_usage() {
    let world = project().await;
    for (arguments, words) in [
        (&["--yes"][..], "--accept"),
        (
            &["--watch", "--accept"],
            "`--watch` cannot ask for confirmation",
        ),
    ] {
        let output = build(&world, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(words), "{output:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn watch_builds_and_checks_after_each_change_until_interrupted() {
    let world = project().await;
    let mut program = world.program();
    program.args([
        "adapter", "build", "project", "--watch", "--accept", "--yes",
    ]);
    let mut watch = Daemon::start(program);
    watch.says("watching `");
    assert_eq!(status(&world), "accepted");

    write_code(&world, "broken");
    watch.says("code.txt: this does not compile");
    watch.says("error: `");
    watch.says("watching `");
    assert!(!component(&world).exists());

    write_code(&world, "sound again");
    watch.says("watching `");
    assert_eq!(check(&world).status.code(), Some(0));

    watch.signal("INT");
    assert_eq!(watch.ends().code, Some(0));
}
