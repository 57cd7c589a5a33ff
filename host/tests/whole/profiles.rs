//! Profiles: their configuration, and what they match from the board to the message.

use std::path::Path;

use job_scanner_board_server::{Api, Board, Employment, job};
use job_scanner_config::parse;
use sqlx::Connection as _;

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
            "profiles[0].exclude_terms: is not allowed beside `query`",
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

/// Returns a configuration with the world's board and one profile `mine`.
fn with_profile(world: &World, api: Api, query: &str) -> String {
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
