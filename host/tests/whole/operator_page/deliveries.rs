//! Deliveries that a person retries and drops on the page.

use sqlx::Executor as _;

use crate::operator_page::browser::Session;
use crate::support::World;

/// Starts a daemon whose only message has failed, and removes the message that it wrote.
async fn with_failed_delivery() -> (World, Session) {
    let world = World::with_a_job().await;
    let config = world.config(&[world.greenhouse("acme")]);
    let mut session = Session::start(&world, &config, "");
    session.daemon.says("event=run.finished");
    let failed =
        "UPDATE deliveries SET state = 'abandoned', sent_at = NULL, next_attempt_at = NULL,
         last_error = '451 <b>later</b>'";
    world.database().await.execute(failed).await.unwrap();
    std::fs::remove_dir_all(world.folder().join("data/outbox")).unwrap();
    (world, session)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_delivery_says_why_and_is_sent_after_a_retry() {
    let (world, session) = with_failed_delivery().await;
    let browser = &session.browser;
    let open = browser.get("/deliveries");
    open.shows(&[
        "failed",
        "451 &#60;b&#62;later",
        "Correct the cause, then retry.",
    ]);

    browser
        .submit("/deliveries/retry", &[("delivery", "1")])
        .shows(&["Done."]);
    browser.get_until("/deliveries", "All messages were sent.");
    assert_eq!(world.outbox().len(), 1);
    let sent = browser.submit("/deliveries/retry", &[("delivery", "1")]);
    sent.shows(&["It was sent in the meantime, so nothing was changed."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_delivery_is_never_sent() {
    let (world, session) = with_failed_delivery().await;
    let browser = &session.browser;
    browser
        .submit("/deliveries/drop", &[("delivery", "1")])
        .shows(&["Done.", "All messages were sent."]);
    browser.get("/deliveries?show=all").shows(&["dropped"]);
    let again = browser.submit("/deliveries/retry", &[("delivery", "1")]);
    again.shows(&["It had ended before, so nothing was changed."]);
    assert_eq!(world.outbox().len(), 0);
}
