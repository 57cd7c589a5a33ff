//! Channels that are tried without a message.

use std::time::Duration;

use job_scanner_chat_server::{Answer, ChatServer};

use super::support::{MARKER, TYPES, channel};
use crate::channel::http::{ProbeError, Probed};

/// The types that have a request without a message.
const TRIED: [&str; 6] = ["discord", "telegram", "ntfy", "gotify", "matrix", "apprise"];

/// Tries a channel whose server gives this answer.
async fn probed(kind: &str, answer: Answer) -> Result<Probed, ProbeError> {
    let server = ChatServer::start().await.unwrap();
    server.answer_with([answer]);
    let channel = channel(&server, kind).with_time_limit(Duration::from_millis(300));
    let probed = channel.probe().await;
    assert_eq!(server.requests().len(), 1, "{kind}");
    probed
}

/// Tries a channel and returns the error in words.
async fn refused(kind: &str, answer: Answer) -> String {
    let error = probed(kind, answer).await.unwrap_err().to_string();
    assert!(!error.contains(MARKER), "{kind}: {error}");
    error
}

#[tokio::test]
async fn each_service_that_is_well_is_tried_without_a_message() {
    for (kind, request, conclusion) in [
        ("discord", "GET /hooks/marker-1234", "the webhook exists"),
        (
            "telegram",
            "POST /bot1:marker-token/getChat",
            "the bot has access to the chat",
        ),
        ("ntfy", "GET /v1/health", "the server accepts the token"),
        (
            "gotify",
            "GET /gotify/version",
            "the server answers; only a message tests the token",
        ),
        (
            "matrix",
            "GET /_matrix/client/v3/rooms/!a:example.org/state/m.room.encryption/",
            "the account is in the room",
        ),
        (
            "apprise",
            "GET /status",
            "the server answers; only a message tests its own services",
        ),
    ] {
        let server = ChatServer::start().await.unwrap();
        let probed = channel(&server, kind).probe().await;
        assert_eq!(probed, Ok(Probed::Answered(conclusion)), "{kind}");
        let requests = server.requests();
        let sent: Vec<String> = requests
            .iter()
            .map(|it| format!("{} {}", it.method, it.target))
            .collect();
        assert_eq!(sent, [request]);
    }
}

#[tokio::test]
async fn a_service_that_only_accepts_messages_is_not_contacted() {
    for kind in TYPES.iter().filter(|kind| !TRIED.contains(kind)) {
        let server = ChatServer::start().await.unwrap();
        let probed = channel(&server, kind).probe().await;
        assert!(matches!(probed, Ok(Probed::NotPossible(_))), "{probed:?}");
        assert_eq!(server.requests(), []);

        let without = channel(&server, kind).without_secrets().probe().await;
        assert!(matches!(without, Err(ProbeError::Settings { .. })));
    }
}

#[tokio::test]
async fn a_refusal_says_what_to_correct() {
    for (kind, status, advice) in [
        ("discord", 401, "copy the URL of the webhook again"),
        ("discord", 404, "copy the URL of the webhook again"),
        ("telegram", 400, "correct `chat`"),
        ("telegram", 401, "copy the token from @BotFather again"),
        ("telegram", 404, "copy the token from @BotFather again"),
        ("ntfy", 401, "correct the token and its permissions"),
        ("ntfy", 404, "correct the URL"),
        ("gotify", 401, "correct the token and its permissions"),
        ("gotify", 404, "correct the URL"),
        ("matrix", 401, "correct the access token"),
        ("matrix", 403, "let the account join it"),
        ("matrix", 404, "correct the URL"),
        ("apprise", 401, "correct the token and its permissions"),
        ("apprise", 404, "correct the URL"),
        ("apprise", 417, "look at `/status`"),
    ] {
        // A service may repeat the secret.
        let said = match kind {
            "discord" => "no /hooks/marker-1234",
            "telegram" => "no 1:marker-token",
            "apprise" => "no",
            _ => "no marker-token",
        };
        let said = refused(kind, Answer::status(status, said)).await;
        assert!(said.contains(&format!("status {status}")), "{said}");
        assert!(said.contains(advice), "{kind} {status}: {said}");
    }
}

#[tokio::test]
async fn a_page_of_another_server_is_not_a_service() {
    for kind in TRIED {
        let page = Answer::status(200, "<html><title>Welcome</title></html>");
        // The status of Apprise has no fixed content.
        if kind != "apprise" {
            let said = refused(kind, page).await;
            assert!(said.contains("correct the URL"), "{kind}: {said}");
        }
    }
    let encrypted = Answer::status(200, r#"{"algorithm": "m.megolm.v1.aes-sha2"}"#);
    let said = refused("matrix", encrypted).await;
    assert!(said.contains("the room is encrypted"), "{said}");
}

#[tokio::test]
async fn a_service_that_is_busy_hangs_or_is_gone_is_reported() {
    for kind in TRIED {
        for status in [429, 503] {
            let said = refused(kind, Answer::status(status, "")).await;
            assert!(said.contains("check again later"), "{kind}: {said}");
        }
        for (answer, reason) in [
            (Answer::Hang, "no answer within 300ms"),
            (Answer::Cut, "the service did not answer"),
        ] {
            let said = refused(kind, answer).await;
            assert!(said.contains(reason), "{kind}: {said}");
        }

        let server = ChatServer::start().await.unwrap();
        let channel = channel(&server, kind);
        drop(server);
        let error = channel.probe().await.unwrap_err();
        assert!(matches!(error, ProbeError::NotReached { .. }), "{error}");
    }
}
