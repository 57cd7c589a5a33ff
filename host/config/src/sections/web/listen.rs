//! `web.listen` and `web.public_url`: the address that the page listens on, and the one that
//! browsers use.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use url::{Host, Url};

use crate::paths::Base;
use crate::reading::problem::quoted;

pub(crate) const LISTEN_FORM: &str =
    "write an address and a port, such as `127.0.0.1:8080`, or `unix:` and a path";
pub(crate) const URL_FORM: &str =
    "write the address of the page, such as `https://jobs.example.com`";

/// The longest path that the address of a unix socket can hold, on all systems.
const MAX_SOCKET_PATH_BYTES: usize = 100;

/// The address that the page listens on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebListen {
    Tcp(SocketAddr),
    /// The path of a unix socket.
    Unix(PathBuf),
}

impl WebListen {
    /// Returns true if only this machine can connect.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().to_canonical().is_loopback(),
            Self::Unix(_) => true,
        }
    }

    /// Parses `web.listen`. A relative path is resolved against `base`.
    pub(crate) fn parse(text: &str, base: &Base) -> Result<Self, String> {
        let Some(path) = text.strip_prefix("unix:") else {
            let address = text.parse().map_err(|_| not_an_address(text))?;
            return Ok(Self::Tcp(address));
        };
        if path.trim().is_empty() {
            return Err(format!("{} has no path", quoted(text)));
        }

        let path = base
            .resolve(path)
            .map_err(|error| format!("{} {error}", quoted(path)))?;
        if path.as_os_str().len() > MAX_SOCKET_PATH_BYTES {
            return Err(format!(
                "has more than {MAX_SOCKET_PATH_BYTES} bytes; write a shorter path"
            ));
        }
        Ok(Self::Unix(path))
    }
}

/// Returns the problem with a text that is not an address with a port, with the address that was
/// probably meant.
fn not_an_address(text: &str) -> String {
    let port = text
        .rsplit(':')
        .next()
        .and_then(|port| port.parse::<u16>().ok());
    let host = text.rsplit_once(':').map_or(text, |(host, _)| host);

    let meant = match (host, port) {
        ("localhost" | "", Some(port)) => format!("127.0.0.1:{port}"),
        (_, Some(port)) if host == text => format!("127.0.0.1:{port}"),
        ("*", Some(port)) => format!("0.0.0.0:{port}"),
        _ => match text.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => format!("{address}:8080"),
            Ok(IpAddr::V6(address)) => format!("[{address}]:8080"),
            Err(_) => return format!("{} is not an address with a port", quoted(text)),
        },
    };
    format!(
        "{} is not an address with a port; write `{meant}`",
        quoted(text)
    )
}

/// Parses `web.public_url`.
pub(crate) fn parse_public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| format!("{} is not a URL", quoted(text)))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{} is not an http or https URL", quoted(text)));
    }
    // The message does not repeat the URL, which contains the password.
    if !url.username().is_empty() || url.password().is_some() {
        return Err("contains a login".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "{} has more than a scheme, a host and a port; serve the page at the root of a host, such as \
             `https://jobs.example.com`",
            quoted(text)
        ));
    }
    Ok(url)
}

/// Returns true if the host of the URL is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
