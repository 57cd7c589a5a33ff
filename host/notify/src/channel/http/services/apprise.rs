//! Apprise: the [`notify` endpoint](https://github.com/caronc/apprise-api#api-details) of its
//! server, which sends the message on to the services that its own configuration names.

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
        // Some services have no title. Apprise then puts it into the text, where `@name` is a
        // mention.
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

/// Returns the request for the [status](https://github.com/caronc/apprise-api#api-details) of the
/// server; `None` if the URL does not lead to an endpoint whose neighbour is known.
pub(super) fn probe(notify_url: &Url) -> Option<ServiceRequest> {
    let mut segments = notify_url.path_segments()?;
    let before = segments.by_ref().take_while(|name| *name != "notify");
    let before: Vec<&str> = before.collect();
    // With the segments that are left, the URL had one named `notify`.
    let _key = segments.next()?;

    let mut url = notify_url.clone();
    url.set_query(None);
    url.path_segments_mut()
        .ok()?
        .clear()
        .extend(before)
        .push("status");
    Some(ServiceRequest::get(url).with_header("accept", "application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_next_to_the_notify_endpoint() {
        for (url, status) in [
            (
                "http://127.0.0.1:8000/notify/jobs?x=1",
                Some("http://127.0.0.1:8000/status"),
            ),
            (
                "https://a.example/apprise/notify/jobs/",
                Some("https://a.example/apprise/status"),
            ),
            ("https://a.example/proxy/jobs", None),
        ] {
            let probe = probe(&url.parse().unwrap());
            let found = probe.as_ref().map(|request| request.url.as_str());
            assert_eq!(found, status);
        }
    }
}
