//! Names whose addresses change between two requests.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::server::Server;
use super::{
    Access, Duration, HttpClients, HttpError, HttpOptions, HttpSession, Limits, Secrets, WallClock, Wire, answer, get,
    own_host, share_alone,
};

/// Another address each time it is asked, the last one for ever.
#[derive(Debug)]
struct Changing {
    addresses: Vec<SocketAddr>,
    asked: AtomicUsize,
}

impl Resolve for Changing {
    fn resolve(&self, _: Name) -> Resolving {
        let turn = self.asked.fetch_add(1, Ordering::Relaxed).min(self.addresses.len() - 1);
        let address = self.addresses[turn];
        Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
    }
}

fn session(listed: &str, names: &Arc<Changing>) -> HttpSession {
    let limits = Limits::default();
    let options = HttpOptions {
        user_agent: "tester/1".to_owned(),
        request_timeout: Duration::from_secs(30),
        max_rate_per_host: 20,
    };
    let wire = Wire::Network(HttpClients::resolving(&options, names).unwrap());
    let access = Access::new(vec![own_host()], vec![listed.parse().unwrap()]);
    let wall = Arc::new(WallClock::new(&limits));
    HttpSession::new(wire, access, Secrets::default(), &limits, Vec::new(), wall, share_alone())
}

fn changing(addresses: &[&str]) -> Arc<Changing> {
    let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
    Arc::new(Changing { addresses, asked: AtomicUsize::new(0) })
}

/// A host that is listed by its name with a port is meant at private addresses where it is asked over plain HTTP. Here
/// it moves to a public one, which is the same crime the other way round, without leaving this machine.
#[tokio::test]
async fn each_connection_asks_anew_and_goes_where_it_was_checked() {
    let server = Server::answering(answer("200 OK", &[], b"here")).await;
    let port = server.authority().split_once(':').unwrap().1.to_owned();
    let names = changing(&["127.0.0.1:0", "93.184.216.34:0"]);
    let session = session(&format!("moving.example:{port}"), &names);
    let url = format!("http://moving.example:{port}/");
    assert_eq!(session.send(get(&url)).await.unwrap().body, b"here");
    // The server closes its connections, so the next request needs another.
    let refusal = session.send(get(&url)).await.unwrap_err();
    let HttpError::Denied(words) = &refusal else { panic!("{refusal:?}") };
    assert!(words.contains("is allowed at private or loopback addresses only, and is at 93.184.216.34"), "{words}");
    assert_eq!((server.received().len(), names.asked.load(Ordering::Relaxed)), (1, 2));
}

/// Nobody asks a second time between the check and the connection: the second answer would have led to the server.
#[tokio::test]
async fn a_name_is_asked_once_for_one_connection() {
    let server = Server::answering(answer("200 OK", &[], b"here")).await;
    let port = server.authority().split_once(':').unwrap().1.to_owned();
    let names = changing(&["93.184.216.34:0", "127.0.0.1:0"]);
    let session = session(&format!("moving.example:{port}"), &names);
    let refusal = session.send(get(format!("http://moving.example:{port}/"))).await.unwrap_err();
    assert!(matches!(refusal, HttpError::Denied(_)), "{refusal:?}");
    assert_eq!((server.received().len(), names.asked.load(Ordering::Relaxed)), (0, 1));
}
