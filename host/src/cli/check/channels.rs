//! The checks of mail and of the other channels. No message is sent.

use job_scanner_config::{ChannelConfig, Config, SmtpConfig};
use job_scanner_core::causes::with_causes;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::escape::Printable;
use job_scanner_core::quantity::counted;
use job_scanner_notify::{
    HttpChannel, PLACEHOLDER_RECIPIENT, ProbeError, Probed, SmtpTransport, probe_all,
};
use job_scanner_outbound::HttpClients;
use job_scanner_views::check::Check;

use super::check::try_to_write_in;
use crate::startup;
use crate::startup::Folders;

/// Returns the checks of all channels, in the order of the configuration after mail. With
/// `offline`, nothing connects.
pub(super) async fn checks(config: &Config, folders: &Folders, offline: bool) -> Vec<Check> {
    let mut checks = Vec::new();
    if config.channels.is_none() || !config.mail_recipients().is_empty() {
        checks.push(mail(config, folders, offline).await);
    }

    let channels = config.channels.iter().flatten();
    let others = channels.filter(|channel| channel.settings.kind() != ChannelKind::Mail);
    let others: Vec<&ChannelConfig> = others.collect();
    if offline {
        checks.extend(others.iter().map(|it| not_tried(it, config)));
    } else if let Ok(clients) = startup::http_clients(&config.advanced) {
        checks.extend(tried(&others, config, &clients).await);
    }
    // The check of the certificates reports why there are no clients.
    checks
}

async fn mail(config: &Config, folders: &Folders, offline: bool) -> Check {
    let (what, outbox) = ("mail", folders.outbox.display());
    let recipients = config.mail_recipients().len();

    if let (1.., Some(server)) = (recipients, &config.smtp) {
        return mail_server(config, server, offline).await;
    }

    if let Err(problem) = try_to_write_in(&folders.outbox) {
        return Check::error(what, problem);
    }
    if recipients == 0 {
        let detail = format!(
            "ALERT_TO_EMAIL is not set: messages are addressed to {PLACEHOLDER_RECIPIENT} and written to {outbox}"
        );
        return Check::warning(what, detail);
    }

    Check::ok(
        what,
        format!("{}, written to {outbox}", count_recipients(recipients)),
    )
}

/// Checks that the server accepts the connection, the login, the sender and the recipients.
async fn mail_server(config: &Config, server: &SmtpConfig, offline: bool) -> Check {
    let what = "mail";
    let transport = match SmtpTransport::new(server, &config.email) {
        Ok(transport) => transport,
        Err(error) => return Check::error(what, with_causes(&error)),
    };

    let recipients = config.mail_recipients();
    let count = count_recipients(recipients.len());
    let detail = format!("{count}, via {}", Printable(&transport.address()));
    if offline {
        return Check::ok(what, format!("{detail}; not tried"));
    }
    match transport.probe(&recipients).await {
        Ok(()) => Check::ok(what, detail),
        Err(error) => Check::error(what, with_causes(&error)),
    }
}

/// Checks that the services of channels would accept messages, as far as they tell without one.
async fn tried(channels: &[&ChannelConfig], config: &Config, clients: &HttpClients) -> Vec<Check> {
    let created = channels.iter().map(|channel| {
        let (channel, places) = ((*channel).clone(), config.secret_places.clone());
        HttpChannel::new(channel, places, clients.clone())
    });
    let created: Vec<HttpChannel> = created.collect();
    let results = probe_all(&created).await;
    let results = channels.iter().zip(results);
    results
        .map(|(channel, result)| describe(channel, result))
        .collect()
}

fn describe(channel: &ChannelConfig, result: Result<Probed, ProbeError>) -> Check {
    let (what, kind) = (what(channel), channel.settings.kind());
    match result {
        Ok(Probed::Answered(conclusion)) => Check::ok(what, format!("{kind}; {conclusion}")),
        Ok(Probed::NotPossible(reason)) => {
            let command = format!("`job-scanner notify test --channel {}`", channel.name);
            Check::ok(
                what,
                format!("{kind}; not tried, since {reason}: {command} sends one"),
            )
        }
        Err(error) => {
            let reason = with_causes(&error);
            Check::error(what, Printable(&reason).to_string())
        }
    }
}

/// Checks that the secrets of a channel can be read.
fn not_tried(channel: &ChannelConfig, config: &Config) -> Check {
    let mut secrets = channel.settings.secrets().into_iter();
    let missing = secrets.find_map(|place| config.secret_places.read(place.as_str()).err());
    if let Some(error) = missing {
        return Check::error(what(channel), format!("{}; {}", error.wrong, error.remedy));
    }

    let kind = channel.settings.kind();
    Check::ok(what(channel), format!("{kind}; not tried"))
}

fn what(channel: &ChannelConfig) -> String {
    format!("channel {}", channel.name)
}

fn count_recipients(recipients: usize) -> String {
    counted(recipients as u64, "recipient", "recipients")
}
