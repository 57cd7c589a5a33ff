//! `job-scanner check`: checks the setup without scanning. It changes nothing: the files that it
//! writes to test for free space are removed again. It connects to the mail server and the
//! channels, unless told not to, and never to a board.

use std::env;
use std::fmt::Display;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use job_scanner_config::{Config, ConfigErrors, Problem};
use job_scanner_core::causes::with_causes;
use job_scanner_core::quantity::counted;
use job_scanner_files::durable_file::{create_unfinished, remove_abandoned};
use job_scanner_pipeline::{Refusal, check_adapters};
use job_scanner_sandbox::Adapter;
use job_scanner_store::{SchemaState, Store, StoreError};
use job_scanner_views::check;
use job_scanner_views::check::{Check, CheckReport};

use super::identifiers::identifier_problems;
use super::named_hosts::unlisted_hosts;
use super::{channels, deliveries, favourites, profiles, templates};
use crate::cli::exit_code::{FAILURE, SUCCESS, USAGE_ERROR};
use crate::cli::output::{Format, Table, print, print_json};
use crate::startup;
use crate::startup::Folders;

/// The free space that a run should find, in bytes: as much as a scan of a large board writes.
const SPACE_TO_WRITE: usize = 1024 * 1024;

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Options {
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Do not connect to the mail server and the channels
    #[arg(long)]
    offline: bool,
}

/// The results of all checks.
struct CheckResult {
    report: CheckReport,
    /// True if an adapter rejects a setting of a source. It is reported like an error in the file
    /// itself.
    misconfigured: bool,
}

/// Checks everything that a run needs. The exit code is 0 if nothing would fail.
///
/// A configuration that cannot be read ends the check. Its problems are printed to standard error
/// as usual, and with JSON also in the report.
pub(in crate::cli) async fn run(
    config: anyhow::Result<Config>,
    options: &Options,
) -> anyhow::Result<u8> {
    let config = match config {
        Ok(config) => config,
        Err(error) => {
            if let (Format::Json, Some(errors)) = (options.format, error.downcast_ref()) {
                print_json(&report_of_errors(errors))?;
            }
            return Err(error);
        }
    };

    let CheckResult {
        report,
        misconfigured,
    } = check_all(&config, options).await;
    match options.format {
        Format::Json => print_json(&report)?,
        Format::Table => print(&render_text(&report))?,
    }

    Ok(match report.is_ok() {
        _ if misconfigured => USAGE_ERROR,
        true => SUCCESS,
        false => FAILURE,
    })
}

async fn check_all(config: &Config, options: &Options) -> CheckResult {
    let folders = Folders::of_process();
    let (adapters, problems) = adapters(config, &folders).await;
    let problems = ConfigErrors::from_problems(problems);

    let mut checks = match &problems {
        None => vec![configuration(config)],
        Some(problems) => checks_of_errors(problems),
    };
    checks.extend(config.profiles.iter().flat_map(profiles::checks));
    checks.extend(adapters);
    checks.push(certificates(config));
    checks.push(database(config).await);
    checks.extend(deliveries::checks(&config.database_url).await);
    checks.extend(favourites::checks(config));
    checks.extend(paused_sources(config).await);
    checks.extend(templates::checks(config));
    checks.extend(channels::checks(config, &folders, options.offline).await);

    CheckResult {
        report: CheckReport::new(checks),
        misconfigured: problems.is_some(),
    }
}

fn report_of_errors(errors: &ConfigErrors) -> CheckReport {
    CheckReport::new(checks_of_errors(errors))
}

fn checks_of_errors(errors: &ConfigErrors) -> Vec<Check> {
    let problems = errors.problems().iter();
    problems
        .map(|problem| Check::error("configuration", problem.to_string()))
        .collect()
}

fn configuration(config: &Config) -> Check {
    let enabled = config.sources.iter().filter(|source| source.enabled);
    let enabled = enabled.count();
    let sources = counted(config.sources.len() as u64, "source", "sources");
    let profiles = counted(config.profiles.len() as u64, "profile", "profiles");
    let detail = format!(
        "{}: {enabled} of {sources} enabled, {profiles}",
        config.path.display()
    );
    Check::ok("configuration", detail)
}

/// Loads every adapter of an enabled source and validates the settings of these sources against it.
async fn adapters(config: &Config, folders: &Folders) -> (Vec<Check>, Vec<Problem>) {
    let catalog = match startup::catalog(&config.adapters, &config.advanced, folders) {
        Ok(catalog) => catalog,
        Err(error) => {
            let check = Check::error("adapters", format!("{error:#}"));
            return (vec![check], Vec::new());
        }
    };

    let checked = check_adapters(config, &Arc::new(catalog)).await;
    let mut checks: Vec<Check> = checked
        .usable
        .iter()
        .map(|adapter| usable(adapter))
        .collect();
    checks.extend(checked.refusals(config).into_iter().map(refused));

    // A scan does not stop for these, because the other sources are not affected. A value that is
    // invalid anyway is reported once.
    let mut further = identifier_problems(config, &checked);
    further.extend(unlisted_hosts(config, &checked));
    let mut problems = checked.problems;
    for problem in further {
        if problems.iter().all(|known| known.key != problem.key) {
            problems.push(problem);
        }
    }
    (checks, problems)
}

fn usable(adapter: &Adapter) -> Check {
    Check::ok(what(adapter.name()), describe(adapter))
}

/// Returns one check for all adapters that are refused for the same cause.
fn refused(refusal: Refusal) -> Check {
    let what = match refusal.adapters.as_slice() {
        [name] => what(name),
        _ => "adapters".to_owned(),
    };
    Check::error(what, refusal.message)
}

fn what(adapter: impl Display) -> String {
    format!("adapter {adapter}")
}

fn describe(adapter: &Adapter) -> String {
    let hosts = adapter.grants().hosts.keys();
    let hosts: Vec<String> = hosts.map(ToString::to_string).collect();
    let hosts = if hosts.is_empty() {
        "no hosts".to_owned()
    } else {
        hosts.join(", ")
    };

    let manifest = adapter.manifest();
    let (name, version, contract) = (&manifest.name, &manifest.version, adapter.contract());
    format!("{name} {version}, contract {contract}, may reach {hosts}")
}

fn certificates(config: &Config) -> Check {
    match startup::http_clients(&config.advanced) {
        Ok(_) => Check::ok(
            "certificates",
            "the machine's trusted certificates can be read",
        ),
        Err(error) => Check::error("certificates", format!("{error:#}")),
    }
}

async fn database(config: &Config) -> Check {
    match try_database(&config.database_url).await {
        Ok(detail) => Check::ok("database", detail),
        Err(problem) => Check::error("database", problem),
    }
}

/// Returns a warning that names the paused sources of the configuration. `None` if there are none,
/// and if the database cannot be read, which another check reports.
async fn paused_sources(config: &Config) -> Option<Check> {
    let store = Store::open_to_read(&config.database_url).await.ok()?;
    let paused = store.paused_sources().await;
    store.close().await;

    let paused = paused.ok()?;
    let keys = config.sources.iter().map(|source| &source.key);
    let lines: Vec<String> = keys
        .filter_map(|key| Some(format!("{key} since {:.0}", paused.get(key)?)))
        .collect();
    let detail = format!("paused, so not scanned on schedule: {}", lines.join(", "));
    (!lines.is_empty()).then(|| Check::warning("sources", detail))
}

/// Opens the database like a run, without changing it.
async fn try_database(url: &str) -> Result<String, String> {
    let problem = |error: StoreError| with_causes(&error);
    let file = Store::file_of(url).map_err(problem)?;
    let state = Store::inspect(url).await.map_err(problem)?;

    // SQLite and the run lock create more files in the folder of the file to which all links
    // resolve.
    let real_file = Store::real_file_of(url).unwrap_or_else(|_| file.clone());
    try_to_write_in(real_file.parent().unwrap_or(Path::new("")))?;

    let detail = match state {
        SchemaState::NoDatabase { .. } => {
            return Ok(format!(
                "{} will be created by the first scan",
                file.display()
            ));
        }
        SchemaState::Current => "up to date".to_owned(),
        SchemaState::Behind { pending } => {
            let migrations = counted(pending as u64, "migration", "migrations");
            format!("{migrations} will be run at the next start, after a backup")
        }
    };

    let run_is_in_progress = Store::probe(url).await.map_err(problem)?;
    Ok(if run_is_in_progress {
        format!("{detail}; a run is in progress")
    } else {
        detail
    })
}

/// Writes a file in a folder, or in its nearest existing ancestor, and removes it. An empty file
/// would fit on a full disk.
pub(super) fn try_to_write_in(folder: &Path) -> Result<(), String> {
    let folder = env::current_dir().unwrap_or_default().join(folder);
    let Some(existing) = folder
        .ancestors()
        .find(|folder| folder.symlink_metadata().is_ok())
    else {
        return Ok(());
    };

    let probe = existing.join("job-scanner-check");
    remove_abandoned(&probe);
    let tried = create_unfinished(&probe).and_then(|mut file| {
        file.write_all(&vec![0; SPACE_TO_WRITE])?;
        file.as_file().sync_data()
    });
    tried.map_err(|error| {
        format!(
            "cannot write to `{}`: {error}; free disk space there, and give job-scanner write permission",
            existing.display()
        )
    })
}

fn render_text(report: &CheckReport) -> String {
    let table = Table::new(&check::COLUMNS, report.rows());
    format!("{table}{}\n", report.verdict())
}
