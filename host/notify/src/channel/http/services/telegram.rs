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

    let server = match server {
        Some(server) => server.clone(),
        None => SERVER.parse().map_err(|_invalid| HttpError::Settings {
            wrong: "the public server has no valid address".to_owned(),
            remedy: "set `url` of the channel".to_owned(),
        })?,
    };
    let bot = format!("bot{}", token.expose());
    let url = below(&server, [bot.as_str(), "sendMessage"])?;
    Ok(ServiceRequest::post(url, &body))
}
