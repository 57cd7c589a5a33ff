//! One attempt at a delivery, isolated from the others: its channel may hang or panic, and its
//! message may crash the process.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use job_scanner_store::ClaimedDelivery;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::channel::{Channels, SendError, SentMessage};

/// The time limit of one attempt, including its quick retries.
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_mins(4);

/// The number of unfinished attempts after which a delivery is abandoned. An attempt stays
/// unfinished when the process dies during it; after this many, the message is probably the cause.
pub(crate) const MAX_UNFINISHED_ATTEMPTS: u32 = 8;

/// The time that an attempt in progress has left when the process stops. If it does not finish by
/// then, the message is sent again under the same id.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// Sends a delivery through its channel. The channel begins no quick retry after `until`. Returns
/// `None` if `stop` is cancelled and the attempt does not finish within [`SHUTDOWN_GRACE`].
pub(crate) async fn send(
    channels: &Arc<Channels>,
    delivery: &Arc<ClaimedDelivery>,
    now: Timestamp,
    until: Instant,
    stop: &CancellationToken,
) -> Option<Result<SentMessage, SendError>> {
    if delivery.unfinished >= MAX_UNFINISHED_ATTEMPTS {
        return Some(Err(SendError::PoisonMessage(delivery.unfinished)));
    }

    let channels = Arc::clone(channels);
    let delivery = Arc::clone(delivery);
    let sending = Box::pin(async move {
        let channel = channels.on_record(&delivery.channel, &delivery.recipient)?;
        channel.send(&delivery, now, until).await
    });
    with_shutdown_grace(isolated(sending), stop).await
}

/// Waits for an attempt, but only for [`SHUTDOWN_GRACE`] once `stop` is cancelled.
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

/// Runs an attempt in its own task with a time limit, so that a panic or a hang affects only this
/// attempt.
async fn isolated<F, T>(sending: F) -> Result<T, SendError>
where
    F: Future<Output = Result<T, SendError>> + Send + 'static,
    T: Send + 'static,
{
    let in_time = tokio::time::timeout(SEND_TIMEOUT, sending);
    // The task must not continue after its caller stops waiting, because another process may then
    // claim the delivery.
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
    use job_scanner_store::test_support::{at, store};

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
            let sent = send(
                &no_channels,
                &delivery,
                at("08:16:00"),
                Instant::now(),
                &stop,
            )
            .await;
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
