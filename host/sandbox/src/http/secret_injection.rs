//! Inserts secrets into requests when they are sent.
//!
//! All code above [`Transport`](crate::http::transport::Transport) sees placeholders, so logs,
//! validators, cassettes and the guest's response contain no secret.

use std::borrow::Cow;
use std::collections::BTreeSet;

use job_scanner_core::adapter::{replace_secrets, secret_mentions, secret_text};
use reqwest::header::{HeaderMap, HeaderValue};
use url::Url;

use crate::http::outgoing::{OutgoingRequest, mentions_secret, text};
use crate::http::types::HttpError;
use crate::secrets::Secrets;

impl OutgoingRequest {
    /// Returns the options whose placeholders are in the URL or the headers.
    pub(crate) fn mentioned_secrets(&self) -> BTreeSet<&str> {
        let in_headers = self
            .headers
            .values()
            .filter_map(text)
            .flat_map(secret_mentions);

        secret_mentions(self.url.as_str())
            .chain(in_headers)
            .map(|mention| mention.option)
            .collect()
    }

    /// Returns the URL and the headers with values instead of placeholders.
    pub(crate) fn with_secret_values(
        &self,
        secrets: &Secrets,
    ) -> Result<(Url, HeaderMap), HttpError> {
        let mentioned = self.mentioned_secrets();
        if mentioned.is_empty() {
            return Ok((self.url.clone(), self.headers.clone()));
        }

        let unknown = mentioned
            .into_iter()
            .find(|option| secrets.value(option).is_none());
        if let Some(option) = unknown {
            return Err(HttpError::InvalidRequest(format!(
                "the source has no value for the secret `{option}`"
            )));
        }

        let mut headers = self.headers.clone();
        for value in headers.values_mut().filter(|value| mentions_secret(value)) {
            *value = filled_header(value, secrets)?;
        }

        Ok((filled_url(&self.url, secrets)?, headers))
    }
}

/// Returns the URL as guests and people see it, with the braces of placeholders unescaped in the
/// path too.
pub(crate) fn display_url(url: &Url) -> String {
    replace_secrets(url.as_str(), |option| secret_text(option).into()).into_owned()
}

fn filled_url(url: &Url, secrets: &Secrets) -> Result<Url, HttpError> {
    let text = replace_secrets(url.as_str(), |option| {
        secrets.in_url(option).unwrap_or_default()
    });

    let filled = Url::parse(&text)
        .ok()
        .filter(|filled| filled.origin() == url.origin());

    // Placeholders are in the path and the query, and the inserted values are percent-encoded, so
    // parsing and the origin check fail only for a URL without a place for them.
    filled.ok_or_else(|| {
        HttpError::InvalidRequest("a secret cannot be inserted into this URL".to_owned())
    })
}

fn filled_header(value: &HeaderValue, secrets: &Secrets) -> Result<HeaderValue, HttpError> {
    let text = replace_secrets(text(value).unwrap_or_default(), |option| {
        secrets
            .value(option)
            .map_or(Cow::Borrowed(""), Cow::Borrowed)
    });

    let mut filled = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| {
        HttpError::InvalidRequest("a secret is not a valid header value".to_owned())
    })?;
    filled.set_sensitive(true);
    Ok(filled)
}
