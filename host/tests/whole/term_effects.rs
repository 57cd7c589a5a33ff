//! The effects of the terms of a profile, as the first scan of a board and a dry run show them.

use job_scanner_board_server::{Api, Board, job};
use serde_json::{Value, json};

use crate::profiles::{printed, with_profile};
use crate::support::World;
use crate::tables::{columns_of, on_terminal};

const SCAN: [&str; 3] = ["scan", "--format", "json"];
const DRY_RUN: [&str; 4] = ["scan", "--dry-run", "--format", "json"];

const COOKS: [&str; 6] = [
    "Cook",
    "Head Cook",
    "Sous Cook",
    "Cook \u{1b}[31m",
    "Waiter",
    "Head Waiter",
];
const COOKS_QUERY: &str = "title:cook AND (cook OR sous OR oslo) AND NOT head";

fn board(titles: &[&str]) -> Board {
    let numbered = (1..).zip(titles);
    Board::new(numbered.map(|(id, title)| job(id).title(*title)))
}

/// Returns a world whose board has these titles, and a configuration with the profile `mine`.
async fn with_titles(titles: &[&str], query: &str) -> World {
    let world = World::new().await;
    world.boards.set_board("acme", board(titles));
    world.write_config(&with_profile(&world, Api::Greenhouse, query));
    world
}

/// Returns the accounts in the JSON of a scan.
fn accounts(world: &World, command: &[&str]) -> Value {
    let result: Value = serde_json::from_str(&printed(world, command)).unwrap();
    result["profiles"].clone()
}

/// Returns the profile, jobs and matching jobs of each account.
fn counts(world: &World, command: &[&str]) -> Value {
    let accounts = accounts(world, command);
    let of = |it: &Value| json!([it["profile"], it["jobs"], it["matching"]]);
    accounts.as_array().unwrap().iter().map(of).collect()
}

/// Returns the lines of a printed summary from `profile mine:` to the next empty line.
fn lines(world: &World, command: &[&str]) -> Vec<String> {
    let printed = printed(world, command);
    let lines = printed.lines();
    let account = lines.skip_while(|line| !line.starts_with("profile mine:"));
    let account = account.take_while(|line| !line.is_empty());
    account
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.join(" ")
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_scan_and_a_dry_run_count_what_each_term_does() {
    let world = with_titles(&COOKS, COOKS_QUERY).await;
    let counted = accounts(&world, &DRY_RUN);
    assert_eq!(counted, accounts(&world, &SCAN));

    let account = &counted[0];
    let parts = ["profile", "jobs", "matching", "vetoed"].map(|key| &account[key]);
    assert_eq!(json!(parts), json!(["mine", 6, 3, 1]));
    let of = |it: &Value| {
        let mut titles: Vec<&str> = Vec::new();
        titles.extend(
            it["titles"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str),
        );
        titles.sort_unstable();
        json!([it["term"], it["matching"], it["vetoed"], titles])
    };
    let terms: Value = account["terms"]
        .as_array()
        .unwrap()
        .iter()
        .map(of)
        .collect();
    let cooks = ["Cook", "Cook [31m", "Sous Cook"];
    let expected = json!([
        ["title:cook", 3, null, cooks],
        ["cook", 3, null, cooks],
        ["sous", 1, null, ["Sous Cook"]],
        ["oslo", 0, null, []],
        ["head", 0, 1, ["Head Cook"]],
    ]);
    assert_eq!(terms, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_first_scan_of_a_source_counts_terms() {
    let world = with_titles(&COOKS, COOKS_QUERY).await;
    assert_eq!(counts(&world, &SCAN), json!([["mine", 6, 3]]));

    world
        .boards
        .set_board("acme", board(&["Cook", "Night Cook"]));
    assert_eq!(counts(&world, &SCAN), json!([]));
    assert_eq!(counts(&world, &DRY_RUN), json!([["mine", 2, 2]]));

    world.boards.set_board("globex", board(&["Cook"]));
    let both = [world.greenhouse("acme"), world.greenhouse("globex")];
    let config = with_profile(&world, Api::Greenhouse, COOKS_QUERY);
    let start = config.find("profiles:").unwrap();
    let sources = world.config(&both);
    let end = sources.find("search_criteria").unwrap();
    world.write_config(&format!("{}{}", &sources[..end], &config[start..]));
    assert_eq!(counts(&world, &SCAN), json!([["mine", 1, 1]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_or_changed_profile_counts_the_stored_jobs() {
    let world = with_titles(&COOKS, COOKS_QUERY).await;
    printed(&world, &SCAN);

    let config = with_profile(&world, Api::Greenhouse, COOKS_QUERY);
    let with_another = config.replace("'}]", "'}, {name: floor, query: 'waiter -head'}]");
    world.write_config(&with_another);
    assert_eq!(counts(&world, &SCAN), json!([["floor", 6, 1]]));
    assert_eq!(counts(&world, &SCAN), json!([]));

    world.write_config(&with_another.replace("sous OR oslo", "sous"));
    assert_eq!(counts(&world, &SCAN), json!([["mine", 6, 3]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_summary_has_a_row_for_each_term_with_an_effect() {
    let world = with_titles(
        &COOKS[..3],
        "title:cook AND (sous OR oslo OR day OR cook) AND NOT head",
    )
    .await;
    for command in [&["scan", "--dry-run"][..], &["scan"]] {
        let expected = [
            "profile mine: 2 of 3 jobs match; 1 more would without the negative terms",
            "term brings in keeps out such as",
            "title:cook 2 Cook; Sous Cook",
            "cook 2 Cook; Sous Cook",
            "sous 1 Sous Cook",
            "NOT head 1 Head Cook",
            "true for none of these jobs: `oslo`, `day`",
        ];
        let mut shown = lines(&world, command);
        for line in &mut shown {
            *line = line.replace("Sous Cook; Cook", "Cook; Sous Cook");
        }
        assert_eq!(shown, expected, "{command:?}");
    }
    assert_eq!(lines(&world, &["scan"]), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn long_titles_are_escaped_and_cut_in_the_summary() {
    let long = "Cook \u{1b}[31m of ".to_owned() + &"very ".repeat(20) + "fine dishes";
    let world = with_titles(&[&long], "cook").await;
    let shown = lines(&world, &["scan", "--dry-run"]);
    assert_eq!(shown.len(), 3, "{shown:#?}");
    assert!(shown[2].starts_with("cook 1 Cook "), "{shown:#?}");
    assert!(
        shown[2].contains("very very") && shown[2].contains('…'),
        "{shown:#?}"
    );
    assert!(
        !shown[2].contains("dishes") && !shown[2].contains('\u{1b}'),
        "{shown:#?}"
    );

    let printed = on_terminal(&world, 60, &["scan", "--dry-run"]);
    let mut lines = printed.lines();
    let row = lines.find(|line| line.starts_with("cook  ")).unwrap();
    assert!(columns_of(row) <= 60 && row.ends_with('…'), "{row}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_terms_the_ten_with_most_jobs_are_shown() {
    let words: Vec<String> = (0..14).map(|number| format!("dish{number}")).collect();
    let mut titles: Vec<String> = words[..12].to_vec();
    titles.push("dish11 Cook".to_owned());
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let world = with_titles(&titles, &words.join(" OR ")).await;
    let shown = lines(&world, &["scan"]);
    assert_eq!(shown.len(), 2 + 10 + 2, "{shown:#?}");
    assert!(shown[2].starts_with("dish11 2 "), "{shown:#?}");
    assert_eq!(
        shown[12..],
        [
            "and 2 more terms",
            "true for none of these jobs: `dish12`, `dish13`"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_without_a_match_names_what_keeps_the_jobs_out() {
    let world = with_titles(&COOKS, "title:cook AND (lyon OR rome) AND NOT head").await;
    let expected = [
        "profile mine: 0 of 6 jobs match",
        "true for none of these jobs: `lyon`, `rome`",
        "without `(lyon OR rome)`, 3 jobs would match",
    ];
    assert_eq!(lines(&world, &["scan", "--dry-run"]), expected);
    assert_eq!(lines(&world, &["scan"]), expected);

    let tested = printed(&world, &["profile", "test", "mine"]);
    assert!(tested.contains(expected[2]), "{tested}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_matches_too_much_names_its_broadest_term() {
    let many = ["Cook", "Waiter"].repeat(30);
    let world = with_titles(&many, "cook OR barista").await;
    let shown = lines(&world, &["scan"]);
    assert_eq!(
        shown.last().unwrap(),
        "50 % of these jobs match, most of them only by `cook`; `title:cook` searches only the titles"
    );
}
