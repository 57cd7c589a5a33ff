//! The hosts, methods and request rates that one source may use.

use std::collections::{BTreeMap, BTreeSet};

use job_scanner_core::adapter::{self, HostTerms};
use job_scanner_core::net::{AllowList, AllowedHost, HostPattern, Permit};
use reqwest::Method;
use url::Url;

use crate::http::types::HttpError;

/// The hosts that one source may send requests to, and the terms for each.
#[derive(Debug)]
pub(crate) struct Access {
    hosts: Vec<GrantedHost>,
    allow_list: AllowList,
    /// The hosts that may receive each secret, by option.
    receivers: BTreeMap<String, BTreeSet<HostPattern>>,
    /// The id of the adapter, for the rate limiter.
    adapter: String,
}

/// A host, or a pattern of hosts, that was granted to the adapter for this source.
#[derive(Debug)]
pub(crate) struct GrantedHost {
    pub(crate) pattern: HostPattern,
    pub(crate) terms: HostTerms,
}

impl Access {
    /// Allows the hosts that were granted to the adapter and those that the operator listed for the
    /// source.
    pub(crate) fn new(hosts: Vec<GrantedHost>, listed: Vec<AllowedHost>) -> Self {
        let granted = hosts.iter().map(|host| host.pattern.clone()).collect();
        let allow_list = AllowList::new(granted, listed);

        Self {
            hosts,
            allow_list,
            receivers: BTreeMap::new(),
            adapter: String::new(),
        }
    }

    /// Adds the hosts that may receive each secret.
    pub(crate) fn with_receivers(self, receivers: BTreeMap<String, BTreeSet<HostPattern>>) -> Self {
        Self { receivers, ..self }
    }

    /// Adds the id of the adapter. All sources with the same id share the rate limits that the
    /// adapter sets.
    pub(crate) fn for_adapter(self, adapter: &str) -> Self {
        Self {
            adapter: adapter.to_owned(),
            ..self
        }
    }

    /// Returns the id of the adapter.
    pub(crate) fn adapter(&self) -> &str {
        &self.adapter
    }

    /// Checks that the secret of this option may be sent to this host: it must have been granted to
    /// receive the secret, or be a listed host on the operator's own machine or network. Plain HTTP
    /// is allowed for listed hosts only, with or without a secret.
    pub(crate) fn permit_secret(&self, option: &str, permit: &Permit) -> Result<(), HttpError> {
        let Some(receivers) = self.receivers.get(option) else {
            return Err(HttpError::Denied(format!(
                "the adapter was not granted the secret `{option}`"
            )));
        };

        let is_own = permit.listed && permit.local;
        if is_own || receivers.iter().any(|receiver| permit.receives(receiver)) {
            return Ok(());
        }

        let receivers: Vec<String> = receivers.iter().map(ToString::to_string).collect();
        let receivers = receivers.join(", ");
        Err(HttpError::Denied(format!(
            "the secret `{option}` may not be sent to `{permit}`, only to {receivers}"
        )))
    }

    /// Checks that a request may be sent to this URL. Literal IP addresses are checked here,
    /// because they never reach the resolver.
    pub(crate) fn permit(&self, method: &Method, url: &Url) -> Result<Permit, HttpError> {
        let permit = self
            .allow_list
            .check(url)
            .map_err(|denied| HttpError::Denied(denied.to_string()))?;

        let methods = self.methods(&permit);
        if methods.contains(&method.as_str()) {
            return Ok(permit);
        }

        let granted = methods.join(", ");
        Err(HttpError::Denied(format!(
            "the adapter was not granted the method `{method}` at `{permit}`, only {granted}"
        )))
    }

    /// Returns the rate limit for the host. If several entries cover it, the lowest rate applies.
    pub(crate) fn rate(&self, permit: &Permit) -> Rate {
        if permit.listed && permit.local {
            return Rate::Unlimited;
        }

        let entries = self.entries(permit).into_iter();
        let rates = entries.filter_map(|host| host.terms.rate);
        Rate::PerSecond(rates.reduce(f64::min))
    }

    /// Returns `GET`, `HEAD` and the methods of the entries that cover the host. At a host that
    /// only the operator listed, the adapter may use every method that it was granted elsewhere.
    fn methods(&self, permit: &Permit) -> Vec<&str> {
        let mut entries = self.entries(permit);
        if entries.is_empty() {
            entries = self.hosts.iter().collect();
        }

        let mut methods = vec!["GET", "HEAD"];
        for host in entries {
            methods.extend(host.terms.methods.iter().map(adapter::Method::as_str));
        }
        methods.sort_unstable();
        methods.dedup();
        methods
    }

    /// Returns the entries that cover host and port. On a port that only the operator listed, these
    /// are the entries for the host's other ports.
    fn entries(&self, permit: &Permit) -> Vec<&GrantedHost> {
        let covering = |covers: fn(&Permit, &HostPattern) -> bool| -> Vec<&GrantedHost> {
            self.hosts
                .iter()
                .filter(|host| covers(permit, &host.pattern))
                .collect()
        };

        let exact = covering(Permit::covered_by);
        if exact.is_empty() {
            covering(Permit::receives)
        } else {
            exact
        }
    }
}

/// The rate limit of a host.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rate {
    /// The host is on the operator's own machine or network.
    Unlimited,
    /// Requests per second; `None` if the adapter's grants do not set a rate.
    PerSecond(Option<f64>),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(listed: &[&str]) -> Access {
        let host = |pattern: &str, methods: &[&str], rate| GrantedHost {
            pattern: pattern.parse().unwrap(),
            terms: HostTerms {
                methods: methods
                    .iter()
                    .map(|method| method.parse().unwrap())
                    .collect(),
                rate,
            },
        };
        let hosts = vec![
            host("read.example", &["GET"], Some(10.0)),
            host("*.search.example", &["GET", "POST"], None),
            host("slow.search.example", &["GET"], Some(0.5)),
            host("ports.example", &["GET"], Some(0.5)),
            host("ports.example:8443", &["POST"], Some(8.0)),
        ];
        Access::new(
            hosts,
            listed.iter().map(|entry| entry.parse().unwrap()).collect(),
        )
    }

    fn permit(access: &Access, method: &Method, url: &str) -> Result<Permit, HttpError> {
        access.permit(method, &url.parse().unwrap())
    }

    #[test]
    fn a_method_is_allowed_only_at_the_hosts_it_was_granted_for() {
        let access = access(&["https://mine.example"]);
        let may = |method, url| permit(&access, &method, url).is_ok();
        assert!(
            may(Method::HEAD, "https://read.example/")
                && may(Method::POST, "https://a.search.example/")
        );
        assert!(
            may(Method::POST, "https://mine.example/"),
            "a host that only the operator listed allows the granted methods"
        );
        assert!(
            !may(Method::POST, "https://read.example/")
                && !may(Method::DELETE, "https://mine.example/")
        );
        let refusal = permit(&access, &Method::POST, "https://read.example/?key=1")
            .unwrap_err()
            .to_string();
        assert_eq!(
            refusal,
            "the adapter was not granted the method `POST` at `read.example`, only GET, HEAD"
        );
    }

    #[test]
    fn a_listed_port_of_a_granted_host_adds_no_method() {
        let access = access(&["read.example:8443", "slow.search.example:8443"]);
        let refusal = permit(&access, &Method::POST, "https://read.example:8443/")
            .unwrap_err()
            .to_string();
        assert_eq!(
            refusal,
            "the adapter was not granted the method `POST` at `read.example:8443`, only GET, HEAD"
        );
        let listed = permit(&access, &Method::GET, "https://slow.search.example:8443/").unwrap();
        assert_eq!(access.rate(&listed), Rate::PerSecond(Some(0.5)));
    }

    #[test]
    fn a_grant_for_one_port_does_not_cover_another() {
        for access in [access(&[]), access(&["ports.example"])] {
            assert!(permit(&access, &Method::POST, "https://ports.example:8443/").is_ok());
            permit(&access, &Method::POST, "https://ports.example/").unwrap_err();
            let own = permit(&access, &Method::GET, "https://ports.example/").unwrap();
            assert_eq!(access.rate(&own), Rate::PerSecond(Some(0.5)));
        }
    }

    #[test]
    fn the_rate_of_a_host_comes_from_the_grant() {
        let access = access(&["mine.example", "10.0.0.1", "read.example"]);
        let rate = |url| access.rate(&permit(&access, &Method::GET, url).unwrap());
        assert_eq!(rate("https://read.example/"), Rate::PerSecond(Some(10.0)));
        assert_eq!(rate("https://a.search.example/"), Rate::PerSecond(None));
        assert_eq!(
            rate("https://slow.search.example/"),
            Rate::PerSecond(Some(0.5)),
            "the lower of two rates applies"
        );
        assert_eq!(
            rate("https://mine.example/"),
            Rate::PerSecond(None),
            "it may belong to a third party"
        );
        assert_eq!(
            rate("http://mine.example/"),
            Rate::Unlimited,
            "plain HTTP to it goes to private addresses only"
        );
        assert_eq!(rate("https://10.0.0.1/"), Rate::Unlimited);
    }
}
