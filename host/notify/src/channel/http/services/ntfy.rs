//! ntfy: [publishing as JSON](https://docs.ntfy.sh/publish/#publish-as-json).

use job_scanner_config::NtfyPriority;
use job_scanner_core::secret::Secret;
use serde_json::json;
use url::Url;

use crate::channel::http::error::HttpError;
use crate::channel::http::outgoing::Outgoing;
use crate::channel::http::request::{ServiceRequest, below};
use crate::message::chat::{Limit, Markup};

/// A longer message becomes an attachment ([limits](https://docs.ntfy.sh/publish/#limitations)).
const LIMIT: Limit = Limit::Bytes(4_096);

pub(super) fn request(
    topic_url: &Url,
    token: Option<&Secret>,
    priority: Option<NtfyPriority>,
    outgoing: Outgoing<'_>,
) -> Result<ServiceRequest, HttpError> {
    let message = outgoing.text(Markup::Plain, LIMIT)?;
    let (server, topic) = server_and_topic(topic_url)?;
    let mut body = json!({ "topic": topic, "title": message.title, "message": message.body });
    if let Some(priority) = priority {
        body["priority"] = level(priority).into();
    }
    if let Some(link) = message.link {
        body["click"] = link.into();
    }

    let request = ServiceRequest::post(server, &body);
    Ok(with_token(request, token))
}

/// Returns the request for the [health](https://docs.ntfy.sh/config/#health-checks) of the server,
/// which refuses an invalid token on every path.
pub(super) fn probe(topic_url: &Url, token: Option<&Secret>) -> Result<ServiceRequest, HttpError> {
    let (server, _topic) = server_and_topic(topic_url)?;
    let request = ServiceRequest::get(below(&server, ["v1", "health"])?);
    Ok(with_token(request, token))
}

fn with_token(request: ServiceRequest, token: Option<&Secret>) -> ServiceRequest {
    match token {
        Some(token) => request.with_header("authorization", format!("Bearer {}", token.expose())),
        None => request,
    }
}

/// Splits the URL of a topic. A message as JSON goes to the server and names the topic.
fn server_and_topic(url: &Url) -> Result<(Url, String), HttpError> {
    let mut server = url.clone();
    let topic = url
        .path_segments()
        .and_then(|segments| segments.rev().find(|it| !it.is_empty()));
    let Some(topic) = topic.map(str::to_owned) else {
        return Err(HttpError::Settings {
            wrong: "the URL has no topic".to_owned(),
            remedy: "write the server and the topic, such as `https://ntfy.sh/my-topic`".to_owned(),
        });
    };
    if let Ok(mut path) = server.path_segments_mut() {
        path.pop_if_empty().pop();
    }
    Ok((server, topic))
}

/// Returns the [number](https://docs.ntfy.sh/publish/#message-priority) of a priority.
fn level(priority: NtfyPriority) -> u8 {
    match priority {
        NtfyPriority::Min => 1,
        NtfyPriority::Low => 2,
        NtfyPriority::Default => 3,
        NtfyPriority::High => 4,
        NtfyPriority::Max => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topic_is_the_last_part_of_the_url() {
        for (url, server, topic) in [
            ("https://ntfy.example/jobs", "https://ntfy.example/", "jobs"),
            (
                "https://a.example/ntfy/jobs/",
                "https://a.example/ntfy",
                "jobs",
            ),
        ] {
            let (found, name) = server_and_topic(&url.parse().unwrap()).unwrap();
            assert_eq!((found.as_str(), &*name), (server, topic));
        }
        assert!(server_and_topic(&"https://ntfy.example/".parse().unwrap()).is_err());
    }
}
