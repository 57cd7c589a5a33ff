//! Profiles: their configuration, and what they match from the board to the message.

use std::path::Path;

use job_scanner_board_server::{Api, Board, Employment, job};
use job_scanner_config::parse;
use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::command_line::{job_scanner, text};
use crate::support::{World, source};

const SOURCES: &str = "sources: [{type: greenhouse, identifier: acme}]\n";

fn problems(profiles: &str) -> Vec<String> {
    let text = format!("{SOURCES}{profiles}");
    let errors = parse(Path::new("config.yaml"), &text).unwrap_err();
    errors.to_string().lines().map(str::to_owned).collect()
}

#[test]
fn profiles_and_search_criteria_are_read_together() {
    let text = format!(
        "{SOURCES}search_criteria: {{required_terms: [\"title:cook\"]}}\nprofiles:\n  - name: backend\n    query: >\n      \
         title:engineer*\n      AND rust\n    sources: [greenhouse/*]\n  - {{name: lists, required_terms: [go]}}\n"
    );
    let config = parse(Path::new("config.yaml"), &text).unwrap();
    let profiles: Vec<(&str, String, usize)> = config
        .profiles
        .iter()
        .map(|it| (it.name.as_str(), it.query.to_string(), it.sources.len()))
        .collect();
    let expected = [
        ("default", "title:cook".to_owned(), 0),
        ("backend", "title:engineer* AND rust".to_owned(), 1),
        ("lists", "go".to_owned(), 0),
    ];
    assert_eq!(profiles, expected);
}

#[test]
fn an_error_in_a_query_points_at_the_character() {
    let lines = problems("profiles:\n  - name: backend\n    query: 'rust AND titel:engineer*'\n");
    assert!(
        lines[0].contains(
            "profiles[0].query: is not a query: `titel:` is not a field; did you mean `title:`? (write a text with a \
             colon in quotes) (at character 10, `titel:engineer*`)"
        ),
        "{lines:#?}"
    );
}

#[test]
fn a_profile_needs_a_name_of_its_own_and_a_query_or_lists() {
    for (profiles, expected) in [
        (
            "profiles: [{query: rust}]\n",
            "profiles[0].name: is missing",
        ),
        ("profiles: [{name: a}]\n", "profiles[0]: has no search term"),
        (
            "profiles: [{name: a, query: rust, exclude_terms: [go]}]\n",
            "profiles[0].exclude_terms: is not allowed with `query`",
        ),
        (
            "profiles: [{name: a, query: rust}, {name: a, query: go}]\n",
            "has the name `a` of `profiles[0]` (line 2)",
        ),
        (
            "search_criteria: {required_terms: [a]}\nprofiles: [{name: default, query: go}]\n",
            "has the name `default` of `search_criteria`",
        ),
        (
            "profiles: [{name: a, query: rust, sources: [greenhouse]}]\n",
            "write the type and the identifier",
        ),
        ("profiles: []\n", "profiles: has no profiles"),
        ("", "search_criteria: is missing"),
    ] {
        let lines = problems(profiles);
        assert!(
            lines.iter().any(|line| line.contains(expected)),
            "{profiles}: {lines:#?}"
        );
    }
}

#[test]
fn all_profiles_together_have_at_most_64_regular_expressions() {
    let profiles = |last: usize| {
        let of = |count| vec!["/rust.an/"; count].join(" OR ");
        let [first, second, third] = [of(40), of(last), of(1)];
        format!(
            "profiles: [{{name: a, query: '{first}'}}, {{name: b, query: '{second}'}}, {{name: c, query: '{third}'}}]\n"
        )
    };
    let path = Path::new("config.yaml");
    assert!(parse(path, &format!("{SOURCES}{}", profiles(23))).is_ok());

    let lines = problems(&profiles(25));
    let expected = "profiles[1]: `b` brings the regular expressions of the profiles to 65; at most 64 are allowed";
    assert!(
        lines.len() == 1 && lines[0].contains(expected),
        "{lines:#?}"
    );
}

/// Returns a configuration with the world's board and one profile `mine`.
pub(crate) fn with_profile(world: &World, api: Api, query: &str) -> String {
    let config = world.config(&[world.board(api, "acme", "")]);
    let start = config.find("search_criteria").unwrap();
    let end = config.find("adapters:").unwrap();
    format!(
        "{}profiles: [{{name: mine, query: '{query}'}}]\n{}",
        &config[..start],
        &config[end..]
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_decides_by_field_and_by_what_the_board_states() {
    let world = World::new().await;
    world.boards.set_board(
        "acme",
        Board::new([
            job(1)
                .title("Rust Engineer")
                .content_html("<p>You report to a manager.</p>"),
            job(2)
                .title("Engineering Manager")
                .content_html("<p>Rust</p>"),
            job(3).title("Rust Engineer").employment(Employment::Intern),
        ]),
    );
    let config = with_profile(
        &world,
        Api::Ashby,
        "title:engineer* AND rust AND NOT (manager OR intern)",
    );
    let result = world.run(&config).await;
    assert_eq!(source(&result, "ashby/acme").counts.matched, 1);
    let matched = "SELECT COUNT(*) FROM matches JOIN job_versions USING (job_id, content_hash)
         WHERE employment_type IS NOT 'Intern' AND title = 'Rust Engineer'";
    assert_eq!(world.number(matched).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_matching_rules_match_again_without_messages() {
    for (is_old_version, notified) in [(true, 0), (false, 1)] {
        let world = World::with_a_job().await;
        world
            .run(&with_profile(&world, Api::Greenhouse, "title:cook"))
            .await;
        if is_old_version {
            let mut database = world.database().await;
            sqlx::query("UPDATE profiles SET matching_version = 1")
                .execute(&mut database)
                .await
                .unwrap();
            database.close().await.unwrap();
        }
        let result = world
            .run(&with_profile(&world, Api::Greenhouse, "title:engineer"))
            .await;
        let matches = world.number("SELECT COUNT(*) FROM matches").await;
        assert_eq!((result.totals.notified, matches), (notified, 1));
    }
}

/// Returns a world whose board has three cooks and a waiter in its database, and a configuration
/// with the profile `mine`.
async fn with_cooks(query: &str) -> World {
    let world = World::new().await;
    world.boards.set_board(
        "acme",
        Board::new([
            job(1).title("Head Cook").location("Lyon"),
            job(2).title("Cook").location("Lyon"),
            job(3).title("Cook").location("Rome"),
            job(4).title("Waiter").location("Rome"),
        ]),
    );
    let config = with_profile(&world, Api::Greenhouse, query);
    world.run(&config).await;
    world.write_config(&config);
    world
}

pub(crate) fn printed(world: &World, arguments: &[&str]) -> String {
    let output = job_scanner(world, arguments);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {stderr}");
    text(&output.stdout)
}

fn profile_test(world: &World, arguments: &[&str]) -> Value {
    let command = [&["profile", "test", "--format", "json"], arguments].concat();
    serde_json::from_str(&printed(world, &command)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_test_counts_what_each_term_brings_and_vetoes() {
    let world = with_cooks("title:cook AND (lyon OR rome OR oslo) AND NOT head").await;
    let tested = profile_test(&world, &["mine"]);
    assert_eq!(
        (&tested["jobs"], &tested["matching"], &tested["vetoed"]),
        (&json!(4), &json!(2), &json!(1))
    );

    let counts: Vec<Value> = tested["terms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|term| {
            json!([
                term["term"],
                term["hits"],
                term["matching"],
                term["only_by_it"],
                term["vetoed"]
            ])
        })
        .collect();
    let expected = json!([
        ["title:cook", 3, 2, 2, null],
        ["lyon", 2, 1, 1, null],
        ["rome", 2, 1, 1, null],
        ["oslo", 0, 0, 0, null],
        ["head", 1, 0, null, 1],
    ]);
    assert_eq!(json!(counts), expected);

    let mut keys: Vec<&str> = tested["samples"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it["key"].as_str())
        .collect();
    keys.sort_unstable();
    assert_eq!(keys, ["greenhouse/acme/2", "greenhouse/acme/3"]);

    let table = printed(&world, &["profile", "test", "mine"]);
    for expected in [
        "profile mine: 2 of 4 open jobs match; 1 more would without the negative terms",
        "NOT head",
        "all that match",
        "true for none of these jobs: `oslo`",
    ] {
        assert!(table.contains(expected), "{expected}: {table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_tested_in_place_of_that_of_a_profile() {
    let world = with_cooks("title:cook").await;
    for (arguments, profile, matching) in [
        (&["--query", "waiter OR lyon"][..], json!(null), 3),
        (&["mine", "--query", "-head rome"], json!("mine"), 2),
        (&["mine", "--since", "1h"], json!("mine"), 3),
    ] {
        let tested = profile_test(&world, arguments);
        assert_eq!(
            (&tested["profile"], &tested["matching"]),
            (&profile, &json!(matching)),
            "{arguments:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_test_without_a_query_or_jobs_says_what_to_do() {
    let world = World::new().await;
    world.write_config(&with_profile(&world, Api::Greenhouse, "title:cook"));
    for (arguments, exit, complaint) in [
        (
            &["profile", "test"][..],
            2,
            "name a profile, or give a query",
        ),
        (
            &["profile", "test", "other"],
            2,
            "unknown profile `other`; name one of: mine",
        ),
        (
            &["profile", "test", "--query", "-cook"],
            2,
            "write what you look for as well",
        ),
        (
            &["profile", "test", "mine"],
            1,
            "yet; the first scan creates it",
        ),
        (
            &["jobs", "--why", "--format", "csv"],
            2,
            "`--why` is only for the table",
        ),
    ] {
        let output = job_scanner(&world, arguments);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}");
        let stderr = text(&output.stderr);
        assert!(stderr.contains(complaint), "{arguments:?}: {stderr}");
    }
    assert!(!world.folder().join("data").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_not_tested_on_sources_that_are_removed_or_not_its_own() {
    let world = with_cooks("title:cook").await;
    let config = world.config(&[world.greenhouse("globex")]);
    world
        .boards
        .set_board("globex", Board::new([job(9).title("Cook")]));
    world.run(&config).await;
    world.write_config(&config);
    let tested = profile_test(&world, &["--query", "cook"]);
    assert_eq!(tested["jobs"], 1, "{tested}");

    let elsewhere = with_profile(&world, Api::Greenhouse, "title:cook")
        .replace("'}]", "', sources: [lever/*]}]");
    world.write_config(&elsewhere);
    let tested = printed(&world, &["profile", "test", "mine"]);
    assert_eq!(
        tested,
        "profile mine: there are no open jobs to try it on; `job-scanner jobs` lists the stored jobs\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_listed_with_their_reasons() {
    let world = with_cooks("title:cook AND lyon").await;
    let listed = printed(&world, &["jobs", "--why", "--query", "head OR waiter"]);
    let (_, reasons) = listed.split_once("\n2 jobs\n").unwrap();
    let expected = [
        "",
        "greenhouse/acme/4 Waiter",
        "  query: waiter  (title: Waiter)",
        "",
        "greenhouse/acme/1 Head Cook",
        "  query: head  (title: Head Cook)",
        "  mine: title:cook  (title: Head Cook)",
        "  mine: lyon  (location: Lyon)",
    ];
    let mut lines: Vec<&str> = reasons.lines().collect();
    let mut expected = expected.to_vec();
    lines.sort_unstable();
    expected.sort_unstable();
    assert_eq!(lines, expected);
    assert!(!printed(&world, &["jobs"]).contains("mine: lyon"));
}
