//! The checks of passwords: few at the same time, and few for each client.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use job_scanner_core::secret::Secret;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::access::login::password::is_password;
use crate::access::login::rate::LoginRate;

/// The passwords that are hashed at the same time: each takes 20 MB and one processor.
const AT_ONCE: usize = 2;

/// The time that a login waits for others. Logins that wait longer come from an attack.
const WAIT: Duration = Duration::from_secs(5);

/// The state of all logins.
pub(crate) struct Logins {
    rate: Mutex<LoginRate>,
    hashing: Arc<Semaphore>,
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked {
    Right,
    Wrong,
    /// The client has tried too often. It may try again after this time.
    TooOften(Duration),
    /// Too many others try at the same time.
    Busy,
}

impl Default for Logins {
    fn default() -> Self {
        Self {
            rate: Mutex::default(),
            hashing: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Logins {
    /// Checks the password that a client gave.
    pub(crate) async fn check(
        &self,
        client: Option<IpAddr>,
        password: String,
        hash: Secret,
    ) -> Checked {
        let counted = {
            let mut rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
            rate.count(client, Instant::now())
        };
        if let Err(wait) = counted {
            return Checked::TooOften(wait);
        }

        let turn = Arc::clone(&self.hashing).acquire_owned();
        let Ok(Ok(turn)) = tokio::time::timeout(WAIT, turn).await else {
            return Checked::Busy;
        };
        // The turn ends with the hashing, even if the client goes away meanwhile.
        let checked = tokio::task::spawn_blocking(move || {
            let is_right = is_password(&password, &hash);
            drop(turn);
            is_right
        });
        match checked.await {
            Ok(true) => Checked::Right,
            Ok(false) | Err(_) => Checked::Wrong,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::poll;

    use super::*;

    #[tokio::test]
    async fn a_third_password_waits_until_one_of_two_is_checked() {
        let logins = Logins::default();
        let hashing = Arc::clone(&logins.hashing);
        let one = Arc::clone(&hashing).acquire_owned().await.unwrap();
        let _other = hashing.acquire_owned().await.unwrap();

        let hash = Secret::new("the hash of no password");
        let mut third = Box::pin(logins.check(None, "a password".to_owned(), hash));
        assert!(poll!(&mut third).is_pending());
        drop(one);
        assert_eq!(third.await, Checked::Wrong);
    }
}
