//! Channels deliver side by side, each for the profiles that choose it.

use std::time::Duration;

use job_scanner_chat_server::{Answer, ChatServer};
use job_scanner_store::AlertKind;
use job_scanner_store::test_support::{TestStore, at, store};
use tokio_util::sync::CancellationToken;

use super::support::channel;
use crate::channel::http::HttpChannel;
use crate::dispatch::{NotifySettings, dispatch};
use crate::test_support::{alerted, bare_job, run, settings};
use crate::{Channel, Channels, NotificationService};

/// Two channels, with a job for each of two profiles.
async fn two_profiles() -> TestStore {
    let store = store().await;
    let run = run(&store).await;
    for (source, profile) in [("acme", "one"), ("other", "two")] {
        let jobs = [bare_job("1", profile)];
        alerted(&store, run, source, &jobs, AlertKind::New, &[profile]).await;
    }
    store
}

fn settings_of(channels: &Channels, chosen: &[(&str, &str)]) -> NotifySettings {
    let chosen = chosen
        .iter()
        .map(|(profile, channel)| ((*profile).to_owned(), vec![(*channel).to_owned()]));
    NotifySettings {
        recipients: channels.recipients(),
        chosen: chosen.collect(),
        ..settings()
    }
}

fn channels(channels: impl IntoIterator<Item = HttpChannel>) -> Channels {
    Channels::new(channels.into_iter().map(Channel::Http).collect())
}

#[tokio::test]
async fn a_profile_sends_to_the_channels_that_it_chooses() {
    let store = two_profiles().await;
    let [first, second] = [
        ChatServer::start().await.unwrap(),
        ChatServer::start().await.unwrap(),
    ];
    let channels = channels([
        channel(&first, "slack").named("a"),
        channel(&second, "discord").named("b"),
    ]);
    let settings = settings_of(&channels, &[("one", "a")]);
    dispatch(&store, &settings, at("08:16:00")).await.unwrap();
    deliver(&store, channels).await;

    let titles = |server: &ChatServer| -> Vec<bool> {
        let requests = server.requests().into_iter();
        requests
            .map(|request| request.body.contains("one"))
            .collect()
    };
    let mut first = titles(&first);
    first.sort_unstable();
    assert_eq!(
        first,
        [false, true],
        "`a` gets both, since `two` uses all channels"
    );
    assert_eq!(titles(&second), [false], "`b` does not get `one`");
}

#[tokio::test]
async fn a_channel_that_hangs_delays_no_other() {
    let store = two_profiles().await;
    let [slow, quick] = [
        ChatServer::start().await.unwrap(),
        ChatServer::start().await.unwrap(),
    ];
    slow.answer_with([Answer::Hang]);
    let channels = channels([
        // It would delay the other by longer than the test may take.
        channel(&slow, "slack")
            .named("a")
            .with_time_limit(Duration::from_hours(1)),
        channel(&quick, "discord").named("b"),
    ]);
    let settings = settings_of(&channels, &[("one", "a"), ("two", "b")]);
    dispatch(&store, &settings, at("08:16:00")).await.unwrap();

    let delivering = tokio::spawn(async move { deliver(&store, channels).await });
    while quick.requests().is_empty() || slow.requests().is_empty() {
        assert!(!delivering.is_finished());
        tokio::task::yield_now().await;
    }
    delivering.abort();
}

async fn deliver(store: &TestStore, channels: Channels) {
    let service = NotificationService::new(channels, Duration::from_hours(72));
    let (limit, stop) = (Duration::from_mins(5), CancellationToken::new());
    service
        .deliver_due(store, at("08:16:00"), limit, &stop)
        .await
        .unwrap();
}
