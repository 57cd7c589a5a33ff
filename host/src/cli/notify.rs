//! `job-scanner notify`: whether messages arrive.

use clap::ValueEnum;
use job_scanner_config::Config;
use job_scanner_core::causes::with_causes;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::escape::Printable;
use job_scanner_notify::Outbox;
use job_scanner_pipeline::clock::Clock;

use crate::cli::exit_code::{GOOD, HAD_ERRORS};
use crate::cli::output::print;
use crate::startup::{Folders, channels};

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Options {
    /// Send a test message to everybody who gets matches
    Test {
        /// Only through this channel
        #[arg(long, value_enum)]
        channel: Option<Channel>,
    },
}

/// The channels there are; without a choice, all of them.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Channel {
    /// Mail, or files in its place
    Mail,
}

impl From<Channel> for ChannelKind {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Mail => Self::Mail,
        }
    }
}

/// Sends, without a database: a test message leaves no trace there.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let Options::Test { channel: chosen } = options;
    let chosen = chosen.map(ChannelKind::from);
    let channels = channels(config, Outbox::new(Folders::of_process().outbox))?;
    let now = Clock::system().now();

    let mut code = GOOD;
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
                    code = HAD_ERRORS;
                    let reason = with_causes(&error);
                    format!("{kind}: not sent to {to}: {}\n", Printable(&reason))
                }
            };
            print(&line)?;
        }
    }
    Ok(code)
}
