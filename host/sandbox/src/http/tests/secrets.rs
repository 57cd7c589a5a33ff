//! The secrets of a source: only the hosts that may receive them get the values, and all other code
//! sees placeholders.

use std::collections::BTreeMap;
use std::sync::Arc;

use job_scanner_core::secret::Secret;

use crate::http::tests::server::{Server, ServerReply};
use crate::http::tests::{
    Access, Duration, GrantedHost, HostTerms, HttpError, HttpRequest, HttpResponse, HttpSession,
    Limits, Secrets, Transport, clients, get, head, header, http_response, lone_reservation,
    session_over,
};
use crate::http::transport::{Player, Recorder};

const VALUE: &str = "mark/er+1 234";
const IN_URL: &str = "mark%2Fer%2B1%20234";

/// Creates a session with the secret `key`, which `board.example` may receive. `other.example` is
/// granted, but may not receive it.
fn session(transport: Transport, listed: &[&Server]) -> HttpSession {
    let limits = Limits::default();
    let host = |pattern: &str| GrantedHost {
        pattern: pattern.parse().unwrap(),
        terms: HostTerms {
            methods: ["GET".parse().unwrap()].into(),
            rate: None,
        },
    };
    let listed = listed
        .iter()
        .map(|server| server.authority().parse().unwrap())
        .collect();
    let receivers = BTreeMap::from([("key".to_owned(), ["board.example".parse().unwrap()].into())]);
    let access = Access::new(vec![host("board.example"), host("other.example")], listed)
        .with_receivers(receivers);
    let secrets = Secrets::new(BTreeMap::from([("key".to_owned(), Secret::new(VALUE))]));
    session_over(transport, access, secrets, &limits)
}

fn network() -> Transport {
    Transport::Network(clients(Duration::from_secs(30)))
}

fn with_key(request: HttpRequest) -> HttpRequest {
    HttpRequest {
        headers: vec![("X-Key".to_owned(), "Key {{secret:key}}".to_owned())],
        ..request
    }
}

async fn refusal(request: HttpRequest) -> String {
    session(network(), &[])
        .send(request)
        .await
        .unwrap_err()
        .to_string()
}

fn text(response: &HttpResponse) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

#[tokio::test]
async fn the_board_receives_the_secret_and_the_guest_the_placeholder() {
    let server = Server::start(|_, request| {
        let echo = format!("{} {}", request.line, request.header("x-key").unwrap());
        ServerReply::Bytes(http_response(
            "200 OK",
            &[&format!("X-Echo: {VALUE}")],
            echo.as_bytes(),
        ))
    })
    .await;
    let session = session(network(), &[&server]);
    let url = server.url("/of/{{secret:key}}?k={{secret:key}}&l=1");
    let response = session.send(with_key(get(&url))).await.unwrap();

    let received = &server.received()[0];
    assert_eq!(
        received.line,
        format!("GET /of/{IN_URL}?k={IN_URL}&l=1 HTTP/1.1")
    );
    assert_eq!(
        received.header("x-key"),
        Some(format!("Key {VALUE}").as_str())
    );
    assert_eq!(response.url, url);
    assert_eq!(session.last_response().unwrap().url, url);
    assert_eq!(header(&response, "x-echo"), Some("{{secret:key}}"));
    let (in_url, value) = ("*".repeat(IN_URL.len()), "*".repeat(VALUE.len()));
    assert_eq!(
        text(&response),
        format!("GET /of/{in_url}?k={in_url}&l=1 HTTP/1.1 Key {value}")
    );
}

#[tokio::test]
async fn a_header_whose_name_contains_a_secret_is_dropped() {
    let headers = [
        &format!("X-Of-{}: a", IN_URL.to_ascii_uppercase()),
        "X-Two: b",
        "X-Two: c",
    ];
    let server = Server::responding(http_response("200 OK", &headers, b"")).await;
    let response = session(network(), &[&server])
        .send(get(server.url("/")))
        .await
        .unwrap();
    let names: Vec<&str> = response
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["x-two", "x-two", "content-length", "connection"]);
}

#[tokio::test]
async fn an_echo_in_single_byte_chunks_is_masked() {
    let mut bytes = head("200 OK", &["Transfer-Encoding: chunked"]);
    for byte in VALUE.bytes() {
        bytes.extend_from_slice(&[b'1', b'\r', b'\n', byte, b'\r', b'\n']);
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    let server = Server::responding(bytes).await;
    let response = session(network(), &[&server])
        .send(get(server.url("/")))
        .await
        .unwrap();
    assert_eq!(text(&response), "*".repeat(VALUE.len()));
}

#[tokio::test]
async fn a_secret_is_not_sent_to_another_host() {
    let refused = "the secret `key` may not be sent to `other.example`, only to board.example";
    assert_eq!(
        refusal(with_key(get("https://other.example/"))).await,
        refused
    );
    assert_eq!(
        refusal(get("https://other.example/?k={{secret:key}}")).await,
        refused
    );
    assert_eq!(
        refusal(get("https://other.example/%7B%7Bsecret:key%7D%7D")).await,
        refused
    );
}

#[tokio::test]
async fn a_secret_in_the_authority_is_refused() {
    for url in [
        "https://{{secret:key}}/",
        "https://{{secret:key}}.board.example/",
        "https://board.example:{{secret:key}}/",
        "https://{{secret:key}}@board.example/",
        "https://me:{{secret:key}}@board.example/",
    ] {
        let error = session(network(), &[]).send(get(url)).await.unwrap_err();
        assert!(
            matches!(error, HttpError::InvalidRequest(_) | HttpError::Denied(_)),
            "{url}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_secret_that_was_not_granted_is_refused() {
    let request = get("https://board.example/?k={{secret:other}}");
    assert_eq!(
        refusal(request).await,
        "the adapter was not granted the secret `other`"
    );
}

#[tokio::test]
async fn a_redirect_to_another_host_drops_the_secret() {
    let other = Server::responding(http_response("200 OK", &[], b"there")).await;
    let to_other = http_response(
        "302 Found",
        &[&format!("Location: {}", other.url("/plain"))],
        b"",
    );
    let first = Server::responding(to_other).await;
    session(network(), &[&first, &other])
        .send(with_key(get(first.url("/"))))
        .await
        .unwrap();
    assert_eq!(
        first.received()[0].header("x-key"),
        Some(format!("Key {VALUE}").as_str())
    );
    assert_eq!(other.received()[0].header("x-key"), None);
}

#[tokio::test]
async fn a_redirect_with_a_secret_to_another_host_is_not_followed() {
    for carried in [IN_URL, "{{secret:key}}"] {
        let other = Server::responding(http_response("200 OK", &[], b"there")).await;
        let location = format!("Location: {}", other.url(&format!("/?k={carried}")));
        let first = Server::responding(http_response("302 Found", &[&location], b"")).await;
        let response = session(network(), &[&first, &other])
            .send(get(first.url("/")))
            .await
            .unwrap();
        assert_eq!(response.status, 302);
        assert_eq!(
            header(&response, "location"),
            Some(other.url("/?k={{secret:key}}").as_str())
        );
        assert!(other.received().is_empty(), "{carried}");
    }
}

#[tokio::test]
async fn a_redirect_to_the_same_origin_keeps_the_secret() {
    let server = Server::start(|number, _| {
        ServerReply::Bytes(match number {
            0 => http_response("301 Moved", &[&format!("Location: /new?k={IN_URL}")], b""),
            _ => http_response("200 OK", &[], b"here"),
        })
    })
    .await;
    let session = session(network(), &[&server]);
    let response = session
        .send(with_key(get(server.url("/old?k={{secret:key}}"))))
        .await
        .unwrap();
    assert_eq!(response.url, server.url("/new?k={{secret:key}}"));
    let moved = &server.received()[1];
    assert_eq!(moved.line, format!("GET /new?k={IN_URL} HTTP/1.1"));
    assert_eq!(moved.header("x-key"), Some(format!("Key {VALUE}").as_str()));
}

#[tokio::test]
async fn a_cassette_contains_the_placeholder_and_replays_without_the_secret() {
    let echo = http_response("200 OK", &[&format!("X-Echo: {VALUE}")], VALUE.as_bytes());
    let server = Server::responding(echo).await;
    let recorder = Arc::new(Recorder::new(u64::MAX, lone_reservation()));
    let transport = Transport::Recorded(clients(Duration::from_secs(30)), Arc::clone(&recorder));
    let request = with_key(get(server.url("/?k={{secret:key}}")));
    let live = session(transport, &[&server])
        .send(request.clone())
        .await
        .unwrap();
    let exchanges = recorder.take_exchanges().unwrap();
    for hidden in [VALUE, IN_URL] {
        assert!(!format!("{exchanges:?}").contains(hidden), "{exchanges:?}");
    }
    assert_eq!(
        exchanges[0].outcome.as_ref().unwrap().body,
        "*".repeat(VALUE.len()).as_bytes()
    );

    let replayed = session(
        Transport::Cassette(Arc::new(Player::new(exchanges))),
        &[&server],
    );
    let replayed = replayed.send(request).await.unwrap();
    assert_eq!((replayed.url, replayed.body), (live.url, live.body));
}
