//! The outcome of a delivery after each answer: the table of `docs/delivery.md`.

use std::time::Duration;

use job_scanner_chat_server::{Answer, ChatServer};
use job_scanner_core::causes::with_causes;
use job_scanner_store::AlertKind;
use job_scanner_store::test_support::store;

use super::support::{MARKER, TYPES, channel, failure};
use crate::channel::http::HttpChannel;
use crate::test_support::{delivery_of, full_job};
use crate::{Remedy, SendError};

/// Returns the remedy after an answer.
async fn remedy(kind: &str, answer: Answer) -> (Remedy, SendError) {
    let store = store().await;
    let delivery = delivery_of(&store, full_job("7"), AlertKind::New).await;
    let server = ChatServer::start().await.unwrap();
    server.answer_with([answer]);
    let channel = channel(&server, kind).with_time_limit(Duration::from_millis(300));
    let error = failure(&channel, &delivery).await;
    assert_eq!(server.requests().len(), 1, "{kind}");
    (error.remedy(), error)
}

/// Returns the cells of a row of the table in the documentation.
fn row(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

fn in_words(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::Retry => "again",
        Remedy::RetryOnce => "once more",
        Remedy::Split { .. } => "split",
        Remedy::Abandon => "given up",
    }
}

#[tokio::test]
async fn every_answer_has_the_outcome_of_the_documented_table() {
    let manual = include_str!("../../../../../../docs/delivery.md");
    let answers = [
        ("400", Answer::status(400, "bad request")),
        ("401, 403", Answer::status(401, "{}")),
        ("404", Answer::status(404, "no such channel")),
        ("410", Answer::status(410, "gone")),
        ("413", Answer::status(413, "")),
        ("429", Answer::status(429, r#"{"retry_after": 7}"#)),
        ("500 to 503", Answer::status(500, "")),
        ("504", Answer::status(504, "")),
        ("no answer", Answer::Hang),
        ("connection lost", Answer::Cut),
    ];
    for (name, answer) in answers {
        let mut cells = vec![name.to_owned()];
        for kind in TYPES {
            let (remedy, _) = remedy(kind, answer.clone()).await;
            cells.push(in_words(remedy).to_owned());
        }
        let row = row(&cells);
        assert!(
            manual.contains(&row),
            "docs/delivery.md lacks the row\n{row}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_was_not_reached() {
    let store = store().await;
    let delivery = delivery_of(&store, full_job("7"), AlertKind::New).await;
    let server = ChatServer::start().await.unwrap();
    let channel = channel(&server, "slack");
    drop(server);

    let error = failure(&channel, &delivery).await;
    assert_eq!(error.remedy(), Remedy::Retry, "nothing was sent");
}

#[tokio::test]
async fn the_pause_that_a_service_asks_for_is_kept() {
    let header = |value: &str| Answer::Response {
        status: 429,
        headers: vec![("retry-after", value.to_owned())],
        body: String::new(),
    };
    for (kind, answer, seconds) in [
        ("slack", header("30"), 30),
        (
            "discord",
            Answer::status(429, r#"{"retry_after": 64.57}"#),
            64,
        ),
        (
            "telegram",
            Answer::status(429, r#"{"ok":false,"parameters":{"retry_after":35}}"#),
            35,
        ),
        (
            "matrix",
            Answer::status(
                429,
                r#"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2000}"#,
            ),
            2,
        ),
    ] {
        let (_, error) = remedy(kind, answer).await;
        let pause = error.retry_after().map(|pause| pause.as_secs());
        assert_eq!(pause, Some(seconds), "{kind}");
    }
}

#[tokio::test]
async fn an_error_shows_what_the_service_said_but_no_secret() {
    for kind in TYPES {
        let said = r#"{"message": "unknown /hooks/marker-1234 marker-secret 1:marker-token marker-token"}"#;
        let (_, error) = remedy(kind, Answer::status(404, said)).await;
        let text = with_causes(&error);
        assert!(text.contains("status 404"), "{text}");
        // Each channel has one of the secrets and must not show that one.
        let own = match kind {
            "webhook" => "marker-secret",
            "slack" | "discord" => "hooks/marker-1234",
            "telegram" => "1:marker-token",
            "apprise" => continue,
            _ => "marker-token",
        };
        assert!(!text.contains(own), "{kind}: {text}");
    }
    let (_, error) = remedy("slack", Answer::Cut).await;
    assert!(!with_causes(&error).contains(MARKER));
}

#[tokio::test]
async fn a_missing_secret_is_an_error_that_names_its_place() {
    let store = store().await;
    let delivery = delivery_of(&store, full_job("7"), AlertKind::New).await;
    let server = ChatServer::start().await.unwrap();
    let channel: HttpChannel = channel(&server, "slack").without_secrets();
    let error = failure(&channel, &delivery).await;
    assert_eq!(error.remedy(), Remedy::Retry);
    assert!(with_causes(&error).contains("the variable `HOOK` is not set"));
    assert_eq!(server.requests(), []);
}
