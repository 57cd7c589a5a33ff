//! Recorder and player: a replayed scan gets the same responses as the recorded one, without the
//! server.

use std::sync::Arc;

use crate::http::tests::server::{Server, ServerReply};
use crate::http::tests::{
    Access, Duration, HttpError, HttpRequest, HttpResponse, HttpSession, Instant, Limits, Secrets,
    Transport, clients, get, head, header, http_response, lone_reservation, own_host, session_over,
};
use crate::http::transport::{Exchange, Player, Recorder};

/// Creates a session over a transport, with a server that is listed.
fn session(transport: Transport, authority: &str, limits: &Limits) -> HttpSession {
    let access = Access::new(vec![own_host()], vec![authority.parse().unwrap()]);
    session_over(transport, access, Secrets::default(), limits)
}

/// Sends requests to the server and records the exchanges.
async fn record(
    server: &Server,
    requests: Vec<HttpRequest>,
) -> (Vec<Result<HttpResponse, HttpError>>, Vec<Exchange>) {
    let recorder = Arc::new(Recorder::new(u64::MAX, lone_reservation()));
    let transport = Transport::Recorded(clients(Duration::from_secs(30)), Arc::clone(&recorder));
    let responses = send(
        &session(transport, &server.authority(), &Limits::default()),
        requests,
    )
    .await;
    (responses, recorder.take_exchanges().unwrap())
}

async fn send(
    session: &HttpSession,
    requests: Vec<HttpRequest>,
) -> Vec<Result<HttpResponse, HttpError>> {
    let mut responses = Vec::new();
    for request in requests {
        responses.push(session.send(request).await);
    }
    responses
}

fn player(exchanges: &[Exchange]) -> Transport {
    Transport::Cassette(Arc::new(Player::new(exchanges.to_vec())))
}

#[tokio::test]
async fn redirects_and_retries_are_replayed_without_server_or_pauses() {
    let server = Server::start(|number, request| match (number, request.line.as_str()) {
        (_, "GET /old HTTP/1.1") => {
            ServerReply::Bytes(http_response("301 Moved", &["Location: /new"], b""))
        }
        (1, _) => ServerReply::Bytes(http_response("503 Busy", &["Retry-After: 1"], b"later")),
        _ => ServerReply::Bytes(http_response(
            "200 OK",
            &["X-One: a", "X-One: b"],
            b"{\"jobs\": []}",
        )),
    })
    .await;
    let authority = server.authority();
    let (recorded, exchanges) = record(&server, vec![get(server.url("/old"))]).await;
    assert_eq!(recorded[0].as_ref().unwrap().status, 200);
    drop(server);

    let url = recorded[0].as_ref().unwrap().url.replace("/new", "/old");
    let session = session(player(&exchanges), &authority, &Limits::default());
    let began = Instant::now();
    let replayed = send(&session, vec![get(url)]).await;
    let (replayed, recorded) = (replayed[0].as_ref().unwrap(), recorded[0].as_ref().unwrap());
    assert_eq!(
        (replayed.status, &replayed.url, &replayed.body),
        (200, &recorded.url, &recorded.body)
    );
    assert_eq!(header(replayed, "x-one"), header(recorded, "x-one"));
    assert!(
        began.elapsed() < Duration::from_millis(900),
        "a replay must not pause: {:?}",
        began.elapsed()
    );
    assert_eq!(session.requests(), exchanges.len() as u64);
}

#[tokio::test]
async fn credentials_are_not_recorded() {
    let server = Server::responding(http_response(
        "200 OK",
        &["Set-Cookie: id=hunter2", "X-Kind: plain"],
        b"jobs",
    ))
    .await;
    let names = [
        "Authorization",
        "Cookie",
        "X-Api-Key",
        "X-CSRF-Token",
        "Accept",
    ];
    let headers = names
        .map(|name| (name.to_owned(), "hunter2".to_owned()))
        .to_vec();
    let (responses, exchanges) = record(
        &server,
        vec![HttpRequest {
            headers,
            ..get(server.url("/"))
        }],
    )
    .await;
    assert_eq!(
        server.received()[0].header("authorization"),
        Some("hunter2"),
        "the board gets them"
    );
    assert_eq!(
        header(responses[0].as_ref().unwrap(), "set-cookie"),
        Some("id=hunter2"),
        "the adapter gets them"
    );

    let Exchange { request, outcome } = &exchanges[0];
    let unmasked = |(name, value): &(String, String)| (value == "hunter2").then(|| name.clone());
    assert_eq!(
        request
            .headers
            .iter()
            .filter_map(unmasked)
            .collect::<Vec<_>>(),
        ["accept"]
    );
    let response = outcome.as_ref().unwrap();
    assert!(
        response
            .headers
            .contains(&("set-cookie".to_owned(), "(removed)".to_owned())),
        "{response:?}"
    );
    assert!(
        response
            .headers
            .contains(&("x-kind".to_owned(), "plain".to_owned())),
        "{response:?}"
    );
}

#[tokio::test]
async fn a_failure_is_replayed_as_the_same_failure() {
    let server = Server::start(|_, request| match request.line.as_str() {
        "GET /cut HTTP/1.1" => ServerReply::Bytes(
            [
                head("200 OK", &["Content-Length: 100"]),
                b"{\"jobs\": [".to_vec(),
            ]
            .concat(),
        ),
        _ => ServerReply::Bytes(b"no HTTP\r\n\r\n".to_vec()),
    })
    .await;
    let requests = ["/cut", "/none"].map(|path| get(server.url(path))).to_vec();
    let (recorded, exchanges) = record(&server, requests.clone()).await;
    assert!(
        recorded
            .iter()
            .all(|response| matches!(response, Err(HttpError::Protocol(_)))),
        "{recorded:?}"
    );
    let cut = exchanges[0].outcome.as_ref().unwrap();
    assert!(cut.body == b"{\"jobs\": [" && cut.cut.is_some(), "{cut:?}");

    let session = session(player(&exchanges), &server.authority(), &Limits::default());
    assert_eq!(send(&session, requests).await, recorded);
}

#[tokio::test]
async fn a_response_that_timed_out_replays_as_a_timeout() {
    let server =
        Server::start(|_, _| ServerReply::Endless(head("200 OK", &["Content-Length: 10"]))).await;
    let recorder = Arc::new(Recorder::new(u64::MAX, lone_reservation()));
    let transport = Transport::Recorded(clients(Duration::from_millis(200)), Arc::clone(&recorder));
    let slow = session(transport, &server.authority(), &Limits::default());
    assert_eq!(
        slow.send(get(server.url("/"))).await,
        Err(HttpError::Timeout)
    );

    let exchanges = recorder.take_exchanges().unwrap();
    let replayed = session(player(&exchanges), &server.authority(), &Limits::default());
    assert_eq!(
        replayed.send(get(server.url("/"))).await,
        Err(HttpError::Timeout),
        "{exchanges:?}"
    );
}

#[tokio::test]
async fn a_replay_follows_the_same_rules() {
    let server = Server::responding(http_response("200 OK", &[], &vec![b' '; 300_000])).await;
    let (_, exchanges) = record(&server, vec![get(server.url("/"))]).await;

    let unlisted = session(player(&exchanges), "other.example", &Limits::default());
    assert!(matches!(
        unlisted.send(get(server.url("/"))).await,
        Err(HttpError::Denied(_))
    ));
    let small = Limits {
        response_bytes: 100_000,
        ..Limits::default()
    };
    let session = session(player(&exchanges), &server.authority(), &small);
    assert_eq!(
        session.send(get(server.url("/"))).await,
        Err(HttpError::TooLarge(100_000))
    );
    assert!(
        session.response_bytes() <= 200_000,
        "{} bytes were taken in",
        session.response_bytes()
    );
}

#[tokio::test]
async fn responses_are_replayed_in_order_and_the_last_is_repeated() {
    let server = Server::start(|number, _| {
        ServerReply::Bytes(http_response("200 OK", &[], number.to_string().as_bytes()))
    })
    .await;
    let requests = vec![get(server.url("/")); 2];
    let (_, exchanges) = record(&server, requests.clone()).await;
    let session = session(player(&exchanges), &server.authority(), &Limits::default());
    let responses = send(&session, [requests.clone(), requests].concat()).await;
    let bodies: Vec<Vec<u8>> = responses
        .into_iter()
        .map(|response| response.unwrap().body)
        .collect();
    assert_eq!(bodies, [b"0", b"1", b"1", b"1"]);
}

#[tokio::test]
async fn a_missing_request_is_named_and_json_is_compared_by_value() {
    let server = Server::responding(http_response("200 OK", &[], b"jobs")).await;
    let search = |body: &str| HttpRequest {
        method: "POST".to_owned(),
        body: Some(body.as_bytes().to_vec()),
        ..get(server.url("/search"))
    };
    let (_, exchanges) = record(&server, vec![search(r#"{"page":1,"of":2}"#)]).await;
    let session = session(player(&exchanges), &server.authority(), &Limits::default());
    assert_eq!(
        session
            .send(search("{\n  \"of\": 2,\n  \"page\": 1\n}"))
            .await
            .unwrap()
            .body,
        b"jobs"
    );
    for other in [search(r#"{"page":2,"of":2}"#), get(server.url("/search"))] {
        let method = other.method.clone();
        let refusal = session.send(other).await.unwrap_err().to_string();
        assert_eq!(
            refusal,
            format!(
                "the cassette has no response to {method} {}",
                server.url("/search")
            )
        );
    }
}

#[tokio::test]
async fn an_oversized_recording_is_discarded_completely() {
    let server = Server::responding(http_response("200 OK", &[], &[b' '; 1_000])).await;
    let reservation = lone_reservation();
    let recorder = Arc::new(Recorder::new(1_500, Arc::clone(&reservation)));
    let transport = Transport::Recorded(clients(Duration::from_secs(30)), Arc::clone(&recorder));
    let session = session(transport, &server.authority(), &Limits::default());
    session.send(get(server.url("/"))).await.unwrap();
    assert!(
        reservation.held() > 1_000,
        "the recording counts: {} bytes",
        reservation.held()
    );
    assert_eq!(
        session.send(get(server.url("/"))).await.unwrap().body.len(),
        1_000
    );
    assert!(recorder.take_exchanges().is_none());
    assert_eq!(reservation.held(), 0);
}
