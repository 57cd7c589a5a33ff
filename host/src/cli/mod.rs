//! The command line: arguments in, exit code out. One file per command.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 good, 1 had
//! errors, 2 wrong usage or configuration.

mod adapter;
mod check;
mod completions;
mod daemon;
mod db;
mod explain;
mod history;
mod jobs;
mod notify;
mod output;
mod progress;
mod recording;
mod scan;
mod signals;
mod sources;
mod table;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Parser, Subcommand};
use job_scanner_config::{
    Config, ConfigErrors, Environment, Home, LogFormat, LogLevel, LoggingConfig,
};
use job_scanner_core::escape::Printable;
use job_scanner_store::{Store, StoreError};

use crate::logging;
use crate::terminal::say_line;

/// Nothing went wrong.
const GOOD: u8 = 0;
/// It ran, and something in it failed.
const HAD_ERRORS: u8 = 1;
/// It could not run: wrong usage or configuration.
const WRONG: u8 = 2;

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

/// The time for which the end waits for threads. What had to be kept is kept by then; one may wait
/// for a disk that does not answer.
const LAST_THREADS: Duration = Duration::from_secs(1);

/// What every command takes stands apart from what is its own.
const GLOBAL: &str = "Global options";

/// Watches job boards through sandboxed adapters and tells you about the jobs that fit.
///
/// Without a command it keeps running and scans each source when it is due.
#[derive(Debug, Parser)]
#[command(name = "job-scanner", version, about, max_term_width = 100, after_long_help = ENVIRONMENT)]
pub struct Arguments {
    /// The configuration file [default: ./config.yaml, then ./config/config.yaml]
    #[arg(long, global = true, value_name = "FILE", value_parser = path_argument(), help_heading = GLOBAL)]
    config: Option<PathBuf>,

    /// Scan all enabled sources once, tell about what fits, and exit with 0 or 1
    #[arg(long, global = true, help_heading = GLOBAL)]
    manual_run: bool,

    /// How much is logged: error, warn, info, debug or trace [default: `LOG_LEVEL`, then the
    /// configuration]
    #[arg(long, global = true, value_name = "LEVEL", help_heading = GLOBAL)]
    log_level: Option<LogLevel>,

    /// The form of log lines: key-value or json [default: the configuration]
    #[arg(long, global = true, value_name = "FORMAT", help_heading = GLOBAL)]
    log_format: Option<LogFormat>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
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
    Runs(output::HistoryOptions),
    /// Show the last alerts: what somebody was or will be told
    Alerts(output::HistoryOptions),
    /// Show the last deliveries: messages, and how far they got
    Deliveries(output::HistoryOptions),
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

/// Runs the program on the arguments and environment of the process.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(said) => return answer(&said),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(WRONG, &format!("cannot start: {error}")),
    };
    let ended = runtime.block_on(run(arguments));
    runtime.shutdown_timeout(LAST_THREADS);
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(error) => match error.downcast_ref::<ConfigErrors>() {
            Some(problems) => fail(WRONG, &problems.to_string()),
            None if error.is::<WrongUsage>() => fail(WRONG, &format!("error: {error}")),
            None => fail(HAD_ERRORS, &format!("error: {error:#}")),
        },
    }
}

/// Prints what clap says in place of a command: help and version are results, all else is wrong
/// usage.
fn answer(said: &clap::Error) -> ExitCode {
    let written = said.print().and_then(|()| io::stdout().flush());
    match written {
        _ if said.use_stderr() => ExitCode::from(WRONG),
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => fail(
            HAD_ERRORS,
            &format!("error: cannot write the result: {error}"),
        ),
        _ => ExitCode::from(GOOD),
    }
}

/// Reads a path in an argument: of `--config=~/config.yaml` no shell replaces the `~`.
fn path_argument() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| Home::of_process().expand_path(path))
}

/// What somebody asked for cannot be done as it was asked; says what can be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUsage(String);

async fn run(arguments: Arguments) -> anyhow::Result<u8> {
    let Arguments {
        config: file,
        manual_run,
        log_level,
        log_format,
        command,
    } = arguments;
    let command = match (command, manual_run) {
        (Some(command @ Command::Scan(_)), _) | (Some(command), false) => Some(command),
        (Some(_), true) => {
            say_line("error: `--manual-run` is a run of its own; leave it or the command out");
            return Ok(WRONG);
        }
        (None, true) => Some(Command::Scan(scan::Options::default())),
        (None, false) => None,
    };
    // Read only by those who need it: the rest works without one.
    let load = {
        let file = file.clone();
        move || job_scanner_config::load(file.as_deref(), &Environment::of_process())
    };
    let first = load.clone();
    let config = move || -> anyhow::Result<Config> {
        let config = first()?;
        let logging = config.logging.with_flags(log_level, log_format);
        logging::init(logging).context("cannot start logging")?;
        Ok(config)
    };
    match command {
        None => daemon::run(config, load).await,
        Some(Command::Scan(options)) => scan::run(config()?, &options).await,
        Some(Command::Check(options)) => check::run(config(), &options).await,
        Some(Command::Jobs(options)) => jobs::run(&config()?, &options).await,
        Some(Command::Explain(options)) => explain::run(&config()?, &options).await,
        Some(Command::Sources(options)) => sources::run(&config()?, &options).await,
        Some(Command::Runs(options)) => history::runs::run(&config()?, &options).await,
        Some(Command::Alerts(options)) => history::alerts::run(&config()?, &options).await,
        Some(Command::Deliveries(options)) => history::deliveries::run(&config()?, &options).await,
        Some(Command::Notify(options)) => notify::run(&config()?, &options).await,
        Some(Command::Db(options)) => db::run(&config()?, &options).await,
        Some(Command::Adapter(options)) => {
            let setting = || {
                if job_scanner_config::is_there(file.as_deref()) {
                    return config().map(adapter::Setting::from);
                }
                logging::init(LoggingConfig::default().with_flags(log_level, log_format))
                    .context("cannot start logging")?;
                Ok(adapter::Setting::without_configuration())
            };
            adapter::run(&options, &setting).await
        }
        Some(Command::Schema) => output::print(job_scanner_config::SCHEMA).map(|()| GOOD),
        Some(Command::Completions(options)) => completions::run(&options),
    }
}

/// A profile that was named has to be in the configuration.
fn check_profile(config: &Config, name: &str) -> Result<(), ConfigErrors> {
    if config.profiles.iter().any(|profile| profile.name == name) {
        return Ok(());
    }
    let known: Vec<&str> = config
        .profiles
        .iter()
        .map(|profile| profile.name.as_str())
        .collect();
    let wrong = format!("there is no profile `{}`", Printable(name));
    Err(config
        .problem_of_file(
            "search_criteria".to_owned(),
            wrong,
            format!("name one of: {}", known.join(", ")),
        )
        .into())
}

/// What `read` finds in the database; nothing where there is none yet.
async fn stored<T: Default>(
    config: &Config,
    read: impl AsyncFnOnce(&Store) -> Result<T, StoreError>,
) -> anyhow::Result<T> {
    let Some(store) = store_if_any(config).await? else {
        return Ok(T::default());
    };
    let found = read(&store).await?;
    store.close().await;
    Ok(found)
}

/// The database, unless there is none yet, which is said and no error.
async fn store_if_any(config: &Config) -> anyhow::Result<Option<Store>> {
    match Store::open_to_read(&config.database_url).await {
        Err(absent @ StoreError::Absent { .. }) => {
            say_line(absent);
            Ok(None)
        }
        opened => Ok(Some(opened.context("cannot open the database")?)),
    }
}

/// The database, for commands that only look into it: none is created.
async fn existing_store(config: &Config) -> anyhow::Result<Store> {
    Store::open_to_read(&config.database_url)
        .await
        .context("cannot open the database")
}

/// What went wrong may repeat what a stranger wrote into a file.
fn fail(code: u8, message: &str) -> ExitCode {
    for line in message.lines() {
        say_line(Printable(line));
    }
    ExitCode::from(code)
}
