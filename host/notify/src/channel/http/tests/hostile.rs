//! The text of a board stays text in every channel: it adds no header, mark-up, link or mention.

use std::time::Instant;

use job_scanner_chat_server::{ChatServer, Request};
use job_scanner_core::job::Location;
use job_scanner_store::test_support::{at, store};
use job_scanner_store::{AlertKind, ClaimedDelivery};
use serde_json::Value;

use super::support::{TYPES, channel};
use crate::channel::mail::{MailChannel, MailTransport, Outbox, default_sender};
use crate::test_support::{delivery_of, full_job};

/// Texts that a board may send, and the mark-up that each may break out of.
const HOSTILE: [&str; 20] = [
    "\r\nBcc: x@evil.example",
    "x\r\n\r\n<html>body",
    "x\u{85}Bcc: y\u{2028}Bcc: z\u{b}w",
    "\0\u{1b}]0;title\u{7}",
    "\u{202e}gnp.exe\u{202c} \u{2066}x\u{200b}",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</a></b></strong><a href=\"https://evil.example\">x</a>",
    "&lt;b&gt; &#60;script&#62;",
    "javascript:alert(1)",
    "[y](javascript:z) [x](https://evil.example) ![i](https://evil.example/i)",
    "**b** _i_ ~~s~~ `c` ||spoiler|| # h",
    "```\ncode\n```",
    "<https://evil.example|click> <!channel> <!everyone> <@U123> <#C1>",
    "@everyone @here @room @channel <@1> <@&2>",
    "\\\\*x\\",
    "{{ 7*7 }}{% include \"page.html\" %}",
    "=?utf-8?q?=0d=0aBcc:_x@evil.example?=",
    "*b* _i_ ~s~ `c`",
    "> quote\n- list\n1. list\n# head",
];

/// Returns a delivery whose texts are all replaced by one.
async fn delivery(text: Option<&str>) -> ClaimedDelivery {
    let store = store().await;
    let mut delivery = delivery_of(&store, full_job("7"), AlertKind::New).await;
    delivery.message_id = "<0123456789abcdef@job-scanner.invalid>".to_owned();
    let alert = &mut delivery.alerts[0];
    // A salary and a page show the same text whatever the board writes there.
    alert.job.salary = None;
    let Some(text) = text else {
        return delivery;
    };

    text.clone_into(&mut alert.job.title);
    text.clone_into(&mut alert.source_name);
    alert.job.company = Some(text.to_owned());
    alert.job.employment_type = Some(text.to_owned());
    let place = |_: &Location| crate::test_support::place(text);
    alert.job.locations = alert.job.locations.iter().map(place).collect();
    for reason in &mut alert.reasons.reasons {
        text.clone_into(&mut reason.term);
        text.clone_into(&mut reason.hit.as_mut().unwrap().snippet);
    }
    // A stored URL has a maximum length.
    let end: String = text.chars().take(200).collect();
    alert.job.url = format!("https://acme.example/a)|b>*c*?<d>\"e#{end}");
    alert.job.apply_url = Some("javascript:alert(1)".to_owned());
    delivery
}

/// Sends a delivery through the channel of a type and returns the request.
async fn sent(server: &ChatServer, kind: &str, delivery: &ClaimedDelivery) -> Request {
    let sent = channel(server, kind)
        .send(delivery, at("08:16:00"))
        .await
        .unwrap();
    sent.close().await;
    server.requests().pop().unwrap()
}

/// Returns the text of a request in the mark-up of its service.
fn text_of(kind: &str, json: &Value) -> String {
    let text = match kind {
        "slack" | "telegram" => &json["text"],
        "discord" => &json["embeds"][0]["description"],
        "matrix" => &json["formatted_body"],
        "apprise" => &json["body"],
        "gotify" | "ntfy" => &json["message"],
        _ => &json["content"]["jobs"][0]["title"],
    };
    text.as_str().unwrap().to_owned()
}

/// Returns the mark-up of a text without the text: elements without their addresses, and signs that
/// are not escaped.
fn markup_of(kind: &str, text: &str) -> Vec<String> {
    let elements = || {
        text.split('<')
            .skip(1)
            .map(|rest| rest.split(['>', '"', '|']).next())
    };
    match kind {
        "telegram" | "matrix" => elements().flatten().map(str::to_owned).collect(),
        // The only links are `<url|text>`. After `*`, a word joiner is an escape.
        "slack" => {
            let joined = [
                "*\u{2060}",
                "_\u{2060}",
                "~\u{2060}",
                "`\u{2060}",
                "@\u{2060}",
            ];
            let bare = joined
                .iter()
                .fold(text.to_owned(), |text, it| text.replace(it, ""));
            let signs = without_addresses(&bare, "<", "|");
            signs
                .matches(['<', '*', '~', '`', '@'])
                .map(str::to_owned)
                .collect()
        }
        "discord" | "gotify" | "apprise" => {
            // An address in `(<…>)` cannot end before its `>`.
            let pairs = without_addresses(text, "(<", ">)").replace("@\u{2060}", "");
            let mut signs = Vec::new();
            let mut chars = pairs.chars();
            while let Some(c) = chars.next() {
                if c == '\\' {
                    chars.next();
                } else if "*_~`|[]<>#@!".contains(c) {
                    signs.push(c.to_string());
                }
            }
            signs
        }
        _ => Vec::new(),
    }
}

/// Returns the text without the addresses of its links. An address begins with `open`, which stays,
/// and ends with `close`.
fn without_addresses(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let mut outside = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        outside.push_str(open);
        outside.push_str(part.split_once(close).map_or(part, |(_address, rest)| rest));
    }
    outside
}

/// Returns the paths of all values.
fn shape(json: &Value) -> Vec<String> {
    let under = |name: &str, value| {
        let paths = shape(value).into_iter();
        paths
            .map(|path| format!("{name}/{path}"))
            .collect::<Vec<_>>()
    };
    match json {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, it)| under(name, it))
            .collect(),
        Value::Array(list) => list.iter().flat_map(|it| under("*", it)).collect(),
        _ => vec![String::new()],
    }
}

fn header_names(request: &Request) -> Vec<String> {
    let names = request
        .headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase());
    names.collect()
}

#[tokio::test]
async fn the_text_of_a_board_stays_text_in_every_service() {
    let server = ChatServer::start().await.unwrap();
    let usual = delivery(None).await;
    let long = "<@everyone> *[x](y)\r\n".repeat(50_000);
    for kind in TYPES {
        let usual = sent(&server, kind, &usual).await;
        for text in HOSTILE.into_iter().chain([long.as_str()]) {
            let request = sent(&server, kind, &delivery(Some(text)).await).await;
            let shown: String = text.chars().take(80).collect();
            assert_eq!(
                header_names(&request),
                header_names(&usual),
                "{kind} {shown:?}"
            );
            assert_eq!(request.target, usual.target, "{kind} {shown:?}");
            assert!(request.body.len() < 64 * 1024, "{kind} {shown:?}");

            let (json, usual) = (request.json(), usual.json());
            if kind != "webhook" {
                assert_eq!(shape(&json), shape(&usual), "{kind} {shown:?}");
            }
            let message = text_of(kind, &json);
            // The longest texts leave no room for the details and their mark-up.
            if text.len() < 1_000 {
                assert_eq!(
                    markup_of(kind, &message),
                    markup_of(kind, &text_of(kind, &usual)),
                    "{kind} {shown:?}: {message}"
                );
            }
            let is_odd = |c: char| {
                (c.is_control() && c != '\n') || "\u{202e}\u{2066}\u{200b}\u{2028}".contains(c)
            };
            assert!(!message.contains(is_odd), "{kind} {shown:?}: {message:?}");
        }
    }
}

#[tokio::test]
async fn no_mention_reaches_a_service_that_knows_mentions() {
    let server = ChatServer::start().await.unwrap();
    let mut delivery = delivery(Some("@everyone @room @here <!channel> <@1>")).await;
    // Within the address of a link there are no mentions.
    delivery.alerts[0].job.url = "https://acme.example/1".to_owned();
    for kind in ["slack", "discord", "telegram", "matrix", "apprise"] {
        let json = sent(&server, kind, &delivery).await.json();
        let message = text_of(kind, &json);
        for mention in ["@everyone", "@room", "@here", "<!channel>", "<@1>"] {
            assert!(!message.contains(mention), "{kind}: {message}");
        }
        match kind {
            "discord" => assert_eq!(json["allowed_mentions"]["parse"], serde_json::json!([])),
            "matrix" => assert_eq!(json["m.mentions"], serde_json::json!({})),
            "apprise" => assert!(!json["title"].as_str().unwrap().contains("@everyone")),
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_text_of_a_board_adds_no_header_to_a_mail() {
    let folder = tempfile::tempdir().unwrap();
    let transport = MailTransport::Files(Outbox::new(folder.path()));
    let mail = MailChannel::new(default_sender(), transport, Vec::new());
    let headers = async |delivery: &ClaimedDelivery| {
        mail.send(delivery, Instant::now())
            .await
            .unwrap()
            .close()
            .await;
        let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap();
        let message = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let (head, body) = message.split_once("\r\n\r\n").unwrap();
        let names = head.lines().filter(|line| !line.starts_with(' '));
        let names: Vec<String> = names
            .map(|line| line.split(':').next().unwrap_or_default().to_owned())
            .collect();
        (names, body.matches("--part-0123456789abcdef").count())
    };
    let usual = headers(&delivery(None).await).await;
    for text in HOSTILE {
        assert_eq!(
            headers(&delivery(Some(text)).await).await,
            usual,
            "{text:?}"
        );
    }
}
