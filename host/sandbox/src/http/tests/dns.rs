//! Name resolution: forbidden addresses, addresses that change between two requests, and names that
//! do not resolve.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use job_scanner_core::secret::Secret;
use job_scanner_outbound::ResolveError;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::http::tests::server::Server;
use crate::http::tests::{
    Access, Duration, GrantedHost, HostTerms, HttpClients, HttpError, HttpOptions, HttpResponse,
    HttpSession, Limits, Secrets, Transport, get, http_response, own_host, session_over,
};

/// Returns another address for each query, and repeats the last one.
#[derive(Debug)]
struct ChangingResolver {
    addresses: Vec<SocketAddr>,
    queries: AtomicUsize,
}

impl Resolve for ChangingResolver {
    fn resolve(&self, _: Name) -> Resolving {
        let turn = self
            .queries
            .fetch_add(1, Ordering::Relaxed)
            .min(self.addresses.len() - 1);
        let address = self.addresses[turn];
        Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
    }
}

/// Fails for every name, with this message.
#[derive(Debug)]
struct FailingResolver(&'static str);

impl Resolve for FailingResolver {
    fn resolve(&self, _: Name) -> Resolving {
        let message = self.0;
        Box::pin(async move { Err(ResolveError::Failed(io::Error::other(message)).into()) })
    }
}

fn session(listed: &str, names: &Arc<ChangingResolver>) -> HttpSession {
    session_of(
        Access::new(vec![own_host()], vec![listed.parse().unwrap()]),
        names,
        Secrets::default(),
    )
}

fn session_of<R: Resolve + 'static>(
    access: Access,
    names: &Arc<R>,
    secrets: Secrets,
) -> HttpSession {
    let limits = Limits::default();
    let options = HttpOptions {
        user_agent: "tester/1".to_owned(),
        request_timeout: Duration::from_secs(30),
        max_rate_per_host: 20,
    };
    let transport = Transport::Network(HttpClients::resolving(&options, names).unwrap());
    session_over(transport, access, secrets, &limits)
}

fn changing(addresses: &[&str]) -> Arc<ChangingResolver> {
    let addresses = addresses
        .iter()
        .map(|address| address.parse().unwrap())
        .collect();
    Arc::new(ChangingResolver {
        addresses,
        queries: AtomicUsize::new(0),
    })
}

/// A host that is listed by name and port and contacted over plain HTTP must be at a private
/// address. Here the name moves to a public one. That is DNS rebinding in the opposite direction,
/// which a test can check without contacting another machine.
#[tokio::test]
async fn each_connection_resolves_again_and_uses_the_checked_address() {
    let server = Server::responding(http_response("200 OK", &[], b"here")).await;
    let port = server.authority().split_once(':').unwrap().1.to_owned();
    let names = changing(&["127.0.0.1:0", "93.184.216.34:0"]);
    let session = session(&format!("moving.example:{port}"), &names);
    let url = format!("http://moving.example:{port}/");
    assert_eq!(session.send(get(&url)).await.unwrap().body, b"here");
    // The server closes its connections, so the next request needs a new one.
    let refusal = session.send(get(&url)).await.unwrap_err();
    let HttpError::Denied(message) = &refusal else {
        panic!("{refusal:?}")
    };
    assert!(
        message.contains(
            "is allowed at private or loopback addresses only, but has the address 93.184.216.34"
        ),
        "{message}"
    );
    assert_eq!(
        (
            server.received().len(),
            names.queries.load(Ordering::Relaxed)
        ),
        (1, 2)
    );
}

/// The host does not resolve the name again between the check and the connection. The second
/// address would lead to the server.
#[tokio::test]
async fn a_name_is_resolved_once_per_connection() {
    let server = Server::responding(http_response("200 OK", &[], b"here")).await;
    let port = server.authority().split_once(':').unwrap().1.to_owned();
    let names = changing(&["93.184.216.34:0", "127.0.0.1:0"]);
    let session = session(&format!("moving.example:{port}"), &names);
    let refusal = session
        .send(get(format!("http://moving.example:{port}/")))
        .await
        .unwrap_err();
    assert!(matches!(refusal, HttpError::Denied(_)), "{refusal:?}");
    assert_eq!(
        (
            server.received().len(),
            names.queries.load(Ordering::Relaxed)
        ),
        (0, 1)
    );
}

/// Creates a session that was granted `board.example` on the port of this server, and for which
/// further servers are listed.
fn granted(server: &Server, listed: &[&Server], names: &Arc<ChangingResolver>) -> HttpSession {
    let terms = HostTerms {
        methods: ["GET".parse().unwrap()].into(),
        rate: None,
    };
    let host = GrantedHost {
        pattern: public_name(server).parse().unwrap(),
        terms,
    };
    let listed = listed
        .iter()
        .map(|server| server.authority().parse().unwrap())
        .collect();
    session_of(Access::new(vec![host], listed), names, Secrets::default())
}

fn public_name(server: &Server) -> String {
    server.authority().replace("127.0.0.1", "board.example")
}

fn assert_not_public(response: Result<HttpResponse, HttpError>, address: &str) {
    let refusal = response.unwrap_err();
    let HttpError::Denied(message) = &refusal else {
        panic!("{address}: {refusal:?}")
    };
    assert!(
        message.contains("`board.example` is allowed at public addresses only"),
        "{address}: {message}"
    );
}

#[tokio::test]
async fn a_granted_name_with_a_local_address_is_refused() {
    let server = Server::responding(http_response("200 OK", &[], b"here")).await;
    for address in [
        "127.0.0.1:0",
        "10.0.0.1:0",
        "169.254.169.254:0",
        "[::1]:0",
        "[fd00::1]:0",
        "[::ffff:127.0.0.1]:0",
        "[64:ff9b::7f00:1]:0",
        "[2002:7f00:1::1]:0",
    ] {
        let session = granted(&server, &[], &changing(&[address]));
        assert_not_public(
            session
                .send(get(format!("https://{}/", public_name(&server))))
                .await,
            address,
        );
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_redirect_to_a_name_with_a_local_address_is_refused() {
    let inner = Server::responding(http_response("200 OK", &[], b"here")).await;
    let to_inner = format!("Location: https://{}/", public_name(&inner));
    let first = Server::responding(http_response("302 Found", &[&to_inner], b"")).await;
    let session = granted(&inner, &[&first], &changing(&["127.0.0.1:0"]));
    assert_not_public(session.send(get(first.url("/"))).await, "127.0.0.1");
    assert_eq!((first.received().len(), inner.received().len()), (1, 0));
}

#[tokio::test]
async fn a_dns_error_message_masks_secrets() {
    let secrets = Secrets::new(BTreeMap::from([(
        "key".to_owned(),
        Secret::new("marker/1"),
    )]));
    let names = Arc::new(FailingResolver(
        "no address for marker/1, that is marker%2F1",
    ));
    let access = Access::new(
        vec![own_host()],
        vec!["http://board.example".parse().unwrap()],
    );
    let session = session_of(access, &names, secrets);
    let failure = session
        .send(get("http://board.example/"))
        .await
        .unwrap_err();
    assert_eq!(
        failure,
        HttpError::Dns("no address for {{secret:key}}, that is {{secret:key}}".to_owned())
    );
}
