//! Profiles that are tried on the stored jobs.

use job_scanner_board_server::{Board, job};

use crate::operator_page::browser::{Browser, Page, Session};
use crate::support::World;

/// Starts a daemon that has scanned three jobs.
async fn scanned() -> (World, Session) {
    let world = World::new().await;
    let titles = ["Rust Engineer", "Go Engineer", "Engineer, Intern"];
    let jobs = (1..).zip(titles).map(|(id, title)| job(id).title(title));
    world.boards.set_board("acme", Board::new(jobs));
    let config = world.config(&[world.greenhouse("acme")]);
    let mut session = Session::start(&world, &config, "");
    session.daemon.says("event=run.finished");
    (world, session)
}

fn tried(browser: &Browser, query: &str) -> Page {
    let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    browser.get(&format!("/profiles?name=mine&query={encoded}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_shows_its_matches_and_the_effect_of_each_term() {
    let (_world, session) = scanned().await;
    let page = tried(&session.browser, "(rust OR cobol) AND NOT intern");
    page.shows(&[
        "profile mine: 1 of 3 open jobs match",
        "true for none of these jobs: `cobol`",
        "/job?key=greenhouse%2Facme%2F1",
    ]);
    let yaml = page.content_of("<pre id=\"yaml\"");
    assert_eq!(
        yaml,
        "profiles:\n  - name: mine\n    query: \"(rust OR cobol) AND NOT intern\"\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profile_of_the_configuration_is_shown_with_its_query() {
    let (_world, session) = scanned().await;
    let page = session.browser.get("/profiles");
    page.shows(&[
        "profile default: 2 of 3 open jobs match; 1 more would without the negative terms",
    ]);
    assert!(
        page.content_of("<textarea id=\"query\"")
            .contains("engineer")
    );

    let csv = "/api/v1/jobs.csv?profile=default";
    page.shows(&["/feeds/default.atom", "/feeds/default.json", csv]);
    session
        .browser
        .get(csv)
        .shows(&["key,", "greenhouse/acme/1,"]);
    for feed in ["/feeds/default.atom", "/feeds/default.json"] {
        assert_eq!(session.browser.get(feed).status, 200, "{feed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_points_to_its_place_and_the_text_stays() {
    let (_world, session) = scanned().await;
    let query = "rust AND (go <b>";
    let page = tried(&session.browser, query);
    page.shows(&["role=\"alert\""]);
    assert!(
        page.content_of("<pre class=\"warn\"").contains('^'),
        "{}",
        page.text
    );
    assert_eq!(page.content_of("<textarea id=\"query\""), query);
    assert!(!page.text.contains("go <b>"), "{}", page.text);
}
