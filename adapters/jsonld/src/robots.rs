//! The site's `robots.txt` ([RFC 9309](https://www.rfc-editor.org/rfc/rfc9309)): the pages that it
//! disallows, and the sitemaps that it names.
//!
//! A crate splits the file into records. The choice of the group and the comparison of paths are
//! here: the crate reads the whole file again for every page, which takes too long for 2,000 of
//! them.

use job_scanner_sdk::{Request, Response, SourceError};
use robotstxt::{RobotsParseHandler, parse_robotstxt};

/// The product token that a group for job-scanner has. The operator can change the header
/// `User-Agent`, but not whose program it is.
const PRODUCT: &str = "job-scanner";

/// The part of a file that is read. The standard requires 500 KiB.
const MAX_BYTES: usize = 500 << 10;

/// The rules for job-scanner, and the sitemaps of the site.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Robots {
    rules: Vec<Rule>,
    sitemaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    pattern: String,
    is_allowed: bool,
}

/// Returns the request for the `robots.txt` of an origin.
pub(crate) fn request(origin: &str) -> Request {
    let mut request = Request::get(format!("{origin}/robots.txt"));
    for header in &mut request.headers {
        "text/plain".clone_into(&mut header.value);
    }
    request
}

impl Robots {
    /// Reads the response to [`request`].
    ///
    /// A site without the file, or one that refuses to show it, disallows nothing. If the file
    /// cannot be had for the moment, nothing may be read: this is an error, and a temporary one.
    pub(crate) fn from_response(
        response: Result<Response, SourceError>,
    ) -> Result<Self, SourceError> {
        let response = response.map_err(explained)?;
        match response.status {
            // Also a redirect that leads too far, or to a host that was not granted.
            300..=428 | 430..=499 => Ok(Self::default()),
            _ => response
                .ok()
                .map(|file| Self::parse(&file.body))
                .map_err(explained),
        }
    }

    pub(crate) fn parse(body: &[u8]) -> Self {
        let mut records = Records::default();
        parse_robotstxt(&in_ascii(body), &mut records);

        let group = if records.own.exists {
            records.own
        } else {
            records.for_all
        };
        Self {
            rules: group.rules,
            sitemaps: records.sitemaps,
        }
    }

    /// Returns the URLs of the sitemaps that the file names, in its order.
    pub(crate) fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    /// Returns true if the page at this URL may be read. Of the rules that match, the longest
    /// counts, and of two equally long ones the one that allows.
    pub(crate) fn allow(&self, address: &str) -> bool {
        let path = normalized(path(address));
        self.rules
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.is_allowed))
            .is_none_or(|rule| rule.is_allowed)
    }
}

/// Adds to a temporary error what it means for the pages.
fn explained(error: SourceError) -> SourceError {
    const WHY: &str = "robots.txt cannot be read, and until then no page may be";

    match error {
        SourceError::Network(message) => SourceError::Network(format!("{WHY}: {message}")),
        SourceError::Upstream((status, message)) => {
            SourceError::Upstream((status, format!("{WHY}: {message}")))
        }
        other => other,
    }
}

/// The records of a file, as far as they concern job-scanner.
#[derive(Default)]
struct Records {
    own: Group,
    for_all: Group,
    /// True after a rule: the next `User-agent` begins another group.
    has_rule: bool,
    sitemaps: Vec<String>,
}

/// The rules for one product token. A file may have several groups for it.
#[derive(Default)]
struct Group {
    rules: Vec<Rule>,
    exists: bool,
    /// True while the rules that are read belong to it.
    is_open: bool,
}

impl Records {
    fn add(&mut self, pattern: &str, is_allowed: bool) {
        self.has_rule = true;
        // An empty pattern matches nothing: `Disallow:` allows everything.
        if pattern.is_empty() {
            return;
        }

        let rule = Rule {
            pattern: normalized(pattern),
            is_allowed,
        };
        for group in [&mut self.own, &mut self.for_all] {
            if group.is_open {
                group.rules.push(rule.clone());
            }
        }
    }
}

impl RobotsParseHandler for Records {
    fn handle_robots_start(&mut self) {}

    fn handle_robots_end(&mut self) {}

    fn handle_user_agent(&mut self, _line: u32, value: &str) {
        if std::mem::take(&mut self.has_rule) {
            (self.own.is_open, self.for_all.is_open) = (false, false);
        }

        let is_of_token = |it: char| it.is_ascii_alphabetic() || "-_".contains(it);
        let token = value.split(|it| !is_of_token(it)).next();
        if token.is_some_and(|token| token.eq_ignore_ascii_case(PRODUCT)) {
            (self.own.is_open, self.own.exists) = (true, true);
        }
        self.for_all.is_open |= value.split_whitespace().next() == Some("*");
    }

    fn handle_allow(&mut self, _line: u32, value: &str) {
        self.add(value, true);
    }

    fn handle_disallow(&mut self, _line: u32, value: &str) {
        self.add(value, false);
    }

    fn handle_sitemap(&mut self, _line: u32, value: &str) {
        self.sitemaps.push(value.to_owned());
    }

    fn handle_unknown_action(&mut self, _line: u32, _action: &str, _value: &str) {}
}

/// Returns the part of a file that is read, with other characters than ASCII percent-encoded, as
/// they are compared. The crate panics on some of them.
fn in_ascii(body: &[u8]) -> String {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let whole_lines = match body.get(..MAX_BYTES) {
        Some(start) => &start[..start.iter().rposition(|&it| it == b'\n').unwrap_or(0)],
        None => body,
    };

    let mut text = String::with_capacity(whole_lines.len());
    for &byte in whole_lines {
        push(&mut text, byte, byte.is_ascii());
    }
    text
}

/// Returns path and query of a URL.
fn path(address: &str) -> &str {
    let after_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
    let end = after_scheme.find('#').unwrap_or(after_scheme.len());
    let start = after_scheme[..end].find(['/', '?']).unwrap_or(end);
    &after_scheme[start..end]
}

/// Writes a path or a pattern in the form in which both are compared: a character is encoded if it
/// has to be, and not otherwise.
fn normalized(path: &str) -> String {
    let mut text = String::with_capacity(path.len() + 1);
    if !path.starts_with(['/', '*']) {
        text.push('/');
    }

    let bytes = path.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let encoded = (byte == b'%').then(|| path.get(at + 1..at + 3)).flatten();
        if let Some(encoded) = encoded.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            let is_unreserved = encoded.is_ascii_alphanumeric() || b"-._~".contains(&encoded);
            push(&mut text, encoded, is_unreserved);
            at += 3;
        } else {
            push(&mut text, byte, byte.is_ascii_graphic());
            at += 1;
        }
    }
    text
}

/// Adds a byte, as a character or percent-encoded.
fn push(text: &mut String, byte: u8, as_character: bool) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

    if as_character {
        text.push(char::from(byte));
    } else {
        let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
        text.extend(['%', digit(byte >> 4), digit(byte & 15)]);
    }
}

/// Returns true if the pattern matches the start of a path. `*` is any text, and `$` at the end of
/// the pattern is the end of the path.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, is_anchored) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };

    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty() || !is_anchored;
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    if is_anchored {
        rest.ends_with(last)
    } else {
        rest.contains(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, path: &str) -> bool {
        Robots::parse(file.as_bytes()).allow(&format!("https://a.example{path}"))
    }

    #[test]
    fn the_group_for_job_scanner_counts_before_the_one_for_all() {
        let file = "User-agent: *\nDisallow: /\n\nUser-Agent: other\nUSER-AGENT: Job-Scanner/2.0\n\
            Disallow: /internal # not yet\nSitemap: https://a.example/s.xml\nAllow: /internal/jobs\n\
            \nuser-agent: job-scanner\ndisallow: /cart\n";
        for (path, expected) in [
            ("/jobs/1", true),
            ("/internal/x", false),
            ("/internal/jobs/1", true),
            ("/cart?x", false),
        ] {
            assert_eq!(allows(file, path), expected, "{path}");
        }
        assert_eq!(
            Robots::parse(file.as_bytes()).sitemaps(),
            ["https://a.example/s.xml"]
        );
        assert!(!allows("User-agent: *\nDisallow: /\n", "/"));
        assert!(allows("User-agent: job-scanner-pro\nDisallow: /", "/"));
        assert!(allows("Disallow: /", "/"), "a rule without a group");
        assert!(allows("User-agent: *\nDisallow:\n", "/"));
    }

    #[test]
    fn the_longest_rule_counts_and_at_equal_length_the_one_that_allows() {
        // https://www.rfc-editor.org/rfc/rfc9309#section-2.2.2
        for (rules, path, expected) in [
            ("Allow: /a\nDisallow: /", "/a/b", true),
            ("Disallow: /a/\nAllow: /a", "/a/b", false),
            ("Disallow: /a\nAllow: /a", "/a", true),
            ("Disallow: /*.pdf$", "/a/b.pdf", false),
            ("Disallow: /*.pdf$", "/a/b.pdf?x", true),
            ("Disallow: /a/*/c", "/a/b/b/c/d", false),
            ("Disallow: /a/*/c", "/a/c", true),
            ("Disallow: *?sort=", "/jobs?sort=date", false),
            ("Disallow: /$", "/jobs", true),
            ("Disallow: /$", "", false),
            ("Disallow: /*ab*ab$", "/abxab", false),
            ("Disallow: /*aba*ba$", "/abab", true),
            ("Disallow: jobs", "/jobs", false),
            ("Disallow: /a%7eb%2fc", "/a~b%2Fc", false),
            ("Disallow: /größe", "/gr%c3%b6%C3%9Fe", false),
            ("Disallow: /100%", "/100%", false),
        ] {
            let file = format!("User-agent: *\n{rules}");
            assert_eq!(allows(&file, path), expected, "{rules} {path}");
        }
        assert!(!allows("User-agent: *\nDisallow: /a", "/a#b"));
    }

    #[test]
    fn any_bytes_are_a_file() {
        let long_line = format!(
            "User-agent: *\nDisallow: /{}\nDisallow: /b",
            "ä".repeat(20_000)
        );
        assert!(!allows(&long_line, "/b"));
        for file in [
            &b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /b"[..],
            b"User-agent: *\rDisallow: /b\r\xa0\xa0\xff",
            b"# \xf0\x9f\x98\nUser-agent *\nDissalow /b",
        ] {
            let robots = Robots::parse(file);
            assert!(!robots.allow("https://a.example/b"), "{file:?}");
            assert!(robots.allow("https://a.example/c"), "{file:?}");
        }
        for file in [
            &b""[..],
            b"\xa0:",
            b"<!doctype html><p>User-agent: *",
            b"%\n%4:%",
        ] {
            assert!(Robots::parse(file).allow("https://a.example/b"), "{file:?}");
        }
        let mut large = b"User-agent: *\nDisallow: /b\n".to_vec();
        large.resize(MAX_BYTES - 4, b'#');
        large.extend(b"\nDisallow: /");
        let robots = Robots::parse(&large);
        assert_eq!(robots.rules.len(), 1);
    }

    #[test]
    fn a_missing_file_allows_everything_and_one_that_fails_nothing() {
        let read = |status: u16| {
            Robots::from_response(Ok(Response {
                status,
                url: "https://a.example/robots.txt".to_owned(),
                headers: Vec::new(),
                body: b"User-agent: *\nDisallow: /".to_vec(),
                unchanged: false,
            }))
        };
        for status in [301, 401, 403, 404, 410] {
            assert_eq!(read(status), Ok(Robots::default()), "{status}");
        }
        let why = "robots.txt cannot be read, and until then no page may be";
        let message =
            format!("{why}: https://a.example/robots.txt: \"User-agent: *\\nDisallow: /\"");
        assert_eq!(read(503), Err(SourceError::Upstream((503, message))));
        assert_eq!(read(429), Err(SourceError::RateLimited(None)));
        assert_eq!(
            Robots::from_response(Err(SourceError::Network("down".to_owned()))),
            Err(SourceError::Network(format!("{why}: down")))
        );
    }
}
