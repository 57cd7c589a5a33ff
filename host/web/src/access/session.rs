//! The cookie of a session.
//!
//! It contains the id of the session and its secret. With a `public_url` of https, the browser
//! accepts and sends it only there, and no other host of the domain can set it (`__Host-`).

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use job_scanner_config::WebConfig;
use job_scanner_store::{Session, SessionId, Sha256, StoreError};

use crate::access::secret;
use crate::state::WebState;

const NAME: &str = "job-scanner";
const SECURE_NAME: &str = "__Host-job-scanner";

/// Browsers keep a cookie for at most 400 days. The server ends a session earlier.
const MAX_AGE_SECONDS: u32 = 400 * 24 * 60 * 60;

/// Returns the session of a request. `None` without a valid cookie, or if the password has changed
/// since the login.
pub(crate) async fn find(
    state: &WebState,
    headers: &HeaderMap,
    password: &Sha256,
) -> Result<Option<Session>, StoreError> {
    let Some((id, given)) = in_cookie(headers, &state.settings()) else {
        return Ok(None);
    };

    let found = state.store().session(id, state.now()).await?;
    Ok(found.filter(|session| {
        secret::are_equal(&session.secret_sha256, &given)
            && secret::are_equal(&session.password_sha256, password)
    }))
}

/// Returns the `Set-Cookie` of a session.
pub(crate) fn cookie(id: SessionId, secret: &str, settings: &WebConfig) -> String {
    format!(
        "{}={id}.{secret}; Max-Age={MAX_AGE_SECONDS}; {}",
        name(settings),
        attributes(settings)
    )
}

/// Returns the `Set-Cookie` that removes the cookie.
pub(crate) fn removal(settings: &WebConfig) -> String {
    format!("{}=; Max-Age=0; {}", name(settings), attributes(settings))
}

fn is_secure(settings: &WebConfig) -> bool {
    let url = settings.public_url.as_ref();
    url.is_some_and(|url| url.scheme() == "https")
}

fn name(settings: &WebConfig) -> &'static str {
    if is_secure(settings) {
        SECURE_NAME
    } else {
        NAME
    }
}

fn attributes(settings: &WebConfig) -> &'static str {
    if is_secure(settings) {
        "Path=/; HttpOnly; SameSite=Lax; Secure"
    } else {
        "Path=/; HttpOnly; SameSite=Lax"
    }
}

/// Returns the id and the hash of the secret in the cookie.
fn in_cookie(headers: &HeaderMap, settings: &WebConfig) -> Option<(SessionId, Sha256)> {
    let name = name(settings);
    let lines = headers.get_all(COOKIE).iter();
    let pairs = lines.flat_map(|line| line.to_str().unwrap_or_default().split(';'));
    let mut values = pairs.filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));

    let (id, given) = values.next()?.split_once('.')?;
    let id = SessionId::from_number(id.parse().ok()?);
    Some((id, secret::sha256(given)))
}

#[cfg(test)]
mod tests {
    use job_scanner_config::{WebAuth, WebListen};

    use super::*;

    fn settings(public_url: Option<&str>) -> WebConfig {
        WebConfig {
            listen: WebListen::Tcp("127.0.0.1:0".parse().unwrap()),
            auth: WebAuth::None,
            public_url: public_url.map(|url| url.parse().unwrap()),
            trusted_proxies: Vec::new(),
            write_sources: false,
            shortcuts: true,
        }
    }

    #[test]
    fn a_cookie_is_secure_if_the_page_is_at_https() {
        for (url, beginning, end) in [
            (None, "job-scanner=7.abc; ", "SameSite=Lax"),
            (
                Some("http://jobs.example"),
                "job-scanner=7.abc; ",
                "SameSite=Lax",
            ),
            (
                Some("https://jobs.example"),
                "__Host-job-scanner=7.abc; ",
                "SameSite=Lax; Secure",
            ),
        ] {
            let cookie = cookie(SessionId::from_number(7), "abc", &settings(url));
            assert!(cookie.starts_with(beginning), "{cookie}");
            assert!(cookie.contains("; Path=/; HttpOnly; "), "{cookie}");
            assert!(cookie.ends_with(end), "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let (plain, secure) = (settings(None), settings(Some("https://jobs.example")));
        for (cookies, settings, id) in [
            ("job-scanner=7.abc", &plain, Some(7)),
            ("theme=dark; job-scanner=7.abc; x=y", &plain, Some(7)),
            ("not-job-scanner=7.abc", &plain, None),
            ("job-scanner=7", &plain, None),
            ("job-scanner=seven.abc", &plain, None),
            // A cookie that any host of the domain could have set.
            ("job-scanner=7.abc", &secure, None),
            ("__Host-job-scanner=7.abc", &secure, Some(7)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, cookies.parse().unwrap());
            let found = in_cookie(&headers, settings);
            let expected = id.map(|id| (SessionId::from_number(id), secret::sha256("abc")));
            assert_eq!(found, expected, "{cookies}");
        }
    }
}
