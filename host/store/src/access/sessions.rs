//! The `sessions` table: browsers in which the password was given.

use jiff::{SignedDuration, Timestamp};
use job_scanner_row_derive::FromRow;

use crate::access::{Sha256, is_worth_recording};
use crate::columns::{Row, time};
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::SessionId;

/// The time without use after which a session ends.
const UNUSED_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A login that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    pub secret_sha256: Sha256,
    /// The SHA-256 of the password's hash.
    pub password_sha256: Sha256,
    pub client: Option<String>,
    pub address: Option<String>,
}

/// A session that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub secret_sha256: Sha256,
    pub password_sha256: Sha256,
    /// The name that the program gave itself at the login.
    pub client: Option<String>,
    /// The IP address at the login.
    pub address: Option<String>,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
}

#[derive(FromRow)]
struct SessionRow {
    session_id: SessionId,
    secret_sha256: Vec<u8>,
    password_sha256: Vec<u8>,
    client: Option<String>,
    address: Option<String>,
    created_at: String,
    last_used_at: String,
}

const COLUMNS: &str =
    "session_id, secret_sha256, password_sha256, client, address, created_at, last_used_at";

impl Store {
    /// Begins a session. Deletes those that have ended, and those of other passwords.
    #[tracing::instrument(name = "store.session.begin", skip_all)]
    pub async fn begin_session(
        &self,
        session: &NewSession,
        now: Timestamp,
    ) -> Result<SessionId, StoreError> {
        let mut tx = self.begin().await?;
        Statement::new("DELETE FROM sessions WHERE last_used_at < $1 OR password_sha256 <> $2")
            .bind(time(now - UNUSED_FOR))
            .bind(session.password_sha256.as_slice())
            .execute(&mut *tx)
            .await?;
        let id = Statement::new(
            "INSERT INTO sessions (secret_sha256, password_sha256, client, address, created_at, last_used_at)
             VALUES ($1, $2, $3, $4, $5, $5) RETURNING session_id",
        )
        .bind(session.secret_sha256.as_slice())
        .bind(session.password_sha256.as_slice())
        .bind(&session.client)
        .bind(&session.address)
        .bind(time(now))
        .fetch_value(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Returns a session; `None` if there is none with this id, or it was not used for 30 days.
    pub async fn session(
        &self,
        id: SessionId,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM sessions WHERE session_id = $1 AND last_used_at >= $2");
        let row = Statement::composed(sql)
            .bind(id)
            .bind(time(now - UNUSED_FOR))
            .fetch_optional::<SessionRow>(self.readers())
            .await?;
        row.map(Session::try_from).transpose()
    }

    /// Returns all sessions that have not ended, the one that was used last first.
    pub async fn sessions(&self, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions WHERE last_used_at >= $1 ORDER BY last_used_at DESC, session_id"
        );
        let rows = Statement::composed(sql)
            .bind(time(now - UNUSED_FOR))
            .fetch_all::<SessionRow>(self.readers())
            .await?;
        rows.into_iter().map(Session::try_from).collect()
    }

    /// Records that a session was used, unless that was recorded less than a minute ago.
    pub async fn session_used(&self, session: &Session, now: Timestamp) -> Result<(), StoreError> {
        if is_worth_recording(Some(session.last_used_at), now) {
            Statement::new("UPDATE sessions SET last_used_at = $1 WHERE session_id = $2")
                .bind(time(now))
                .bind(session.id)
                .execute(self.writer())
                .await?;
        }
        Ok(())
    }

    /// Ends a session. Returns false if there is none with this id.
    #[tracing::instrument(name = "store.session.end", skip_all, fields(session.id = %id))]
    pub async fn end_session(&self, id: SessionId) -> Result<bool, StoreError> {
        let deleted = Statement::new("DELETE FROM sessions WHERE session_id = $1")
            .bind(id)
            .execute(self.writer())
            .await?;
        Ok(deleted > 0)
    }

    /// Ends all sessions, and returns how many there were.
    #[tracing::instrument(name = "store.session.end_all", skip_all)]
    pub async fn end_all_sessions(&self) -> Result<u64, StoreError> {
        let deleted = Statement::new("DELETE FROM sessions")
            .execute(self.writer())
            .await?;
        Ok(deleted)
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        let place = Row::new("sessions", row.session_id);
        Ok(Self {
            id: row.session_id,
            secret_sha256: place.hash("secret_sha256", &row.secret_sha256)?,
            password_sha256: place.hash("password_sha256", &row.password_sha256)?,
            client: row.client,
            address: row.address,
            created_at: place.parse("created_at", &row.created_at)?,
            last_used_at: place.parse("last_used_at", &row.last_used_at)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{at, store};

    fn login(secret: u8, password: u8) -> NewSession {
        NewSession {
            secret_sha256: [secret; 32],
            password_sha256: [password; 32],
            client: Some("Firefox".to_owned()),
            address: None,
        }
    }

    #[tokio::test]
    async fn a_session_ends_thirty_days_after_its_last_use() {
        let store = store().await;
        let begun = at("08:00:00");
        let id = store.begin_session(&login(1, 1), begun).await.unwrap();

        let later = begun + SignedDuration::from_hours(29 * 24);
        let session = store.session(id, later).await.unwrap().unwrap();
        assert_eq!(
            (session.secret_sha256, session.created_at),
            ([1; 32], begun)
        );
        store.session_used(&session, later).await.unwrap();
        let after = begun + SignedDuration::from_hours(58 * 24);
        assert!(store.session(id, after).await.unwrap().is_some());

        let unused = after + SignedDuration::from_hours(2 * 24);
        assert_eq!(store.session(id, unused).await.unwrap(), None);
        assert_eq!(store.sessions(unused).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_use_is_recorded_once_a_minute() {
        let store = store().await;
        let id = store
            .begin_session(&login(1, 1), at("08:00:00"))
            .await
            .unwrap();
        for (used, recorded) in [
            ("08:00:59", "08:00:00"),
            ("08:01:00", "08:01:00"),
            // The clock was set back.
            ("07:30:00", "07:30:00"),
        ] {
            let session = store.session(id, at(used)).await.unwrap().unwrap();
            store.session_used(&session, at(used)).await.unwrap();
            let session = store.session(id, at(used)).await.unwrap().unwrap();
            assert_eq!(session.last_used_at, at(recorded), "{used}");
        }
    }

    #[tokio::test]
    async fn a_login_with_a_new_password_deletes_the_sessions_of_the_old_one() {
        let store = store().await;
        let now = at("08:00:00");
        let old = store.begin_session(&login(1, 1), now).await.unwrap();
        let same = store.begin_session(&login(2, 1), now).await.unwrap();
        assert_eq!(store.sessions(now).await.unwrap().len(), 2);

        let new = store.begin_session(&login(3, 2), now).await.unwrap();
        let left = store.sessions(now).await.unwrap();
        assert_eq!(left.iter().map(|one| one.id).collect::<Vec<_>>(), [new]);
        assert!(!store.end_session(old).await.unwrap() && new > same);
        assert!(store.end_session(new).await.unwrap());
        assert_eq!(store.end_all_sessions().await.unwrap(), 0);
    }
}
