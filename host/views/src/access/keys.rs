//! Keys of programs: `job-scanner key list`.

use job_scanner_core::escape::Printable;
use job_scanner_store::{ApiKey, KeyScope};
use serde::Serialize;

use crate::cells::time;

/// A key, without its secret.
#[derive(Debug, Serialize)]
pub struct KeyView<'a> {
    name: &'a str,
    opens: &'a str,
    /// The profile whose feed the key opens; `null` for other keys.
    profile: Option<&'a str>,
    created_at: String,
    last_used_at: Option<String>,
}

impl<'a> From<&'a ApiKey> for KeyView<'a> {
    fn from(key: &'a ApiKey) -> Self {
        Self {
            name: &key.name,
            opens: key.scope.as_str(),
            profile: match &key.scope {
                KeyScope::Feed { profile } => Some(profile),
                KeyScope::Read | KeyScope::Write => None,
            },
            created_at: time(key.created_at),
            last_used_at: key.last_used_at.map(time),
        }
    }
}

/// Returns text such as `` `reader` (read), created 2026-11-23T08:00:00Z, never used``.
pub fn line(key: &ApiKey) -> String {
    let opens = match &key.scope {
        KeyScope::Feed { profile } => format!("the feed of `{}`", Printable(profile)),
        scope => scope.as_str().to_owned(),
    };
    let used = key.last_used_at.map_or_else(
        || "never used".to_owned(),
        |at| format!("last used {at:.0}"),
    );
    let (name, created_at) = (Printable(&key.name), key.created_at);
    format!("`{name}` ({opens}), created {created_at:.0}, {used}")
}

#[cfg(test)]
mod tests {
    use job_scanner_store::NewApiKey;
    use job_scanner_store::test_support::store;

    use super::*;
    use crate::json::json;
    use crate::samples::at;

    #[tokio::test]
    async fn a_key_has_the_documented_keys_and_no_secret() {
        let store = store().await;
        let of_feed = KeyScope::Feed {
            profile: "backend".to_owned(),
        };
        for (name, scope) in [("reader", of_feed), ("phone\u{202e}", KeyScope::Write)] {
            let new = NewApiKey {
                name: name.to_owned(),
                scope,
                secret_sha256: [u8::try_from(name.len()).unwrap(); 32],
            };
            store.create_api_key(&new, at("08:15:00")).await.unwrap();
        }

        let keys = store.api_keys().await.unwrap();
        let views: Vec<_> = keys.iter().map(KeyView::from).collect();
        insta::assert_snapshot!("key_list", json(&views).unwrap());
        let lines: Vec<_> = keys.iter().map(line).collect();
        assert!(
            lines
                .concat()
                .contains("`phone\\u{202e}` (write), created 2026-"),
            "{lines:?}"
        );
    }
}
