//! Requests through the host, and the usual meaning of their responses.
//!
//! Statuses mean the same on almost every board. An adapter for a board that differs checks
//! [`Response::status`] before it calls [`Response::ok`].

#[cfg(target_family = "wasm")]
use crate::bindings::job_scanner::source::http as host;
#[cfg(not(target_family = "wasm"))]
use crate::testing as host;
use crate::{Header, Redirects, Request, Response, SourceError};

impl Request {
    /// Returns a `GET` request that accepts JSON, is not conditional, and follows redirects.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: "GET".to_owned(),
            url: url.into(),
            headers: vec![Header {
                name: "Accept".to_owned(),
                value: "application/json".to_owned(),
            }],
            body: None,
            conditional: false,
            repeatable: true,
            redirects: Redirects::Follow,
        }
    }

    /// Returns a `GET` request that accepts HTML and is otherwise like that of [`Request::get`].
    pub fn get_html(url: impl Into<String>) -> Self {
        let accept = Header {
            name: "Accept".to_owned(),
            value: "text/html, application/xhtml+xml".to_owned(),
        };
        Self {
            headers: vec![accept],
            ..Self::get(url)
        }
    }

    /// Makes the request conditional: if nothing has changed since the last complete scan, the
    /// response is [`Response::unchanged`] and has no body.
    #[must_use]
    pub fn conditional(mut self) -> Self {
        self.conditional = true;
        self
    }

    /// Sends the request. A response with any status is `Ok`.
    pub fn send(&self) -> Result<Response, SourceError> {
        Ok(host::send(self)?)
    }
}

/// Sends requests concurrently and returns their responses in the same order.
pub fn send_all(requests: &[Request]) -> Vec<Result<Response, SourceError>> {
    host::send_all(requests)
        .into_iter()
        .map(|response| response.map_err(SourceError::from))
        .collect()
}

impl Response {
    /// Returns the value of the first header with this name. Case is ignored.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value.as_str())
    }

    /// Returns the response if its status is a success, else the error that the status means.
    pub fn ok(self) -> Result<Self, SourceError> {
        match self.status {
            200..=299 => Ok(self),
            _ => Err(self.status_error()),
        }
    }

    fn status_error(&self) -> SourceError {
        let excerpt = excerpt(&self.body);
        let message = format!("{} returned {}{excerpt}", self.url, self.status);

        match self.status {
            404 | 410 => SourceError::NotFound(message),
            // A board's own refusal is JSON. A web page comes from a bot wall.
            403 if self.is_page() => SourceError::Blocked(message),
            401 | 403 => SourceError::Unauthorized(message),
            429 => SourceError::RateLimited(self.retry_after()),
            503 if self.retry_after().is_some() => SourceError::RateLimited(self.retry_after()),
            300..=399 => SourceError::UnexpectedResponse(match self.header("location") {
                Some(target) => format!("{} redirects to {target:?}", self.url),
                None => message,
            }),
            // The host prints the status before the message.
            _ => SourceError::Upstream((self.status, format!("{}{excerpt}", self.url))),
        }
    }

    fn is_page(&self) -> bool {
        self.body.trim_ascii_start().starts_with(b"<")
    }

    /// Returns the pause in seconds. The host has converted dates to seconds.
    fn retry_after(&self) -> Option<u32> {
        self.header("retry-after")?.trim().parse().ok()
    }
}

/// Returns the beginning of a body for an error message, as `: "quoted and escaped"`. Empty if the
/// body is.
pub(crate) fn excerpt(body: &[u8]) -> String {
    const MAX_CHARS: usize = 120;
    let body = body.trim_ascii();
    if body.is_empty() {
        return String::new();
    }

    // A character has at most four bytes.
    let start = &body[..body.len().min(4 * MAX_CHARS)];
    let start: String = String::from_utf8_lossy(start)
        .chars()
        .take(MAX_CHARS)
        .collect();
    format!(": {start:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, headers: &[(&str, &str)], body: &str) -> SourceError {
        let headers = headers.iter().map(|&(name, value)| Header {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        let url = "https://api.example.com/jobs".to_owned();
        let response = Response {
            status,
            url,
            headers: headers.collect(),
            body: body.as_bytes().to_vec(),
            unchanged: false,
        };
        response.ok().expect_err("not a success")
    }

    #[test]
    fn a_status_that_is_not_a_success_becomes_its_error() {
        assert_eq!(
            error(404, &[], "{\"error\":\"no such board\"}"),
            SourceError::NotFound(
                "https://api.example.com/jobs returned 404: \"{\\\"error\\\":\\\"no such board\\\"}\"".to_owned()
            )
        );
        assert!(matches!(error(401, &[], ""), SourceError::Unauthorized(_)));
        assert!(matches!(
            error(403, &[], "{}"),
            SourceError::Unauthorized(_)
        ));
        assert!(matches!(
            error(403, &[], "<!doctype html>"),
            SourceError::Blocked(_)
        ));
        assert_eq!(
            error(500, &[], "oops"),
            SourceError::Upstream((500, "https://api.example.com/jobs: \"oops\"".to_owned()))
        );
        assert!(matches!(
            error(422, &[], ""),
            SourceError::Upstream((422, _))
        ));
    }

    #[test]
    fn a_retry_after_header_is_the_pause_of_the_rate_limit() {
        assert_eq!(
            error(429, &[("Retry-After", "120")], ""),
            SourceError::RateLimited(Some(120))
        );
        assert_eq!(error(429, &[], ""), SourceError::RateLimited(None));
        assert_eq!(
            error(503, &[("retry-after", "30")], ""),
            SourceError::RateLimited(Some(30))
        );
        assert!(matches!(
            error(503, &[], ""),
            SourceError::Upstream((503, _))
        ));
    }

    #[test]
    fn a_redirect_that_was_not_followed_names_its_target() {
        assert_eq!(
            error(301, &[("Location", "https://elsewhere.example/")], ""),
            SourceError::UnexpectedResponse(
                "https://api.example.com/jobs redirects to \"https://elsewhere.example/\""
                    .to_owned()
            )
        );
    }
}
