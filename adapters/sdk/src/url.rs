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

/// Resolves a link on the page or feed at `base` to an absolute URL ([RFC 3986, section
/// 5.2](https://www.rfc-editor.org/rfc/rfc3986#section-5.2)).
///
/// Links need not be valid URIs: the host encodes what is necessary, such as spaces.
pub fn absolute(base: &str, link: &str) -> String {
    let link = link.trim();
    let Some((scheme, rest)) = base.split_once("://") else {
        return link.to_owned();
    };
    if has_scheme(link) {
        return link.to_owned();
    }
    if link.starts_with("//") {
        return format!("{scheme}:{link}");
    }

    let (page, _fragment) = split_before(rest, &['#']);
    let (place, _query) = split_before(page, &['?']);
    let (host, path) = split_before(place, &['/']);
    let (link_path, suffix) = split_before(link, &['?', '#']);

    // A link without a path is on the same page.
    if link.is_empty() || link.starts_with('#') {
        return format!("{scheme}://{page}{link}");
    }
    if link_path.is_empty() {
        return format!("{scheme}://{place}{suffix}");
    }

    let path = if link_path.starts_with('/') {
        link_path.to_owned()
    } else {
        let folder = path.rfind('/').map_or("", |end| &path[..end]);
        format!("{folder}/{link_path}")
    };
    format!("{scheme}://{host}{}{suffix}", without_dot_segments(&path))
}

/// Returns true if a link begins with a
/// [scheme](https://www.rfc-editor.org/rfc/rfc3986#section-3.1).
fn has_scheme(link: &str) -> bool {
    link.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it))
    })
}

/// Splits a text before the first of these characters. The second part is empty if it has none.
fn split_before<'a>(text: &'a str, characters: &[char]) -> (&'a str, &'a str) {
    text.split_at(text.find(characters).unwrap_or(text.len()))
}

/// Removes the segments `.` and `..` from a path that begins with `/`.
fn without_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut ends_in_folder = false;

    for segment in path.split('/').skip(1) {
        ends_in_folder = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            _ => kept.push(segment),
        }
    }
    if ends_in_folder {
        kept.push("");
    }

    format!("/{}", kept.join("/"))
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
    fn links_are_resolved_as_in_the_examples_of_the_standard() {
        // https://www.rfc-editor.org/rfc/rfc3986#section-5.4
        for (link, expected) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("g?y#s", "http://a/b/c/g?y#s"),
            (";x", "http://a/b/c/;x"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("g..", "http://a/b/c/g.."),
            ("./g/.", "http://a/b/c/g/"),
            ("g/../h", "http://a/b/c/h"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("g#s/./x", "http://a/b/c/g#s/./x"),
        ] {
            assert_eq!(absolute("http://a/b/c/d;p?q", link), expected, "{link}");
        }
        assert_eq!(absolute("https://a?q#f", "?y"), "https://a?y");
        assert_eq!(absolute("https://a/b#f?", "#g"), "https://a/b#g");
        assert_eq!(absolute("https://a/b", "1st:x"), "https://a/1st:x");
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
