//! The requests of each service: their addresses, their text, and what a board cannot do to them.

use std::fmt::Write as _;

use job_scanner_chat_server::{ChatServer, Request};
use job_scanner_core::key::MAX_EXTERNAL_ID_BYTES;
use job_scanner_core::normalize::NormalizationResult;
use job_scanner_store::test_support::{at, store};
use job_scanner_store::{AlertKind, ClaimedDelivery};

use super::support::{TYPES, channel};
use crate::test_support::{delivery_of, full_job, page};

/// Sends a delivery through the channel of a type, with links to a page, and returns the request.
async fn sent(kind: &str, delivery: &ClaimedDelivery) -> Request {
    let server = ChatServer::start().await.unwrap();
    channel(&server, kind)
        .with_page(Some(page()))
        .send(delivery, at("08:16:00"))
        .await
        .unwrap()
        .close()
        .await;
    server.requests().remove(0)
}

async fn about(job: NormalizationResult) -> ClaimedDelivery {
    let store = store().await;
    delivery_of(&store, job, AlertKind::New).await
}

#[tokio::test]
async fn each_service_gets_its_own_request() {
    let mut delivery = about(full_job("7")).await;
    delivery.message_id = "<0123456789abcdef@job-scanner.invalid>".to_owned();
    let mut shown = String::new();
    for kind in TYPES {
        let request = sent(kind, &delivery).await;
        let json = serde_json::to_string_pretty(&request.json()).unwrap();
        let _ = writeln!(shown, "{kind}: {} {}", request.method, request.target);
        for header in ["authorization", "x-gotify-key", "idempotency-key"] {
            if let Some(value) = request.header(header) {
                let _ = writeln!(shown, "{header}: {value}");
            }
        }
        shown.push_str(&json);
        shown.push_str("\n\n");
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn a_repeated_message_says_so_unless_the_service_recognizes_it() {
    let delivery = about(full_job("7")).await;
    let (mut unconfirmed, mut interrupted) = (delivery.clone(), delivery);
    unconfirmed.uncertain = true;
    interrupted.unfinished = 1;
    for delivery in [unconfirmed, interrupted] {
        for kind in TYPES {
            let body = sent(kind, &delivery).await.body;
            let recognizes = matches!(kind, "webhook" | "matrix");
            assert_eq!(
                body.contains("may be a repetition"),
                !recognizes,
                "{kind}: {body}"
            );
        }
    }
}

#[tokio::test]
async fn the_longest_job_fits_into_every_service() {
    let mut job = full_job(&"7".repeat(MAX_EXTERNAL_ID_BYTES));
    job.job.title = "😀".repeat(250);
    job.job.company = Some("*".repeat(1000));
    let place = |n: usize| crate::test_support::place(&format!("{n}{}", "_".repeat(500)));
    job.job.locations = (0..50).map(place).collect();
    job.job.url = format!("https://acme.example/{}", "x".repeat(1000));
    let delivery = about(job).await;
    for kind in TYPES {
        let request = sent(kind, &delivery).await;
        assert!(
            request.body.len() < 64 * 1024,
            "{kind}: {}",
            request.body.len()
        );
        let json = request.json();
        match kind {
            "telegram" => assert!(units(&json["text"]) <= 4096),
            "discord" => {
                assert!(units(&json["embeds"][0]["description"]) <= 4096);
                assert!(units(&json["embeds"][0]["title"]) <= 256);
            }
            "ntfy" => assert!(json["message"].as_str().unwrap().len() <= 4096),
            _ => {}
        }
    }
}

/// Returns the length in UTF-16 code units.
fn units(text: &serde_json::Value) -> usize {
    text.as_str().unwrap().encode_utf16().count()
}
