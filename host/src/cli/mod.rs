//! The command line: arguments in, exit code out. One file per command.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 good, 1 had errors, 2 wrong usage
//! or configuration.

mod daemon;
mod scan;
mod signals;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use tracing::info;

use crate::config::{self, ConfigErrors, Environment, LogFormat, LogLevel};
use crate::logging;

/// Nothing went wrong.
const GOOD: u8 = 0;
/// It ran, and something in it failed.
const HAD_ERRORS: u8 = 1;
/// It could not run: wrong usage or configuration.
const WRONG: u8 = 2;

/// Watches job boards through sandboxed adapters and tells you about the jobs that fit.
///
/// Without a command it keeps running and scans each source when it is due.
#[derive(Debug, Parser)]
#[command(name = "job-scanner", version, about, max_term_width = 100)]
pub struct Arguments {
    /// The configuration file [default: ./config.yaml, then ./config/config.yaml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Scan all enabled sources once, tell about what fits, and exit with 0 or 1
    #[arg(long, global = true)]
    manual_run: bool,

    /// How much is logged: error, warn, info, debug or trace [default: `LOG_LEVEL`, then the configuration]
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<LogLevel>,

    /// The form of log lines: key-value or json [default: the configuration]
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<LogFormat>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Scan sources once, show what was found, and tell about what fits
    Scan(scan::Options),
}

/// Runs the program on the arguments and environment of the process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(WRONG, &format!("cannot start: {error}")),
    };
    match runtime.block_on(run(arguments)) {
        Ok(code) => ExitCode::from(code),
        Err(error) => match error.downcast_ref::<ConfigErrors>() {
            Some(problems) => fail(WRONG, &problems.to_string()),
            None => fail(HAD_ERRORS, &format!("error: {error:#}")),
        },
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<u8> {
    let load = || config::load(arguments.config.as_deref(), &Environment::of_process());
    let config = load()?;
    let logging = config.logging.with_flags(arguments.log_level, arguments.log_format);
    logging::init(logging).context("cannot start logging")?;
    info!(event = "config.loaded", log.level = %logging.level, "read `{}`", config.path.display());
    match (arguments.command, arguments.manual_run) {
        (Some(Command::Scan(options)), _) => scan::run(config, &options).await,
        (None, true) => scan::run(config, &scan::Options::default()).await,
        (None, false) => daemon::run(config, load).await,
    }
}

fn fail(code: u8, message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(code)
}
