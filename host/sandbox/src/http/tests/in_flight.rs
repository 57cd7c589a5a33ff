//! Requests wait while all scans together hold too much memory.

use std::sync::Arc;

use futures::FutureExt as _;

use crate::http::tests::server::Server;
use crate::http::tests::{Duration, InFlightBudget, Limits, get, http_response, session_of};

const LONG_TIMEOUT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_request_waits_until_there_is_room_for_its_response() {
    let server = Server::responding(http_response("200 OK", &[], b"jobs")).await;
    let all = InFlightBudget::new(1_000);
    let (first, second) = (Arc::new(all.reserve()), Arc::new(all.reserve()));
    first.hold(1_000);
    let others = session_of(
        &[server.authority()],
        &Limits::default(),
        LONG_TIMEOUT,
        Arc::clone(&first),
    );
    let session = session_of(
        &[server.authority()],
        &Limits::default(),
        LONG_TIMEOUT,
        Arc::clone(&second),
    );
    let mut waits = Box::pin(session.send(get(server.url("/second"))));
    for _ in 0..5 {
        tokio::select! {
            response = &mut waits => panic!("{response:?}"),
            response = others.send(get(server.url("/first"))) => assert_eq!(response.unwrap().status, 200),
        }
    }
    assert!(
        server
            .received()
            .iter()
            .all(|request| request.line.contains("/first")),
        "the second was not even sent"
    );
    drop((others, first));
    assert_eq!(waits.await.unwrap().body, b"jobs");
}

#[tokio::test]
async fn a_body_counts_until_the_guest_has_it() {
    let server = Server::responding(http_response("200 OK", &[], b"jobs")).await;
    let all = InFlightBudget::new(20);
    let (first, second) = (Arc::new(all.reserve()), Arc::new(all.reserve()));
    let session = session_of(
        &[server.authority()],
        &Limits::default(),
        LONG_TIMEOUT,
        Arc::clone(&first),
    );
    session.send(get(server.url("/jobs"))).await.unwrap();
    // The headers of the response count too.
    assert!(second.wait_for_room().now_or_never().is_none());
    session.release_delivered();
    assert!(second.wait_for_room().now_or_never().is_some());
}
