//! A new source, from a pasted address to a match.

use job_scanner_board_server::{Api, Board, job};

use crate::operator_page::browser::Session;
use crate::support::World;

/// Returns a world with a board that the configuration does not name yet.
async fn world_with_new_board() -> World {
    let world = World::new().await;
    world
        .boards
        .set_board("old", Board::new([job(1).title("Cook")]));
    let hostile = "<script>alert(1)</script> Engineer";
    world.boards.set_board(
        "acme",
        Board::new([job(2).title("Rust Engineer"), job(3).title(hostile)]),
    );
    world
}

/// Returns the YAML that the page found, changed as a person would for a board in the own network.
fn on_this_machine(world: &World, found: &str) -> String {
    let (base_url, address) = (
        world.boards.api_url(Api::Greenhouse),
        world.boards.address(),
    );
    let more = format!(", options: {{base_url: '{base_url}'}}, allow_hosts: ['{address}']}}");
    found.trim_end().trim_end_matches('}').to_owned() + &more + "\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_only_the_page_follows_a_company_from_an_address_to_a_match() {
    let world = world_with_new_board().await;
    let config = world.config(&[world.greenhouse("old")]);
    let mut session = Session::start(&world, &config, ", write_sources: true");
    session.daemon.says("event=run.finished");

    let browser = &session.browser;
    browser.get("/sources").shows(&["/sources/add"]);
    let addresses = "https://boards.greenhouse.io/acme/jobs/4000\nhttps://unknown.example/careers";
    let form = [("step", "detect"), ("addresses", addresses)];
    let found = browser.submit("/sources/add", &form);
    found.shows(&[
        "Found 1 source.",
        "no adapter knows the site `unknown.example`",
    ]);

    let yaml = on_this_machine(&world, &found.content_of("<textarea id=\"yaml\""));
    let preview = browser.submit("/sources/add", &[("step", "preview"), ("yaml", &yaml)]);
    preview.shows(&[
        "Rust Engineer",
        "matches default",
        "2 jobs in all",
        "&#60;script&#62;",
    ]);
    assert!(!preview.text.contains("<script>alert"), "{}", preview.text);
    assert_eq!(world.outbox().len(), 0, "a preview sends nothing");

    let added = browser.submit("/sources/add", &[("step", "add"), ("yaml", &yaml)]);
    added.shows(&["Added <bdi>greenhouse/acme</bdi>"]);
    session.daemon.says("event=run.finished");
    browser.get_until("/sources?q=acme", "2 open jobs");
    browser.get("/matches").shows(&["Rust Engineer"]);
    assert_eq!(world.outbox().len(), 1, "{:?}", world.outbox());

    // The file is a part of the configuration from now on.
    let again = browser.submit("/sources/add", &[("step", "add"), ("yaml", &yaml)]);
    again.shows(&["role=\"alert\"", "greenhouse"]);
    assert!(again.location().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_permission_the_page_shows_the_text_and_writes_nothing() {
    let world = world_with_new_board().await;
    let session = Session::start(&world, &world.config(&[world.greenhouse("old")]), "");
    let browser = &session.browser;
    let form = [("step", "detect"), ("addresses", "jobs.lever.co/acme")];
    let found = browser.submit("/sources/add", &form);
    found.shows(&["type: lever", "write_sources: true"]);
    assert!(!found.text.contains("Add and scan"), "{}", found.text);

    let yaml = "sources:\n  - {type: lever, identifier: acme}\n";
    let refused = browser.submit("/sources/add", &[("step", "add"), ("yaml", yaml)]);
    refused.shows(&["the page may not write sources"]);
    assert!(!world.folder().join("sources.d").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_not_a_source_gets_its_position_and_a_correction() {
    let world = world_with_new_board().await;
    let config = world.config(&[world.greenhouse("old")]);
    let session = Session::start(&world, &config, ", write_sources: true");
    for (yaml, problem) in [
        (
            "sources:\n  - {type: greenhouse, identifer: acme}\n",
            "identifier",
        ),
        ("sources: [\n", "unclosed bracket"),
        ("sources: []\n", "no sources"),
    ] {
        for step in ["preview", "add"] {
            let form = [("step", step), ("yaml", yaml)];
            let page = session.browser.submit("/sources/add", &form);
            page.shows(&["role=\"alert\"", problem]);
        }
    }
}
