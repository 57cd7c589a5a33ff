//! The options of a source are checked against its adapter's schema before anything runs, and each
//! error has a position.

use job_scanner_core::run::Trigger;
use job_scanner_pipeline::RunRequest;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::command_line::{job_scanner, text};
use crate::support::{World, failure, hostile_with, source};

const BROKEN: &str = "sources:
  - {type: lever, identifier: a, options: {regoin: eu}}
  - type: lever
    identifier: b
    options:
      region: mars
      base_url: nowhere
  - {type: golden, identifier: two words, options: {mirror: 5}}
  - {type: plain, identifier: c, options: {any: 1}}
  - {type: lever, identifier: d, options: {region: mars}, enabled: false}
search_criteria: {required_terms: [engineer]}
adapters: {dir: adapters}
";

const PROBLEMS: [&str; 6] = [
    "config.yaml:2:52: sources[0].options.regoin: is not an option of this adapter; remove it, or write one of `base_url`, \
     `region`",
    "config.yaml:6:15: sources[1].options.region: `mars` is not an allowed value; write one of `global`, `eu`",
    "config.yaml:7:17: sources[1].options.base_url: `nowhere` does not match",
    "config.yaml:8:32: sources[2].identifier: `two words` does not name a host; write a host or a URL, such as",
    "config.yaml:8:61: sources[2].options.mirror: `5` is not of type \"string\"; its description is: A host, or a URL.",
    "config.yaml:9:49: sources[3].options.any: is not an option of this adapter, which has none; remove it",
];

async fn world() -> World {
    let world = World::new().await;
    let plain = world.put_adapter(
        "plain",
        &hostile_with(r#"{"name": "plain", "version": "1"}"#),
    );
    world.accept(&plain).await;
    world.write_config(BROKEN);
    world
}

fn check_lines(told: &str) {
    let lines: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with("config.yaml:"))
        .collect();
    for problem in PROBLEMS {
        assert!(
            lines.iter().any(|line| line.starts_with(problem)),
            "{problem}\nis not in\n{told}"
        );
    }
    assert_eq!(lines.len(), PROBLEMS.len(), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_invalid_options_are_reported_before_anything_runs() {
    let world = world().await;
    for command in [
        &["scan"][..],
        &["--manual-run"],
        &["scan", "--dry-run"],
        &[],
    ] {
        let output = job_scanner(&world, command);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {output:?}");
        check_lines(&text(&output.stderr));
    }
    assert!(!world.folder().join("data").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn check_reports_the_same_invalid_options() {
    let world = world().await;
    let output = job_scanner(&world, &["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checks = report["checks"].as_array().unwrap();
    let wrong = checks
        .iter()
        .filter(|check| check["what"] == "configuration" && check["status"] == "error");
    let told: Vec<&str> = wrong
        .map(|check| check["detail"].as_str().unwrap())
        .collect();
    check_lines(&told.join("\n"));
    assert!(
        checks
            .iter()
            .any(|check| check["what"] == "adapter lever" && check["status"] == "ok"),
        "{report}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_accepted_later_never_gets_invalid_options() {
    let world = World::new().await;
    let manifest = r#"{"name": "late", "version": "1", "options": {"required": ["mode", "site"]}}"#;
    let path = world.put_adapter("late", &hostile_with(manifest));
    let pipeline = world
        .pipeline(&world.config(&["{type: late, identifier: a, options: {mode: ok}}".to_owned()]))
        .await;
    world.accept(&path).await;
    let request = RunRequest {
        trigger: Trigger::Manual,
        only: None,
    };
    let result = pipeline
        .run_once(&request, &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(failure(&result, "late/a"), "invalid-options", "{result:#?}");
    let told = &source(&result, "late/a").error.as_ref().unwrap().message;
    assert!(
        told.contains(":2:42: sources[0].options.site: is missing"),
        "{told}"
    );
    assert!(source(&result, "late/a").budget.is_none(), "it never ran");
}
