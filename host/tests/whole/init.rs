//! `init`: a person without a configuration gets one that `check` accepts.

use std::fs;
use std::os::unix::fs::symlink;

use job_scanner_config::{Config, Environment, load};
use serde_json::Value;

use crate::command_line::{job_scanner, text};
use crate::process::answer_in_terminal;
use crate::support::World;

/// Returns a world whose adapters are where a new configuration looks for them.
async fn world() -> World {
    let world = World::new().await;
    symlink(".", world.folder().join("adapters/dist")).unwrap();
    world
}

/// Returns the new configuration, which `check` has accepted.
fn accepted(world: &World) -> Config {
    let check = job_scanner(world, &["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&check.stdout).unwrap();
    assert_eq!(check.status.code(), Some(0), "{report:#}");
    let path = world.folder().join("config.yaml");
    load(Some(&path), &Environment::default()).unwrap()
}

fn source_keys(config: &Config) -> Vec<String> {
    let sources = config.sources.iter();
    sources.map(|source| source.key.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_become_a_configuration_that_check_accepts() {
    let world = world().await;
    let arguments = [
        "init",
        "--what",
        "pastry chef, c#, \"it's: # 🥐 crème\"",
        "--where",
        "Köln, remote",
        "--company",
        "jobs.lever.co/initech",
        "https://boards.greenhouse.io/globex/jobs/7?utm_source=x",
        "--company",
        "https://jobs.eu.lever.co/hooli",
    ];
    let output = job_scanner(&world, &arguments);
    let stdout = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for line in [
        "wrote config.yaml",
        "  job-scanner check ",
        "  job-scanner scan --dry-run ",
    ] {
        assert!(stdout.contains(line), "{line}: {stdout}");
    }

    let config = accepted(&world);
    assert_eq!(
        source_keys(&config),
        ["lever/initech", "greenhouse/globex", "lever/hooli"]
    );
    assert_eq!(config.sources[2].options["region"], "eu");
    assert_eq!(
        config.profiles[0].query.to_string(),
        "(title:\"pastry chef\" OR title:c# OR title:\"it's: # 🥐 crème\") AND (location:Köln OR remote)"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_existing_configuration_is_never_changed() {
    let world = world().await;
    let complete = ["--what", "cook", "--company", "jobs.lever.co/initech"];
    let init = |more: &[&str]| job_scanner(&world, &[&["init"], more, &complete].concat());

    fs::create_dir(world.folder().join("config")).unwrap();
    let nested = world.folder().join("config/config.yaml");
    fs::write(&nested, "mine").unwrap();
    let refused = init(&[]);
    assert_eq!(refused.status.code(), Some(2));
    let message = text(&refused.stderr);
    assert!(
        message.contains(
            "`config/config.yaml` exists already and is not changed; edit it, or name a new file"
        ),
        "{message}"
    );
    assert!(!world.folder().join("config.yaml").exists());

    let named = init(&["--config", "my jobs.yaml"]);
    assert_eq!(named.status.code(), Some(0), "{}", text(&named.stderr));
    let stdout = text(&named.stdout);
    assert!(
        stdout.contains("job-scanner check --config 'my jobs.yaml'"),
        "{stdout}"
    );
    let again = init(&["--config", "my jobs.yaml"]);
    assert_eq!(again.status.code(), Some(2));

    symlink("nowhere", world.folder().join("link.yaml")).unwrap();
    assert_eq!(init(&["--config", "link.yaml"]).status.code(), Some(2));
    let missing = init(&["--config", "none/config.yaml"]);
    let message = text(&missing.stderr);
    assert!(
        message.contains("the folder `none` does not exist; create it first"),
        "{message}"
    );
    assert_eq!(fs::read_to_string(&nested).unwrap(), "mine");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_or_missing_arguments_write_nothing_and_say_what_to_write() {
    let world = world().await;
    let company = "jobs.lever.co/initech";
    for (arguments, message) in [
        (
            &["--what", "cook"][..],
            "questions can only be asked in a terminal; pass the answers as `--what ",
        ),
        (
            &["--company", company],
            "questions can only be asked in a terminal",
        ),
        (
            &["--what", "", "--company", company],
            "--what: write at least one word",
        ),
        (
            &["--what", "cook\u{1b}[D", "--company", company],
            "--what: `cook\\u{1b}[D`: contains a control character",
        ),
        (
            &[
                "--what",
                "cook",
                "--company",
                company,
                "https://initech.example/jobs",
            ],
            "--company: `https://initech.example/jobs` is not recognized: no adapter knows the site",
        ),
        (
            &["--what", "cook", "--company", company, "--where", "🗺"],
            "--where: `🗺`: term `🗺` has neither",
        ),
    ] {
        let output = job_scanner(&world, &[&["init"], arguments].concat());
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(message), "{message}: {stderr}");
        assert!(
            !world.folder().join("config.yaml").exists(),
            "{arguments:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_in_a_terminal_are_repeated_until_their_answers_are_usable() {
    let world = world().await;
    let mut program = world.program();
    program.arg("init");
    let answers = "\npastry chef, baker*\n-oslo\noslo, remote\ninitech\n\n\
                   Initech: https://jobs.lever.co/initech\njobs.ashbyhq.com/Hooli, jobs.lever.co/\n\n";
    let shown = answer_in_terminal(&program, answers);
    assert_eq!(shown.code, Some(0), "{}", shown.terminal);
    assert!(
        shown.result.contains("wrote config.yaml"),
        "{}",
        shown.result
    );
    for words in [
        "1. What do you look for?",
        "write at least one word of a title",
        "2. Where?",
        "`-oslo`: term `-oslo` begins or ends with a hyphen",
        "3. Which companies?",
        "`initech` is not recognized: it is not the address",
        "At least one address is needed.",
        "found Initech (lever/initech)",
        "`https://jobs.lever.co/` is not recognized: it does not name a board",
        "2 boards; another address, or an empty line to finish",
    ] {
        assert!(
            shown.terminal.contains(words),
            "{words}: {}",
            shown.terminal
        );
    }

    let config = accepted(&world);
    assert_eq!(source_keys(&config), ["lever/initech", "ashby/Hooli"]);
    assert_eq!(
        config.profiles[0].query.to_string(),
        "(title:\"pastry chef\" OR title:baker*) AND (location:oslo OR remote)"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_in_the_arguments_are_not_asked_for_and_an_early_end_writes_nothing() {
    let world = world().await;
    let mut program = world.program();
    program.args([
        "init",
        "--what",
        "cook",
        "--company",
        "jobs.lever.co/initech",
    ]);
    let ended = answer_in_terminal(&program, "");
    assert_eq!(ended.code, Some(1), "{}", ended.terminal);
    assert!(
        ended
            .terminal
            .contains("the input ended before the last answer; nothing was written"),
        "{}",
        ended.terminal
    );
    assert!(!world.folder().join("config.yaml").exists());

    let anywhere = answer_in_terminal(&program, "\n");
    assert_eq!(anywhere.code, Some(0), "{}", anywhere.terminal);
    assert!(
        anywhere.terminal.contains("2. Where?"),
        "{}",
        anywhere.terminal
    );
    for question in ["1. What", "3. Which"] {
        assert!(
            !anywhere.terminal.contains(question),
            "{}",
            anywhere.terminal
        );
    }
    assert_eq!(
        accepted(&world).profiles[0].query.to_string(),
        "(title:cook)"
    );
    let written = fs::read_to_string(world.folder().join("config.yaml")).unwrap();
    assert!(
        written.contains("# - [\"location:berlin\", remote]"),
        "{written}"
    );
}
