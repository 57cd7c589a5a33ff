//! The arguments: global options and commands.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use job_scanner_config::{LogFormat, LogLevel};

use crate::cli::decide::{HideOptions, MarkOptions, UnhideOptions, UnmarkOptions};
use crate::cli::queries::{HistoryOptions, explain, jobs, profile, sources};
use crate::cli::usage::path_argument;
use crate::cli::web::{KeyOptions, WebOptions};
use crate::cli::{adapter, check, completions, db, deliveries, init, notify, scan, source};

/// The environment variables and exit codes, for `--help`.
const ENVIRONMENT: &str = "\
Environment variables, or NAME=value lines in the file .env:
  ALERT_TO_EMAIL                 Recipients, comma-separated
  SMTP_HOST, SMTP_PORT           Mail server; without one, messages are written to data/outbox
  SMTP_USER, SMTP_PASS           Login there; with _FILE appended, the name of a file that contains it
  SMTP_SENDER, SMTP_SENDER_NAME  Sender of messages
  SMTP_CA_FILE                   Certificates (PEM) to trust in addition to those of the system
  DATABASE_URL                   Database file [default: sqlite:data/job_scanner.db]
  LOG_LEVEL                      Log level
  SCAN_INTERVAL                  How often sources are scanned, such as 30m
  WEB_PASSWORD_FILE              File with the hash of the page's password, which `web password` prints

Exit codes: 0 success; 1 a source, a message or a check failed, or the run was skipped;
            2 wrong usage or configuration";

/// The heading of the options that every command accepts. It separates them from the options of a
/// command.
const GLOBAL: &str = "Global options";

/// Watches job boards through sandboxed adapters and tells you about matching jobs.
///
/// Without a command, job-scanner keeps running and scans each source when it is due.
#[derive(Debug, Parser)]
#[command(name = "job-scanner", version, about, max_term_width = 100, after_long_help = ENVIRONMENT)]
pub(crate) struct Arguments {
    /// Configuration file [default: ./config.yaml, then ./config/config.yaml]
    #[arg(long, global = true, value_name = "FILE", value_parser = path_argument(), help_heading = GLOBAL)]
    pub(crate) config: Option<PathBuf>,

    /// Scan all enabled sources once, send notifications, and exit with 0 or 1
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub(crate) manual_run: bool,

    /// Log level: error, warn, info, debug or trace [default: `LOG_LEVEL`, then the configuration]
    #[arg(long, global = true, value_name = "LEVEL", help_heading = GLOBAL)]
    pub(crate) log_level: Option<LogLevel>,

    /// Log format: key-value or json [default: the configuration]
    #[arg(long, global = true, value_name = "FORMAT", help_heading = GLOBAL)]
    pub(crate) log_format: Option<LogFormat>,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// A command with its options.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask three questions and write a configuration
    Init(init::Options),
    /// Scan sources once, show results, and send notifications
    Scan(scan::Options),
    /// Check the setup without scanning: configuration, adapters, certificates, database, mail
    Check(check::Options),
    /// List stored jobs, newest first
    Jobs(jobs::Options),
    /// Record what you decided about a job, such as that you have applied
    Mark(MarkOptions),
    /// Take back what you decided about a job
    Unmark(UnmarkOptions),
    /// Hide the jobs of a company, permanently or until a day
    #[command(subcommand)]
    Hide(HideOptions),
    /// Show the jobs of a hidden or snoozed company again
    #[command(subcommand)]
    Unhide(UnhideOptions),
    /// Explain why a job matches or not
    Explain(explain::Options),
    /// Try profiles on the stored jobs
    #[command(subcommand)]
    Profile(profile::Options),
    /// Show the state of every source, and what is wrong with those that fail
    Sources(sources::Options),
    /// Add sources to the configuration, pause and resume them
    #[command(subcommand)]
    Source(source::Options),
    /// Show the latest runs
    Runs(HistoryOptions),
    /// Show the latest alerts: notifications sent or queued
    Alerts(HistoryOptions),
    /// Show the latest deliveries: messages, and whether they arrived; send them again, drop or
    /// move them
    Deliveries(deliveries::Options),
    /// Test notification delivery, or write the templates of messages
    #[command(subcommand)]
    Notify(notify::Options),
    /// Set the password of the page, and end sessions
    #[command(subcommand)]
    Web(WebOptions),
    /// Create and revoke the keys of programs that use the API and the feeds
    #[command(subcommand)]
    Key(KeyOptions),
    /// Inspect, approve, create, build and test adapters
    #[command(subcommand)]
    Adapter(adapter::Options),
    /// Maintain the database
    #[command(subcommand)]
    Db(db::Options),
    /// Print the JSON Schema of config.yaml, for editors
    Schema,
    /// Print a shell script that completes commands and flags
    Completions(completions::Options),
}

impl Arguments {
    /// Returns true for the daemon and for commands that scan.
    pub(crate) fn is_scanning(&self) -> bool {
        self.manual_run || matches!(self.command, None | Some(Command::Scan(_)))
    }
}
