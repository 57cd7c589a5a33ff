//! The requests that try a service without a message, and the responses that say that a message
//! would be accepted.

use job_scanner_config::ChannelSettings;
use reqwest::StatusCode;
use serde_json::Value;

use super::{apprise, gotify, matrix, ntfy, telegram};
use crate::channel::http::error::HttpError;
use crate::channel::http::outgoing::SecretReader;
use crate::channel::http::request::ServiceRequest;
use crate::channel::http::response::ServiceResponse;

/// The way to try a service.
#[derive(Debug)]
pub(in crate::channel::http) enum Probe {
    Request(ServiceRequest),
    /// The service has no request without a message. This is the reason.
    NotPossible(&'static str),
}

/// Returns the request that tries a service.
///
/// # Errors
///
/// Fails if a secret or a setting cannot be used.
pub(in crate::channel::http) fn probe(
    settings: &ChannelSettings,
    secrets: &mut SecretReader<'_>,
) -> Result<Probe, HttpError> {
    let request = match settings {
        ChannelSettings::Email { .. } => {
            return Ok(Probe::NotPossible("mail is checked as `mail`"));
        }
        // The secrets are read, so that a missing one is found.
        ChannelSettings::Webhook { url, secret } => {
            secrets.url(url)?;
            if let Some(place) = secret {
                secrets.secret(place)?;
            }
            return Ok(Probe::NotPossible("a webhook accepts messages only"));
        }
        ChannelSettings::Slack { webhook } => {
            secrets.secret_url(webhook)?;
            return Ok(Probe::NotPossible(
                "a webhook of Slack accepts messages only",
            ));
        }
        ChannelSettings::Discord { webhook } => ServiceRequest::get(secrets.secret_url(webhook)?),
        ChannelSettings::Telegram { token, chat, url } => {
            telegram::probe(url.as_ref(), &secrets.secret(token)?, chat)?
        }
        ChannelSettings::Ntfy { url, token, .. } => {
            let url = secrets.url(url)?;
            let token = token.as_ref().map(|place| secrets.secret(place));
            ntfy::probe(&url, token.transpose()?.as_ref())?
        }
        ChannelSettings::Gotify { url, token, .. } => {
            secrets.secret(token)?;
            gotify::probe(url)?
        }
        ChannelSettings::Matrix { url, token, room } => {
            matrix::probe(url, &secrets.secret(token)?, room)?
        }
        ChannelSettings::Apprise { url, .. } => match apprise::probe(&secrets.url(url)?) {
            Some(request) => request,
            None => {
                return Ok(Probe::NotPossible(
                    "the URL does not contain `/notify/`, so the status of the server has no known address",
                ));
            }
        },
    };
    Ok(Probe::Request(request))
}

/// Returns the conclusion from a response, or the advice if a message would not be accepted. A page
/// of another server may answer with 200 too, so the content has to be that of the service.
pub(in crate::channel::http) fn verdict(
    settings: &ChannelSettings,
    response: &ServiceResponse,
) -> Result<&'static str, &'static str> {
    let body: Value = serde_json::from_str(&response.body).unwrap_or_default();
    let status = response.status;
    match settings {
        ChannelSettings::Discord { .. } => discord_verdict(status, &body),
        ChannelSettings::Telegram { .. } => telegram_verdict(status, &body),
        ChannelSettings::Ntfy { token, .. } if status.is_success() && body["healthy"] == true => {
            Ok(match token {
                Some(_) => "the server accepts the token",
                None => "the server is healthy",
            })
        }
        ChannelSettings::Gotify { .. } if status.is_success() && body["version"].is_string() => {
            Ok("the server answers; only a message tests the token")
        }
        ChannelSettings::Matrix { .. } => matrix_verdict(status, &body),
        ChannelSettings::Apprise { .. } => apprise_verdict(status),
        _ => Err(advice(status)),
    }
}

fn discord_verdict(status: StatusCode, body: &Value) -> Result<&'static str, &'static str> {
    match status.as_u16() {
        200 if body["id"].is_string() => Ok("the webhook exists"),
        401 | 404 => Err("copy the URL of the webhook again"),
        _ => Err(advice(status)),
    }
}

fn telegram_verdict(status: StatusCode, body: &Value) -> Result<&'static str, &'static str> {
    match status.as_u16() {
        200 if body["ok"] == true => Ok("the bot has access to the chat"),
        401 | 404 => Err("copy the token from @BotFather again"),
        400 | 403 => Err("correct `chat`, and write a message to the bot or add it to the group"),
        _ => Err(advice(status)),
    }
}

fn matrix_verdict(status: StatusCode, body: &Value) -> Result<&'static str, &'static str> {
    match status.as_u16() {
        200 if body["algorithm"].is_string() => {
            Err("the room is encrypted; create one without encryption")
        }
        401 => Err("correct the access token"),
        403 => Err("correct `room`, and let the account join it"),
        404 if body["errcode"] == "M_NOT_FOUND" => Ok("the account is in the room"),
        _ => Err(advice(status)),
    }
}

/// The status of Apprise has no fixed content. With 417, it says that a part of the server fails.
fn apprise_verdict(status: StatusCode) -> Result<&'static str, &'static str> {
    match status.as_u16() {
        200..=299 => Ok("the server answers; only a message tests its own services"),
        417 | 500 => Err("look at `/status` of the Apprise server, which reports a problem"),
        _ => Err(advice(status)),
    }
}

/// Returns the advice for a status that means the same for all services.
fn advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200..=299 => "this is not the answer of such a service; correct the URL",
        300..=399 => "it redirects; write the URL to which it redirects into the configuration",
        401 | 403 => "correct the token and its permissions",
        408 | 425 | 429 | 500..=599 => "the service is busy or fails; check again later",
        _ => "correct the URL",
    }
}
