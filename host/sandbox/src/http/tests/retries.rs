//! Retries: the failures that are retried, and the number of retries.

use crate::http::tests::server::{Server, ServerReply};
use crate::http::tests::{
    Duration, HttpError, HttpRequest, HttpResponse, Instant, Limits, get, http_response, post,
    session, session_with,
};

/// Starts a server that fails this often before it succeeds.
async fn failing(times: usize, status: &'static str, headers: &'static [&'static str]) -> Server {
    Server::start(move |number, _| {
        ServerReply::Bytes(if number < times {
            http_response(status, headers, b"no")
        } else {
            http_response("200 OK", &[], b"yes")
        })
    })
    .await
}

async fn send(server: &Server, request: HttpRequest) -> HttpResponse {
    session(&[server.authority()], &Limits::default())
        .send(request)
        .await
        .unwrap()
}

const BUSY: &str = "503 Service Unavailable";
const SLOW_DOWN: &str = "429 Too Many Requests";

#[tokio::test]
async fn a_transient_failure_is_retried_twice() {
    let server = failing(2, "502 Bad Gateway", &["Retry-After: 0"]).await;
    assert_eq!(send(&server, get(server.url("/"))).await.body, b"yes");
    assert_eq!(server.received().len(), 3);

    let server = failing(3, "502 Bad Gateway", &["Retry-After: 0"]).await;
    let response = send(&server, get(server.url("/"))).await;
    assert_eq!(
        (response.status, response.body.as_slice()),
        (502, &b"no"[..]),
        "the guest gets the last response"
    );
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_short_retry_after_is_obeyed() {
    let server = failing(1, SLOW_DOWN, &["Retry-After: 1"]).await;
    let began = Instant::now();
    assert_eq!(send(&server, get(server.url("/"))).await.status, 200);
    assert!(
        began.elapsed() >= Duration::from_secs(1),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn a_long_or_unknown_retry_after_is_left_to_the_guest() {
    for headers in [&[][..], &["Retry-After: 11"], &["Retry-After: soon"]] {
        let server = failing(1, SLOW_DOWN, headers).await;
        assert_eq!(
            send(&server, get(server.url("/"))).await.status,
            429,
            "{headers:?}"
        );
        assert_eq!(server.received().len(), 1);
    }
    let server = failing(1, BUSY, &["Retry-After: 3600"]).await;
    assert_eq!(send(&server, get(server.url("/"))).await.status, 503);
}

#[tokio::test]
async fn a_post_is_retried_only_if_it_is_repeatable() {
    let server = failing(1, BUSY, &["Retry-After: 0"]).await;
    assert_eq!(send(&server, post(server.url("/"))).await.status, 503);
    assert_eq!(server.received().len(), 1);

    let server = failing(1, BUSY, &["Retry-After: 0"]).await;
    let response = send(
        &server,
        HttpRequest {
            repeatable: true,
            ..post(server.url("/"))
        },
    )
    .await;
    assert_eq!(response.status, 200);
    assert_eq!(server.received()[1].body, "{\"page\":1}");
}

#[tokio::test]
async fn permanent_failures_are_not_retried() {
    for status in [
        "500 Internal Server Error",
        "404 Not Found",
        "403 Forbidden",
    ] {
        let server = failing(1, status, &["Retry-After: 0"]).await;
        send(&server, get(server.url("/"))).await;
        assert_eq!(server.received().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_pause_beyond_the_request_timeout_is_not_started() {
    let server = failing(1, BUSY, &["Retry-After: 9"]).await;
    let session = session_with(
        &[server.authority()],
        &Limits::default(),
        Duration::from_secs(8),
    );
    let began = Instant::now();
    assert_eq!(
        session.send(get(server.url("/"))).await.unwrap().status,
        503
    );
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn retries_count_against_the_request_limit() {
    let server = failing(2, BUSY, &["Retry-After: 0"]).await;
    let session = session(
        &[server.authority()],
        &Limits {
            requests: 2,
            ..Limits::default()
        },
    );
    assert_eq!(
        session.send(get(server.url("/"))).await.unwrap().status,
        503,
        "the guest gets the response of the last permitted request"
    );
    assert_eq!((server.received().len(), session.requests()), (2, 2));
}

#[tokio::test]
async fn a_refused_connection_is_tried_three_times() {
    // The port is bound, so that no other process gets it, but nothing listens on it.
    let taken = tokio::net::TcpSocket::new_v4().unwrap();
    taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let authority = taken.local_addr().unwrap().to_string();
    let session = session(std::slice::from_ref(&authority), &Limits::default());
    let error = session
        .send(get(format!("http://{authority}/?key=marker")))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, HttpError::Connect(message) if !message.contains("marker")),
        "{error:?}"
    );
    assert_eq!(session.requests(), 3);
}
