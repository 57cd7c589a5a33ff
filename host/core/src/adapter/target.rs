//! The target of a grant: a host that the adapter names, or a host that the operator names for each
//! source.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;
use url::Url;

use super::shown::shown;
use crate::net::{HostPattern, HostPatternError};

/// The longest name of an option, in bytes.
const MAX_OPTION_BYTES: usize = 128;

/// The host or hosts of a grant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HostTarget {
    /// The hosts that the adapter names.
    Pattern(HostPattern),
    /// The host in the source's identifier.
    Identifier,
    /// The host in an option of the source.
    Option(String),
}

/// The error for a text that does not name a place in a source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is neither `identifier` nor `options.NAME`", shown(.0))]
pub struct HostTargetError(String);

/// The error for a value of a source that does not name a host, although the adapter expects one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} does not name a host", shown(.value))]
pub struct UnresolvedHost {
    /// The option; `None` for the identifier.
    pub option: Option<String>,
    /// The value, quoted.
    value: String,
}

impl HostTarget {
    /// Parses `identifier` or `options.NAME`.
    pub(super) fn from_place(place: &str) -> Result<Self, HostTargetError> {
        if place == "identifier" {
            return Ok(Self::Identifier);
        }

        let name = place.strip_prefix("options.").unwrap_or_default();
        let fits =
            (1..=MAX_OPTION_BYTES).contains(&name.len()) && !name.chars().any(char::is_control);
        if fits {
            Ok(Self::Option(name.to_owned()))
        } else {
            Err(HostTargetError(place.to_owned()))
        }
    }

    /// Returns the host for a source with this identifier and these options.
    ///
    /// `None` if the option is absent, and for an address or a local name: the operator has to list
    /// those in `allow_hosts`, wherever they are written.
    ///
    /// # Errors
    ///
    /// If the value is neither a host nor an `http` or `https` URL.
    pub fn resolve(
        &self,
        identifier: &str,
        options: &Value,
    ) -> Result<Option<HostPattern>, UnresolvedHost> {
        let (option, value) = match self {
            Self::Pattern(pattern) => return Ok(Some(pattern.clone())),
            Self::Identifier => (None, Some(identifier)),
            Self::Option(name) => match &options[name.as_str()] {
                Value::Null => return Ok(None),
                value => (Some(name.clone()), value.as_str()),
            },
        };

        let host = value.and_then(host_in);
        match host.map(|host| host.parse::<HostPattern>()) {
            Some(Ok(pattern)) if !pattern.is_wildcard() => return Ok(Some(pattern)),
            Some(Err(HostPatternError::Address(_) | HostPatternError::LocalName(_))) => {
                return Ok(None);
            }
            _ => {}
        }

        let value = value.map_or_else(|| "its value".to_owned(), |value| format!("`{value}`"));
        Err(UnresolvedHost { option, value })
    }
}

/// Returns the host in a host name or URL, with the port if it is not the default port of `https`.
/// The port of an `http` URL is ignored: it says nothing about `https`, and only `https` is
/// granted.
fn host_in(value: &str) -> Option<String> {
    if !value.contains("://") {
        return Some(value.to_owned());
    }

    let url = Url::parse(value).ok()?;
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }

    let host = url.host_str()?;
    match (url.scheme(), url.port()) {
        ("https", Some(port)) => Some(format!("{host}:{port}")),
        ("https" | "http", _) => Some(host.to_owned()),
        _ => None,
    }
}

impl FromStr for HostTarget {
    type Err = HostPatternError;

    /// Parses a pattern.
    fn from_str(text: &str) -> Result<Self, HostPatternError> {
        text.parse().map(Self::Pattern)
    }
}

/// Prints the pattern, or describes the place.
impl fmt::Display for HostTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pattern(pattern) => pattern.fmt(f),
            Self::Identifier => f.write_str("the host in a source's identifier"),
            Self::Option(name) => {
                write!(f, "the host in a source's option `{}`", shown(name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn from_identifier(identifier: &str) -> Result<Option<String>, String> {
        let resolved = HostTarget::Identifier.resolve(identifier, &json!({}));
        resolved
            .map(|pattern| pattern.map(|it| it.to_string()))
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn a_host_name_or_a_url_resolves_to_its_host() {
        for (identifier, host) in [
            ("Jobs.Example.com", "jobs.example.com"),
            ("jobs.example.com:8443", "jobs.example.com:8443"),
            ("https://jobs.example.com/feed?x=1", "jobs.example.com"),
            (
                "https://jobs.example.com:8443/feed",
                "jobs.example.com:8443",
            ),
            ("http://jobs.example.com:8080/feed", "jobs.example.com"),
        ] {
            assert_eq!(
                from_identifier(identifier),
                Ok(Some(host.to_owned())),
                "{identifier}"
            );
        }
    }

    #[test]
    fn an_address_or_a_local_name_resolves_to_no_host() {
        for identifier in [
            "127.0.0.1",
            "http://127.0.0.1:8080/",
            "https://[::1]/",
            "localhost",
            "https://8.8.8.8/",
        ] {
            assert_eq!(from_identifier(identifier), Ok(None), "{identifier}");
        }
    }

    #[test]
    fn a_value_without_a_host_is_refused() {
        for identifier in [
            "*.example.com",
            "ftp://jobs.example.com/",
            "https://me:pw@jobs.example.com/",
            "https://good.example@evil.example/",
            "jobs.example.com/feed",
            "two words",
            "https://",
        ] {
            assert!(from_identifier(identifier).is_err(), "{identifier}");
        }
        assert_eq!(
            from_identifier("two words").unwrap_err(),
            "`two words` does not name a host"
        );
    }

    #[test]
    fn an_absent_option_grants_nothing_and_one_of_another_type_is_refused() {
        let target = HostTarget::from_place("options.url").unwrap();
        assert_eq!(
            target
                .resolve("any", &json!({"url": "a.example"}))
                .unwrap()
                .unwrap()
                .to_string(),
            "a.example"
        );
        assert_eq!(target.resolve("any", &json!({})), Ok(None));
        let problem = target.resolve("any", &json!({"url": 5})).unwrap_err();
        assert_eq!(
            (problem.option.as_deref(), problem.to_string().as_str()),
            (Some("url"), "its value does not name a host")
        );
        for place in ["", "options.", "option.url", "identifier.x", "options.a\nb"] {
            assert!(HostTarget::from_place(place).is_err(), "{place}");
        }
    }
}
