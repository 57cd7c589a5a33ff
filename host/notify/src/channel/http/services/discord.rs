//! Discord: a [webhook](https://docs.discord.com/developers/resources/webhook#execute-webhook).

use serde_json::json;
use url::Url;

use crate::channel::http::error::HttpError;
use crate::channel::http::outgoing::Outgoing;
use crate::channel::http::request::ServiceRequest;
use crate::message::chat::{Limit, Markup};

/// The longest description and title of an embed
/// ([limits](https://docs.discord.com/developers/resources/message#embed-object-embed-limits)).
const LIMIT: Limit = Limit::Utf16(4_096);
const TITLE_CHARS: usize = 256;

pub(super) fn request(mut url: Url, outgoing: Outgoing<'_>) -> Result<ServiceRequest, HttpError> {
    let message = outgoing.text(Markup::Markdown, LIMIT)?;
    // Discord answers only after it has stored the message.
    url.query_pairs_mut().append_pair("wait", "true");
    let title: String = message.title.chars().take(TITLE_CHARS / 2).collect();
    let body = json!({
        "embeds": [{ "title": Markup::Markdown.escaped(&title), "description": message.body }],
        "allowed_mentions": { "parse": [] },
    });
    Ok(ServiceRequest::post(url, &body))
}
