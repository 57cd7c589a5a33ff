//! The headers and bodies that are sent along with a redirect.

use crate::http::tests::server::{Server, ServerReply};
use crate::http::tests::{HttpRequest, Limits, get, http_response, post, session};

fn redirect_to(status: &str, location: &str) -> Vec<u8> {
    http_response(
        status,
        &[
            &format!("Location: {location}"),
            "Set-Cookie: session=1; Path=/",
        ],
        b"",
    )
}

fn with_credentials(request: HttpRequest) -> HttpRequest {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![
        header("Authorization", "Bearer marker"),
        header("Cookie", "own=1"),
        header("Accept", "application/json"),
        header("Content-Type", "application/json"),
    ];
    HttpRequest { headers, ..request }
}

#[tokio::test]
async fn credentials_and_body_do_not_reach_another_origin() {
    let other = Server::responding(http_response("200 OK", &[], b"there")).await;
    let first =
        Server::responding(redirect_to("307 Temporary Redirect", &other.url("/jobs"))).await;
    let session = session(&[first.authority(), other.authority()], &Limits::default());
    let response = session
        .send(with_credentials(post(first.url("/jobs"))))
        .await
        .unwrap();
    assert_eq!(
        (response.body.as_slice(), response.url),
        (&b"there"[..], other.url("/jobs"))
    );

    let (sent, arrived) = (&first.received()[0], &other.received()[0]);
    assert_eq!(
        (sent.header("authorization"), sent.body.as_str()),
        (Some("Bearer marker"), "{\"page\":1}")
    );
    assert_eq!(
        (arrived.line.as_str(), arrived.body.as_str()),
        ("POST /jobs HTTP/1.1", "")
    );
    for removed in ["authorization", "cookie", "content-type"] {
        assert_eq!(arrived.header(removed), None, "{removed}");
    }
    assert_eq!(arrived.header("accept"), Some("application/json"));
    assert_eq!(arrived.header("user-agent"), Some("tester/1"));
}

#[tokio::test]
async fn a_redirect_within_an_origin_keeps_credentials_but_no_cookies() {
    let server = Server::start(|number, _| {
        ServerReply::Bytes(match number {
            0 => redirect_to("308 Permanent Redirect", "/moved"),
            _ => http_response("200 OK", &[], b"here"),
        })
    })
    .await;
    let session = session(&[server.authority()], &Limits::default());
    let response = session
        .send(with_credentials(post(server.url("/jobs#top"))))
        .await
        .unwrap();
    assert_eq!(response.url, server.url("/moved"));
    let moved = &server.received()[1];
    assert_eq!(
        (moved.line.as_str(), moved.body.as_str()),
        ("POST /moved HTTP/1.1", "{\"page\":1}")
    );
    assert_eq!(
        (moved.header("authorization"), moved.header("cookie")),
        (Some("Bearer marker"), Some("own=1"))
    );

    session.send(get(server.url("/again"))).await.unwrap();
    assert_eq!(server.received()[2].header("cookie"), None);
}

#[tokio::test]
async fn a_redirected_post_becomes_a_get() {
    for status in ["301 Moved Permanently", "302 Found", "303 See Other"] {
        let server = Server::start(move |number, _| {
            ServerReply::Bytes(if number == 0 {
                redirect_to(status, "/results")
            } else {
                http_response("200 OK", &[], b"")
            })
        })
        .await;
        let session = session(&[server.authority()], &Limits::default());
        session.send(post(server.url("/search"))).await.unwrap();
        let second = &server.received()[1];
        assert_eq!(
            (second.line.as_str(), second.body.as_str()),
            ("GET /results HTTP/1.1", ""),
            "{status}"
        );
        assert_eq!(session.requests(), 2, "a redirect is a request");
    }
}

#[tokio::test]
async fn a_redirect_to_a_forbidden_url_is_returned_to_the_guest() {
    for location in [
        "ftp://127.0.0.1/jobs",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://me@127.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "//other.example/",
        "http://",
    ] {
        let server = Server::responding(redirect_to("302 Found", location)).await;
        let session = session(&[server.authority()], &Limits::default());
        let response = session.send(get(server.url("/"))).await.unwrap();
        assert_eq!(
            (
                response.status,
                crate::http::tests::header(&response, "location")
            ),
            (302, Some(location))
        );
        assert_eq!(server.received().len(), 1, "{location}");
    }
}

#[tokio::test]
async fn redirects_count_against_the_request_limit() {
    let server = Server::responding(redirect_to("302 Found", "/on")).await;
    let session = session(
        &[server.authority()],
        &Limits {
            requests: 3,
            ..Limits::default()
        },
    );
    let error = session.send(get(server.url("/"))).await.unwrap_err();
    assert_eq!(error.to_string(), "more than 3 requests in one scan");
    assert_eq!((server.received().len(), session.requests()), (3, 3));
}
