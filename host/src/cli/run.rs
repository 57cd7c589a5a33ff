//! The life of the process: parses the arguments, runs the command, and converts its result to an
//! exit code.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{CommandFactory as _, Parser as _};
use job_scanner_config::{Config, ConfigErrors, Environment, LogFormat, LogLevel, LoggingConfig};
use job_scanner_core::escape::Printable;
use tokio::runtime;

use crate::cli::adapter::AdapterSettings;
use crate::cli::arguments::{Arguments, Command};
use crate::cli::exit_code::{FAILURE, SUCCESS, USAGE_ERROR};
use crate::cli::output::print;
use crate::cli::queries::{alerts, explain, jobs, profile, runs, sources};
use crate::cli::usage::UsageError;
use crate::cli::web::WebOptions;
use crate::cli::{
    adapter, check, completions, daemon, db, decide, deliveries, init, notify, scan, source, web,
};
use crate::heaps;
use crate::logging;
use crate::logging::Purpose;
use crate::terminal::write_stderr_line;

/// The time for which the exit waits for threads. Everything that has to be stored is stored
/// before. A thread may wait for a disk that does not respond.
const THREAD_SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// Runs the program with the arguments and environment of the process.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return print_clap_output(&error),
    };

    // Before the runtime, because the call replaces the process.
    if arguments.is_scanning() {
        heaps::limit();
    }

    let runtime = runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(USAGE_ERROR, &format!("cannot start: {error}")),
    };
    let ended = runtime.block_on(run(arguments));
    runtime.shutdown_timeout(THREAD_SHUTDOWN_TIMEOUT);

    match ended {
        Ok(code) => ExitCode::from(code),
        Err(error) => report_error(&error),
    }
}

/// Prints the output of clap when no command is run. Help and version are results, everything else
/// is wrong usage.
fn print_clap_output(error: &clap::Error) -> ExitCode {
    let written = error.print().and_then(|()| io::stdout().flush());
    if error.use_stderr() {
        return ExitCode::from(USAGE_ERROR);
    }

    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            fail(FAILURE, &format!("error: cannot write the result: {error}"))
        }
        _ => ExitCode::from(SUCCESS),
    }
}

fn report_error(error: &anyhow::Error) -> ExitCode {
    if let Some(problems) = error.downcast_ref::<ConfigErrors>() {
        return fail(USAGE_ERROR, &problems.to_string());
    }
    if error.is::<UsageError>() {
        return fail(USAGE_ERROR, &format!("error: {error}"));
    }
    fail(FAILURE, &format!("error: {error:#}"))
}

/// Prints an error. It may repeat untrusted text from a file, so it is escaped.
fn fail(code: u8, message: &str) -> ExitCode {
    for line in message.lines() {
        write_stderr_line(Printable(line));
    }
    ExitCode::from(code)
}

async fn run(arguments: Arguments) -> anyhow::Result<u8> {
    let Arguments {
        config,
        manual_run,
        log_level,
        log_format,
        command,
    } = arguments;
    let purpose = if command.is_some() || manual_run {
        Purpose::Result
    } else {
        Purpose::Service
    };
    let setup = Setup {
        file: config,
        log_level,
        log_format,
        purpose,
    };

    match command {
        None if manual_run => run_command(Command::Scan(scan::Options::default()), &setup).await,
        None => serve(setup).await,
        Some(command) if manual_run && !matches!(command, Command::Scan(_)) => {
            write_stderr_line(
                "error: `--manual-run` cannot be combined with this command; remove one of them",
            );
            Ok(USAGE_ERROR)
        }
        Some(command) => run_command(command, &setup).await,
    }
}

/// Runs the daemon.
async fn serve(setup: Setup) -> anyhow::Result<u8> {
    let first = setup.clone();
    daemon::run(move || first.begin(), move || setup.read()).await
}

/// Runs a command. Only commands that need the configuration read it, so the others work without
/// one.
async fn run_command(command: Command, setup: &Setup) -> anyhow::Result<u8> {
    match command {
        Command::Init(options) => init::run(&options, setup.file.as_deref()),
        Command::Scan(options) => scan::run(setup.begin()?, &options).await,
        Command::Check(options) => check::run(setup.begin(), &options).await,
        Command::Jobs(options) => jobs::run(&setup.begin()?, &options).await,
        Command::Mark(options) => decide::mark(&setup.begin()?, &options).await,
        Command::Unmark(options) => decide::unmark(&setup.begin()?, &options).await,
        Command::Hide(options) => decide::hide(&setup.begin()?, &options).await,
        Command::Unhide(options) => decide::unhide(&setup.begin()?, &options).await,
        Command::Explain(options) => explain::run(&setup.begin()?, &options).await,
        Command::Profile(options) => profile::run(&setup.begin()?, &options).await,
        Command::Sources(options) => sources::run(&setup.begin()?, &options).await,
        Command::Source(options) => source::run(&setup.begin()?, || setup.read(), &options).await,
        Command::Runs(options) => runs::run(&setup.begin()?, &options).await,
        Command::Alerts(options) => alerts::run(&setup.begin()?, &options).await,
        Command::Deliveries(options) => deliveries::run(&setup.begin()?, &options).await,
        Command::Notify(options) => notify::run(&setup.begin()?, &options).await,
        Command::Web(WebOptions::Password) => web::password(),
        Command::Web(WebOptions::Sessions(options)) => {
            web::sessions(&setup.begin()?, &options).await
        }
        Command::Web(WebOptions::Logout(options)) => web::log_out(&setup.begin()?, &options).await,
        Command::Key(options) => web::key(&setup.begin()?, &options).await,
        Command::Db(options) => db::run(&setup.begin()?, &options).await,
        Command::Adapter(options) => adapter::run(&options, &|| setup.for_adapters()).await,
        Command::Schema => print(job_scanner_config::SCHEMA).map(|()| SUCCESS),
        Command::Completions(options) => completions::run(&options, &mut Arguments::command()),
    }
}

/// The options for reading the configuration and for logging.
#[derive(Clone)]
struct Setup {
    file: Option<PathBuf>,
    log_level: Option<LogLevel>,
    log_format: Option<LogFormat>,
    purpose: Purpose,
}

impl Setup {
    /// Reads the configuration.
    fn read(&self) -> Result<Config, ConfigErrors> {
        job_scanner_config::load(self.file.as_deref(), &Environment::of_process())
    }

    /// Reads the configuration and starts logging as it specifies.
    fn begin(&self) -> anyhow::Result<Config> {
        let config = self.read()?;
        self.start_logging(config.logging)?;
        Ok(config)
    }

    /// Returns the settings for commands on adapters. Authors of adapters do not need a
    /// configuration.
    fn for_adapters(&self) -> anyhow::Result<AdapterSettings> {
        if job_scanner_config::config_exists(self.file.as_deref()) {
            return self.begin().map(AdapterSettings::from);
        }
        self.start_logging(LoggingConfig::default())?;
        Ok(AdapterSettings::without_configuration())
    }

    fn start_logging(&self, config: LoggingConfig) -> anyhow::Result<()> {
        let config = config.with_flags(self.log_level, self.log_format);
        logging::init(config, self.purpose).context("cannot start logging")
    }
}
