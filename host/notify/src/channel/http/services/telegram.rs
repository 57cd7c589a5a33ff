//! Telegram: [`sendMessage`](https://core.telegram.org/bots/api#sendmessage) of a bot.

use job_scanner_core::secret::Secret;
use serde_json::json;
use url::Url;

use crate::channel::http::error::HttpError;
use crate::channel::http::outgoing::Outgoing;
use crate::channel::http::request::{ServiceRequest, below};
use crate::message::chat::{Limit, Markup};

/// The public server.
const SERVER: &str = "https://api.telegram.org";

/// The longest text is 4,096 characters after the mark-up is read. The title takes some of them.
const LIMIT: Limit = Limit::Utf16(3_800);

pub(super) fn request(
    server: Option<&Url>,
    token: &Secret,
    chat: &str,
    outgoing: Outgoing<'_>,
) -> Result<ServiceRequest, HttpError> {
    let message = outgoing.text(Markup::Telegram, LIMIT)?;
    let title = Markup::Telegram.escaped(&message.title);
    let body = json!({
        "chat_id": chat,
        "text": format!("<b>{title}</b>\n{}", message.body),
        "parse_mode": "HTML",
        "link_preview_options": { "is_disabled": true },
    });

    let url = method(server, token, "sendMessage")?;
    Ok(ServiceRequest::post(url, &body))
}

/// Returns the request that reads the chat
/// ([`getChat`](https://core.telegram.org/bots/api#getchat)). Unlike `getMe`, it fails if the bot
/// has no access to the chat.
pub(super) fn probe(
    server: Option<&Url>,
    token: &Secret,
    chat: &str,
) -> Result<ServiceRequest, HttpError> {
    let url = method(server, token, "getChat")?;
    Ok(ServiceRequest::post(url, &json!({ "chat_id": chat })))
}

/// Returns the URL of a method of the bot.
fn method(server: Option<&Url>, token: &Secret, name: &str) -> Result<Url, HttpError> {
    let server = match server {
        Some(server) => server.clone(),
        None => SERVER.parse().map_err(|_invalid| HttpError::Settings {
            wrong: "the public server has no valid address".to_owned(),
            remedy: "set `url` of the channel".to_owned(),
        })?,
    };
    let bot = format!("bot{}", token.expose());
    below(&server, [bot.as_str(), name])
}
