//! `job-scanner notify`: tests the delivery of notifications.

use clap::ValueEnum;
use job_scanner_config::Config;
use job_scanner_core::causes::with_causes;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::escape::Printable;
use job_scanner_notify::Outbox;
use job_scanner_pipeline::clock::Clock;

use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::print;
use crate::startup::{Folders, channels};

/// The subcommands of `notify`.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Options {
    /// Send a test message to every recipient
    Test {
        /// Only through this channel
        #[arg(long, value_enum)]
        channel: Option<Channel>,
    },
}

/// The channels that can be chosen. Without a choice, all of them are used.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Channel {
    /// Mail, or files instead of it
    Mail,
}

impl From<Channel> for ChannelKind {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Mail => Self::Mail,
        }
    }
}

/// Sends the test messages. It does not use the database: a test message is not recorded there.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let Options::Test { channel: chosen } = options;
    let chosen = chosen.map(ChannelKind::from);
    let channels = channels(config, Outbox::new(Folders::of_process().outbox))?;
    let now = Clock::system().now();

    let mut code = SUCCESS;
    for channel in channels.iter() {
        let kind = channel.kind();
        if chosen.is_some_and(|chosen| chosen != kind) {
            continue;
        }
        for recipient in channel.recipients() {
            let to = Printable(recipient.name());
            let sent = channel.send_test(&recipient, now).await;
            let line = match (sent, channel.outbox()) {
                (Ok(()), Some(folder)) => format!(
                    "{kind}: written to {} for {to}; set SMTP_HOST and ALERT_TO_EMAIL to send it\n",
                    folder.display()
                ),
                (Ok(()), None) => format!("{kind}: sent to {to}\n"),
                (Err(error), _) => {
                    code = FAILURE;
                    let reason = with_causes(&error);
                    format!("{kind}: not sent to {to}: {}\n", Printable(&reason))
                }
            };
            print(&line)?;
        }
    }
    Ok(code)
}
