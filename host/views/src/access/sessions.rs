//! Sessions of the page: `job-scanner web sessions`.

use job_scanner_core::escape::Printable;
use job_scanner_store::Session;
use serde::Serialize;

use crate::cells::time;

/// A session, without its secret.
#[derive(Debug, Serialize)]
pub struct SessionView<'a> {
    session_id: i64,
    /// The address at the login; `null` on a unix socket.
    address: Option<&'a str>,
    /// The name that the browser gave itself; `null` if it gave none.
    client: Option<&'a str>,
    created_at: String,
    last_used_at: String,
}

impl<'a> From<&'a Session> for SessionView<'a> {
    fn from(session: &'a Session) -> Self {
        Self {
            session_id: session.id.into(),
            address: session.address.as_deref(),
            client: session.client.as_deref(),
            created_at: time(session.created_at),
            last_used_at: time(session.last_used_at),
        }
    }
}

/// Returns text such as `3: last used 2026-11-23T08:00:00Z, since 2026-11-20T10:00:00Z, from
/// 192.0.2.1, Firefox`.
pub fn line(session: &Session) -> String {
    let Session {
        id,
        last_used_at,
        created_at,
        ..
    } = session;
    let address = session.address.as_deref().unwrap_or("a unix socket");
    let client = session.client.as_deref().unwrap_or("an unnamed program");
    format!(
        "{id}: last used {last_used_at:.0}, since {created_at:.0}, from {}, {}",
        Printable(address),
        Printable(client)
    )
}

#[cfg(test)]
mod tests {
    use job_scanner_store::NewSession;
    use job_scanner_store::test_support::store;

    use super::*;
    use crate::json::json;
    use crate::samples::at;

    #[tokio::test]
    async fn a_session_has_the_documented_keys_and_no_secret() {
        let store = store().await;
        let new = NewSession {
            secret_sha256: [7; 32],
            password_sha256: [8; 32],
            client: Some("Firefox\u{1b}".to_owned()),
            address: Some("192.0.2.1".to_owned()),
        };
        let now = at("08:15:00");
        store.begin_session(&new, now).await.unwrap();

        let sessions = store.sessions(now).await.unwrap();
        let views: Vec<_> = sessions.iter().map(SessionView::from).collect();
        insta::assert_snapshot!("web_sessions", json(&views).unwrap());
        let line = line(&sessions[0]);
        assert!(line.ends_with("from 192.0.2.1, Firefox\\u{1b}"), "{line}");
    }
}
