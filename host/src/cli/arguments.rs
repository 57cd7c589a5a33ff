//! The arguments: what every command takes, and which commands there are.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use job_scanner_config::{LogFormat, LogLevel};

use crate::cli::queries::{HistoryOptions, explain, jobs, sources};
use crate::cli::usage::path_argument;
use crate::cli::{adapter, check, completions, db, notify, scan};

/// The variables that the program reads, for `--help`.
const ENVIRONMENT: &str = "\
Environment, or lines NAME=value in the file .env:
  ALERT_TO_EMAIL                 Who gets the messages, comma-separated
  SMTP_HOST, SMTP_PORT           The mail server; without one, messages go to data/outbox
  SMTP_USER, SMTP_PASS           The login there; with _FILE at the end, the file that holds it
  SMTP_SENDER, SMTP_SENDER_NAME  Who messages come from
  SMTP_CA_FILE                   Certificates (PEM) to trust beside those of the system
  DATABASE_URL                   The database file [default: sqlite:data/job_scanner.db]
  LOG_LEVEL                      How much is logged
  SCAN_INTERVAL                  How often sources are scanned, such as 30m

Exit codes: 0 good; 1 a source or a message failed, or the run was skipped; 2 wrong usage or configuration";

/// The heading of what every command takes, which stands apart from what is its own.
const GLOBAL: &str = "Global options";

/// Watches job boards through sandboxed adapters and tells you about the jobs that fit.
///
/// Without a command it keeps running and scans each source when it is due.
#[derive(Debug, Parser)]
#[command(name = "job-scanner", version, about, max_term_width = 100, after_long_help = ENVIRONMENT)]
pub(crate) struct Arguments {
    /// The configuration file [default: ./config.yaml, then ./config/config.yaml]
    #[arg(long, global = true, value_name = "FILE", value_parser = path_argument(), help_heading = GLOBAL)]
    pub(crate) config: Option<PathBuf>,

    /// Scan all enabled sources once, tell about what fits, and exit with 0 or 1
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub(crate) manual_run: bool,

    /// How much is logged: error, warn, info, debug or trace [default: `LOG_LEVEL`, then the
    /// configuration]
    #[arg(long, global = true, value_name = "LEVEL", help_heading = GLOBAL)]
    pub(crate) log_level: Option<LogLevel>,

    /// The form of log lines: key-value or json [default: the configuration]
    #[arg(long, global = true, value_name = "FORMAT", help_heading = GLOBAL)]
    pub(crate) log_format: Option<LogFormat>,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// A command, with what it takes.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Scan sources once, show what was found, and tell about what fits
    Scan(scan::Options),
    /// Say what would fail, before it fails: configuration, adapters, certificates, database, mail
    Check(check::Options),
    /// List the jobs that are known, newest first
    Jobs(jobs::Options),
    /// Say why a job fits a profile, or does not
    Explain(explain::Options),
    /// Show how every source is doing, and what is wrong with those that fail
    Sources(sources::Options),
    /// Show the last runs
    Runs(HistoryOptions),
    /// Show the last alerts: what somebody was or will be told
    Alerts(HistoryOptions),
    /// Show the last deliveries: messages, and how far they got
    Deliveries(HistoryOptions),
    /// Find out whether messages arrive
    #[command(subcommand)]
    Notify(notify::Options),
    /// Look at adapters, say what they may do, and try them out
    #[command(subcommand)]
    Adapter(adapter::Options),
    /// Tend the database file
    #[command(subcommand)]
    Db(db::Options),
    /// Print the JSON Schema of config.yaml, for editors
    Schema,
    /// Print a script that lets a shell complete commands and flags
    Completions(completions::Options),
}
