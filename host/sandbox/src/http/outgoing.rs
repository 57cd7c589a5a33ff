//! One request on the wire, and the next one that a redirect makes of it.

use job_scanner_core::adapter::secret_mentions;
use reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE, COOKIE,
    HeaderMap, HeaderName, HeaderValue, LOCATION,
};
use reqwest::{Method, StatusCode};
use url::Url;

use crate::http::types::{HttpError, HttpRequest};

/// Longer than any board's URL; servers refuse such at 8 KiB themselves.
const MAX_URL_BYTES: usize = 8 * 1024;
/// Names and values together; servers refuse more themselves.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// A search that is sent by POST has a few hundred.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Headers that the connection, or we, are answerable for. A part of an response is not what a
/// validator speaks of.
const HOST_HEADERS: [&str; 19] = [
    "a-im",
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// Methods that speak to the way there rather than to the board.
const FORBIDDEN_METHODS: [&str; 3] = ["CONNECT", "TRACE", "TRACK"];

/// One request on the wire.
#[derive(Debug, Clone)]
pub(crate) struct OutgoingRequest {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
}

impl OutgoingRequest {
    /// The guest's request as it is first sent, if it is one at all.
    pub(crate) fn from_guest(request: &HttpRequest) -> Result<Self, HttpError> {
        let invalid = |what: String| Err(HttpError::InvalidRequest(what));

        let method = match Method::from_bytes(request.method.as_bytes()) {
            Ok(method) if !FORBIDDEN_METHODS.contains(&method.as_str()) => method,
            _ => return invalid("the method is none that a board can be asked with".to_owned()),
        };

        if request.url.len() > MAX_URL_BYTES {
            return invalid(format!("the URL has more than {MAX_URL_BYTES} bytes"));
        }
        let mut url = match Url::parse(&request.url) {
            Ok(url) => url,
            Err(error) => return invalid(format!("no absolute URL: {error}")),
        };
        // It is never sent, and not part of where the response comes from.
        url.set_fragment(None);

        let body_bytes = request.body.as_ref().map_or(0, Vec::len);
        if body_bytes > MAX_BODY_BYTES {
            return invalid(format!("the body has more than {MAX_BODY_BYTES} bytes"));
        }

        Ok(Self {
            method,
            url,
            headers: checked_headers(&request.headers)?,
            body: request.body.clone(),
        })
    }

    /// The next hop, when the response is a redirect to somewhere.
    ///
    /// Methods change as the Fetch standard says (303 to GET, 301 and 302 of a POST to GET);
    /// credentials, secrets and body do not travel to another origin. A redirect that has a secret
    /// in its URL goes nowhere else at all.
    pub(crate) fn redirected(&self, status: StatusCode, response: &HeaderMap) -> Option<Self> {
        let to_get = match status.as_u16() {
            301 | 302 => self.method == Method::POST,
            303 => self.method != Method::HEAD,
            307 | 308 => false,
            _ => return None,
        };

        let location = response.get(LOCATION)?.to_str().ok()?;
        let mut next = Self {
            url: self.url.join(location).ok()?,
            ..self.clone()
        };
        next.url.set_fragment(None);
        if next.url.as_str().len() > MAX_URL_BYTES {
            return None;
        }

        if to_get {
            next.method = Method::GET;
            next.drop_body();
        }
        if next.url.origin() != self.url.origin() {
            if secret_mentions(next.url.as_str()).next().is_some() {
                return None;
            }
            next.drop_credentials();
            next.drop_body();
        }
        Some(next)
    }

    /// Drops the headers that say who asks, or that a secret stands in.
    fn drop_credentials(&mut self) {
        self.headers.remove(AUTHORIZATION);
        self.headers.remove(COOKIE);

        let with_secrets = self
            .headers
            .iter()
            .filter(|(_, value)| mentions_secret(value));
        let names: Vec<HeaderName> = with_secrets.map(|(name, _)| name.clone()).collect();
        for name in names {
            self.headers.remove(name);
        }
    }

    /// Drops the body, and the headers that speak of it.
    fn drop_body(&mut self) {
        let about_it = [
            CONTENT_ENCODING,
            CONTENT_LANGUAGE,
            CONTENT_LOCATION,
            CONTENT_TYPE,
        ];

        self.body = None;
        for name in about_it {
            self.headers.remove(name);
        }
    }
}

/// Returns true if a secret stands in a header's value.
pub(crate) fn mentions_secret(value: &HeaderValue) -> bool {
    text(value).is_some_and(|value| secret_mentions(value).next().is_some())
}

/// A header's value as text, if it is that.
pub(crate) fn text(value: &HeaderValue) -> Option<&str> {
    std::str::from_utf8(value.as_bytes()).ok()
}

fn checked_headers(given: &[(String, String)]) -> Result<HeaderMap, HttpError> {
    let invalid = |what: String| Err(HttpError::InvalidRequest(what));

    let bytes: usize = given
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if bytes > MAX_HEADER_BYTES {
        return invalid(format!(
            "the headers have more than {MAX_HEADER_BYTES} bytes"
        ));
    }

    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
            return invalid("a header's name is not one".to_owned());
        };
        if HOST_HEADERS.contains(&name.as_str()) || name.as_str().starts_with("proxy-") {
            return invalid(format!("the header `{name}` is the host's to set"));
        }

        let Ok(value) = HeaderValue::from_str(value) else {
            return invalid(format!("the value of the header `{name}` is not one"));
        };
        // More headers than a map can hold are not a request either.
        if headers.try_append(name, value).is_err() {
            return invalid("there are too many headers".to_owned());
        }
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, url: &str) -> HttpRequest {
        HttpRequest {
            method: method.into(),
            url: url.into(),
            ..HttpRequest::default()
        }
    }

    fn refusal(request: &HttpRequest) -> String {
        match OutgoingRequest::from_guest(request) {
            Err(HttpError::InvalidRequest(words)) => words,
            other => panic!("{other:?}"),
        }
    }

    fn with_header(name: &str, value: &str) -> HttpRequest {
        HttpRequest {
            headers: vec![(name.into(), value.into())],
            ..request("GET", "https://a.example/")
        }
    }

    #[test]
    fn headers_set_by_the_host_are_rejected_in_any_case() {
        for name in [
            "Host",
            "CONNECTION",
            "Content-Length",
            "transfer-encoding",
            "If-Range",
            "Range",
            "Proxy-Authorization",
            "User-Agent",
        ] {
            let words = refusal(&with_header(name, "x"));
            assert_eq!(
                words,
                format!(
                    "the header `{}` is the host's to set",
                    name.to_ascii_lowercase()
                )
            );
        }
    }

    #[test]
    fn a_header_cannot_smuggle_another_header() {
        for value in ["a\r\nHost: evil.example", "a\nX: y", "a\rX: y", "\0"] {
            assert_eq!(
                refusal(&with_header("X-Plain", value)),
                "the value of the header `x-plain` is not one"
            );
        }
        for name in [
            "",
            "a b",
            "Host:",
            ":authority",
            "X\r\nHost",
            "host ",
            "hôst",
        ] {
            assert_eq!(
                refusal(&with_header(name, "x")),
                "a header's name is not one",
                "{name:?}"
            );
        }
    }

    #[test]
    fn oversized_and_malformed_requests_are_rejected() {
        let long = "x".repeat(2 * MAX_BODY_BYTES);
        let get = request("GET", "https://a.example/");
        assert_eq!(
            refusal(&request("GET", &format!("https://a.example/{long}"))),
            "the URL has more than 8192 bytes"
        );
        assert_eq!(
            refusal(&with_header("X-Long", &long)),
            "the headers have more than 16384 bytes"
        );
        let body = HttpRequest {
            body: Some(long.into_bytes()),
            ..get
        };
        assert_eq!(refusal(&body), "the body has more than 1048576 bytes");
        for method in ["CONNECT", "TRACE", "GET /\r\n", ""] {
            let words = refusal(&request(method, "https://a.example/"));
            assert_eq!(
                words, "the method is none that a board can be asked with",
                "{method:?}"
            );
        }
        assert_eq!(
            refusal(&request("GET", "/jobs")),
            "no absolute URL: relative URL without a base"
        );
    }

    fn redirect(method: &str, status: u16, location: &str) -> Option<OutgoingRequest> {
        let from = HttpRequest {
            headers: vec![
                ("Authorization".into(), "Bearer x".into()),
                ("Cookie".into(), "a=b".into()),
                ("Accept".into(), "text/html".into()),
                ("Content-Type".into(), "application/json".into()),
            ],
            body: Some(b"{}".to_vec()),
            ..request(method, "https://board.example/jobs#top")
        };
        let response = HeaderMap::from_iter([(LOCATION, HeaderValue::from_str(location).unwrap())]);
        OutgoingRequest::from_guest(&from)
            .unwrap()
            .redirected(StatusCode::from_u16(status).unwrap(), &response)
    }

    #[test]
    fn a_redirect_changes_methods_like_the_fetch_standard() {
        let cases = [
            ("POST", 301, "GET", false),
            ("POST", 302, "GET", false),
            ("POST", 303, "GET", false),
            ("POST", 307, "POST", true),
            ("POST", 308, "POST", true),
            ("PUT", 301, "PUT", true),
            ("PUT", 303, "GET", false),
            ("HEAD", 303, "HEAD", true),
        ];
        for (method, status, expected, body) in cases {
            let next = redirect(method, status, "/next#there").unwrap();
            assert_eq!(
                (next.method.as_str(), next.body.is_some()),
                (expected, body),
                "{method} {status}"
            );
            assert_eq!(
                next.headers.contains_key(CONTENT_TYPE),
                body,
                "{method} {status}"
            );
            assert_eq!(next.url.as_str(), "https://board.example/next");
            assert!(
                next.headers.contains_key(AUTHORIZATION),
                "the origin is the same"
            );
        }
        assert!(redirect("GET", 300, "/next").is_none() && redirect("GET", 200, "/next").is_none());
    }

    #[test]
    fn credentials_and_body_are_not_redirected_to_another_origin() {
        for other in [
            "http://board.example/",
            "https://board.example:8443/",
            "//www.board.example/",
            "https://a.example",
        ] {
            let next = redirect("POST", 307, other).unwrap();
            assert_eq!(
                next.headers
                    .keys()
                    .map(HeaderName::as_str)
                    .collect::<Vec<_>>(),
                ["accept"],
                "{other}"
            );
            assert_eq!((next.method, next.body), (Method::POST, None), "{other}");
        }
    }
}
