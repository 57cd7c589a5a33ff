//! The HTTP clients of the process: one for each rule on the addresses that connections may lead
//! to.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use job_scanner_core::net::{AddressRule, Denied};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect;
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt as _;

use crate::decode::CODINGS;
use crate::meter::RequestMeter;
use crate::rate_limit::{RateLimiter, RateLimits};

/// The settings of all requests.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// The `User-Agent` header. Adapters cannot set it.
    pub user_agent: String,
    /// The time limit from the start of a request to the end of its body. It includes redirects and
    /// retries, but not the waits of the rate limiter.
    pub request_timeout: Duration,
    /// The maximum number of requests per second to one host, regardless of its adapter.
    pub max_rate_per_host: u32,
}

/// A host that accepts connections does so within a second or two.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The time for which an unused connection stays open, with its buffers. The requests of one scan
/// follow each other within seconds, and the next run is minutes away.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// The clients of the process. Cheap to clone.
///
/// An idle connection was opened under a rule on addresses and must not serve a request under
/// another rule. So each rule has a client with separate connections. All clients share the rate
/// limits.
#[derive(Debug, Clone)]
pub struct HttpClients {
    public: reqwest::Client,
    private: reqwest::Client,
    any: reqwest::Client,
    request_timeout: Duration,
    rate_limits: RateLimits,
    /// `None` counts nothing.
    meter: Option<Arc<RequestMeter>>,
}

impl HttpClients {
    /// Creates the clients. Does not open a connection.
    ///
    /// # Errors
    ///
    /// Fails if the machine has no trusted certificates, or if the user agent is not a valid header
    /// value.
    pub fn new(options: &HttpOptions) -> anyhow::Result<Self> {
        Self::resolving(options, &Arc::new(SystemResolver))
    }

    /// Creates the clients with another resolver. Its addresses are checked like those of the
    /// system.
    pub fn resolving<R: Resolve + 'static>(
        options: &HttpOptions,
        names: &Arc<R>,
    ) -> anyhow::Result<Self> {
        // A provider that is already installed works too.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = tls().context("cannot read the machine's trusted certificates")?;

        let client = |rule| {
            let resolver = CheckingResolver {
                rule,
                names: Arc::clone(names),
            };
            build(resolver, options, tls.clone()).context("cannot set up the HTTP client")
        };

        Ok(Self {
            public: client(AddressRule::PublicOnly)?,
            private: client(AddressRule::PrivateOnly)?,
            any: client(AddressRule::Any)?,
            request_timeout: options.request_timeout,
            rate_limits: RateLimits::new(options.max_rate_per_host),
            meter: None,
        })
    }

    /// Returns the client that connects only to addresses that the rule allows.
    pub fn under(&self, rule: AddressRule) -> &reqwest::Client {
        match rule {
            AddressRule::PublicOnly => &self.public,
            AddressRule::PrivateOnly => &self.private,
            AddressRule::Any => &self.any,
        }
    }

    /// Returns the time limit of a request.
    pub fn request_timeout(&self) -> Duration {
        self.request_timeout
    }

    /// Returns the rate limiter of one source that this adapter reads.
    pub fn rate_limiter(&self, adapter: &str) -> RateLimiter {
        let limiter = self.rate_limits.rate_limiter(adapter);
        limiter.metered(self.meter.clone())
    }

    /// Counts requests and waits from now on. Clones that were made before count nothing.
    #[must_use]
    pub fn metered(self, meter: Arc<RequestMeter>) -> Self {
        Self {
            meter: Some(meter),
            ..self
        }
    }

    /// Counts a request of a scan, if there is a meter.
    pub fn count(&self, host: &str, response: Option<&reqwest::Response>) {
        if let Some(meter) = &self.meter {
            meter.count_request(host, response.map(reqwest::Response::status));
        }
    }
}

/// Returns a configuration with the trusted certificates of the machine. It is created once for all
/// clients, since reading the certificates takes milliseconds.
fn tls() -> Result<ClientConfig, rustls::Error> {
    let mut config = ClientConfig::with_platform_verifier()?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];

    Ok(config)
}

fn build(
    resolver: impl Resolve + 'static,
    options: &HttpOptions,
    tls: ClientConfig,
) -> reqwest::Result<reqwest::Client> {
    let codings = (ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));

    reqwest::Client::builder()
        .user_agent(&options.user_agent)
        .default_headers(HeaderMap::from_iter([codings]))
        // The target of each redirect has to be checked, so the caller follows redirects.
        .redirect(redirect::Policy::none())
        // A proxy would make the connections itself, without the check of addresses.
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .dns_resolver(resolver)
        .tls_backend_preconfigured(tls)
        .build()
}

/// Keeps only the addresses of a name that the rule allows. The connection uses exactly the
/// addresses that were checked, so a name cannot resolve to another address in between.
#[derive(Debug)]
struct CheckingResolver<R> {
    rule: AddressRule,
    names: Arc<R>,
}

impl<R: Resolve + 'static> Resolve for CheckingResolver<R> {
    fn resolve(&self, name: Name) -> Resolving {
        let (rule, host) = (self.rule, name.as_str().to_owned());
        let found = self.names.resolve(name);

        Box::pin(async move {
            let allowed = allowed(rule, &host, found.await?)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Resolves names with the resolver of the system.
#[derive(Debug)]
struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0))
                .await
                .map_err(ResolveError::Failed)?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

/// Returns the addresses that the rule allows. An error only if none is allowed: one denied address
/// does not exclude the others.
fn allowed(
    rule: AddressRule,
    host: &str,
    found: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, ResolveError> {
    let mut refusal = None;
    let allowed: Vec<SocketAddr> = found
        .filter(|address| {
            rule.check(host, address.ip())
                .map_err(|denied| refusal = Some(denied))
                .is_ok()
        })
        .collect();

    match refusal {
        Some(denied) if allowed.is_empty() => Err(ResolveError::Denied(denied)),
        _ => Ok(allowed),
    }
}

/// The reason why a name has no address to connect to.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The name has addresses, but this source may not contact any of them.
    #[error(transparent)]
    Denied(Denied),
    /// The name has no addresses, or the resolver failed.
    #[error("{0}")]
    Failed(io::Error),
}

/// Finds a [`ResolveError`] in a chain of causes.
pub fn resolve_error<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e ResolveError> {
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
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    async fn resolve(rule: AddressRule, name: &str) -> Result<Vec<SocketAddr>, String> {
        resolve_with(
            &CheckingResolver {
                rule,
                names: Arc::new(SystemResolver),
            },
            name,
        )
        .await
    }

    async fn resolve_with(resolver: &impl Resolve, name: &str) -> Result<Vec<SocketAddr>, String> {
        match resolver.resolve(name.parse().unwrap()).await {
            Ok(found) => Ok(found.collect()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_loopback_is_not_a_public_host() {
        let refusal = resolve(AddressRule::PublicOnly, "localhost")
            .await
            .unwrap_err();
        assert!(
            refusal.contains("`localhost` is allowed at public addresses only"),
            "{refusal}"
        );
        assert!(
            !resolve(AddressRule::PrivateOnly, "localhost")
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            !resolve(AddressRule::Any, "localhost")
                .await
                .unwrap()
                .is_empty()
        );
    }

    /// Resolves to a public address the first time, and to this machine from then on.
    #[derive(Debug, Default)]
    struct Rebinding(AtomicBool);

    impl Resolve for Rebinding {
        fn resolve(&self, _: Name) -> Resolving {
            let address = if self.0.swap(true, Ordering::Relaxed) {
                "127.0.0.1:0"
            } else {
                "93.184.216.34:0"
            };
            Box::pin(
                async move { Ok(Box::new(std::iter::once(address.parse().unwrap())) as Addrs) },
            )
        }
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_loopback_later_is_denied() {
        let resolver = CheckingResolver {
            rule: AddressRule::PublicOnly,
            names: Arc::new(Rebinding::default()),
        };
        assert_eq!(
            resolve_with(&resolver, "board.example").await.unwrap(),
            ["93.184.216.34:0".parse().unwrap()]
        );
        for _ in 0..2 {
            let refusal = resolve_with(&resolver, "board.example").await.unwrap_err();
            assert!(
                refusal.contains("`board.example` is allowed at public addresses only"),
                "{refusal}"
            );
        }
    }

    #[test]
    fn only_addresses_that_the_rule_allows_are_returned() {
        let both =
            ["127.0.0.1:0", "93.184.216.34:0", "[::1]:0"].map(|address| address.parse().unwrap());
        let hosts = |rule| allowed(rule, "board.example", both.into_iter()).unwrap();
        assert_eq!(hosts(AddressRule::PublicOnly), [both[1]]);
        assert_eq!(hosts(AddressRule::PrivateOnly), [both[0], both[2]]);
        assert_eq!(hosts(AddressRule::Any), both);
    }
}
