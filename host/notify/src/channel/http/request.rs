//! The request that carries one message, and where it may go.

use job_scanner_core::net::AddressRule;
use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::error::HttpError;

/// A request to a service.
#[derive(Debug, Clone)]
pub(super) struct ServiceRequest {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

impl ServiceRequest {
    /// Creates a `POST` of a JSON object.
    pub(super) fn post(url: Url, body: &Value) -> Self {
        Self {
            method: Method::POST,
            url,
            headers: Vec::new(),
            body: body.to_string(),
        }
    }

    /// Creates a `GET`.
    pub(super) fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub(super) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns the rule on the addresses that the request may go to. The operator named the host,
    /// so any address is allowed. Unencrypted messages and tokens stay on private networks.
    pub(super) fn address_rule(&self) -> AddressRule {
        if self.url.scheme() == "https" {
            AddressRule::Any
        } else {
            AddressRule::PrivateOnly
        }
    }
}

/// Returns a URL below a base URL, whose path may or may not end with a slash.
pub(super) fn below<'s>(
    base: &Url,
    segments: impl IntoIterator<Item = &'s str>,
) -> Result<Url, HttpError> {
    let mut url = base.clone();
    let Ok(mut path) = url.path_segments_mut() else {
        return Err(HttpError::Settings {
            wrong: "the URL has no path".to_owned(),
            remedy: "write it with `https://`".to_owned(),
        });
    };
    path.pop_if_empty().extend(segments);
    drop(path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_added_to_any_base() {
        for (base, url) in [
            ("https://a.example", "https://a.example/message"),
            ("https://a.example/push/", "https://a.example/push/message"),
            ("https://a.example/push", "https://a.example/push/message"),
        ] {
            let below = below(&base.parse().unwrap(), ["message"]).unwrap();
            assert_eq!(below.as_str(), url);
        }
    }

    #[test]
    fn a_segment_stays_one_segment() {
        let base = "https://a.example".parse().unwrap();
        let url = below(&base, ["rooms", "!a/b:c?d"]).unwrap();
        assert_eq!(url.as_str(), "https://a.example/rooms/!a%2Fb:c%3Fd");
    }

    #[test]
    fn unencrypted_requests_stay_on_private_networks() {
        let rule =
            |url: &str| ServiceRequest::post(url.parse().unwrap(), &Value::Null).address_rule();
        assert_eq!(rule("https://a.example"), AddressRule::Any);
        assert_eq!(rule("http://a.example"), AddressRule::PrivateOnly);
    }
}
