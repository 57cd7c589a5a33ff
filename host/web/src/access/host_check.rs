//! The check of the name by which a browser on this machine calls us.
//!
//! A site can let its own name point to 127.0.0.1, and then its scripts read a page on loopback as
//! if it were their own (DNS rebinding). The name stays in `Host`.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;
use job_scanner_config::WebListen;
use url::Url;

use crate::access::refusal::refusal;
use crate::state::WebState;

const REASON: &str = "The page listens on this machine only, and this is not a name of it. Open it at http://127.0.0.1 with its \
     port, or set `web.public_url` to the address that you use.";

/// Refuses requests to another name, if the page listens on loopback.
pub(crate) async fn refuse_other_names(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Response {
    let is_loopback = matches!(state.listen(), WebListen::Tcp(_)) && state.listen().is_local();
    if is_loopback && !is_called_ours(&request, state.settings().public_url.as_ref()) {
        let status = StatusCode::MISDIRECTED_REQUEST;
        return refusal(request.uri().path(), status, REASON);
    }
    next.run(request).await
}

/// Returns true if every name in the request is one of ours.
fn is_called_ours(request: &Request, public_url: Option<&Url>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Ok(host) = Authority::try_from(host.as_bytes()) else {
        return false;
    };
    let in_target = request.uri().authority();
    let mut names = in_target.into_iter().chain([&host]).map(Authority::host);
    names.all(|name| is_ours(name, public_url))
}

fn is_ours(name: &str, public_url: Option<&Url>) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let address = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
        || public_url.and_then(Url::host_str) == Some(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_this_machine_and_of_the_public_address_are_ours() {
        let url: Url = "https://jobs.example".parse().unwrap();
        for (name, ours) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("[::1]", true),
            ("LocalHost", true),
            ("jobs.localhost", true),
            ("localhost.", true),
            ("jobs.example", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("192.168.1.5", false),
            ("", false),
        ] {
            assert_eq!(is_ours(name, Some(&url)), ours, "{name}");
        }
        assert!(!is_ours("jobs.example", None));
    }
}
