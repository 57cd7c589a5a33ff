//! `adapter detect`: addresses as users paste them, to sources that the program can load.

use std::fs;
use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::command_line::{job_scanner, text};
use crate::support::World;

/// Runs the command with addresses on standard input.
fn detect_from_stdin(world: &World, arguments: &[&str], list: &[u8]) -> Output {
    let mut program = world.program();
    let mut child = program
        .args(["adapter", "detect"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(list).unwrap();
    child.wait_with_output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_gives_one_line_or_one_object() {
    let world = World::new().await;
    let detect = |arguments: &[&str]| {
        let output = job_scanner(&world, &[&["adapter", "detect"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let address = "careers.smartrecruiters.com/oneclick-ui/company/Umbra/job/9?utm_source=x";
    assert_eq!(
        detect(&[address]),
        "  - {name: Umbra, type: smartrecruiters, identifier: Umbra}\n"
    );
    let object: Value = serde_json::from_str(&detect(&[address, "--format", "json"])).unwrap();
    assert_eq!(
        object,
        json!({"type": "smartrecruiters", "identifier": "Umbra", "options": {}})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_addresses_gives_a_block_that_the_configuration_accepts() {
    let world = World::new().await;
    let list = "\u{feff}# my bookmarks\r\n\r\n- Umbra: https://jobs.eu.lever.co/umbra/1/apply\r\nhttps://jobs.eu.lever.co/umbra/2\n\
                https://news.ycombinator.com/item?id=7 and https://jobs.ashbyhq.com/Penumbra%20%26%20Co/8\n\
                https://WWW.Example.org/jobs.rss#top\n";
    fs::write(world.folder().join("list.txt"), list).unwrap();

    let from_file = job_scanner(&world, &["adapter", "detect", "--file", "list.txt"]);
    assert_eq!(
        from_file.status.code(),
        Some(0),
        "{}",
        text(&from_file.stderr)
    );
    for arguments in [&["-"][..], &["--file", "-"]] {
        let from_stdin = detect_from_stdin(&world, arguments, list.as_bytes());
        assert_eq!(from_file.stdout, from_stdin.stdout);
    }

    let block = text(&from_file.stdout);
    let config = world.load(&format!(
        "{block}search_criteria: {{required_terms: [cook]}}\n"
    ));
    let sources: Vec<_> = config
        .sources
        .iter()
        .map(|source| format!("{}: {} {}", source.name, source.key, source.options))
        .collect();
    assert_eq!(
        sources,
        [
            r#"Umbra: lever/umbra {"region":"eu"}"#,
            "Hacker News: Who is hiring?: hackernews/who-is-hiring {}",
            "Penumbra & Co: ashby/Penumbra%20&%20Co {}",
            "example.org: feed/https:%2F%2Fwww.example.org%2Fjobs.rss {}",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_addresses_the_unknown_ones_are_reported_and_the_others_joined() {
    let world = World::new().await;
    let arguments = [
        "adapter",
        "detect",
        "--format",
        "json",
        "https://jobs.lever.co/umbra/1",
        "https://umbra.example/jobs?gh_jid=7",
        "https://jobs.lever.co/umbra",
        "https://me:hush@jobs.lever.co/umbra",
        "https://umbra.example/careers?token=hush",
        "https://\u{1b}[31m.example/\u{1b}[31m",
    ];
    let output = job_scanner(&world, &arguments);
    assert_eq!(output.status.code(), Some(1));
    let array: Value = serde_json::from_slice(&output.stdout).unwrap();
    let addresses = [
        "https://jobs.lever.co/umbra/1",
        "https://jobs.lever.co/umbra",
    ];
    assert_eq!(
        array,
        json!([{"type": "lever", "identifier": "umbra", "options": {}, "addresses": addresses}])
    );

    let stderr = text(&output.stderr);
    for expected in [
        "`https://umbra.example/jobs?gh_jid=7` is not recognized: `gh_jid` shows",
        "`…@jobs.lever.co/umbra` is not recognized: it contains a user name or a password",
        "`https://umbra.example/careers?token` is not recognized: no adapter knows the site `umbra.example`",
        "`https://\\u{1b}[31m.example/\\u{1b}[31m` is not recognized: ",
    ] {
        assert!(stderr.contains(expected), "{expected}: {stderr}");
    }
    assert!(!stderr.contains("hush"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_recognized_address_the_list_is_empty() {
    let world = World::new().await;
    for (arguments, expected) in [(&["-"][..], ""), (&["-", "--format", "json"], "[]\n")] {
        let output = detect_from_stdin(&world, arguments, b"https://umbra.example/\n");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(text(&output.stdout), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_a_readable_address_is_wrong_usage() {
    let world = World::new().await;
    fs::write(world.folder().join("empty.txt"), "# nothing\n").unwrap();
    for (arguments, expected) in [
        (
            &["adapter", "detect"][..],
            "required arguments were not provided",
        ),
        (
            &["adapter", "detect", "--file", "empty.txt"],
            "error: the list has no address; write one",
        ),
        (
            &["adapter", "detect", "--file", "none.txt"],
            "error: cannot read `none.txt`: ",
        ),
    ] {
        let output = job_scanner(&world, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let stderr = text(&output.stderr);
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }

    for list in [&b"\xff\xfe"[..], &vec![b'a'; 1024 * 1024 + 1]] {
        let output = detect_from_stdin(&world, &["-"], list);
        assert_eq!(output.status.code(), Some(2));
        let stderr = text(&output.stderr);
        assert!(stderr.contains("error: standard input is "), "{stderr}");
    }
}
