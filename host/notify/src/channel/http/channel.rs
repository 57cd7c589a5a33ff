//! Sends messages to a service over HTTP.

use std::fmt;
use std::net::IpAddr;
#[cfg(test)]
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
#[cfg(test)]
use job_scanner_config::Environment;
use job_scanner_config::{ChannelConfig, ChannelSettings, SecretPlaces};
use job_scanner_core::channel::ChannelKind;
use job_scanner_outbound::{HttpClients, RateLimiter};
use job_scanner_store::ClaimedDelivery;

use super::error::HttpError;
use super::outgoing::{Outgoing, SecretReader};
use super::request::ServiceRequest;
use super::response::ServiceResponse;
use super::services;
use crate::channel::recipient::Recipient;
use crate::channel::send_error::SendError;
use crate::channel::sent_message::SentMessage;
use crate::message::Note;
use crate::message::chat::ChatMessage;
use crate::message::content::{MessageContent, PageAddress};
use crate::message::template::Templates;
use crate::message_id::letters_and_digits;

/// The time limit of a request. Services that reach others in turn answer late.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// A channel that is reached by one request per message.
#[derive(Clone)]
pub struct HttpChannel {
    config: ChannelConfig,
    secrets: SecretPlaces,
    clients: HttpClients,
    rate_limiter: Arc<RateLimiter>,
    time_limit: Duration,
    templates: Templates,
    page: Option<PageAddress>,
}

impl HttpChannel {
    /// Creates a channel. Reads no secret and does not connect.
    pub fn new(config: ChannelConfig, secrets: SecretPlaces, clients: HttpClients) -> Self {
        let rate_limiter = clients
            .rate_limiter(&format!("channel {}", config.name))
            .into();
        Self {
            config,
            secrets,
            clients,
            rate_limiter,
            time_limit: TIME_LIMIT,
            templates: Templates::default(),
            page: None,
        }
    }

    /// Returns the channel with other templates.
    #[must_use]
    pub fn with_templates(self, templates: Templates) -> Self {
        Self { templates, ..self }
    }

    /// Returns the channel with the address to which its messages link.
    #[must_use]
    pub fn with_page(self, page: Option<PageAddress>) -> Self {
        Self { page, ..self }
    }

    /// Returns the channel with another name.
    #[cfg(test)]
    pub(super) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.config.name);
        self
    }

    /// Returns the channel with another time limit.
    #[cfg(test)]
    pub(super) fn with_time_limit(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// Returns the channel in an environment without its secrets.
    #[cfg(test)]
    pub(super) fn without_secrets(self) -> Self {
        let secrets = SecretPlaces::new(Environment::default(), PathBuf::new());
        Self { secrets, ..self }
    }

    /// Returns the one recipient of the channel.
    pub(crate) fn recipient(&self) -> Recipient {
        Recipient::named(self.kind(), self.name(), self.config.rhythm.clone())
    }

    /// Returns the name in the configuration, which stands for the recipient.
    pub(crate) fn name(&self) -> &str {
        &self.config.name
    }

    /// Returns the kind of the channel.
    pub(crate) fn kind(&self) -> ChannelKind {
        self.config.settings.kind()
    }

    pub(super) fn settings(&self) -> &ChannelSettings {
        &self.config.settings
    }

    pub(super) fn secret_places(&self) -> &SecretPlaces {
        &self.secrets
    }

    /// Makes one attempt at a delivery.
    pub(crate) async fn send(
        &self,
        delivery: &ClaimedDelivery,
        now: Timestamp,
    ) -> Result<SentMessage, SendError> {
        let content = MessageContent::of(delivery, self.page.as_ref());
        let id = letters_and_digits(&delivery.message_id);
        // A process that died during an attempt may have handed the message over.
        let may_have_arrived = delivery.uncertain || delivery.unfinished > 0;
        let message = ChatMessage::Delivery {
            content: &content,
            repeated: may_have_arrived && !self.recognizes_repetition(),
        };
        self.request(&id, message, now).await?;
        Ok(SentMessage::without_closing())
    }

    /// Sends a note.
    pub(crate) async fn send_note(&self, note: &Note<'_>, now: Timestamp) -> Result<(), SendError> {
        let id = format!("{}{}", note.name, now.as_millisecond());
        self.request(&id, ChatMessage::Note(note), now).await?;
        Ok(())
    }

    /// Returns true if the service recognizes a repeated message by its id.
    fn recognizes_repetition(&self) -> bool {
        matches!(
            self.config.settings,
            ChannelSettings::Webhook { .. } | ChannelSettings::Matrix { .. }
        )
    }

    async fn request(
        &self,
        id: &str,
        message: ChatMessage<'_>,
        now: Timestamp,
    ) -> Result<(), HttpError> {
        let mut secrets = SecretReader::new(&self.secrets);
        let outgoing = Outgoing {
            message,
            id,
            now,
            templates: &self.templates,
        };
        let request = services::request(&self.config.settings, &mut secrets, outgoing)?;

        let response = match self.sent(request).await {
            Ok(response) => response,
            Err(failure) => return Err(failure.redacted(&secrets)),
        };
        response
            .outcome(self.recognizes_repetition())
            .map_err(|error| error.redacted(&secrets))
    }

    /// Sends a request, if its address is permitted and the rate of the service admits it.
    pub(super) async fn sent(&self, request: ServiceRequest) -> Result<ServiceResponse, HttpError> {
        let rule = request.address_rule();
        let host = request.url.host_str().unwrap_or_default().to_owned();
        // The resolver checks the addresses of names only.
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            rule.check(&host, address)
                .map_err(|denied| HttpError::NotSent {
                    reason: denied.to_string(),
                })?;
        }

        let rate = services::requests_per_second(self.kind());
        self.rate_limiter.wait(&host, Some(rate)).await;
        let mut builder = self
            .clients
            .under(rule)
            .request(request.method, request.url)
            .timeout(self.time_limit)
            .header("content-type", "application/json");
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        match builder.body(request.body).send().await {
            Ok(response) => Ok(ServiceResponse::read(response).await),
            Err(error) => Err(self.not_answered(error)),
        }
    }

    /// Classifies a request without a response. The URL is left out, since it may be a secret.
    fn not_answered(&self, error: reqwest::Error) -> HttpError {
        let was_sent = !error.is_connect() && !error.is_builder();
        let error = error.without_url();
        let mut cause: &dyn std::error::Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        let reason = if error.is_timeout() {
            format!("no answer within {:?}", self.time_limit)
        } else {
            cause.to_string()
        };
        if was_sent {
            HttpError::Unconfirmed {
                reason,
                repeatable: self.recognizes_repetition(),
            }
        } else {
            HttpError::NotSent { reason }
        }
    }
}

/// Prints the name only. The settings name places of secrets.
impl fmt::Debug for HttpChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpChannel")
            .field("name", &self.config.name)
            .finish_non_exhaustive()
    }
}
