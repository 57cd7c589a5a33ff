//! A message on its way to a service, and the settings of the service with its secrets.

use jiff::Timestamp;
use job_scanner_config::{SecretPlace, SecretPlaces, UrlPlace, channel_url};
use job_scanner_core::secret::Secret;
use url::Url;

use super::error::HttpError;
use crate::message::chat::{ChatMessage, ChatText, Limit, Markup, render};
use crate::message::template::Templates;

/// Shorter parts of a URL are words rather than keys.
const MIN_KEY_BYTES: usize = 8;

/// A message that is sent as one request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outgoing<'a> {
    pub(super) message: ChatMessage<'a>,
    /// The same for every attempt at the delivery; letters and digits.
    pub(super) id: &'a str,
    pub(super) now: Timestamp,
    pub(super) templates: &'a Templates,
}

impl Outgoing<'_> {
    /// Renders the message.
    ///
    /// # Errors
    ///
    /// Fails with [`HttpError::TooLong`] if the message has to be split.
    pub(super) fn text(self, markup: Markup, limit: Limit) -> Result<ChatText, HttpError> {
        render(self.message, markup, limit, self.templates)?.map_err(|_too_long| HttpError::TooLong)
    }
}

/// Reads the secrets of a channel, and remembers them so that no error shows one.
#[derive(Debug)]
pub(super) struct SecretReader<'a> {
    places: &'a SecretPlaces,
    read: Vec<Secret>,
}

impl<'a> SecretReader<'a> {
    /// Creates a reader that has read no secret.
    pub(super) fn new(places: &'a SecretPlaces) -> Self {
        Self {
            places,
            read: Vec::new(),
        }
    }

    /// Reads a secret.
    ///
    /// # Errors
    ///
    /// Fails with [`HttpError::Settings`] if the place has no usable value.
    pub(super) fn secret(&mut self, place: &SecretPlace) -> Result<Secret, HttpError> {
        let secret = self.places.read(place.as_str());
        let secret = secret.map_err(|error| HttpError::Settings {
            wrong: error.wrong,
            remedy: error.remedy,
        })?;
        self.read.push(secret.clone());
        Ok(secret)
    }

    /// Returns a URL, which may be a secret as a whole.
    ///
    /// # Errors
    ///
    /// Fails with [`HttpError::Settings`] if the place has no value, or the value is not a URL.
    pub(super) fn url(&mut self, url: &UrlPlace) -> Result<Url, HttpError> {
        match url {
            UrlPlace::Written(url) => Ok(url.clone()),
            UrlPlace::Secret(place) => self.secret_url(place),
        }
    }

    /// Reads a URL that is a secret.
    ///
    /// # Errors
    ///
    /// As [`SecretReader::url`].
    pub(super) fn secret_url(&mut self, place: &SecretPlace) -> Result<Url, HttpError> {
        let secret = self.secret(place)?;
        let url = channel_url(secret.expose()).map_err(|wrong| HttpError::Settings {
            wrong: format!("the value of `{}` {wrong}", place.as_str()),
            remedy: "copy the whole URL from the service".to_owned(),
        })?;
        // A server may repeat the path, or the key at its end.
        let path = url.path().trim_matches('/');
        let key = path.rsplit('/').next().unwrap_or_default();
        let parts = [path, key]
            .into_iter()
            .filter(|part| part.len() >= MIN_KEY_BYTES);
        self.read.extend(parts.map(Secret::new));
        Ok(url)
    }

    /// Returns the text without any secret that was read.
    pub(super) fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.read {
            text = secret.redact(&text);
        }
        text
    }
}
