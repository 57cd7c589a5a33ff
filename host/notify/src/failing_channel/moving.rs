//! Moves: what waits for one channel, which may be removed, goes through another.

use jiff::Timestamp;
use job_scanner_store::{
    Author, Move, Moved, NoticeId, RecipientInWait, RunLockHolder, Store, StoreError,
};

use crate::channel::{Channel, Channels, Recipient};
use crate::lease;
use crate::message_id::message_id;

/// The reason why nothing was moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("no channel is called `{name}`; write one of {}", listed(known))]
    NoChannel { name: String, known: Vec<String> },
    #[error("the deliveries of `{0}` cannot be moved to itself; name another channel")]
    ToItself(String),
    #[error("nothing waits for `{name}`; {}", in_wait(waiting))]
    NothingWaits { name: String, waiting: Vec<String> },
    /// A run in progress may be about to send what would be moved.
    #[error("a run is in progress ({0}); try again after it has ended")]
    Busy(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Moves what waits for the channel `from` to the channel `to`: its pending deliveries, and the
/// alerts that wait for a digest. `from` is a name of the configuration, or the name or address
/// under which deliveries of a removed channel wait. `to` is a channel of the configuration.
///
/// # Errors
///
/// Fails if a channel is not known, if a run is in progress, or if the database fails. Then nothing
/// was moved.
pub async fn move_deliveries(
    store: &Store,
    channels: &Channels,
    (from, to): (&str, &str),
    author: &Author,
    now: Timestamp,
) -> Result<Moved, MoveError> {
    let target = channels.iter().find(|channel| channel.name() == to);
    let Some(target) = target else {
        let known = channels.iter().map(|channel| channel.name().to_owned());
        return Err(MoveError::NoChannel {
            name: to.to_owned(),
            known: known.collect(),
        });
    };

    // A dispatch that is in progress would send what it has read to the old recipients.
    let _lock = match store.try_run_lock(now)? {
        Ok(lock) => lock,
        Err(RunLockHolder(holder)) => return Err(MoveError::Busy(holder)),
    };
    lease::take_back(store, now).await?;

    let recipients = target.recipients();
    let from = sources(store, channels, from, &recipients).await?;
    let names: Vec<String> = recipients.iter().map(|it| it.name().to_owned()).collect();
    let order = Move {
        from: &from,
        kind: target.kind(),
        to: &names,
        to_name: to,
    };
    let id_of = |name: &str, notices: &[NoticeId]| {
        let recipient = recipients.iter().find(|it| it.name() == name);
        let id = recipient.map(|recipient| message_id(recipient, now, &[], notices));
        id.unwrap_or_default()
    };
    Ok(store.move_deliveries(&order, author, now, id_of).await?)
}

/// Returns the recipients that are called `name` and for whom something waits.
async fn sources(
    store: &Store,
    channels: &Channels,
    name: &str,
    to: &[Recipient],
) -> Result<Vec<RecipientInWait>, MoveError> {
    let waiting = store.recipients_in_wait().await?;
    let named = channels.iter().filter(|channel| channel.name() == name);
    let configured: Vec<Recipient> = named.flat_map(Channel::recipients).collect();
    let is_one_of = |recipients: &[Recipient], it: &RecipientInWait| {
        let mut recipients = recipients.iter();
        recipients.any(|known| is_same(known, it))
    };
    if configured.iter().any(|it| to.contains(it)) {
        return Err(MoveError::ToItself(name.to_owned()));
    }

    let of_name = |it: &&RecipientInWait| is_one_of(&configured, it) || it.recipient == name;
    let mut found: Vec<_> = waiting.iter().filter(of_name).cloned().collect();
    if found.is_empty() {
        // The addresses of a removed mail channel wait under its kind, not under its name.
        let of_kind = waiting.iter().filter(|it| it.channel == name);
        found = of_kind.cloned().collect();
    }

    found.retain(|it| !is_one_of(to, it));
    if found.is_empty() {
        let named = waiting.iter().map(|it| it.recipient.clone());
        return Err(MoveError::NothingWaits {
            name: name.to_owned(),
            waiting: named.collect(),
        });
    }
    Ok(found)
}

fn is_same(recipient: &Recipient, waiting: &RecipientInWait) -> bool {
    recipient.channel().as_str() == waiting.channel && recipient.is_on_record_as(&waiting.recipient)
}

fn listed(names: &[String]) -> String {
    format!("`{}`", names.join("`, `"))
}

fn in_wait(names: &[String]) -> String {
    if names.is_empty() {
        return "no delivery waits".to_owned();
    }
    format!("deliveries wait for {}", listed(names))
}
