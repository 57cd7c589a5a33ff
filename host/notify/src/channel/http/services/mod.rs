//! One file per service: its request, its mark-up and its limit.

mod apprise;
mod discord;
mod gotify;
mod matrix;
mod ntfy;
mod probe;
mod slack;
mod telegram;
mod webhook;

use job_scanner_config::ChannelSettings;
use job_scanner_core::channel::ChannelKind;

pub(super) use probe::{Probe, probe, verdict};

use super::error::HttpError;
use super::outgoing::{Outgoing, SecretReader};
use super::request::ServiceRequest;

/// Returns the request that carries a message.
///
/// # Errors
///
/// Fails if a secret is missing, or if the message is too long and has to be split.
pub(super) fn request(
    settings: &ChannelSettings,
    secrets: &mut SecretReader<'_>,
    outgoing: Outgoing<'_>,
) -> Result<ServiceRequest, HttpError> {
    match settings {
        ChannelSettings::Email { .. } => Err(HttpError::Settings {
            wrong: "mail is not sent over HTTP".to_owned(),
            remedy: "report this as a bug".to_owned(),
        }),
        ChannelSettings::Webhook { url, secret } => {
            let url = secrets.url(url)?;
            let key = secret
                .as_ref()
                .map(|place| secrets.secret(place))
                .transpose()?;
            webhook::request(url, key.as_ref(), outgoing)
        }
        ChannelSettings::Slack { webhook } => {
            slack::request(secrets.secret_url(webhook)?, outgoing)
        }
        ChannelSettings::Discord { webhook } => {
            discord::request(secrets.secret_url(webhook)?, outgoing)
        }
        ChannelSettings::Telegram { token, chat, url } => {
            telegram::request(url.as_ref(), &secrets.secret(token)?, chat, outgoing)
        }
        ChannelSettings::Ntfy {
            url,
            token,
            priority,
        } => {
            let url = secrets.url(url)?;
            let token = token
                .as_ref()
                .map(|place| secrets.secret(place))
                .transpose()?;
            ntfy::request(&url, token.as_ref(), *priority, outgoing)
        }
        ChannelSettings::Gotify {
            url,
            token,
            priority,
        } => gotify::request(url, &secrets.secret(token)?, *priority, outgoing),
        ChannelSettings::Matrix { url, token, room } => {
            matrix::request(url, &secrets.secret(token)?, room, outgoing)
        }
        ChannelSettings::Apprise { url, tag } => {
            apprise::request(secrets.url(url)?, tag.as_deref(), outgoing)
        }
    }
}

/// Returns the number of requests per second that the service admits for one receiver.
///
/// [Slack](https://docs.slack.dev/apis/web-api/rate-limits) and
/// [Telegram](https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)
/// admit one per second; [Discord](https://docs.discord.com/developers/topics/rate-limits) limits
/// webhooks to about 30 per minute. The others have no published limit.
pub(super) fn requests_per_second(kind: ChannelKind) -> f64 {
    match kind {
        ChannelKind::Discord => 0.5,
        ChannelKind::Slack | ChannelKind::Telegram => 1.0,
        ChannelKind::Ntfy | ChannelKind::Gotify | ChannelKind::Matrix | ChannelKind::Apprise => 2.0,
        ChannelKind::Mail | ChannelKind::Webhook => 10.0,
    }
}
