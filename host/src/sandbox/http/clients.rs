//! The HTTP clients of the process, one for each rule on the addresses it may connect to.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use job_scanner_core::net::{AddressRule, Denied};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt as _;

use super::spacing::{Spacing, Turns};

/// How requests are made.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// What we call ourselves; guests cannot.
    pub user_agent: String,
    /// From the start of a request to the end of its body, redirects and retries included, our own spacing not.
    pub request_timeout: Duration,
    /// The most requests a second that one host gets, whatever its adapter says.
    pub max_rate_per_host: u32,
}

/// A host that answers at all does so in a second or two.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The clients of the process. A connection that stays open for reuse was opened under a rule on addresses and must
/// not serve a request under another, so each rule has a client, with connections of its own. All share the spacing of
/// requests. Cheap to clone.
#[derive(Debug, Clone)]
pub struct HttpClients {
    public: reqwest::Client,
    private: reqwest::Client,
    any: reqwest::Client,
    request_timeout: Duration,
    spacing: Spacing,
}

impl HttpClients {
    /// Makes the clients; opens no connection.
    ///
    /// # Errors
    ///
    /// When the machine has no trusted certificates, or the user agent is no header value.
    pub fn new(options: &HttpOptions) -> anyhow::Result<Self> {
        // Somebody else in the process may have installed one already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = tls().context("cannot read the machine's trusted certificates")?;
        let client = |rule| build(rule, options, tls.clone()).context("cannot set up the HTTP client");
        Ok(Self {
            public: client(AddressRule::PublicOnly)?,
            private: client(AddressRule::PrivateOnly)?,
            any: client(AddressRule::Any)?,
            request_timeout: options.request_timeout,
            spacing: Spacing::new(options.max_rate_per_host),
        })
    }

    pub(super) fn under(&self, rule: AddressRule) -> &reqwest::Client {
        match rule {
            AddressRule::PublicOnly => &self.public,
            AddressRule::PrivateOnly => &self.private,
            AddressRule::Any => &self.any,
        }
    }

    pub(super) fn request_timeout(&self) -> Duration {
        self.request_timeout
    }

    pub(super) fn turns(&self) -> Turns {
        self.spacing.turns()
    }
}

/// Trusts whom the machine trusts; read once for all clients, since reading takes milliseconds.
fn tls() -> Result<ClientConfig, rustls::Error> {
    let mut config = ClientConfig::with_platform_verifier()?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn build(rule: AddressRule, options: &HttpOptions, tls: ClientConfig) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .user_agent(&options.user_agent)
        // Each hop is checked anew, so the session follows redirects itself.
        .redirect(redirect::Policy::none())
        // A proxy would connect in our place, past the check of addresses.
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .dns_resolver(CheckingResolver { rule })
        .tls_backend_preconfigured(tls)
        .build()
}

/// Resolves names as the system does and keeps only the addresses that the rule allows: what is checked here is what
/// the connection uses, so a name cannot resolve to something else a moment later.
#[derive(Debug, Clone, Copy)]
struct CheckingResolver {
    rule: AddressRule,
}

impl Resolve for CheckingResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let rule = self.rule;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(ResolveError::Failed)?;
            let allowed = allowed(rule, name.as_str(), found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// The addresses that may be connected to. That some are refused is no reason to refuse the others.
fn allowed(
    rule: AddressRule,
    host: &str,
    found: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, ResolveError> {
    let mut refusal = None;
    let allowed: Vec<SocketAddr> = found
        .filter(|address| rule.check(host, address.ip()).map_err(|denied| refusal = Some(denied)).is_ok())
        .collect();
    match refusal {
        Some(denied) if allowed.is_empty() => Err(ResolveError::Denied(denied)),
        _ => Ok(allowed),
    }
}

/// Why a name gave us no address to connect to.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    /// It has addresses, but none that this source may reach.
    #[error(transparent)]
    Denied(Denied),
    /// It has none, or nobody could tell.
    #[error("{0}")]
    Failed(io::Error),
}

/// Finds a [`ResolveError`] in a chain of causes.
pub(super) fn resolve_error<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e ResolveError> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<ResolveError>() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn resolve(rule: AddressRule, name: &str) -> Result<Vec<SocketAddr>, String> {
        match (CheckingResolver { rule }).resolve(name.parse().unwrap()).await {
            Ok(found) => Ok(found.collect()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_loopback_is_no_public_host() {
        let refusal = resolve(AddressRule::PublicOnly, "localhost").await.unwrap_err();
        assert!(refusal.contains("`localhost` is allowed at public addresses only"), "{refusal}");
        assert!(!resolve(AddressRule::PrivateOnly, "localhost").await.unwrap().is_empty());
        assert!(!resolve(AddressRule::Any, "localhost").await.unwrap().is_empty());
    }

    #[test]
    fn only_the_addresses_that_the_rule_allows_are_connected_to() {
        let both = ["127.0.0.1:0", "93.184.216.34:0", "[::1]:0"].map(|address| address.parse().unwrap());
        let hosts = |rule| allowed(rule, "board.example", both.into_iter()).unwrap();
        assert_eq!(hosts(AddressRule::PublicOnly), [both[1]]);
        assert_eq!(hosts(AddressRule::PrivateOnly), [both[0], both[2]]);
        assert_eq!(hosts(AddressRule::Any), both);
    }
}
