//! `job-scanner notify`: tests the delivery of notifications.

use job_scanner_config::Config;
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::Printable;
use job_scanner_notify::{Channel, Outbox};
use job_scanner_pipeline::clock::Clock;

use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::print;
use crate::startup::{Folders, channels, http_clients};

/// The subcommands of `notify`.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Options {
    /// Send a test message to every recipient
    Test {
        /// Only through this channel: its name in the configuration, or its kind, such as `mail`
        #[arg(long, value_name = "NAME")]
        channel: Option<String>,
    },
}

/// Sends the test messages. It does not use the database: a test message is not recorded there.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let Options::Test { channel: chosen } = options;
    let outbox = Outbox::new(Folders::of_process().outbox);
    let clients = http_clients(&config.advanced)?;
    let channels = channels(config, outbox, &clients)?;
    let chosen = |channel: &Channel| match chosen {
        Some(name) => channel.is_called(name),
        None => true,
    };
    if !channels.iter().any(chosen) {
        let names: Vec<&str> = channels.iter().map(Channel::name).collect();
        anyhow::bail!(
            "the channel does not exist; write one of `{}`",
            names.join("`, `")
        );
    }
    let now = Clock::system().now();

    let mut code = SUCCESS;
    for channel in channels.iter().filter(|channel| chosen(channel)) {
        let name = Printable(channel.name());
        for recipient in channel.recipients() {
            let to = Printable(recipient.name());
            let sent = channel.send_test(&recipient, now).await;
            let line = match (sent, channel.outbox()) {
                (Ok(()), Some(folder)) => format!(
                    "{name}: written to {} for {to}; set SMTP_HOST and ALERT_TO_EMAIL to send it\n",
                    folder.display()
                ),
                (Ok(()), None) => format!("{name}: sent to {to}\n"),
                (Err(error), _) => {
                    code = FAILURE;
                    let reason = with_causes(&error);
                    format!("{name}: not sent to {to}: {}\n", Printable(&reason))
                }
            };
            print(&line)?;
        }
    }
    Ok(code)
}
