//! Apprise: the [`notify` endpoint](https://github.com/caronc/apprise-api#api-details) of its server,
//! which sends the message on to the services that its own configuration names.

use serde_json::json;
use url::Url;

use crate::channel::http::error::HttpError;
use crate::channel::http::outgoing::Outgoing;
use crate::channel::http::request::ServiceRequest;
use crate::message::chat::{Limit, Markup};

/// Apprise cuts or splits the text for each service. Most of them accept this much.
const LIMIT: Limit = Limit::Bytes(8_000);

pub(super) fn request(
    url: Url,
    tag: Option<&str>,
    outgoing: Outgoing<'_>,
) -> Result<ServiceRequest, HttpError> {
    let message = outgoing.text(Markup::Markdown, LIMIT)?;
    let mut body = json!({
        // Some services have no title. Apprise then puts it into the text, where `@name` is a mention.
        "title": message.title.replace('@', "@\u{2060}"),
        "body": message.body,
        "type": "info",
        "format": "markdown",
    });
    if let Some(tag) = tag {
        body["tag"] = tag.into();
    }
    Ok(ServiceRequest::post(url, &body))
}
