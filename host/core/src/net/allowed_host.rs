//! The hosts that an operator lists for a source.

use std::fmt;
use std::str::FromStr;

use super::host::{Authority, Host, SplitError, split_port};

/// An entry of `allow_hosts`: an exact host, with an optional port and an optional scheme. Listing
/// a host allows requests to it at private addresses. The [module](super) describes what each form
/// permits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AllowedHost {
    pub(super) scheme: Option<Scheme>,
    pub(super) authority: Authority,
}

/// The schemes of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scheme {
    Http,
    Https,
}

/// The reason why a text is not an entry of `allow_hosts`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllowedHostError {
    /// The entry has no host.
    #[error("an entry is empty; write a host such as `board.example.com` or `127.0.0.1:8080`")]
    Empty,
    /// The entry has a wildcard.
    #[error("`{0}` has a wildcard; write every host by its full name")]
    Wildcard(String),
    /// The scheme is neither `http` nor `https`.
    #[error("scheme `{0}` is neither `http` nor `https`; write the host alone")]
    Scheme(String),
    /// The entry has a path, a query or a user name. These may contain a password and are not
    /// repeated.
    #[error("an entry has more than a host and a port; write `{instead}`")]
    NotOnlyHost {
        /// The part that names a host.
        instead: String,
    },
    /// The text after the colon is not a port.
    #[error("`{0}` has no valid port; write a number from 1 to 65535 after the colon, or no colon")]
    Port(String),
    /// An IPv6 address has no brackets.
    #[error("`{0}` has an IPv6 address without brackets; write `[::1]` or `[::1]:8080`")]
    Brackets(String),
    /// The host is not possible in a URL.
    #[error("`{0}` is not a host; write it as in a URL, such as `board.example.com`")]
    Host(String),
}

impl Scheme {
    pub(super) fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Http => "http://",
            Self::Https => "https://",
        }
    }
}

impl FromStr for AllowedHost {
    type Err = AllowedHostError;

    fn from_str(text: &str) -> Result<Self, AllowedHostError> {
        let text = text.trim();
        let (scheme, rest) = split_scheme(text)?;

        if rest.is_empty() {
            return Err(AllowedHostError::Empty);
        }

        let only_host = only_host(rest);
        if only_host != rest {
            return Err(more_than_a_host(scheme, only_host));
        }

        let refuse = |error: fn(String) -> AllowedHostError| error(text.to_owned());
        if rest.contains('*') {
            return Err(refuse(AllowedHostError::Wildcard));
        }

        let (host, port) = split_port(rest).map_err(|error| match error {
            SplitError::Port => refuse(AllowedHostError::Port),
            SplitError::Brackets => refuse(AllowedHostError::Brackets),
        })?;
        let host = Host::parse(host).ok_or_else(|| refuse(AllowedHostError::Host))?;

        Ok(Self {
            scheme,
            authority: Authority { host, port },
        })
    }
}

fn split_scheme(text: &str) -> Result<(Option<Scheme>, &str), AllowedHostError> {
    match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => {
            Ok((Some(Scheme::Http), rest))
        }
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => {
            Ok((Some(Scheme::Https), rest))
        }
        Some((scheme, _)) if is_scheme(scheme) => Err(AllowedHostError::Scheme(scheme.to_owned())),
        // This covers `me:pw@http://board.example` too: the password must not be treated as a
        // scheme and repeated.
        _ => Ok((None, text)),
    }
}

/// Suggests the entry without its other parts, if that is a valid entry.
fn more_than_a_host(scheme: Option<Scheme>, only_host: &str) -> AllowedHostError {
    let prefix = scheme.map_or("", Scheme::prefix);
    let instead = format!("{prefix}{only_host}");
    match instead.parse::<AllowedHost>() {
        Ok(_) => AllowedHostError::NotOnlyHost { instead },
        Err(error) => error,
    }
}

fn is_scheme(text: &str) -> bool {
    let may_occur = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    !text.is_empty() && text.bytes().all(may_occur)
}

/// Removes path, query, fragment and user name.
fn only_host(text: &str) -> &str {
    let authority = text
        .find(['/', '\\', '?', '#'])
        .map_or(text, |at| &text[..at]);

    // A user name ends at the last `@`, since a password may contain one.
    authority
        .rfind('@')
        .map_or(authority, |at| &authority[at + 1..])
}

/// Prints an entry that parses as the same entry.
impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.scheme.map_or("", Scheme::prefix);
        write!(f, "{prefix}{}", self.authority)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_entry_prints_in_canonical_form() {
        let cases = [
            ("board.example", "board.example"),
            (" Board.Example. ", "board.example"),
            ("board.example:8443", "board.example:8443"),
            ("http://board.example", "http://board.example"),
            ("HTTPS://board.example:8443", "https://board.example:8443"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("localhost:8080", "localhost:8080"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://127.1", "http://127.0.0.1"),
            ("[::1]:8080", "[::1]:8080"),
            ("[0:0::1]", "[::1]"),
        ];
        for (text, printed) in cases {
            let entry: AllowedHost = text.parse().unwrap();
            assert_eq!(entry.to_string(), printed);
            assert_eq!(printed.parse::<AllowedHost>().unwrap(), entry);
        }
    }

    #[test]
    fn an_invalid_entry_is_rejected_with_what_to_write() {
        let cases = [
            (
                "",
                "an entry is empty; write a host such as `board.example.com` or `127.0.0.1:8080`",
            ),
            (
                "http://",
                "an entry is empty; write a host such as `board.example.com` or `127.0.0.1:8080`",
            ),
            (
                "*.board.example",
                "`*.board.example` has a wildcard; write every host by its full name",
            ),
            (
                "ftp://board.example",
                "scheme `ftp` is neither `http` nor `https`; write the host alone",
            ),
            (
                "http://board.example/jobs",
                "an entry has more than a host and a port; write `http://board.example`",
            ),
            (
                "board.example:8080/",
                "an entry has more than a host and a port; write `board.example:8080`",
            ),
            (
                "me:pw@board.example",
                "an entry has more than a host and a port; write `board.example`",
            ),
            (
                "me:pw@http://board.example",
                "`http:` has no valid port; write a number from 1 to 65535 after the colon, or no colon",
            ),
            (
                "board.example?x",
                "an entry has more than a host and a port; write `board.example`",
            ),
            (
                "/jobs",
                "an entry is empty; write a host such as `board.example.com` or `127.0.0.1:8080`",
            ),
            (
                "board.example:",
                "`board.example:` has no valid port; write a number from 1 to 65535 after the colon, or no colon",
            ),
            (
                "board.example:70000",
                "`board.example:70000` has no valid port; write a number from 1 to 65535 after the colon, or no colon",
            ),
            (
                "::1",
                "`::1` has an IPv6 address without brackets; write `[::1]` or `[::1]:8080`",
            ),
            (
                "board..example",
                "`board..example` is not a host; write it as in a URL, such as `board.example.com`",
            ),
            (
                "two words",
                "`two words` is not a host; write it as in a URL, such as `board.example.com`",
            ),
            (
                "10.0.0.0.1",
                "`10.0.0.0.1` is not a host; write it as in a URL, such as `board.example.com`",
            ),
        ];

        for (text, message) in cases {
            assert_eq!(
                text.parse::<AllowedHost>().unwrap_err().to_string(),
                message,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn an_accepted_entry_reads_back(text in "(http://|https://|)[a-z0-9.\\[\\]:*@/ü%-]{0,16}|\\PC{0,16}") {
            if let Ok(entry) = text.parse::<AllowedHost>() {
                prop_assert_eq!(entry.to_string().parse::<AllowedHost>(), Ok(entry));
            }
        }
    }
}
