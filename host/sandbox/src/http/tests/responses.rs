//! Hostile responses: decompression bombs, wrong lengths, endless bodies.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use crate::http::tests::server::{Server, ServerReply};
use crate::http::tests::{
    Duration, HttpError, HttpRequest, Instant, Limits, get, head, header, http_response, session,
    session_with,
};

const MIB: usize = 1 << 20;

/// Returns mebibytes of zeros in each content coding that a board may use.
fn compressed(mebibytes: usize) -> [(&'static str, Vec<u8>); 4] {
    let zeros = vec![0; MIB];
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let mut deflate = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    for _ in 0..mebibytes {
        gzip.write_all(&zeros).unwrap();
        deflate.write_all(&zeros).unwrap();
        brotli.write_all(&zeros).unwrap();
    }
    [
        ("gzip", gzip.finish().unwrap()),
        ("deflate", deflate.finish().unwrap()),
        ("br", brotli.into_inner()),
        ("zstd", zstd_zeros(mebibytes)),
    ]
}

/// Returns a frame of blocks that each repeat one byte 128 Ki times ([RFC 8878, section
/// 3.1.1](https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1)).
fn zstd_zeros(mebibytes: usize) -> Vec<u8> {
    const BLOCK: u32 = 128 * 1024;
    const RUN_LENGTH: u32 = 1;

    // The magic number, no flags, and a window of 128 KiB.
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0, 0x38];
    let blocks = mebibytes * 8;
    for number in 1..=blocks {
        let is_last = u32::from(number == blocks);
        frame.extend_from_slice(&(BLOCK << 3 | RUN_LENGTH << 1 | is_last).to_le_bytes()[..3]);
        frame.push(0);
    }
    frame
}

fn limits() -> Limits {
    Limits {
        response_bytes: 4 * MIB as u64,
        responses_held_bytes: 6 * MIB as u64,
        ..Limits::default()
    }
}

#[tokio::test]
async fn every_content_coding_is_decoded() {
    for (coding, body) in compressed(2) {
        let server = Server::responding(http_response(
            "200 OK",
            &[&format!("Content-Encoding: {coding}")],
            &body,
        ))
        .await;
        let session = session(&[server.authority()], &limits());
        let response = session.send(get(server.url("/"))).await.unwrap();
        assert_eq!(
            (response.body.len(), session.response_bytes()),
            (2 * MIB, 2 * MIB as u64),
            "{coding}"
        );
        let accepted = server.received()[0]
            .header("accept-encoding")
            .unwrap()
            .to_owned();
        assert!(accepted.contains(coding), "{accepted}");
    }
}

/// Returns bodies of two members that were compressed separately, like a compressed file to which
/// the board appends.
fn in_two_parts() -> [(&'static str, Vec<u8>, usize); 2] {
    let member = |text: &[u8]| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(text).unwrap();
        gzip.finish().unwrap()
    };
    let gzip = [member(b"[1,"), member(b"2]")].concat();
    [
        ("gzip", gzip, 5),
        ("zstd", [zstd_zeros(1), zstd_zeros(1)].concat(), 2 * MIB),
    ]
}

#[tokio::test]
async fn a_body_of_several_compressed_members_is_read_completely() {
    for (coding, body, bytes) in in_two_parts() {
        let server = Server::responding(http_response(
            "200 OK",
            &[&format!("Content-Encoding: {coding}")],
            &body,
        ))
        .await;
        let session = session(&[server.authority()], &limits());
        assert_eq!(
            session.send(get(server.url("/"))).await.unwrap().body.len(),
            bytes,
            "{coding}"
        );
    }
}

#[tokio::test]
async fn a_truncated_or_overlong_compressed_body_is_an_error() {
    let in_parts = in_two_parts().map(|(coding, body, _)| (coding, body));
    for (coding, body) in compressed(1).into_iter().chain(in_parts) {
        let cut = body[..body.len() - 1].to_vec();
        let longer = [&body[..], b"and more"].concat();
        for body in [cut, longer] {
            let server = Server::responding(http_response(
                "200 OK",
                &[&format!("Content-Encoding: {coding}")],
                &body,
            ))
            .await;
            let session = session(&[server.authority()], &limits());
            let error = session
                .send(HttpRequest {
                    conditional: true,
                    ..get(server.url("/"))
                })
                .await
                .unwrap_err();
            assert!(
                matches!(error, HttpError::Protocol(_)),
                "{coding}: {error:?}"
            );
            assert_eq!(session.take_validators(), [], "{coding}");
        }
    }
}

#[tokio::test]
async fn an_empty_body_is_not_decoded() {
    let server = Server::responding(http_response(
        "204 No Content",
        &["Content-Encoding: gzip"],
        b"",
    ))
    .await;
    let session = session(&[server.authority()], &limits());
    assert_eq!(session.send(get(server.url("/"))).await.unwrap().body, b"");
}

#[tokio::test]
async fn a_decompression_bomb_is_stopped_at_the_limit() {
    for (coding, body) in compressed(16) {
        assert!(
            body.len() < MIB,
            "{coding} has {} bytes on the wire",
            body.len()
        );
        let server = Server::responding(http_response(
            "200 OK",
            &[&format!("Content-Encoding: {coding}")],
            &body,
        ))
        .await;
        let session = session(&[server.authority()], &limits());
        let error = session.send(get(server.url("/"))).await.unwrap_err();
        assert_eq!(error, HttpError::TooLarge(4 * MIB as u64), "{coding}");
        let read = session.response_bytes();
        assert!(
            read <= 4 * MIB as u64,
            "{coding}: {read} bytes were taken in"
        );
        assert_eq!(
            server.received().len(),
            1,
            "a response that was cut off is not requested again"
        );
    }
}

#[tokio::test]
async fn a_body_of_five_gigabytes_is_stopped_at_the_limit() {
    for length in ["Content-Length: 5368709120", "X-Length: none"] {
        let server = Server::start(move |_, _| ServerReply::Flood(head("200 OK", &[length]))).await;
        let session = session(&[server.authority()], &limits());
        let error = session.send(get(server.url("/"))).await.unwrap_err();
        assert_eq!(error, HttpError::TooLarge(4 * MIB as u64), "{length}");
        assert!(
            session.response_bytes() <= 4 * MIB as u64,
            "{length}: {} bytes",
            session.response_bytes()
        );
    }
}

#[tokio::test]
async fn bodies_of_one_call_share_a_limit() {
    let server = Server::responding(http_response("200 OK", &[], &vec![0; 3 * MIB])).await;
    let session = session(&[server.authority()], &limits());
    let responses = session.send_all(vec![get(server.url("/")); 3]).await;
    assert!(responses.iter().any(
        |response| matches!(response, Err(HttpError::TooLarge(limit)) if *limit == 6 * MIB as u64)
    ));
    // The guest has received the first responses, so there is room for more.
    assert!(session.send(get(server.url("/"))).await.is_ok());
}

#[tokio::test]
async fn bodies_of_one_scan_share_a_limit() {
    let server = Server::responding(http_response("200 OK", &[], &vec![0; 3 * MIB])).await;
    let limits = Limits {
        responses_scan_bytes: 8 * MIB as u64,
        ..limits()
    };
    let session = session(&[server.authority()], &limits);
    for _ in 0..2 {
        session.send(get(server.url("/"))).await.unwrap();
    }
    assert_eq!(
        session.send(get(server.url("/"))).await,
        Err(HttpError::TooLarge(8 * MIB as u64))
    );
}

#[tokio::test]
async fn concurrent_requests_of_a_batch_are_limited() {
    let server = Server::start(|_, request| {
        if request.line.contains("/slow") {
            ServerReply::Endless(head("200 OK", &["Content-Length: 10"]))
        } else {
            ServerReply::Bytes(http_response("200 OK", &[], b"jobs"))
        }
    })
    .await;
    let limits = Limits {
        requests_in_flight: 2,
        ..limits()
    };
    let (session, other) = (
        session(&[server.authority()], &limits),
        session(&[server.authority()], &limits),
    );
    let mut slow = Box::pin(session.send_all(vec![get(server.url("/slow")); 5]));
    // Without the limit, all five would be sent in this time.
    for _ in 0..10 {
        tokio::select! {
            responses = &mut slow => panic!("{responses:?}"),
            response = other.send(get(server.url("/quick"))) => assert_eq!(response.unwrap().body, b"jobs"),
        }
    }
    let sent = server
        .received()
        .iter()
        .filter(|request| request.line.contains("/slow"))
        .count();
    assert_eq!(sent, 2);
}

#[tokio::test]
async fn a_wrong_content_length_is_detected() {
    let cases = [
        ("short", "Content-Length: 100", Err("protocol")),
        ("longer than it says", "Content-Length: 4", Ok("long")),
        ("no number", "Content-Length: many", Err("protocol")),
        ("huge", "Content-Length: 99999999999999", Err("protocol")),
    ];
    for (body, length, expected) in cases {
        let server =
            Server::responding([head("200 OK", &[length]), body.as_bytes().to_vec()].concat())
                .await;
        let session = session(&[server.authority()], &limits());
        match (session.send(get(server.url("/"))).await, expected) {
            (Ok(response), Ok(text)) => assert_eq!(response.body, text.as_bytes(), "{length}"),
            (Err(HttpError::Protocol(message)), Err(_)) => {
                assert!(!message.contains("127.0.0.1"), "no URL in `{message}`");
            }
            (other, _) => panic!("{length}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_partial_response_is_an_error() {
    for status in ["206 Partial Content", "226 IM Used"] {
        let headers = ["ETag: \"1\"", "Content-Range: bytes 0-3/9"];
        let server = Server::responding(http_response(status, &headers, b"jobs")).await;
        let session = session(&[server.authority()], &limits());
        let error = session
            .send(HttpRequest {
                conditional: true,
                ..get(server.url("/"))
            })
            .await
            .unwrap_err();
        let HttpError::Protocol(message) = error else {
            panic!("{error:?}")
        };
        assert!(message.contains(status), "{message}");
        assert_eq!(
            session.take_validators(),
            [],
            "the next scan would take the response for unchanged"
        );
    }
}

#[tokio::test]
async fn other_success_statuses_are_returned_without_storing_validators() {
    for (status, body) in [
        ("203 Non-Authoritative Information", "jobs"),
        ("202 Accepted", "soon"),
        ("300 Multiple Choices", "a or b"),
    ] {
        let server =
            Server::responding(http_response(status, &["ETag: \"1\""], body.as_bytes())).await;
        let session = session(&[server.authority()], &limits());
        let response = session
            .send(HttpRequest {
                conditional: true,
                ..get(server.url("/"))
            })
            .await
            .unwrap();
        assert_eq!(
            (response.status.to_string().as_str(), response.body),
            (&status[..3], body.as_bytes().to_vec())
        );
        assert_eq!(session.take_validators(), [], "{status}");
    }
}

#[tokio::test]
async fn a_flood_of_headers_is_an_error() {
    let many: Vec<String> = (0..1_000).map(|number| format!("X-{number}: y")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let long = format!("X-Long: {}", "y".repeat(2 * MIB));
    for headers in [many, vec![long.as_str()]] {
        let server = Server::responding(http_response("200 OK", &headers, b"jobs")).await;
        let session = session(&[server.authority()], &limits());
        let error = session.send(get(server.url("/"))).await.unwrap_err();
        assert!(matches!(error, HttpError::Protocol(_)), "{error:?}");
    }
}

#[tokio::test]
async fn an_endless_body_is_a_timeout() {
    let server =
        Server::start(|_, _| ServerReply::Endless(head("200 OK", &["Content-Length: 10"]))).await;
    let session = session_with(&[server.authority()], &limits(), Duration::from_millis(200));
    assert_eq!(
        session.send(get(server.url("/"))).await,
        Err(HttpError::Timeout)
    );
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_request_times_out_with_its_page() {
    let server = Server::start(|_, _| ServerReply::Endless(Vec::new())).await;
    let limits = Limits {
        wall_page: Duration::from_millis(200),
        ..limits()
    };
    let session = session_with(&[server.authority()], &limits, Duration::from_mins(5));
    let began = Instant::now();
    assert_eq!(
        session.send(get(server.url("/"))).await,
        Err(HttpError::Timeout)
    );
    assert!(
        began.elapsed() < Duration::from_mins(1),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn an_invalid_or_forbidden_request_is_never_sent() {
    let server = Server::responding(http_response("200 OK", &[], b"")).await;
    let session = session(&[server.authority()], &limits());
    let with_header = |name: &str, value: &str| HttpRequest {
        headers: vec![(name.to_owned(), value.to_owned())],
        ..get(server.url("/"))
    };
    for (name, value) in [
        ("Host", "other.example"),
        ("X-A", "b\r\nHost: other.example"),
        ("X-A\r\nX-B", "c"),
    ] {
        let refused = session.send(with_header(name, value)).await;
        assert!(
            matches!(refused, Err(HttpError::InvalidRequest(_))),
            "{name}: {refused:?}"
        );
    }
    let delete = HttpRequest {
        method: "DELETE".to_owned(),
        ..get(server.url("/"))
    };
    assert!(matches!(
        session.send(delete).await,
        Err(HttpError::Denied(_))
    ));
    assert!(server.received().is_empty());
    assert_eq!(session.requests(), 4, "refused requests count");
}

#[tokio::test]
async fn a_retry_after_date_reaches_the_guest_as_seconds() {
    let headers = [
        "Date: Mon, 23 Nov 2026 10:00:00 GMT",
        "Retry-After: Mon, 23 Nov 2026 10:02:00 GMT",
    ];
    let server = Server::responding(http_response(
        "429 Too Many Requests",
        &headers,
        b"slow down",
    ))
    .await;
    let session = session(&[server.authority()], &limits());
    let response = session.send(get(server.url("/"))).await.unwrap();
    assert_eq!(
        (response.status, header(&response, "retry-after")),
        (429, Some("120"))
    );
    assert_eq!(
        server.received().len(),
        1,
        "a pause of two minutes is left to the next scan"
    );
}
