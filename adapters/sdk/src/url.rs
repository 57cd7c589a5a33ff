//! A builder for URLs that percent-encodes where necessary, and the resolution of links.

use std::fmt::Write;

/// A builder for URLs.
///
/// ```
/// use job_scanner_sdk::Url;
///
/// let url = Url::at("https://api.example.com/v1").segment("acme").path("jobs").query("page", "2");
/// assert_eq!(String::from(url), "https://api.example.com/v1/acme/jobs?page=2");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    text: String,
    has_query: bool,
}

impl Url {
    /// Starts with a base such as `https://api.example.com/v1`, which is not encoded. A final `/`
    /// is ignored.
    pub fn at(base: &str) -> Self {
        Self {
            text: base.trim_end_matches('/').to_owned(),
            has_query: false,
        }
    }

    /// Appends a path that the adapter defines, such as `v1/boards`, without encoding it.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.text.push('/');
        self.text.push_str(path);
        self
    }

    /// Appends one path segment from an untrusted value, encoded so that it stays one segment.
    #[must_use]
    pub fn segment(mut self, segment: &str) -> Self {
        self.text.push('/');
        match segment {
            // A server may resolve these as path segments even if they are encoded. No board has
            // such names.
            "." | ".." => self.text.extend(segment.chars().map(|_| "%252E")),
            _ => self.push_encoded(segment),
        }
        self
    }

    /// Appends a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.text.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.push_encoded(name);
        self.text.push('=');
        self.push_encoded(value);
        self
    }

    /// Encodes everything but the unreserved characters of [RFC
    /// 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3), which is correct in a segment and
    /// in a query.
    fn push_encoded(&mut self, text: &str) {
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                self.text.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(self.text, "%{byte:02X}");
            }
        }
    }
}

/// Resolves a link on the page or feed at `base` to an absolute URL.
pub fn absolute(base: &str, link: &str) -> String {
    let link = link.trim();
    let Some((scheme, rest)) = base.split_once("://") else {
        return link.to_owned();
    };
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];

    let is_absolute = link
        .split_once(':')
        .is_some_and(|(scheme, _)| scheme.bytes().all(|it| it.is_ascii_alphanumeric()));

    if is_absolute {
        link.to_owned()
    } else if link.starts_with("//") {
        format!("{scheme}:{link}")
    } else if link.starts_with('/') {
        format!("{scheme}://{host}{link}")
    } else {
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        let folder = path.rfind('/').map_or(path, |end| &path[..end]);
        format!("{scheme}://{folder}/{link}")
    }
}

impl From<Url> for String {
    fn from(url: Url) -> Self {
        url.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_built_from_base_path_segment_and_query() {
        let url = Url::at("http://127.0.0.1:8080/replay/")
            .path("v1/boards")
            .segment("acme")
            .path("jobs");
        let url = url.query("content", "true").query("q", "a&b c=d");
        assert_eq!(
            String::from(url),
            "http://127.0.0.1:8080/replay/v1/boards/acme/jobs?content=true&q=a%26b%20c%3Dd"
        );
    }

    #[test]
    fn a_relative_link_is_resolved_against_its_page() {
        for (link, expected) in [
            ("https://b.example/1", "https://b.example/1"),
            ("//b.example/1", "https://b.example/1"),
            ("/jobs/1", "https://a.example/jobs/1"),
            ("1?a=b:c", "https://a.example/feeds/1?a=b:c"),
            ("mailto:x@a.example", "mailto:x@a.example"),
        ] {
            assert_eq!(
                absolute("https://a.example/feeds/all.xml?x=/y", link),
                expected
            );
        }
        assert_eq!(
            absolute("https://a.example", "jobs/1"),
            "https://a.example/jobs/1"
        );
    }

    #[test]
    fn an_identifier_cannot_leave_its_segment() {
        for (identifier, expected) in [
            ("../admin", "https://a.example/..%2Fadmin"),
            ("x?y#z", "https://a.example/x%3Fy%23z"),
            ("größe", "https://a.example/gr%C3%B6%C3%9Fe"),
            ("..", "https://a.example/%252E%252E"),
        ] {
            assert_eq!(
                String::from(Url::at("https://a.example").segment(identifier)),
                expected
            );
        }
    }
}
