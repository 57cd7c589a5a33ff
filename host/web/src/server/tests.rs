//! Slow and hostile clients, over real connections.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, timeout};

use crate::server::slots::MAX_FROM_ONE_ADDRESS;
use crate::test_support::{TestPage, TestResponse};

/// Far more than anything here takes.
const SOON: Duration = Duration::from_secs(9);

#[tokio::test]
async fn connections_beyond_the_limit_of_an_address_are_closed_at_once() {
    let page = TestPage::start().await;
    let mut open = Vec::new();
    for _ in 0..MAX_FROM_ONE_ADDRESS {
        let mut stream = page.connect().await;
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\n")
            .await
            .unwrap();
        open.push(stream);
    }

    let mut further = page.connect().await;
    let mut byte = [0];
    let closed = timeout(SOON, further.read(&mut byte)).await.unwrap();
    assert!(!matches!(closed, Ok(1..)), "{closed:?}");

    // When one of them ends, another is served.
    drop(open.pop());
    let served = async {
        loop {
            let mut stream = page.connect().await;
            let request = format!(
                "GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                page.host()
            );
            let sent = stream.write_all(request.as_bytes()).await;
            let mut bytes = Vec::new();
            if sent.is_ok()
                && stream
                    .read_to_end(&mut bytes)
                    .await
                    .is_ok_and(|read| read > 0)
            {
                return;
            }
        }
    };
    timeout(SOON, served).await.unwrap();
}

#[tokio::test]
async fn a_body_or_headers_without_an_end_are_refused() {
    let page = TestPage::start().await;
    let mut stream = page.connect().await;
    let endless = format!(
        "GET /healthz HTTP/1.1\r\nHost: {}\r\nX-Long: {}",
        page.host(),
        "x".repeat(64 << 10)
    );
    // The server may close the connection while it is still written to.
    let _ = stream.write_all(endless.as_bytes()).await;
    let mut bytes = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut bytes)).await.unwrap();
    let response = String::from_utf8_lossy(&bytes);
    assert!(
        bytes.is_empty() || response.starts_with("HTTP/1.1 431"),
        "{response}"
    );

    let form = format!("password={}", "x".repeat(100 << 10));
    let keys =
        "listen: \"127.0.0.1:0\", password_hash: \"$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA\"";
    let page = TestPage::with(keys).await;
    assert_eq!(page.post_form("/login", &form).await.status, 413);
}

#[tokio::test]
async fn the_server_stops_in_time_with_unfinished_requests() {
    let page = TestPage::start().await;
    let host = page.host().to_owned();
    let mut idle = page.connect().await;
    let begun = format!("POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99\r\n\r\npass");
    idle.write_all(begun.as_bytes()).await.unwrap();
    let mut headers = page.connect().await;
    headers
        .write_all(b"GET /healthz HTTP/1.1\r\n")
        .await
        .unwrap();
    // The server has accepted both when it has answered a later connection.
    assert_eq!(page.get("/healthz").await.status, 200);

    let stopped = Instant::now();
    timeout(SOON, page.server.shutdown()).await.unwrap();
    assert!(stopped.elapsed() < SOON);
    assert!(tokio::net::TcpStream::connect(&host).await.is_err());
}

#[tokio::test]
async fn an_open_connection_without_a_request_does_not_delay_the_stop() {
    let page = TestPage::start().await;
    let mut kept = page.connect().await;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", page.host());
    kept.write_all(request.as_bytes()).await.unwrap();
    let mut begun = [0; 15];
    kept.read_exact(&mut begun).await.unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200 OK");

    let stopping = Instant::now();
    page.server.shutdown().await;
    assert!(stopping.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn a_unix_socket_is_served_and_replaced_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.sock");
    // A socket that a process left, which died.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());

    let page = TestPage::with(&format!("listen: \"unix:{}\"", path.display())).await;
    let mut stream = tokio::net::UnixStream::connect(&path).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: jobs.example\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert_eq!(TestResponse::parse(&text).status, 200, "{text}");

    let second = crate::server::WebServer::start(page.state.listen(), page.state.clone()).await;
    let refused = second.err().unwrap();
    assert!(refused.to_string().contains("page.sock"), "{refused}");
}
