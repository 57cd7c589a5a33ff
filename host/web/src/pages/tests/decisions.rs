//! Marks, notes, undo and hidden companies, by one person and by several at once.

use job_scanner_core::decision::Decision;
use job_scanner_store::Store;

use super::{job_path, mark_on_command_line, order, page_with, redirected, stored, value_after};
use crate::test_support::{TestPage, TestResponse};

/// Presses a button of a card on this page.
async fn mark(page: &TestPage, decision: &str, id: &str, back: &str) -> TestResponse {
    let back = back
        .replace('&', "%26")
        .replace('?', "%3F")
        .replace('=', "%3D");
    let form = format!("mark={decision}+greenhouse%2Facme%2F{id}&back={back}");
    page.post_form("/job/mark", &form).await
}

/// Sends a form as the script does.
async fn for_card(page: &TestPage, path: &str, form: &str) -> TestResponse {
    let headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Sec-Fetch-Site", "same-origin"),
        ("X-Card", "1"),
    ];
    page.send("POST", path, &headers, form).await
}

#[tokio::test]
async fn a_mark_returns_to_the_place_and_can_be_undone_there() {
    let page = page_with(&["First", "Second", "Third"]).await;
    let marked = mark(&page, "hidden", "2", "/matches?q=acme").await;
    let path = redirected(&marked);
    assert_eq!(path, "/matches?q=acme&changed=1#here");

    let body = page.get("/matches?q=acme&changed=1").await.body;
    let titles = [
        "<bdi>Third</bdi>",
        "<strong>Hidden</strong>",
        "<bdi>First</bdi>",
    ];
    assert_eq!(order(&body, &titles), titles);
    assert!(
        body.contains("id=\"here\"") && body.contains(">Undo</button>"),
        "{body}"
    );
    assert!(body.contains("2 jobs to decide about"), "{body}");

    let undone = page.post_form("/job/undo", "change=1&back=/matches").await;
    assert_eq!(redirected(&undone), "/matches#j2");
    assert_eq!(stored(&page.store(), "2").await, None);
    let body = page.get("/matches").await.body;
    assert!(body.contains("3 jobs to decide about"), "{body}");
}

#[tokio::test]
async fn the_script_gets_the_card_as_it_is_after_the_change() {
    let page = page_with(&["First"]).await;
    let form = "mark=applied+greenhouse%2Facme%2F1&back=/matches";
    let card = for_card(&page, "/job/mark", form).await;
    assert_eq!(card.status, 200);
    assert!(
        card.body
            .trim_start()
            .starts_with("<article class=\"card done\" data-card"),
        "{}",
        card.body
    );
    assert!(
        card.body.contains("<strong>Applied</strong>"),
        "{}",
        card.body
    );
    let change = value_after(&card.body, "form=\"undo\"");

    let undone = for_card(
        &page,
        "/job/undo",
        &format!("change={change}&back=/matches"),
    )
    .await;
    assert!(
        undone.body.contains("value=\"applied greenhouse/acme/1\""),
        "{}",
        undone.body
    );
    assert_eq!(stored(&page.store(), "1").await, None);
}

#[tokio::test]
async fn two_pages_and_the_command_line_lose_nothing() {
    let page = page_with(&["First"]).await;
    let other = Store::open_existing(&format!("sqlite:{}", page.store().file().display()))
        .await
        .unwrap();

    // The command line writes a note while both pages show an undecided job.
    mark_on_command_line(&other, "1", Decision::Interested, Some("ask Mia")).await;
    let first = mark(&page, "applied", "1", "/matches").await;
    let second = mark(&page, "hidden", "1", "/matches").await;
    let kept = Some((Decision::Hidden, Some("ask Mia".to_owned())));
    assert_eq!(stored(&other, "1").await, kept);

    // The undo of the first page would take back what the second one decided.
    assert_eq!(redirected(&first), "/matches?changed=2#here");
    let refused = page.post_form("/job/undo", "change=2&back=/matches").await;
    assert_eq!(redirected(&refused), "/matches?outdated=1");
    assert_eq!(stored(&other, "1").await, kept);
    let told = page.get("/matches?outdated=1").await.body;
    assert!(told.contains("Nothing was changed"), "{told}");

    assert_eq!(redirected(&second), "/matches?changed=3#here");
    page.post_form("/job/undo", "change=3&back=/matches").await;
    let before = Some((Decision::Applied, Some("ask Mia".to_owned())));
    assert_eq!(stored(&other, "1").await, before);
    let history = page.get(&job_path("1")).await.body;
    assert_eq!(history.matches(" by page@").count(), 3);
    assert_eq!(history.matches(" by jo@desk").count(), 1);
}

#[tokio::test]
async fn of_two_notes_the_later_one_overwrites_nothing_and_keeps_its_text() {
    let page = page_with(&["First"]).await;
    mark_on_command_line(&page.store(), "1", Decision::Applied, None).await;
    let seen = page.get(&job_path("1")).await.body;
    let seen = value_after(&seen, "name=\"seen\"").to_owned();
    let note =
        |text: &str| format!("key=greenhouse%2Facme%2F1&decision=applied&seen={seen}&note={text}");

    let first = page.post_form("/job/note", &note("mine")).await;
    assert!(redirected(&first).starts_with(&job_path("1")), "{first:?}");
    let second = page.post_form("/job/note", &note("yours")).await;
    assert_eq!(second.status, 409);
    assert!(
        second.body.contains("decided about in the meantime"),
        "{}",
        second.body
    );
    assert!(second.body.contains(">yours</textarea>"), "{}", second.body);
    let expected = Some((Decision::Applied, Some("mine".to_owned())));
    assert_eq!(stored(&page.store(), "1").await, expected);

    // The page that was shown in answer has seen the first note.
    let seen = value_after(&second.body, "name=\"seen\"");
    let again =
        format!("key=greenhouse%2Facme%2F1&decision=applied&seen={seen}&note=both%0D%0Alines");
    redirected(&page.post_form("/job/note", &again).await);
    let expected = Some((Decision::Applied, Some("both\nlines".to_owned())));
    assert_eq!(stored(&page.store(), "1").await, expected);
}

#[tokio::test]
async fn a_company_is_hidden_snoozed_and_shown_again() {
    let page = page_with(&["First"]).await;
    let hidden = page
        .post_form("/company/hide", "company=ACME&until=&back=/matches")
        .await;
    let path = redirected(&hidden).replace("#here", "");
    let body = page.get(&path).await.body;
    assert!(
        body.contains("Jobs of ACME are hidden.") && !body.contains("data-card"),
        "{body}"
    );
    let list = page.get("/matches?state=hidden").await.body;
    assert!(
        list.contains("permanently") && list.contains("Show again"),
        "{list}"
    );

    let change = value_after(
        &body,
        "name=\"back\" value=\"/matches\"><button name=\"change\"",
    );
    page.post_form("/job/undo", &format!("change={change}&back=/matches"))
        .await;
    assert!(page.get("/matches").await.body.contains("First"));

    let snoozed = page
        .post_form(
            "/company/hide",
            "company=Acme&until=2026-12-24&back=/matches",
        )
        .await;
    assert_eq!(snoozed.status, 303);
    assert!(
        page.get("/matches?state=hidden")
            .await
            .body
            .contains("until 2026-12-24")
    );
    let shown = page
        .post_form("/company/show", "company=Acme&back=/matches")
        .await;
    let body = page
        .get(&redirected(&shown).replace("#here", ""))
        .await
        .body;
    assert!(body.contains("Jobs of Acme are shown again."), "{body}");
}

#[tokio::test]
async fn wrong_forms_change_nothing_and_say_what_to_do() {
    let page = page_with(&["First"]).await;
    for (path, form, status, told) in [
        (
            "/job/mark",
            "mark=liked+greenhouse%2Facme%2F1&back=/",
            400,
            "reload the page",
        ),
        (
            "/job/mark",
            "mark=hidden+greenhouse%2Facme%2F9&back=/",
            404,
            "is not stored",
        ),
        (
            "/job/note",
            "key=greenhouse%2Facme%2F1&decision=&seen=&note=a",
            400,
            "Choose a decision",
        ),
        ("/job/undo", "change=77&back=/", 404, "not stored any more"),
        (
            "/company/hide",
            "company=+&until=&back=/",
            400,
            "Write the name",
        ),
        (
            "/company/hide",
            "company=Acme&until=2026-11-23&back=/",
            400,
            "after today, 2026-11-23",
        ),
        (
            "/company/hide",
            "company=Acme&until=soon&back=/",
            400,
            "after today",
        ),
    ] {
        let answer = page.post_form(path, form).await;
        assert_eq!(answer.status, status, "{path} {form}: {}", answer.body);
        assert!(answer.body.contains(told), "{path} {form}: {}", answer.body);
    }
    let long = format!(
        "key=greenhouse%2Facme%2F1&decision=applied&seen=&note={}",
        "x".repeat(2_001)
    );
    assert_eq!(page.post_form("/job/note", &long).await.status, 400);
    assert_eq!(stored(&page.store(), "1").await, None);
}
