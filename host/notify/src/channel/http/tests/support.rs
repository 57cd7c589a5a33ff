//! Channels of every type that send to a local server.

use std::path::PathBuf;
use std::time::Duration;

use job_scanner_chat_server::ChatServer;
use job_scanner_config::{ChannelConfig, SecretPlaces, parse};
use job_scanner_outbound::{HttpClients, HttpOptions};
use job_scanner_store::ClaimedDelivery;
use job_scanner_store::test_support::at;

use crate::SendError;
use crate::channel::http::HttpChannel;

/// All types, in the order of the configuration.
pub(super) const TYPES: [&str; 8] = [
    "webhook", "slack", "discord", "telegram", "ntfy", "gotify", "matrix", "apprise",
];

/// The secrets contain this word, so that a test can look for it.
pub(super) const MARKER: &str = "marker";

/// Returns the channel of a type, which sends to the server.
pub(super) fn channel(server: &ChatServer, kind: &str) -> HttpChannel {
    let hook = server.url("/hooks/marker-1234");
    let root = server.url("");
    let (settings, secrets): (String, &[(&str, &str)]) = match kind {
        "webhook" => (
            format!("url: '{root}/jobs', secret: env:SECRET"),
            &[("SECRET", "marker-secret")],
        ),
        "slack" | "discord" => ("webhook: env:HOOK".to_owned(), &[("HOOK", &hook)]),
        "telegram" => (
            format!("token: env:TOKEN, chat: -100, url: '{root}'"),
            &[("TOKEN", "1:marker-token")],
        ),
        "ntfy" => (
            format!("url: '{root}/my-topic', token: env:TOKEN, priority: high"),
            &[("TOKEN", "marker-token")],
        ),
        "gotify" => (
            format!("url: '{root}/gotify/', token: env:TOKEN, priority: 7"),
            &[("TOKEN", "marker-token")],
        ),
        "matrix" => (
            format!("url: '{root}', token: env:TOKEN, room: '!a:example.org'"),
            &[("TOKEN", "marker-token")],
        ),
        _ => (format!("url: '{root}/notify/jobs', tag: jobs"), &[]),
    };

    let text = format!(
        "sources: [{{type: a, identifier: b}}]\nsearch_criteria: {{required_terms: [c]}}\n\
         channels: [{{name: it, type: {kind}, {settings}}}]\n"
    );
    let config = parse(&PathBuf::from("config.yaml"), &text).unwrap();
    let channel: ChannelConfig = config.channels.unwrap().remove(0);
    let places = SecretPlaces::new(secrets.iter().copied().collect(), PathBuf::new());
    let clients = HttpClients::new(&HttpOptions {
        user_agent: "job-scanner".to_owned(),
        request_timeout: Duration::from_secs(5),
        max_rate_per_host: 1000,
    });
    HttpChannel::new(channel, places, clients.unwrap())
}

/// Makes one attempt and returns its error.
pub(super) async fn failure(channel: &HttpChannel, delivery: &ClaimedDelivery) -> SendError {
    match channel.send(delivery, at("08:16:00")).await {
        Ok(_) => panic!("the message was accepted"),
        Err(error) => error,
    }
}
