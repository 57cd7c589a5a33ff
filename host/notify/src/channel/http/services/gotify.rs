//! Gotify: [`POST /message`](https://gotify.net/api-docs#/message/createMessage).

use job_scanner_core::secret::Secret;
use serde_json::json;
use url::Url;

use crate::channel::http::error::HttpError;
use crate::channel::http::outgoing::Outgoing;
use crate::channel::http::request::{ServiceRequest, below};
use crate::message::chat::{Limit, Markup};

/// Gotify has no limit of its own; longer messages are hard to read in its apps.
const LIMIT: Limit = Limit::Bytes(32_000);

pub(super) fn request(
    server: &Url,
    token: &Secret,
    priority: Option<u8>,
    outgoing: Outgoing<'_>,
) -> Result<ServiceRequest, HttpError> {
    let message = outgoing.text(Markup::Markdown, LIMIT)?;
    let mut body = json!({
        "title": message.title,
        "message": message.body,
        "extras": { "client::display": { "contentType": "text/markdown" } },
    });
    if let Some(priority) = priority {
        body["priority"] = priority.into();
    }
    if let Some(link) = message.link {
        body["extras"]["client::notification"] = json!({ "click": { "url": link } });
    }

    let request = ServiceRequest::post(below(server, ["message"])?, &body);
    Ok(request.with_header("x-gotify-key", token.expose()))
}

/// Returns the request for the [version](https://gotify.net/api-docs#/version/getVersion) of the
/// server. The token of an application permits no other request than that of a message.
pub(super) fn probe(server: &Url) -> Result<ServiceRequest, HttpError> {
    Ok(ServiceRequest::get(below(server, ["version"])?))
}
