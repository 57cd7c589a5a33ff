//! `job-scanner notify`: whether messages arrive.

use clap::ValueEnum;
use job_scanner_config::Config;
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::Printable;
use job_scanner_notify::Outbox;
use job_scanner_pipeline::clock::Clock;

use crate::cli::exit_code::{GOOD, HAD_ERRORS};
use crate::cli::output::print;
use crate::startup::{Folders, mail_channel};

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

/// Sends, without a database: a test message leaves no trace there.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    let Options::Test {
        channel: Some(Channel::Mail) | None,
    } = options;
    let outbox = Folders::of_process().outbox;
    let (mail, recipients) = mail_channel(config, Outbox::new(&outbox))?;
    let in_files = mail.is_in_files();
    let now = Clock::system().now();
    let mut code = GOOD;
    for recipient in &recipients {
        let to = recipient.email.to_string();
        let line = match mail.send_test(recipient, now).await {
            Ok(()) if in_files => {
                let folder = outbox.display();
                format!(
                    "mail: written to {folder} for {}; set SMTP_HOST and ALERT_TO_EMAIL to send it\n",
                    Printable(&to)
                )
            }
            Ok(()) => format!("mail: sent to {}\n", Printable(&to)),
            Err(error) => {
                code = HAD_ERRORS;
                format!(
                    "mail: not sent to {}: {}\n",
                    Printable(&to),
                    Printable(&with_causes(&error))
                )
            }
        };
        print(&line)?;
    }
    Ok(code)
}
