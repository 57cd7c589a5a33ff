//! Secrets on their way into a request: which it mentions, and their values, put in when it leaves.
//!
//! Everything above [`Transport`](crate::http::transport::Transport) sees the text that stands for a secret,
//! so that logs, validators, cassettes and the guest's own answer have nothing else.

use std::borrow::Cow;
use std::collections::BTreeSet;

use job_scanner_core::adapter::{replace_secrets, secret_mentions, secret_text};
use reqwest::header::{HeaderMap, HeaderValue};
use url::Url;

use crate::http::outgoing::{OutgoingRequest, mentions_secret, text};
use crate::http::types::HttpError;
use crate::secrets::Secrets;

impl OutgoingRequest {
    /// The options whose secrets stand in its URL or headers.
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

    /// URL and headers with the values in their places.
    pub(crate) fn with_secret_values(&self, secrets: &Secrets) -> Result<(Url, HeaderMap), HttpError> {
        let mentioned = self.mentioned();
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

/// A URL as guests and people see it: in its path, too, braces are braces.
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

    // The mentions stand in path and query, and what is put there is percent-encoded.
    filled.ok_or_else(|| HttpError::InvalidRequest("a secret has no place in this URL".to_owned()))
}

fn filled_header(value: &HeaderValue, secrets: &Secrets) -> Result<HeaderValue, HttpError> {
    let text = replace_secrets(text(value).unwrap_or_default(), |option| {
        secrets
            .value(option)
            .map_or(Cow::Borrowed(""), Cow::Borrowed)
    });

    let mut filled = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| {
        HttpError::InvalidRequest("a secret is none that fits into a header".to_owned())
    })?;
    filled.set_sensitive(true);
    Ok(filled)
}
