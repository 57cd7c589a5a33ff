//! API keys: their form, and where a request carries them.
//!
//! A key is `js_r_`, `js_w_` or `js_f_`, for its scope, and a secret. It is shown once, when it is
//! created: only its hash is stored.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Uri};
use job_scanner_core::secret::Secret;
use job_scanner_store::{KeyScope, NewApiKey};
use url::form_urlencoded;

use crate::access::secret;
use crate::access::secret::NoRandomNumbers;

/// The beginning of all keys.
const MARK: &str = "js_";

/// The folder of feeds, in whose URLs a key may be.
const FEEDS: &str = "/feeds/";

/// The parameter of a feed's URL.
const PARAMETER: &str = "key";

/// A new key, and the row that is stored of it.
pub struct IssuedKey {
    /// The key. It cannot be found out later.
    pub key: Secret,
    pub row: NewApiKey,
}

impl IssuedKey {
    /// Creates a key.
    ///
    /// # Errors
    ///
    /// Fails if the system gives no random numbers.
    pub fn new(name: String, scope: KeyScope) -> Result<Self, NoRandomNumbers> {
        let key = format!("{}{}", prefix(&scope), secret::random()?);
        let secret_sha256 = secret::sha256(&key);
        Ok(Self {
            key: Secret::new(key),
            row: NewApiKey {
                name,
                scope,
                secret_sha256,
            },
        })
    }
}

/// Returns the beginning of the keys of a scope, by which a person recognizes them.
fn prefix(scope: &KeyScope) -> &'static str {
    match scope {
        KeyScope::Read => "js_r_",
        KeyScope::Write => "js_w_",
        KeyScope::Feed { .. } => "js_f_",
    }
}

/// Returns the key in `Authorization: Bearer` or `X-API-Key`. A bearer token without the mark of
/// our keys belongs to a proxy in front of the page.
pub(crate) fn in_headers(headers: &HeaderMap) -> Option<&str> {
    if let Some(key) = headers.get("x-api-key") {
        // A value that is not text is a wrong key.
        return Some(key.to_str().unwrap_or_default());
    }

    let bearer = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = bearer.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && token.starts_with(MARK)).then_some(token)
}

/// Returns the key in the URL of a feed. The keys of the API do not belong into URLs, which end up
/// in histories and logs, so they do not count here.
pub(crate) fn in_feed_url(uri: &Uri) -> Option<String> {
    let query = uri.query().filter(|_| uri.path().starts_with(FEEDS))?;
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    let (_, key) = parameters.find(|(name, _)| name == PARAMETER)?;
    let is_feed_key = key.starts_with("js_f_");
    Some(if is_feed_key {
        key.into_owned()
    } else {
        String::new()
    })
}

/// Returns the profile of the feed with this path; `None` if the path is not one of a feed.
pub(crate) fn profile_of_feed(path: &str) -> Option<String> {
    let file = path.strip_prefix(FEEDS)?;
    let (profile, _format) = file.rsplit_once('.')?;
    let decoded = percent_encoding::percent_decode_str(profile).decode_utf8();
    decoded.ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_recognized_by_its_beginning_and_only_its_hash_is_stored() {
        let feed = KeyScope::Feed {
            profile: "rust".to_owned(),
        };
        for (scope, beginning) in [
            (KeyScope::Read, "js_r_"),
            (KeyScope::Write, "js_w_"),
            (feed, "js_f_"),
        ] {
            let issued = IssuedKey::new("reader".to_owned(), scope).unwrap();
            let key = issued.key.expose();
            assert!(key.starts_with(beginning), "{key}");
            assert_eq!(key.len(), beginning.len() + secret::CHARACTERS);
            assert_eq!(issued.row.secret_sha256, secret::sha256(key));
            assert!(!format!("{:?} {:?}", issued.key, issued.row).contains(key));
        }
    }

    #[test]
    fn a_key_is_read_from_either_header() {
        for (name, value, key) in [
            ("authorization", "Bearer js_r_abc", Some("js_r_abc")),
            ("authorization", "bearer  js_w_abc ", Some("js_w_abc")),
            ("authorization", "Basic am86a2lt", None),
            ("authorization", "Bearer eyJhbGciOi", None),
            ("x-api-key", "js_r_abc", Some("js_r_abc")),
            ("x-api-key", "anything", Some("anything")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(in_headers(&headers), key, "{name}: {value}");
        }
    }

    #[test]
    fn only_a_key_for_feeds_counts_in_a_url() {
        for (uri, key) in [
            ("/feeds/rust.atom?key=js_f_abc", Some("js_f_abc")),
            ("/feeds/rust.atom?limit=3&key=js%5Ff_abc", Some("js_f_abc")),
            ("/feeds/rust.atom?key=js_r_abc", Some("")),
            ("/feeds/rust.atom?other=js_f_abc", None),
            ("/matches?key=js_f_abc", None),
        ] {
            let uri: Uri = uri.parse().unwrap();
            assert_eq!(in_feed_url(&uri).as_deref(), key, "{uri}");
        }
    }

    #[test]
    fn the_profile_of_a_feed_is_decoded_from_its_path() {
        for (path, profile) in [
            ("/feeds/rust.atom", Some("rust")),
            ("/feeds/a%20b%2Fc.json", Some("a b/c")),
            ("/feeds/v1.2.atom", Some("v1.2")),
            ("/feeds/rust", None),
            ("/feeds/%ff.atom", None),
            ("/matches.atom", None),
        ] {
            assert_eq!(profile_of_feed(path).as_deref(), profile, "{path}");
        }
    }
}
