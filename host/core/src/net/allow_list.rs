//! The hosts that one source may reach, and the messages for the hosts that it may not.

use std::fmt;
use std::net::IpAddr;

use url::Url;

use super::address::{AddressRule, Reach, reach};
use super::allowed_host::{AllowedHost, Scheme};
use super::host::{Authority, Host};
use super::pattern::HostPattern;

/// The hosts of one source: the hosts granted to its adapter, and the hosts that the operator
/// listed for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowList {
    granted: Vec<HostPattern>,
    allowed: Vec<AllowedHost>,
}

/// The permission for a request, to the addresses that [`addresses`](Self::addresses) admits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// True if the operator listed exactly this host, and did not only grant a pattern that covers
    /// it.
    pub listed: bool,
    /// The addresses that the host's name may resolve to.
    pub addresses: AddressRule,
    /// True if the host is certainly private or loopback, whatever its name resolves to.
    pub local: bool,
    target: Target,
}

/// The reason why a request may not be sent. It contains only scheme, host and port of the URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The scheme is neither `http` nor `https`.
    #[error("scheme `{0}` is not allowed; only `https` is, and `http` to hosts in `allow_hosts`")]
    Scheme(String),
    /// The URL has a user name or a password before the host, which a reader can mistake for the
    /// host.
    #[error(
        "a URL at `{0}` has a user name or password in it, which is not allowed; send an `Authorization` header instead"
    )]
    UserInfo(String),
    /// The URL has no host, a host that cannot resolve, such as one with an empty label, or port 0.
    #[error("a URL has no valid host and port")]
    NoHost,
    /// The host is neither granted nor listed.
    #[error(
        "`{authority}` is not allowed; add `allow_hosts: [\"{entry}\"]` to the source to allow it"
    )]
    NotListed {
        /// The host, with its port.
        authority: String,
        /// The entry to add to `allow_hosts`.
        entry: String,
    },
    /// The host is allowed on another port.
    #[error(
        "`{host}` is allowed, but not on port {port}; add `allow_hosts: [\"{entry}\"]` to the source to allow it"
    )]
    Port {
        /// The host without its port.
        host: String,
        port: u16,
        /// The entry to add to `allow_hosts`.
        entry: String,
    },
    /// The host is allowed by `https` only.
    #[error(
        "`{host}` is allowed by `https` only; add `allow_hosts: [\"{entry}\"]` to the source to allow plain HTTP"
    )]
    PlainHttp {
        /// The host without its port.
        host: String,
        /// The entry to add to `allow_hosts`.
        entry: String,
    },
    /// The host has an address that the request may not be sent to.
    #[error(
        "`{authority}` is allowed at {rule} only, but has the address {address}; add `allow_hosts: [\"{entry}\"]` to the source to allow any address"
    )]
    Address {
        /// The host, with its port.
        authority: String,
        address: IpAddr,
        /// The addresses that are allowed.
        rule: AddressRule,
        /// The entry to add to `allow_hosts`.
        entry: String,
    },
    /// The host has an address that is not a possible destination: unspecified, multicast,
    /// broadcast.
    #[error(
        "`{authority}` is at {address}, which is not the address of a single host; use the host's own address"
    )]
    NotUnicast {
        /// The host, with its port.
        authority: String,
        address: IpAddr,
    },
}

/// The destination of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    scheme: Scheme,
    host: Host,
    port: u16,
}

impl AllowList {
    /// Joins the grant of the adapter and the operator's list for the source.
    pub fn new(granted: Vec<HostPattern>, allowed: Vec<AllowedHost>) -> Self {
        Self { granted, allowed }
    }

    /// Decides whether a request may be sent to `url`. Called before every request and again for
    /// every redirect. If the host is a literal address, the address is checked too.
    pub fn check(&self, url: &Url) -> Result<Permit, Denied> {
        let target = Target::of(url)?;

        // The operator's entry comes first, since it permits more addresses than a grant.
        let (addresses, listed) = match self.listed(&target) {
            Some(rule) => (rule, true),
            None if target.scheme == Scheme::Https && self.is_granted(&target) => {
                (AddressRule::PublicOnly, false)
            }
            None => return Err(self.denial(&target)),
        };
        let local = addresses == AddressRule::PrivateOnly || target.is_local();

        let permit = Permit {
            listed,
            addresses,
            local,
            target,
        };

        // A literal address never reaches the resolver, which checks the addresses of names.
        match permit.target.host {
            Host::Address(address) => permit.allows(address).map(|()| permit),
            Host::Name(_) => Ok(permit),
        }
    }

    /// Returns the rule of the operator's entries. If several entries name the same host and port,
    /// the widest rule applies.
    fn listed(&self, target: &Target) -> Option<AddressRule> {
        let mut private = None;
        for entry in &self.allowed {
            let authority = &entry.authority;
            let port = authority.port.unwrap_or(target.scheme.default_port());
            if authority.host != target.host || port != target.port {
                continue;
            }

            match (target.scheme, entry.scheme) {
                (Scheme::Https, _) | (Scheme::Http, Some(Scheme::Http)) => {
                    return Some(AddressRule::Any);
                }
                (Scheme::Http, None) => private = Some(AddressRule::PrivateOnly),
                (Scheme::Http, Some(Scheme::Https)) => {}
            }
        }
        private
    }

    fn is_granted(&self, target: &Target) -> bool {
        self.granted
            .iter()
            .any(|pattern| pattern.covers(&target.host, target.port))
    }

    /// Returns the part of the destination that is not allowed, so that the operator sees what a
    /// new entry would change.
    fn denial(&self, target: &Target) -> Denied {
        let entry = target.entry();
        let host = target.host.to_string();

        let by_https_on = |port| {
            let other = Target {
                scheme: Scheme::Https,
                host: target.host.clone(),
                port,
            };
            self.listed(&other).is_some() || self.is_granted(&other)
        };
        if target.scheme == Scheme::Http && (by_https_on(443) || by_https_on(target.port)) {
            return Denied::PlainHttp { host, entry };
        }

        let is_listed = |entry: &AllowedHost| entry.authority.host == target.host;
        let is_covered = |pattern: &HostPattern| pattern.covers_host(&target.host);
        if self.allowed.iter().any(is_listed) || self.granted.iter().any(is_covered) {
            return Denied::Port {
                host,
                port: target.port,
                entry,
            };
        }

        Denied::NotListed {
            authority: target.authority().to_string(),
            entry,
        }
    }
}

impl Permit {
    /// Checks an address that the host's name resolved to.
    pub fn allows(&self, address: IpAddr) -> Result<(), Denied> {
        self.addresses
            .check(&self.target.authority().to_string(), address)
    }

    /// Returns the host without its port, in canonical form.
    pub fn host(&self) -> String {
        self.target.host.to_string()
    }

    /// Returns true if the pattern covers the host. The port must be the pattern's, or one that the
    /// operator listed.
    pub fn receives(&self, pattern: &HostPattern) -> bool {
        self.covered_by(pattern) || self.listed && pattern.covers_host(&self.target.host)
    }

    /// Returns true if the pattern covers both host and port.
    pub fn covered_by(&self, pattern: &HostPattern) -> bool {
        pattern.covers(&self.target.host, self.target.port)
    }
}

/// Prints the host, with its port unless that is the scheme's default.
impl fmt::Display for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.target.authority().fmt(f)
    }
}

impl AddressRule {
    /// Checks an address like [`admits`](Self::admits), for a resolver that has the rule and the
    /// name `authority` but no [`Permit`].
    pub fn check(self, authority: &str, address: IpAddr) -> Result<(), Denied> {
        if self.admits(address) {
            return Ok(());
        }

        let authority = authority.to_owned();
        if reach(address) == Reach::NotUnicast {
            return Err(Denied::NotUnicast { authority, address });
        }

        let scheme = if self == Self::PrivateOnly {
            "http://"
        } else {
            ""
        };
        let entry = format!("{scheme}{authority}");
        Err(Denied::Address {
            authority,
            address,
            rule: self,
            entry,
        })
    }
}

impl Target {
    fn of(url: &Url) -> Result<Self, Denied> {
        let scheme = match url.scheme() {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            other => return Err(Denied::Scheme(other.to_owned())),
        };

        let host = url
            .host()
            .and_then(|host| Host::of(&host))
            .ok_or(Denied::NoHost)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Denied::UserInfo(host.to_string()));
        }

        let port = match url.port() {
            None => scheme.default_port(),
            Some(0) => return Err(Denied::NoHost),
            Some(port) => port,
        };

        Ok(Self { scheme, host, port })
    }

    fn authority(&self) -> Authority {
        let port = Some(self.port).filter(|port| *port != self.scheme.default_port());
        Authority {
            host: self.host.clone(),
            port,
        }
    }

    /// Returns the narrowest entry of `allow_hosts` that would permit this. Plain HTTP does not
    /// need `http://` if the host is certainly private.
    fn entry(&self) -> String {
        let scheme = if self.scheme == Scheme::Http && !self.is_local() {
            "http://"
        } else {
            ""
        };
        format!("{scheme}{}", self.authority())
    }

    /// Returns true if the host is private or loopback without resolving a name.
    fn is_local(&self) -> bool {
        match &self.host {
            Host::Address(address) => AddressRule::PrivateOnly.admits(*address),
            Host::Name(name) => name == "localhost" || name.ends_with(".localhost"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(granted: &[&str], allowed: &[&str]) -> AllowList {
        AllowList::new(
            granted.iter().map(|text| text.parse().unwrap()).collect(),
            allowed.iter().map(|text| text.parse().unwrap()).collect(),
        )
    }

    fn check(list: &AllowList, url: &str) -> Result<Permit, Denied> {
        list.check(&url.parse().unwrap())
    }

    fn rule(list: &AllowList, url: &str) -> Expected {
        check(list, url)
            .ok()
            .map(|permit| (permit.addresses, permit.listed))
    }

    /// Returns the rule and whether the host is listed; `None` for a denial.
    type Expected = Option<(AddressRule, bool)>;

    const GRANTED: Expected = Some((AddressRule::PublicOnly, false));
    const LISTED: Expected = Some((AddressRule::Any, true));
    const LISTED_PRIVATE: Expected = Some((AddressRule::PrivateOnly, true));

    #[test]
    fn a_granted_host_is_reached_by_https_at_public_addresses() {
        let list = list(
            &["board.example", "*.tenants.example", "api.example:8443"],
            &[],
        );
        let cases = [
            ("https://board.example/jobs?x=1", GRANTED),
            ("https://board.example:443/", GRANTED),
            ("https://BOARD.example./", GRANTED),
            ("https://acme.tenants.example/", GRANTED),
            ("https://eu.acme.tenants.example/", GRANTED),
            ("https://api.example:8443/", GRANTED),
            ("http://board.example/", None),
            ("http://board.example:443/", None),
            ("https://board.example:8443/", None),
            ("https://api.example/", None),
            ("https://tenants.example/", None),
            ("https://*.tenants.example/", None),
            ("https://board.example.evil.example/", None),
            ("https://evilboard.example/", None),
            ("https://board.example../", None),
            ("https://localhost/", None),
            ("https://8.8.8.8/", None),
            ("ftp://board.example/", None),
            ("file:///etc/passwd", None),
            ("data:text/plain,x", None),
        ];

        for (url, expected) in cases {
            assert_eq!(rule(&list, url), expected, "{url}");
        }
    }

    #[test]
    fn a_listed_host_is_reached_by_the_rule_of_its_entry() {
        let cases: [(&str, &[(&str, Expected)]); 7] = [
            (
                "board.example",
                &[
                    ("https://board.example/", LISTED),
                    ("http://board.example/", LISTED_PRIVATE),
                    ("http://board.example:8080/", None),
                    ("https://board.example:8443/", None),
                    ("https://www.board.example/", None),
                ],
            ),
            (
                "board.internal:8080",
                &[
                    ("http://board.internal:8080/", LISTED_PRIVATE),
                    ("https://board.internal:8080/", LISTED),
                    ("http://board.internal/", None),
                    ("https://board.internal/", None),
                ],
            ),
            (
                "http://board.example",
                &[
                    ("http://board.example/", LISTED),
                    ("http://board.example:80/", LISTED),
                    ("https://board.example/", LISTED),
                    ("http://board.example:8080/", None),
                ],
            ),
            (
                "https://board.example",
                &[
                    ("https://board.example/", LISTED),
                    ("http://board.example/", None),
                ],
            ),
            (
                "127.0.0.1:8080",
                &[
                    ("http://127.0.0.1:8080/boards", LISTED_PRIVATE),
                    ("https://127.0.0.1:8080/", LISTED),
                    ("http://2130706433:8080/", LISTED_PRIVATE),
                    ("http://0x7f.0.0.1:8080/", LISTED_PRIVATE),
                    ("http://0177.1:8080/", LISTED_PRIVATE),
                    ("http://127.0.0.1.:8080/", LISTED_PRIVATE),
                    ("http://[::ffff:127.0.0.1]:8080/", LISTED_PRIVATE),
                    ("http://localhost:8080/", None),
                    ("http://127.0.0.2:8080/", None),
                    ("http://127.0.0.1/", None),
                ],
            ),
            (
                "[::1]:8080",
                &[
                    ("http://[::1]:8080/", LISTED_PRIVATE),
                    ("http://[0:0:0:0:0:0:0:1]:8080/", LISTED_PRIVATE),
                    ("http://127.0.0.1:8080/", None),
                ],
            ),
            (
                "bücher.example",
                &[
                    ("https://BÜCHER.example/", LISTED),
                    ("https://xn--bcher-kva.example/", LISTED),
                ],
            ),
        ];

        for (entry, urls) in cases {
            for (url, expected) in urls {
                assert_eq!(
                    rule(&list(&[], &[entry]), url),
                    *expected,
                    "`{entry}` and {url}"
                );
            }
        }
    }

    #[test]
    fn the_widest_of_several_entries_applies() {
        let both = list(
            &["board.example"],
            &["board.example", "http://board.example"],
        );
        assert_eq!(rule(&both, "http://board.example/"), LISTED);
        let turned = list(
            &["board.example"],
            &["http://board.example", "board.example"],
        );
        assert_eq!(rule(&turned, "http://board.example/"), LISTED);
        let other_port = list(&["board.example"], &["board.example:8443"]);
        assert_eq!(rule(&other_port, "https://board.example/"), GRANTED);
        assert_eq!(rule(&other_port, "https://board.example:8443/"), LISTED);
    }

    #[test]
    fn a_literal_address_is_checked_without_a_resolver() {
        let list = list(
            &[],
            &[
                "8.8.8.8:8080",
                "169.254.169.254",
                "0.0.0.0:8080",
                "http://1.1.1.1",
                "[ff02::1]",
            ],
        );
        assert_eq!(rule(&list, "https://8.8.8.8:8080/"), LISTED);
        assert_eq!(rule(&list, "http://8.8.8.8:8080/"), None);
        assert_eq!(rule(&list, "http://1.1.1.1/"), LISTED);
        assert_eq!(rule(&list, "http://169.254.169.254/"), None);
        assert_eq!(rule(&list, "http://0.0.0.0:8080/"), None);
        assert_eq!(rule(&list, "https://[ff02::1]/"), None);
    }

    #[test]
    fn a_permit_checks_the_addresses_of_its_host() {
        let list = list(
            &["board.example"],
            &["board.internal:8080", "http://old.example"],
        );
        let cases = [
            ("https://board.example/", "93.184.216.34", true),
            ("https://board.example/", "10.0.0.1", false),
            ("https://board.example/", "::ffff:127.0.0.1", false),
            ("https://board.example/", "169.254.169.254", false),
            ("http://board.internal:8080/", "10.0.0.1", true),
            ("http://board.internal:8080/", "93.184.216.34", false),
            ("https://board.internal:8080/", "93.184.216.34", true),
            ("https://board.internal:8080/", "10.0.0.1", true),
            ("http://old.example/", "93.184.216.34", true),
            ("http://old.example/", "0.0.0.0", false),
        ];
        for (url, address, allowed) in cases {
            let permit = check(&list, url).unwrap();
            assert_eq!(
                permit.allows(address.parse().unwrap()).is_ok(),
                allowed,
                "{url} at {address}"
            );
        }
    }

    #[test]
    fn a_denial_names_the_host_and_the_entry_to_add() {
        let list = list(&["board.example"], &["board.internal:8080", "8.8.8.8"]);
        let cases = [
            (
                "https://other.example/x",
                "`other.example` is not allowed; add `allow_hosts: [\"other.example\"]` to the source to allow it",
            ),
            (
                "https://other.example:8443/",
                "`other.example:8443` is not allowed; add `allow_hosts: [\"other.example:8443\"]` to the source to allow it",
            ),
            (
                "http://other.example/",
                "`other.example` is not allowed; add `allow_hosts: [\"http://other.example\"]` to the source to allow it",
            ),
            (
                "http://localhost:8080/",
                "`localhost:8080` is not allowed; add `allow_hosts: [\"localhost:8080\"]` to the source to allow it",
            ),
            (
                "http://127.0.0.1:8080/",
                "`127.0.0.1:8080` is not allowed; add `allow_hosts: [\"127.0.0.1:8080\"]` to the source to allow it",
            ),
            (
                "http://[::1]/",
                "`[::1]` is not allowed; add `allow_hosts: [\"[::1]\"]` to the source to allow it",
            ),
            (
                "https://board.example:8443/",
                "`board.example` is allowed, but not on port 8443; add `allow_hosts: [\"board.example:8443\"]` to the source to allow it",
            ),
            (
                "http://board.internal/",
                "`board.internal` is allowed, but not on port 80; add `allow_hosts: [\"http://board.internal\"]` to the source to allow it",
            ),
            (
                "http://board.example/",
                "`board.example` is allowed by `https` only; add `allow_hosts: [\"http://board.example\"]` to the source to allow plain HTTP",
            ),
            (
                "http://8.8.8.8/",
                "`8.8.8.8` is allowed at private or loopback addresses only, but has the address 8.8.8.8; add `allow_hosts: [\"http://8.8.8.8\"]` to the source to allow any address",
            ),
            (
                "https://me:secret@board.example/",
                "a URL at `board.example` has a user name or password in it, which is not allowed; send an `Authorization` header instead",
            ),
            (
                "https://board.example@evil.example/",
                "a URL at `evil.example` has a user name or password in it, which is not allowed; send an `Authorization` header instead",
            ),
            (
                "ftp://board.example/",
                "scheme `ftp` is not allowed; only `https` is, and `http` to hosts in `allow_hosts`",
            ),
            (
                "https://board.example:0/",
                "a URL has no valid host and port",
            ),
            ("https://*.example/", "a URL has no valid host and port"),
        ];

        for (url, message) in cases {
            assert_eq!(check(&list, url).unwrap_err().to_string(), message, "{url}");
        }

        let granted = check(&list, "https://board.example/").unwrap();
        assert_eq!(
            granted
                .allows("10.0.0.1".parse().unwrap())
                .unwrap_err()
                .to_string(),
            "`board.example` is allowed at public addresses only, but has the address 10.0.0.1; add `allow_hosts: [\"board.example\"]` to the source to allow any address"
        );
        let private = check(&list, "http://board.internal:8080/").unwrap();
        assert_eq!(
            private
                .allows("93.184.216.34".parse().unwrap())
                .unwrap_err()
                .to_string(),
            "`board.internal:8080` is allowed at private or loopback addresses only, but has the address 93.184.216.34; add `allow_hosts: [\"http://board.internal:8080\"]` to the source to allow any address"
        );
        assert_eq!(
            private
                .allows("::".parse().unwrap())
                .unwrap_err()
                .to_string(),
            "`board.internal:8080` is at ::, which is not the address of a single host; use the host's own address"
        );
    }

    #[test]
    fn a_host_is_local_only_if_that_is_certain() {
        let list = list(
            &["board.example"],
            &[
                "http://board.internal",
                "plain.internal",
                "10.0.0.1",
                "localhost",
            ],
        );
        let local = |url| check(&list, url).unwrap().local;
        assert!(
            local("http://plain.internal/")
                && local("https://10.0.0.1/")
                && local("https://localhost./")
        );
        assert!(!local("https://board.example/") && !local("http://board.internal/"));
        assert!(
            !local("https://plain.internal/"),
            "by https it may be anywhere"
        );
    }

    #[test]
    fn a_permit_is_covered_by_the_pattern_of_its_host_and_port() {
        let list = list(
            &["board.example", "*.board.example:8443"],
            &["board.example:8080"],
        );
        let covered = |url, pattern: &str| {
            check(&list, url)
                .unwrap()
                .covered_by(&pattern.parse().unwrap())
        };
        assert!(covered("https://BOARD.example./", "board.example"));
        assert!(!covered("https://board.example:8080/", "board.example"));
        assert!(covered(
            "https://a.board.example:8443/",
            "*.board.example:8443"
        ));
        assert_eq!(
            check(&list, "https://BOARD.example./").unwrap().host(),
            "board.example"
        );
    }

    #[test]
    fn a_denial_distinguishes_a_wrong_scheme_from_a_wrong_port() {
        let list = list(&["board.example:8443"], &["https://jobs.example:8443"]);
        let plain = |url| matches!(check(&list, url), Err(Denied::PlainHttp { .. }));
        assert!(plain("http://board.example:8443/") && plain("http://jobs.example:8443/"));
        assert!(matches!(
            check(&list, "http://board.example/"),
            Err(Denied::Port { port: 80, .. })
        ));
    }

    #[test]
    fn a_password_alone_is_refused_too() {
        let list = list(&["board.example"], &[]);
        assert!(matches!(
            check(&list, "https://:secret@board.example/"),
            Err(Denied::UserInfo(_))
        ));
        assert!(matches!(
            check(&list, "https://me@board.example/"),
            Err(Denied::UserInfo(_))
        ));
    }

    #[test]
    fn the_entry_that_a_denial_suggests_permits_the_request() {
        let granted = ["board.example"];
        for url in [
            "https://other.example/",
            "https://other.example:8443/",
            "http://other.example:81/",
            "http://localhost/",
            "http://127.0.0.1:8080/",
            "http://[fd00::1]:8080/",
            "http://8.8.8.8/",
            "http://169.254.1.1/",
            "https://board.example:444/",
            "http://board.example/",
            "http://a.localhost:9/",
            "https://10.0.0.1/",
        ] {
            let entry = match check(&list(&granted, &[]), url).unwrap_err() {
                Denied::NotListed { entry, .. }
                | Denied::Port { entry, .. }
                | Denied::PlainHttp { entry, .. } => entry,
                other => panic!("{url}: {other}"),
            };
            let permit = check(&list(&granted, &[&entry]), url);
            assert!(permit.is_ok(), "{url} with `{entry}`: {permit:?}");
        }
    }
}
