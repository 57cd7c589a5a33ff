//! The input is the URL of a job's page as a board wrote it.

use job_scanner_core::normalize::{MAX_URL_BYTES, canonical_url};
use url::Url;

/// Checks that an accepted URL is safe to link to in a mail: `http` or `https`, a host, no user
/// name, ASCII without spaces, not too long. It must be canonical, so that it parses to itself, and
/// lead to the same host and path.
pub fn check(text: &str) {
    let Ok(kept) = canonical_url(text) else {
        return;
    };

    assert_eq!(canonical_url(&kept).as_ref(), Ok(&kept));
    assert!(
        kept.starts_with("https://") || kept.starts_with("http://"),
        "{kept}"
    );
    assert!(kept.len() <= MAX_URL_BYTES);
    let may_occur = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>');
    assert!(kept.bytes().all(may_occur), "{kept}");

    let given = Url::parse(text.trim()).expect("an accepted URL is valid");
    let url = Url::parse(&kept).expect("a canonical URL is valid");
    assert!(
        url.has_host() && url.username().is_empty() && url.password().is_none(),
        "{kept}"
    );
    assert_eq!(
        (url.host(), url.port(), url.path()),
        (given.host(), given.port(), given.path())
    );
}
