//! The URL of a job's page, in canonical form.

use url::Url;

use crate::net::is_host;

/// The longest URL that the contract allows, in bytes.
pub const MAX_URL_BYTES: usize = 4096;

/// Query parameters that identify the origin of a visitor and never the page, in addition to
/// `utm_…`. Lever's may be lists (`lever-source[]`).
const TRACKING: [&str; 17] = [
    "_hsenc",
    "_hsmi",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "gh_src",
    "igshid",
    "lever-origin",
    "lever-source",
    "lever-source[]",
    "mc_cid",
    "mc_eid",
    "msclkid",
    "ttclid",
    "twclid",
    "wbraid",
];

/// The reason why a text is not the URL of a public page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// The text is empty.
    #[error("the URL is empty")]
    Empty,
    /// The URL is too long.
    #[error("the URL has {bytes} bytes; at most {limit} are allowed", limit = MAX_URL_BYTES)]
    TooLong { bytes: usize },
    /// The URL is relative, or has another scheme.
    #[error("the URL does not begin with `https://` or `http://`")]
    NotHttp,
    /// The URL has a user name or password: the page is not public, or the URL pretends to be on
    /// another host.
    #[error("the URL contains a user name or password")]
    UserInfo,
    /// The host is allowed in a URL but cannot exist.
    #[error("the URL's host has an empty label, or characters that a host cannot have")]
    Host,
    /// The text begins like a URL but does not parse.
    #[error("the URL is malformed: {0}")]
    Malformed(#[from] url::ParseError),
}

/// Returns the URL as a browser would write it, without tracking parameters.
///
/// The order of the other parameters and the fragment are kept: single-page boards name the job in
/// the fragment.
pub fn canonical_url(text: &str) -> Result<String, UrlError> {
    let text = text.trim();
    check_length(text)?;
    if !has_http_scheme(text) {
        return Err(UrlError::NotHttp);
    }

    let mut url = Url::parse(text)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlError::UserInfo);
    }
    if !url.host().is_some_and(|host| is_host(&host)) {
        return Err(UrlError::Host);
    }

    let query = url.query().and_then(without_tracking);
    url.set_query(query.as_deref());

    // A fragment is in the page's own notation, so it is removed only if it contains nothing but
    // tracking parameters.
    let only_tracks = |fragment| without_tracking(fragment).is_none();
    if url.fragment().is_some_and(only_tracks) {
        url.set_fragment(None);
    }

    // Percent-encoding makes the URL longer.
    let canonical = String::from(url);
    check_length(&canonical)?;
    Ok(canonical)
}

fn check_length(text: &str) -> Result<(), UrlError> {
    match text.len() {
        0 => Err(UrlError::Empty),
        bytes if bytes > MAX_URL_BYTES => Err(UrlError::TooLong { bytes }),
        _ => Ok(()),
    }
}

/// Returns true if the text begins with `http://` or `https://`. The parser also accepts
/// `https:acme` and `https:/acme`, which may be relative URLs or typing errors.
fn has_http_scheme(text: &str) -> bool {
    let begins_with = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    begins_with("https://") || begins_with("http://")
}

/// Returns the other parameters exactly as they were written; `None` if there are none.
fn without_tracking(query: &str) -> Option<String> {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_tracking(pair))
        .collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

fn is_tracking(pair: &str) -> bool {
    let decoded = url::form_urlencoded::parse(pair.as_bytes()).next();
    decoded.is_some_and(|(name, _)| {
        let name = name.to_ascii_lowercase();
        name.starts_with("utm_") || TRACKING.contains(&&*name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracking_parameters_are_dropped_and_the_rest_keeps_its_order() {
        for (given, kept) in [
            (
                "https://acme.example/jobs/7?utm_source=feed",
                "https://acme.example/jobs/7",
            ),
            (
                "https://a.example/?z=1&UTM_Medium=x&a=%20+&gclid=3&z=2",
                "https://a.example/?z=1&a=%20+&z=2",
            ),
            (
                "https://a.example/j?gh_jid=7&gh_src=abc",
                "https://a.example/j?gh_jid=7",
            ),
            (
                "https://a.example/j?lever-source%5B%5D=LinkedIn&lever-origin=applied",
                "https://a.example/j",
            ),
            (
                "https://a.example/j?utmost=1&source=2&ref=3",
                "https://a.example/j?utmost=1&source=2&ref=3",
            ),
            ("https://a.example/j?", "https://a.example/j"),
        ] {
            assert_eq!(canonical_url(given).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn a_fragment_is_kept_unless_it_only_tracks() {
        for (given, kept) in [
            (
                "https://a.example/jobs#/job/7?x=1",
                "https://a.example/jobs#/job/7?x=1",
            ),
            ("https://a.example/jobs#", "https://a.example/jobs"),
            (
                "https://a.example/jobs#utm_source=a&gclid=b",
                "https://a.example/jobs",
            ),
            (
                "https://a.example/jobs#gh_jid=7&&",
                "https://a.example/jobs#gh_jid=7&&",
            ),
        ] {
            assert_eq!(canonical_url(given).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn a_url_is_written_as_browsers_do() {
        for (given, kept) in [
            (
                " HTTPS://Acme.Example:443/Jobs/7 ",
                "https://acme.example/Jobs/7",
            ),
            ("http://acme.example", "http://acme.example/"),
            (
                "https://a.example/jobs/Zürich 7",
                "https://a.example/jobs/Z%C3%BCrich%207",
            ),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ] {
            assert_eq!(canonical_url(given).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn a_url_that_is_not_a_public_page_is_rejected() {
        for given in [
            "/jobs/7",
            "jobs/7",
            "//a.example/jobs",
            "https:jobs/7",
            "https:/a.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "mailto:jobs@acme.example",
            "file:///etc/passwd",
            "ftp://a.example/",
            "é",
        ] {
            assert_eq!(canonical_url(given), Err(UrlError::NotHttp), "{given}");
        }
        for given in [
            "https://me@a.example/",
            "https://me:pw@a.example/",
            "https://:pw@a.example/",
        ] {
            assert_eq!(canonical_url(given), Err(UrlError::UserInfo), "{given}");
        }
        for given in [
            "https://",
            "https://a b.example/",
            "https://a.example:99999/",
        ] {
            assert!(
                matches!(canonical_url(given), Err(UrlError::Malformed(_))),
                "{given}"
            );
        }
        for given in [
            "https://a\".example/",
            "https://a..example/",
            "https://*.example/",
        ] {
            assert_eq!(canonical_url(given), Err(UrlError::Host), "{given}");
        }
        assert_eq!(canonical_url(" "), Err(UrlError::Empty));
    }

    #[test]
    fn the_length_limit_applies_before_and_after_encoding() {
        let ascii = format!("https://a.example/{}", "a".repeat(MAX_URL_BYTES));
        assert_eq!(
            canonical_url(&ascii),
            Err(UrlError::TooLong { bytes: ascii.len() })
        );
        let encoded = format!("https://a.example/{}", "é".repeat(1000));
        assert!(matches!(
            canonical_url(&encoded),
            Err(UrlError::TooLong { .. })
        ));
    }
}
