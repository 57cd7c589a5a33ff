//! The hosts that an adapter's manifest requests.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::host::{Host, SplitError, split_port};

/// A host pattern of a manifest: `boards.example.com`, or `*.example.com` for every name below
/// `example.com`. The port is 443 unless the pattern names another, and the scheme is always
/// `https`.
///
/// A pattern is never an address or a name without a dot: only the operator can list those. A
/// wildcard has to be above a domain that a registrant owns: `*.example.co.uk`, not `*.co.uk`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct HostPattern {
    /// True if the pattern covers the names below `name`, and not `name` itself.
    wildcard: bool,
    name: String,
    port: Option<u16>,
}

/// The reason why a text is not a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostPatternError {
    /// The text has more than a host and a port, or something else.
    #[error(
        "`{0}` is not a host pattern; write `boards.example.com` or `*.example.com`, followed by `:PORT` if it is not 443"
    )]
    Shape(String),
    /// The wildcard is not at the beginning.
    #[error("`{0}` has a wildcard that is not at its beginning; write `*.example.com`")]
    MisplacedWildcard(String),
    /// The wildcard would cover a top-level domain or everything.
    #[error(
        "`{0}` covers too much; write the wildcard before at least two labels, such as `*.example.com`"
    )]
    TooWide(String),
    /// The name is on the [public suffix list](https://publicsuffix.org): third parties register
    /// names directly below it, and the wildcard would cover all of them.
    #[error("`{0}` covers domains of third parties; write the wildcard before a registered domain")]
    PublicSuffix(String),
    /// The text is an address. Only the operator can list addresses.
    #[error(
        "`{0}` is an address; an adapter can request names only (the operator may list an address in `allow_hosts`)"
    )]
    Address(String),
    /// The text is `localhost` or a name without a dot. Only the operator can list those.
    #[error(
        "`{0}` is a local name; an adapter can request public names only (the operator may list it in `allow_hosts`)"
    )]
    LocalName(String),
}

impl HostPattern {
    /// Returns true if the pattern covers more than one host.
    pub fn is_wildcard(&self) -> bool {
        self.wildcard
    }

    /// Returns true if the pattern covers a host and port.
    pub(super) fn covers(&self, host: &Host, port: u16) -> bool {
        self.covers_host(host) && port == self.port.unwrap_or(443)
    }

    pub(super) fn covers_host(&self, host: &Host) -> bool {
        match host {
            Host::Address(_) => false,
            Host::Name(name) if self.wildcard => name
                .strip_suffix(&self.name)
                .is_some_and(|labels| labels.ends_with('.')),
            Host::Name(name) => *name == self.name,
        }
    }
}

impl FromStr for HostPattern {
    type Err = HostPatternError;

    fn from_str(text: &str) -> Result<Self, HostPatternError> {
        let refuse = |error: Refusal| error(text.to_owned());

        if text.contains(['/', '@', '?', '\\', '%']) || text.contains(char::is_whitespace) {
            return Err(refuse(HostPatternError::Shape));
        }

        let (host, port) = split_port(text).map_err(|error| match error {
            SplitError::Port => refuse(HostPatternError::Shape),
            SplitError::Brackets => refuse(HostPatternError::Address),
        })?;

        let (wildcard, name) = split_wildcard(host).map_err(refuse)?;
        let name = match Host::parse(name) {
            Some(Host::Name(name)) => name,
            Some(Host::Address(_)) => return Err(refuse(HostPatternError::Address)),
            None => return Err(refuse(HostPatternError::Shape)),
        };
        check_name(&name, wildcard).map_err(refuse)?;

        Ok(Self {
            wildcard,
            name,
            port: port.filter(|port| *port != 443),
        })
    }
}

type Refusal = fn(String) -> HostPatternError;

/// Removes `*.` from the beginning of a host, the only place for a wildcard.
fn split_wildcard(host: &str) -> Result<(bool, &str), Refusal> {
    if host == "*" {
        return Err(HostPatternError::TooWide);
    }

    let (wildcard, name) = match host.strip_prefix("*.") {
        Some(name) => (true, name),
        None => (false, host),
    };
    if name.contains('*') {
        return Err(HostPatternError::MisplacedWildcard);
    }
    Ok((wildcard, name))
}

/// Rejects a local name, and a wildcard above a name that covers too much.
fn check_name(name: &str, wildcard: bool) -> Result<(), Refusal> {
    if name == "localhost" || name.ends_with(".localhost") {
        return Err(HostPatternError::LocalName);
    }

    if !name.contains('.') {
        return Err(if wildcard {
            HostPatternError::TooWide
        } else {
            HostPatternError::LocalName
        });
    }

    if wildcard && psl::domain_str(name).is_none() {
        return Err(HostPatternError::PublicSuffix);
    }
    Ok(())
}

impl TryFrom<String> for HostPattern {
    type Error = HostPatternError;

    fn try_from(text: String) -> Result<Self, HostPatternError> {
        text.parse()
    }
}

impl From<HostPattern> for String {
    fn from(pattern: HostPattern) -> Self {
        pattern.to_string()
    }
}

/// Prints a pattern that parses as the same pattern.
impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wildcard = if self.wildcard { "*." } else { "" };
        write!(f, "{wildcard}{}", self.name)?;

        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, host: &str, port: u16) -> bool {
        pattern
            .parse::<HostPattern>()
            .unwrap()
            .covers(&Host::parse(host).unwrap(), port)
    }

    #[test]
    fn a_pattern_prints_in_canonical_form() {
        let cases = [
            ("Boards.Example.com", "boards.example.com"),
            ("boards.example.com.", "boards.example.com"),
            ("boards.example.com:443", "boards.example.com"),
            ("boards.example.com:8443", "boards.example.com:8443"),
            ("*.Example.com", "*.example.com"),
            ("*.bücher.example:8443", "*.xn--bcher-kva.example:8443"),
            ("*.example.co.uk", "*.example.co.uk"),
            ("boards.co.uk", "boards.co.uk"),
        ];
        for (text, printed) in cases {
            let pattern: HostPattern = text.parse().unwrap();
            assert_eq!(pattern.to_string(), printed);
            assert_eq!(printed.parse::<HostPattern>().unwrap(), pattern);
        }
    }

    #[test]
    fn an_invalid_pattern_is_rejected_with_its_reason() {
        use HostPatternError::{
            Address, LocalName, MisplacedWildcard, PublicSuffix, Shape, TooWide,
        };
        type Reason = fn(String) -> HostPatternError;
        let cases: [(Reason, &[&str]); 6] = [
            (
                Shape,
                &[
                    "",
                    "*.",
                    "https://a.example",
                    "a.example/x",
                    "u@a.example",
                    "a.example:",
                    "a.example:0",
                    "a..example",
                    "a b.example",
                    "a.example?x",
                ],
            ),
            (
                MisplacedWildcard,
                &[
                    "a.*.example",
                    "*.*.example.com",
                    "a*.example.com",
                    "*a.example.com",
                    "a.example.*",
                ],
            ),
            (TooWide, &["*", "*:443", "*.com", "*.com."]),
            (
                PublicSuffix,
                &["*.co.uk", "*.CO.UK.:8443", "*.github.io", "*.公司.cn"],
            ),
            (
                Address,
                &[
                    "127.0.0.1",
                    "8.8.8.8:443",
                    "[::1]",
                    "::1",
                    "2130706433",
                    "0x7f.1",
                    "*.0.0.1",
                ],
            ),
            (
                LocalName,
                &["localhost", "intranet", "a.localhost", "*.localhost"],
            ),
        ];

        for (reason, texts) in cases {
            for text in texts {
                assert_eq!(
                    text.parse::<HostPattern>(),
                    Err(reason((*text).to_owned())),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn a_plain_pattern_covers_only_its_host() {
        assert!(covers("a.example", "A.example.", 443));
        for (host, port) in [
            ("b.a.example", 443),
            ("a.example.com", 443),
            ("xa.example", 443),
            ("a.example", 8443),
        ] {
            assert!(!covers("a.example", host, port), "{host}:{port}");
        }
        assert!(covers("a.example:8443", "a.example", 8443));
        assert!(!covers("a.example:8443", "a.example", 443));
    }

    #[test]
    fn a_wildcard_covers_every_name_below_but_not_its_own() {
        assert!(covers("*.a.example", "b.a.example", 443));
        assert!(covers("*.a.example", "c.b.a.example", 443));
        for host in [
            "a.example",
            "ba.example",
            "a.example.evil.example",
            "127.0.0.1",
        ] {
            assert!(!covers("*.a.example", host, 443), "{host}");
        }
    }
}
