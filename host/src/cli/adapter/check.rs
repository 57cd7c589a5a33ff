//! `job-scanner adapter check`: checks an adapter against the rules of the contract.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use job_scanner_core::escape::Printable;
use job_scanner_sandbox::{Cassette, Catalog};
use job_scanner_views::cells::whole;
use job_scanner_views::column::Column;
use serde::Serialize;

use crate::cli::adapter::settings::AdapterSettings;
use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::{Format, Table, print, print_json};
use crate::cli::usage::path_argument;
use crate::kit::check;
use crate::kit::check::{Finding, Verdict};

/// The columns of the table of rules.
const COLUMNS: [Column; 3] = [
    Column::word("rule"),
    Column::word(""),
    Column::prose("meaning", 24),
];

/// The arguments of `adapter check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The adapter: its name, or a file such as ./acme.wasm
    #[arg(value_name = "NAME|FILE")]
    adapter: String,

    /// Folder with cassette.json; may be given several times [default: those in the folder
    /// `cassettes` next to the adapter or its source code]
    #[arg(long = "cassette", value_name = "DIR", value_parser = path_argument())]
    cassettes: Vec<PathBuf>,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The result of a check. `docs/adapters.md` documents its JSON.
#[derive(Debug, Serialize)]
struct ConformanceReport<'a> {
    adapter: &'a str,
    passed: bool,
    findings: Vec<Finding>,
}

/// Checks an adapter. The exit code is 0 if no rule fails. Nothing is sent over the network, so the
/// adapter does not have to be accepted.
pub(super) async fn run(settings: &AdapterSettings, options: &Options) -> anyhow::Result<u8> {
    let catalog = settings.catalog()?;
    let path = settings.find(&catalog, &options.adapter)?;
    let folders = if options.cassettes.is_empty() {
        find_cassettes(&path)?
    } else {
        options.cassettes.clone()
    };
    check_file(&catalog, &path, &folders, options.format).await
}

/// Checks the component that a project built, with the project's cassettes.
pub(super) async fn check_built(catalog: &Catalog, component: &Path) -> anyhow::Result<u8> {
    let folders = find_cassettes(component)?;
    check_file(catalog, component, &folders, Format::Table).await
}

async fn check_file(
    catalog: &Catalog,
    path: &Path,
    folders: &[PathBuf],
    format: Format,
) -> anyhow::Result<u8> {
    let adapter = catalog.load_unaccepted(path).await?;
    let cassettes = folders.iter().map(|folder| Cassette::read(folder));
    let cassettes = cassettes.collect::<Result<Vec<_>, _>>()?;

    let findings = check::check(path, &adapter, &cassettes).await;
    let passed = !findings.iter().any(Finding::is_failure);
    let report = ConformanceReport {
        adapter: adapter.name().as_str(),
        passed,
        findings,
    };
    match format {
        Format::Json => print_json(&report)?,
        Format::Table => print(&render_text(&report, cassettes.len()))?,
    }
    Ok(if passed { SUCCESS } else { FAILURE })
}

/// Returns the cassettes of an adapter. In a project they are next to the built adapter. A
/// first-party adapter is built into a folder with all others, and its source code is in a folder
/// with its name next to that one.
fn find_cassettes(adapter: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let adapter = std::path::absolute(adapter)
        .with_context(|| format!("cannot find `{}`", adapter.display()))?;
    let (Some(folder), Some(name)) = (adapter.parent(), adapter.file_stem()) else {
        bail!("`{}` is not a file", adapter.display());
    };

    let sources = folder.parent().map(|parent| parent.join(name));
    let projects = [Some(folder.to_owned()), sources].into_iter().flatten();
    let mut candidates = projects.map(|project| project.join("cassettes"));
    match candidates.find(|folder| folder.is_dir()) {
        Some(folder) => cassettes_in(&folder),
        None => Ok(Vec::new()),
    }
}

/// Returns the folders in `folder` that contain a cassette, sorted by name.
fn cassettes_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = folder
        .read_dir()
        .with_context(|| format!("cannot list `{}`", folder.display()))?;

    let folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut cassettes: Vec<PathBuf> = folders.filter(|folder| Cassette::is_in(folder)).collect();
    cassettes.sort();
    Ok(cassettes)
}

fn render_text(report: &ConformanceReport<'_>, cassettes: usize) -> String {
    let failures = report
        .findings
        .iter()
        .filter(|finding| finding.is_failure());
    let summary = match (failures.count(), cassettes) {
        (0, 0) => "no rule failed; add a cassette (docs/cassettes.md) to check the skipped rules"
            .to_owned(),
        (0, _) => "no rule failed".to_owned(),
        (1, _) => "1 rule failed".to_owned(),
        (failed, _) => format!("{failed} rules failed"),
    };
    let table = Table::new(&COLUMNS, report.findings.iter().map(row));
    format!("{table}{}: {summary}\n", report.adapter)
}

fn row(finding: &Finding) -> [String; 3] {
    let (word, why) = match &finding.verdict {
        Verdict::Passed => ("passed", None),
        Verdict::Skipped(why) => ("skipped", Some(why)),
        Verdict::Failed(why) => ("FAILED", Some(why)),
    };
    let means = match why {
        None => finding.means.to_owned(),
        Some(why) => format!("{}: {}", finding.means, Printable(why)),
    };
    [finding.rule.to_owned(), word.to_owned(), whole(&means)]
}
