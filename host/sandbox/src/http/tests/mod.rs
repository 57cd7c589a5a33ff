//! Sessions with a real server on loopback: the requests that it receives, and the responses that
//! the guest gets.

mod cassettes;
mod dns;
mod in_flight;
mod redirects;
mod responses;
mod retries;
mod secrets;
mod server;

use std::sync::Arc;
use std::time::{Duration, Instant};

use job_scanner_core::adapter::{HostTerms, Limits};
use job_scanner_outbound::{HttpClients, HttpOptions};

use crate::budgets::in_flight::{InFlightBudget, Reservation};
use crate::budgets::wall_clock::WallClock;
use crate::http::transport::Transport;
use crate::http::{Access, GrantedHost, HttpError, HttpRequest, HttpResponse, HttpSession};
use crate::secrets::Secrets;

/// Creates a session that may send GET, HEAD and POST requests to these hosts.
fn session(hosts: &[String], limits: &Limits) -> HttpSession {
    session_with(hosts, limits, Duration::from_secs(30))
}

fn session_with(hosts: &[String], limits: &Limits, request_timeout: Duration) -> HttpSession {
    session_of(hosts, limits, request_timeout, lone_reservation())
}

/// Creates a session whose scan has this reservation.
fn session_of(
    hosts: &[String],
    limits: &Limits,
    request_timeout: Duration,
    reservation: Arc<Reservation>,
) -> HttpSession {
    let listed = hosts.iter().map(|host| host.parse().unwrap()).collect();
    let wall = Arc::new(WallClock::new(limits));
    let transport = Transport::Network(clients(request_timeout));
    let access = Access::new(vec![own_host()], listed);
    HttpSession::new(
        transport,
        access,
        Secrets::default(),
        limits,
        Vec::new(),
        wall,
        reservation,
    )
}

/// Creates a session over a transport, for a scan that runs alone.
fn session_over(
    transport: Transport,
    access: Access,
    secrets: Secrets,
    limits: &Limits,
) -> HttpSession {
    let wall = Arc::new(WallClock::new(limits));
    HttpSession::new(
        transport,
        access,
        secrets,
        limits,
        Vec::new(),
        wall,
        lone_reservation(),
    )
}

/// Returns the reservation of a scan that runs alone.
fn lone_reservation() -> Arc<Reservation> {
    Arc::new(InFlightBudget::new(u64::MAX).reserve())
}

fn clients(request_timeout: Duration) -> HttpClients {
    let options = HttpOptions {
        user_agent: "tester/1".to_owned(),
        request_timeout,
        max_rate_per_host: 20,
    };
    HttpClients::new(&options).unwrap()
}

/// Returns a granted host. A host that only the operator listed allows the same methods.
fn own_host() -> GrantedHost {
    let terms = HostTerms {
        methods: ["POST".parse().unwrap()].into(),
        rate: None,
    };
    GrantedHost {
        pattern: "board.example".parse().unwrap(),
        terms,
    }
}

fn get(url: impl Into<String>) -> HttpRequest {
    HttpRequest {
        method: "GET".to_owned(),
        url: url.into(),
        follow_redirects: true,
        ..HttpRequest::default()
    }
}

fn post(url: impl Into<String>) -> HttpRequest {
    HttpRequest {
        method: "POST".to_owned(),
        body: Some(b"{\"page\":1}".to_vec()),
        ..get(url)
    }
}

/// Returns a complete response.
fn http_response(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let length = format!("Content-Length: {}", body.len());
    let mut bytes = head(status, &[headers, &[&length]].concat());
    bytes.extend_from_slice(body);
    bytes
}

/// Returns a status line and headers. The body ends with the connection.
fn head(status: &str, headers: &[&str]) -> Vec<u8> {
    let headers = [headers, &["Connection: close"]].concat().join("\r\n");
    format!("HTTP/1.1 {status}\r\n{headers}\r\n\r\n").into_bytes()
}

fn header<'r>(response: &'r HttpResponse, name: &str) -> Option<&'r str> {
    response
        .headers
        .iter()
        .find(|(given, _)| given == name)
        .map(|(_, value)| value.as_str())
}
