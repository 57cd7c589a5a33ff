//! Slack: an [incoming webhook](https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).

use serde_json::json;
use url::Url;

use crate::channel::http::error::HttpError;
use crate::channel::http::outgoing::Outgoing;
use crate::channel::http::request::ServiceRequest;
use crate::message::chat::{Limit, Markup};

/// Slack cuts longer texts ([text](https://docs.slack.dev/reference/methods/chat.postMessage)). The
/// title is sent in the same text.
const LIMIT: Limit = Limit::Utf16(38_000);

pub(super) fn request(url: Url, outgoing: Outgoing<'_>) -> Result<ServiceRequest, HttpError> {
    let message = outgoing.text(Markup::Slack, LIMIT)?;
    let title = Markup::Slack.escaped(&message.title);
    let body = json!({
        "text": format!("*{title}*\n{}", message.body),
        "mrkdwn": true,
        "unfurl_links": false,
        "unfurl_media": false,
    });
    Ok(ServiceRequest::post(url, &body))
}
