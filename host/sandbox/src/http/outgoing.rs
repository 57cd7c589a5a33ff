//! One request as it is sent, and the next request that a redirect makes of it.

use job_scanner_core::adapter::secret_mentions;
use reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE, COOKIE,
    HeaderMap, HeaderName, HeaderValue, LOCATION,
};
use reqwest::{Method, StatusCode};
use url::Url;

use crate::http::types::{HttpError, HttpRequest};

/// The longest URL, in bytes. Boards use shorter ones, and many servers reject URLs over 8 KiB.
const MAX_URL_BYTES: usize = 8 * 1024;
/// The limit for all names and values together, in bytes. Many servers reject more.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// The largest request body, in bytes. A search that is sent by POST has a few hundred.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Headers that only the connection or the host may set. Those that request a part of a resource
/// are among them because validators describe a whole one.
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

/// Methods that address proxies and servers on the way instead of the board.
const FORBIDDEN_METHODS: [&str; 3] = ["CONNECT", "TRACE", "TRACK"];

/// One request as it is sent.
#[derive(Debug, Clone)]
pub(crate) struct OutgoingRequest {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
}

impl OutgoingRequest {
    /// Creates the first request from the guest's request, if that is valid.
    pub(crate) fn from_guest(request: &HttpRequest) -> Result<Self, HttpError> {
        let invalid = |what: String| Err(HttpError::InvalidRequest(what));

        let method = match Method::from_bytes(request.method.as_bytes()) {
            Ok(method) if !FORBIDDEN_METHODS.contains(&method.as_str()) => method,
            _ => return invalid("the method cannot be used in requests to a board".to_owned()),
        };

        if request.url.len() > MAX_URL_BYTES {
            return invalid(format!("the URL has more than {MAX_URL_BYTES} bytes"));
        }
        let mut url = match Url::parse(&request.url) {
            Ok(url) => url,
            Err(error) => return invalid(format!("invalid URL: {error}")),
        };
        // The fragment is never sent, and is not part of the URL of the response.
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

    /// Returns the next request if the response is a redirect with a valid target.
    ///
    /// Methods change according to the [Fetch
    /// standard](https://fetch.spec.whatwg.org/#http-redirect-fetch): 303 changes to GET, and 301
    /// and 302 change POST to GET. Credentials, secrets and body are not sent to another origin. A
    /// redirect to another origin whose URL contains a secret is not followed.
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

    /// Removes the headers that identify the client or contain a secret.
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

    /// Removes the body and the headers that describe it.
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

/// Returns true if a header's value contains a secret.
pub(crate) fn mentions_secret(value: &HeaderValue) -> bool {
    text(value).is_some_and(|value| secret_mentions(value).next().is_some())
}

/// Returns a header's value as text; `None` if it is not UTF-8.
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
            return invalid("the name of a header is invalid".to_owned());
        };
        if HOST_HEADERS.contains(&name.as_str()) || name.as_str().starts_with("proxy-") {
            return invalid(format!("only the host may set the header `{name}`"));
        }

        let Ok(value) = HeaderValue::from_str(value) else {
            return invalid(format!("the value of the header `{name}` is invalid"));
        };
        // The map limits the number of headers.
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
            Err(HttpError::InvalidRequest(message)) => message,
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
            let message = refusal(&with_header(name, "x"));
            assert_eq!(
                message,
                format!(
                    "only the host may set the header `{}`",
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
                "the value of the header `x-plain` is invalid"
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
                "the name of a header is invalid",
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
            let message = refusal(&request(method, "https://a.example/"));
            assert_eq!(
                message, "the method cannot be used in requests to a board",
                "{method:?}"
            );
        }
        assert_eq!(
            refusal(&request("GET", "/jobs")),
            "invalid URL: relative URL without a base"
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
