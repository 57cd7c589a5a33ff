//! `job-scanner notify`: tests the delivery of notifications, and writes their templates.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::Printable;
use job_scanner_core::quantity::counted;
use job_scanner_files::durable_file::write_new_shared;
use job_scanner_notify::{Channel, Outbox, built_in_templates};
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
    /// Write the built-in templates of messages, to change them
    Templates {
        /// The folder; `templates` in config.yaml unless given, or else `templates` next to it.
        /// Files that exist are kept
        #[arg(value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
}

/// Runs the subcommand.
pub(super) async fn run(config: &Config, options: &Options) -> anyhow::Result<u8> {
    match options {
        Options::Test { channel } => send_test(config, channel.as_ref()).await,
        Options::Templates { folder } => write_templates(config, folder.as_deref()),
    }
}

/// Writes the built-in templates as files. Those that exist are kept.
fn write_templates(config: &Config, folder: Option<&Path>) -> anyhow::Result<u8> {
    let usual = || config.folder.join("templates");
    let folder = folder.map(Path::to_owned);
    let folder = folder
        .or_else(|| config.templates.clone())
        .unwrap_or_else(usual);
    let shown = folder.display().to_string();
    let shown = Printable(&shown);
    fs::create_dir_all(&folder).with_context(|| format!("cannot create the folder `{shown}`"))?;

    let (mut written, mut kept) = (0, 0);
    for (name, text) in built_in_templates() {
        match write_new_shared(&folder.join(name), text.as_bytes()) {
            Ok(()) => written += 1,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => kept += 1,
            Err(error) => {
                return Err(error).with_context(|| format!("cannot write `{name}` in `{shown}`"));
            }
        }
    }
    let written = counted(written, "template", "templates");
    print(&format!(
        "{written} written to {shown}, {kept} kept; change those that you need, and delete the others\n"
    ))?;
    Ok(SUCCESS)
}

/// Sends the test messages. It does not use the database: a test message is not recorded there.
async fn send_test(config: &Config, chosen: Option<&String>) -> anyhow::Result<u8> {
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
