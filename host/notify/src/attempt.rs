//! One attempt at a delivery, isolated: its channel may hang or panic, and the message may end the
//! process.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use job_scanner_store::ClaimedDelivery;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::channel::{Channels, SentMessage, SendError};

/// The time that one attempt may take, quick retries included; longer is a hang.
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_mins(4);

/// So many attempts without an end are no accident: a message that ends the process is not tried
/// for ever.
pub(crate) const MAX_UNFINISHED_ATTEMPTS: u32 = 8;

/// The time that a message which is on its way has left when we are to end. What it leaves without
/// an answer goes out again, under the same id.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// Sends a delivery through its channel, which begins no try of its own after `until`. `None` when
/// `stop` is cancelled and the answer takes too long.
pub(crate) async fn send(
    channels: &Arc<Channels>,
    delivery: &Arc<ClaimedDelivery>,
    until: Instant,
    stop: &CancellationToken,
) -> Option<Result<SentMessage, SendError>> {
    if delivery.unfinished >= MAX_UNFINISHED_ATTEMPTS {
        return Some(Err(SendError::PoisonMessage(delivery.unfinished)));
    }

    let channels = Arc::clone(channels);
    let delivery = Arc::clone(delivery);
    let sending = Box::pin(async move {
        let channel = channels.on_record(&delivery.channel)?;
        channel.send(&delivery, until).await
    });
    with_shutdown_grace(isolated(sending), stop).await
}

/// Waits for what is on its way, but not for long once the process is to end.
async fn with_shutdown_grace<T>(
    sending: impl Future<Output = T>,
    stop: &CancellationToken,
) -> Option<T> {
    let mut sending = pin!(sending);
    match stop.run_until_cancelled(sending.as_mut()).await {
        Some(sent) => Some(sent),
        None => tokio::time::timeout(SHUTDOWN_GRACE, sending).await.ok(),
    }
}

/// Runs one channel in a task of its own, so that a panic or a hang in it ends there.
async fn isolated<F, T>(sending: F) -> Result<T, SendError>
where
    F: Future<Output = Result<T, SendError>> + Send + 'static,
    T: Send + 'static,
{
    let in_time = tokio::time::timeout(SEND_TIMEOUT, sending);
    // Once its end is not waited for, it must not go on: its lease is given to the next one then.
    let task = AbortOnDropHandle::new(tokio::spawn(in_time));
    match task.await {
        Ok(Ok(sent)) => sent,
        Ok(Err(_elapsed)) => Err(SendError::TimedOut(SEND_TIMEOUT)),
        Err(ended) => Err(SendError::Panicked(ended.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_store::AlertKind;
    use job_scanner_store::test_support::store;

    use super::*;
    use crate::Remedy;
    use crate::test_support::{delivery_of, full_job};

    #[tokio::test]
    async fn a_delivery_with_many_unfinished_attempts_reaches_no_channel() {
        let store = store().await;
        let mut delivery = delivery_of(&store, full_job("1"), AlertKind::New).await;
        for (unfinished, remedy) in [
            (MAX_UNFINISHED_ATTEMPTS - 1, Remedy::Retry),
            (MAX_UNFINISHED_ATTEMPTS, Remedy::Abandon),
        ] {
            delivery.unfinished = unfinished;
            let no_channels = Arc::new(Channels::default());
            let stop = CancellationToken::new();
            let delivery = Arc::new(delivery.clone());
            let sent = send(&no_channels, &delivery, Instant::now(), &stop).await;
            let failed = sent.unwrap().err().unwrap();
            assert_eq!(failed.remedy(), remedy, "{unfinished}: {failed}");
        }
    }

    #[tokio::test]
    async fn a_channel_that_panics_is_a_failed_attempt() {
        let ended: Result<(), SendError> = isolated(async { panic!("boom") }).await;
        assert!(
            matches!(&ended, Err(SendError::Panicked(said)) if said.contains("boom")),
            "{ended:?}"
        );
        assert_eq!(ended.unwrap_err().remedy(), Remedy::Retry);
    }
}
