//! Requests through the host, and the usual reading of what comes back.
//!
//! Statuses mean the same on almost every board; an adapter whose board differs looks at
//! [`Response::status`] before it calls [`Response::ok`].

#[cfg(target_family = "wasm")]
use crate::bindings::job_scanner::source::http as host;
#[cfg(not(target_family = "wasm"))]
use crate::testing as host;
use crate::{Header, Redirects, Request, Response, SourceError};

impl Request {
    /// A `GET` that asks for JSON, always wants the body, and follows redirects.
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

    /// A `GET` that asks for a page for people; otherwise as [`Request::get`].
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

    /// Welcomes the answer that nothing has changed ([`Response::unchanged`]).
    #[must_use]
    pub fn conditional(mut self) -> Self {
        self.conditional = true;
        self
    }

    /// Sends it. Any status is a response.
    pub fn send(&self) -> Result<Response, SourceError> {
        Ok(host::send(self)?)
    }
}

/// Sends requests side by side; answers come in their order.
pub fn send_all(requests: &[Request]) -> Vec<Result<Response, SourceError>> {
    host::send_all(requests)
        .into_iter()
        .map(|answer| answer.map_err(SourceError::from))
        .collect()
}

impl Response {
    /// The first header of that name, in whatever case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value.as_str())
    }

    /// The response if it is a success, else what its status says.
    pub fn ok(self) -> Result<Self, SourceError> {
        match self.status {
            200..=299 => Ok(self),
            _ => Err(self.status_error()),
        }
    }

    fn status_error(&self) -> SourceError {
        let excerpt = excerpt(&self.body);
        let words = format!("{} answered {}{excerpt}", self.url, self.status);

        match self.status {
            404 | 410 => SourceError::NotFound(words),
            // A board's own refusal is JSON; a page in its place is a bot wall's.
            403 if self.is_page() => SourceError::Blocked(words),
            401 | 403 => SourceError::Unauthorized(words),
            429 => SourceError::RateLimited(self.retry_after()),
            503 if self.retry_after().is_some() => SourceError::RateLimited(self.retry_after()),
            300..=399 => SourceError::UnexpectedResponse(match self.header("location") {
                Some(target) => format!("{} redirects to {target:?}", self.url),
                None => words,
            }),
            // The host says the status in front of the words.
            _ => SourceError::Upstream((self.status, format!("{}{excerpt}", self.url))),
        }
    }

    fn is_page(&self) -> bool {
        self.body.trim_ascii_start().starts_with(b"<")
    }

    /// Seconds. The header's other form, a date, cannot be read without a clock.
    fn retry_after(&self) -> Option<u32> {
        self.header("retry-after")?.trim().parse().ok()
    }
}

/// `: "how the body begins"`, quoted and escaped; nothing for an empty one.
pub(crate) fn excerpt(body: &[u8]) -> String {
    const LONGEST: usize = 120;
    let body = body.trim_ascii();
    if body.is_empty() {
        return String::new();
    }

    // A character has four bytes at most.
    let start = &body[..body.len().min(4 * LONGEST)];
    let start: String = String::from_utf8_lossy(start)
        .chars()
        .take(LONGEST)
        .collect();
    format!(": {start:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> SourceError {
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
    fn a_status_says_what_the_host_should_do() {
        assert_eq!(
            answer(404, &[], "{\"error\":\"no such board\"}"),
            SourceError::NotFound(
                "https://api.example.com/jobs answered 404: \"{\\\"error\\\":\\\"no such board\\\"}\"".to_owned()
            )
        );
        assert!(matches!(answer(401, &[], ""), SourceError::Unauthorized(_)));
        assert!(matches!(
            answer(403, &[], "{}"),
            SourceError::Unauthorized(_)
        ));
        assert!(matches!(
            answer(403, &[], "<!doctype html>"),
            SourceError::Blocked(_)
        ));
        assert_eq!(
            answer(500, &[], "oops"),
            SourceError::Upstream((500, "https://api.example.com/jobs: \"oops\"".to_owned()))
        );
        assert!(matches!(
            answer(422, &[], ""),
            SourceError::Upstream((422, _))
        ));
    }

    #[test]
    fn a_pause_that_the_board_asks_for_is_passed_on() {
        assert_eq!(
            answer(429, &[("Retry-After", "120")], ""),
            SourceError::RateLimited(Some(120))
        );
        assert_eq!(answer(429, &[], ""), SourceError::RateLimited(None));
        assert_eq!(
            answer(503, &[("retry-after", "30")], ""),
            SourceError::RateLimited(Some(30))
        );
        assert!(matches!(
            answer(503, &[], ""),
            SourceError::Upstream((503, _))
        ));
    }

    #[test]
    fn a_redirect_that_was_not_followed_names_its_target() {
        assert_eq!(
            answer(301, &[("Location", "https://elsewhere.example/")], ""),
            SourceError::UnexpectedResponse(
                "https://api.example.com/jobs redirects to \"https://elsewhere.example/\""
                    .to_owned()
            )
        );
    }
}
