//! Hosts in canonical form, and the notation `host:port` that patterns and entries share.

use std::fmt;
use std::net::IpAddr;

/// A name in lower-case ASCII without a final dot, or an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Host {
    Name(String),
    Address(IpAddr),
}

impl Host {
    /// Parses a host as it is written in a URL, IPv6 in brackets. `None` if it is not possible in a
    /// URL.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::of(&url::Host::parse(text).ok()?)
    }

    /// Converts a host that the `url` crate parsed. `None` for a name that cannot resolve: a URL's
    /// host may contain characters such as quotation marks and asterisks, a host name may not.
    pub(super) fn of<S: AsRef<str>>(host: &url::Host<S>) -> Option<Self> {
        match host {
            url::Host::Ipv4(address) => Some(Self::Address(IpAddr::V4(*address))),
            // The operating system treats a mapped address as the IPv4 address.
            url::Host::Ipv6(address) => Some(Self::Address(IpAddr::V6(*address).to_canonical())),
            url::Host::Domain(name) => {
                let name = name.as_ref();
                let name = name.strip_suffix('.').unwrap_or(name);

                let can_resolve = name.split('.').all(is_label);
                can_resolve.then(|| Self::Name(name.to_ascii_lowercase()))
            }
        }
    }
}

/// Returns true if a host that the `url` crate accepted can exist.
pub(crate) fn is_host(host: &url::Host<&str>) -> bool {
    Host::of(host).is_some()
}

fn is_label(label: &str) -> bool {
    let may_occur = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !label.is_empty() && label.bytes().all(may_occur)
}

/// Prints the host as it is written in a URL.
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

/// A host with its port; `None` for the default port of the scheme.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Authority {
    pub(super) host: Host,
    pub(super) port: Option<u16>,
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => write!(f, "{}", self.host),
        }
    }
}

/// The reason why a text does not split into host and port.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SplitError {
    /// The text after the colon is not a port.
    Port,
    Brackets,
}

/// Splits `host`, `host:port`, `[::1]` and `[::1]:port`. The host is not validated.
pub(super) fn split_port(text: &str) -> Result<(&str, Option<u16>), SplitError> {
    // The colons inside brackets belong to the address.
    let host_ends = if text.starts_with('[') {
        text.find(']').map_or(text.len(), |at| at + 1)
    } else {
        0
    };

    let Some(at) = text[host_ends..].find(':') else {
        return Ok((text, None));
    };
    let (host, port) = text.split_at(host_ends + at);
    let port = &port[1..];
    if port.contains(':') {
        return Err(SplitError::Brackets);
    }

    // Rust accepts a sign when it parses a number, but a URL does not.
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let number = port.parse().ok().filter(|port| digits && *port != 0);
    number
        .map(|port| (host, Some(port)))
        .ok_or(SplitError::Port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_parsed_as_in_urls() {
        let cases = [
            ("Board.Example", Some("board.example")),
            ("board.example.", Some("board.example")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("BÜCHER.example", Some("xn--bcher-kva.example")),
            ("ｂoard。example", Some("board.example")),
            ("localhost", Some("localhost")),
            ("127.0.0.1", Some("127.0.0.1")),
            ("127.0.0.1.", Some("127.0.0.1")),
            ("127.1", Some("127.0.0.1")),
            ("0x7f.0.0.1", Some("127.0.0.1")),
            ("0177.0.0.1", Some("127.0.0.1")),
            ("2130706433", Some("127.0.0.1")),
            ("[0:0:0:0:0:0:0:1]", Some("[::1]")),
            ("[::ffff:127.0.0.1]", Some("127.0.0.1")),
            ("board..example", None),
            ("board.example..", None),
            ("*.board.example", None),
            ("board\".example", None),
            ("a_b.example", Some("a_b.example")),
            (".board.example", None),
            ("a b", None),
            ("::1", None),
            ("[::1", None),
            ("", None),
        ];

        for (text, expected) in cases {
            assert_eq!(
                Host::parse(text).map(|host| host.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn a_port_is_split_off() {
        assert_eq!(split_port("a.example"), Ok(("a.example", None)));
        assert_eq!(split_port("a.example:80"), Ok(("a.example", Some(80))));
        assert_eq!(split_port("[::1]"), Ok(("[::1]", None)));
        assert_eq!(split_port("[::1]:8080"), Ok(("[::1]", Some(8080))));
        assert_eq!(split_port("::1"), Err(SplitError::Brackets));
        for text in ["a:", "a:0", "a:65536", "a:+80", "a:80 ", "a:http", "[::1]:"] {
            assert_eq!(split_port(text), Err(SplitError::Port), "{text}");
        }
    }
}
