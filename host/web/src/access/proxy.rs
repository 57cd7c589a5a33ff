//! Reverse proxies: which are trusted, and what they say about the client.

use std::net::IpAddr;

use axum::http::HeaderMap;
use job_scanner_config::WebConfig;

use crate::server::Peer;

/// The longest name of a visitor.
const MAX_NAME_BYTES: usize = 200;

/// Returns true if the other end of the connection is a trusted proxy. A unix socket is not reached
/// any other way.
pub(crate) fn is_trusted(peer: Peer, settings: &WebConfig) -> bool {
    peer.address
        .is_none_or(|address| is_listed(address, settings))
}

fn is_listed(address: IpAddr, settings: &WebConfig) -> bool {
    let mut proxies = settings.trusted_proxies.iter();
    proxies.any(|network| network.contains(address))
}

/// Returns the name in the header of the visitor. `None` if there is none, or several: then one of
/// them came from the client.
pub(crate) fn user(headers: &HeaderMap, header: &str) -> Option<String> {
    let mut values = headers.get_all(header).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let name = value.to_str().ok()?.trim();
    (!name.is_empty() && name.len() <= MAX_NAME_BYTES).then(|| name.to_owned())
}

/// Returns the address of the client. `X-Forwarded-For` counts only as far as trusted proxies wrote
/// it: each appends the address that it saw, so the last one that is not a proxy's is the client's.
/// `None` on a unix socket whose proxy says nothing.
pub(crate) fn client_address(
    peer: Peer,
    headers: &HeaderMap,
    settings: &WebConfig,
) -> Option<IpAddr> {
    if !is_trusted(peer, settings) {
        return peer.address;
    }

    let mut nearest = peer.address;
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let entries = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    for entry in entries {
        // Entries before one that is not an address were not written by a proxy of ours.
        let Ok(address) = entry.trim().parse::<IpAddr>() else {
            break;
        };
        nearest = Some(address.to_canonical());
        if !is_listed(address, settings) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use job_scanner_config::{WebAuth, WebListen};

    use super::*;

    fn settings() -> WebConfig {
        WebConfig {
            listen: WebListen::Tcp("127.0.0.1:0".parse().unwrap()),
            auth: WebAuth::None,
            public_url: None,
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            write_sources: false,
            shortcuts: true,
        }
    }

    #[test]
    fn the_client_is_the_last_address_that_a_trusted_proxy_saw() {
        for (peer, forwarded, client) in [
            // A client that is not a proxy can claim anything.
            (Some("203.0.113.9"), &["192.0.2.1"][..], Some("203.0.113.9")),
            (Some("10.0.0.1"), &["192.0.2.1"], Some("192.0.2.1")),
            (
                Some("10.0.0.1"),
                &["198.51.100.7, 192.0.2.1"],
                Some("192.0.2.1"),
            ),
            (
                Some("10.0.0.1"),
                &["192.0.2.1, 10.0.0.2"],
                Some("192.0.2.1"),
            ),
            (
                Some("10.0.0.1"),
                &["192.0.2.1", "192.0.2.2"],
                Some("192.0.2.2"),
            ),
            (Some("10.0.0.1"), &["192.0.2.1, nonsense"], Some("10.0.0.1")),
            (Some("10.0.0.1"), &[], Some("10.0.0.1")),
            (Some("10.0.0.1"), &["10.0.0.3"], Some("10.0.0.3")),
            (None, &["2001:db8::1"], Some("2001:db8::1")),
            (None, &[], None),
        ] {
            let peer = Peer {
                address: peer.map(|address| address.parse().unwrap()),
            };
            let mut headers = HeaderMap::new();
            for line in forwarded {
                headers.append("x-forwarded-for", HeaderValue::from_static(line));
            }
            let found = client_address(peer, &headers, &settings());
            let client = client.map(|client| client.parse().unwrap());
            assert_eq!(found, client, "{peer:?} {forwarded:?}");
        }
    }

    #[test]
    fn a_visitor_is_named_exactly_once() {
        for (names, user_name) in [
            (&["jo"][..], Some("jo")),
            (&[" jo "], Some("jo")),
            (&["jo", "kim"], None),
            (&[""], None),
            (&[], None),
        ] {
            let mut headers = HeaderMap::new();
            for name in names {
                headers.append("remote-user", HeaderValue::from_static(name));
            }
            assert_eq!(user(&headers, "remote-user").as_deref(), user_name);
        }
    }
}
