//! The `api_keys` table: the keys of programs that use the API and the feeds.

use std::fmt;

use jiff::Timestamp;
use job_scanner_row_derive::FromRow;

use crate::access::{Sha256, is_worth_recording};
use crate::columns::{Row, time};
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::ApiKeyId;

/// The part of the page that a key opens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KeyScope {
    /// Everything that changes nothing.
    Read,
    /// Everything.
    Write,
    /// The feed of one profile.
    Feed { profile: String },
}

/// A key to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    pub name: String,
    pub scope: KeyScope,
    pub secret_sha256: Sha256,
}

/// A stored key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: String,
    pub scope: KeyScope,
    pub created_at: Timestamp,
    /// `None` if it was never used.
    pub last_used_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct ApiKeyRow {
    key_id: ApiKeyId,
    name: String,
    scope: String,
    profile: Option<String>,
    created_at: String,
    last_used_at: Option<String>,
}

impl KeyScope {
    /// Returns the word of the scope.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Feed { .. } => "feed",
        }
    }

    fn profile(&self) -> Option<&str> {
        match self {
            Self::Feed { profile } => Some(profile),
            Self::Read | Self::Write => None,
        }
    }

    /// Returns the scope with this word and profile.
    fn from_columns(word: &str, profile: Option<String>) -> Result<Self, UnknownScope> {
        match (word, profile) {
            ("read", None) => Ok(Self::Read),
            ("write", None) => Ok(Self::Write),
            ("feed", Some(profile)) => Ok(Self::Feed { profile }),
            _ => Err(UnknownScope(word.to_owned())),
        }
    }
}

/// A word that is not the scope of a key, or one that does not go with the profile.
struct UnknownScope(String);

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a scope with this profile", self.0)
    }
}

impl Store {
    /// Stores a key. `None` if there is one with this name.
    #[tracing::instrument(name = "store.api_key.create", skip_all)]
    pub async fn create_api_key(
        &self,
        key: &NewApiKey,
        now: Timestamp,
    ) -> Result<Option<ApiKeyId>, StoreError> {
        let id = Statement::new(
            "INSERT INTO api_keys (name, scope, profile, secret_sha256, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (name) DO NOTHING RETURNING key_id",
        )
        .bind(&key.name)
        .bind(key.scope.as_str())
        .bind(key.scope.profile())
        .bind(key.secret_sha256.as_slice())
        .bind(time(now))
        .fetch_optional_value(self.writer())
        .await?;
        Ok(id)
    }

    /// Returns the key with this hash; `None` if there is none, or it was revoked.
    pub async fn api_key(&self, secret_sha256: &Sha256) -> Result<Option<ApiKey>, StoreError> {
        let row = Statement::new(
            "SELECT key_id, name, scope, profile, created_at, last_used_at FROM api_keys WHERE secret_sha256 = $1",
        )
        .bind(secret_sha256.as_slice())
        .fetch_optional::<ApiKeyRow>(self.readers())
        .await?;
        row.map(ApiKey::try_from).transpose()
    }

    /// Returns all keys, by name.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let rows = Statement::new(
            "SELECT key_id, name, scope, profile, created_at, last_used_at FROM api_keys ORDER BY name",
        )
        .fetch_all::<ApiKeyRow>(self.readers())
        .await?;
        rows.into_iter().map(ApiKey::try_from).collect()
    }

    /// Records that a key was used, unless that was recorded less than a minute ago.
    pub async fn api_key_used(&self, key: &ApiKey, now: Timestamp) -> Result<(), StoreError> {
        if is_worth_recording(key.last_used_at, now) {
            Statement::new("UPDATE api_keys SET last_used_at = $1 WHERE key_id = $2")
                .bind(time(now))
                .bind(key.id)
                .execute(self.writer())
                .await?;
        }
        Ok(())
    }

    /// Deletes the key with this name. Returns false if there is none.
    #[tracing::instrument(name = "store.api_key.revoke", skip_all)]
    pub async fn revoke_api_key(&self, name: &str) -> Result<bool, StoreError> {
        let deleted = Statement::new("DELETE FROM api_keys WHERE name = $1")
            .bind(name)
            .execute(self.writer())
            .await?;
        Ok(deleted > 0)
    }
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: ApiKeyRow) -> Result<Self, StoreError> {
        let place = Row::new("api_keys", row.key_id);
        let scope = KeyScope::from_columns(&row.scope, row.profile);
        Ok(Self {
            id: row.key_id,
            name: row.name,
            scope: place.lift("scope", scope)?,
            created_at: place.parse("created_at", &row.created_at)?,
            last_used_at: place.optional("last_used_at", row.last_used_at.as_deref())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{at, spoil, store};

    fn key(name: &str, scope: KeyScope, secret: u8) -> NewApiKey {
        NewApiKey {
            name: name.to_owned(),
            scope,
            secret_sha256: [secret; 32],
        }
    }

    #[tokio::test]
    async fn a_key_is_found_by_the_hash_of_its_secret_until_it_is_revoked() {
        let store = store().await;
        let now = at("08:00:00");
        let feed = KeyScope::Feed {
            profile: "rust".to_owned(),
        };
        let new = key("reader", feed.clone(), 7);
        assert!(store.create_api_key(&new, now).await.unwrap().is_some());
        assert_eq!(store.create_api_key(&new, now).await.unwrap(), None);

        let found = store.api_key(&[7; 32]).await.unwrap().unwrap();
        assert_eq!((found.name.as_str(), &found.scope), ("reader", &feed));
        assert_eq!(found.last_used_at, None);
        assert_eq!(store.api_key(&[8; 32]).await.unwrap(), None);

        store.api_key_used(&found, at("09:00:00")).await.unwrap();
        let listed = store.api_keys().await.unwrap();
        assert_eq!(listed[0].last_used_at, Some(at("09:00:00")));

        assert!(store.revoke_api_key("reader").await.unwrap());
        assert!(!store.revoke_api_key("reader").await.unwrap());
        assert_eq!(store.api_key(&[7; 32]).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_key_with_an_unknown_scope_opens_nothing() {
        let store = store().await;
        let now = at("08:00:00");
        let new = key("reader", KeyScope::Read, 7);
        store.create_api_key(&new, now).await.unwrap();
        spoil(&store, "UPDATE api_keys SET scope = 'admin'").await;
        assert_eq!(
            store.api_key(&[7; 32]).await.unwrap_err().to_string(),
            "row 1 of table `api_keys` is corrupt: column `scope`: `admin` is not a scope with this profile"
        );
    }
}
