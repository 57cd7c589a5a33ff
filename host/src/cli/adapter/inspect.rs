//! `job-scanner adapter inspect`: shows an adapter and its requests.

use std::fmt::Write as _;

use job_scanner_core::adapter::Manifest;
use job_scanner_sandbox::Candidate;
use job_scanner_views::adapters::{AdapterFile, AdapterView};
use job_scanner_views::cells::whole;
use job_scanner_views::column::Column;
use serde_json::Value;

use crate::cli::adapter::requests::{requests_table, status_word};
use crate::cli::adapter::settings::{AdapterSettings, Finder};
use crate::cli::exit_code::SUCCESS;
use crate::cli::output::{Format, Table, print, print_json};

/// The columns of the table of properties, which has no header.
const PROPERTY_COLUMNS: [Column; 2] = [Column::word(""), Column::prose("", 24)];

/// The arguments of `adapter inspect`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Adapter file, or the type of its sources
    #[arg(value_name = "FILE|NAME")]
    adapter: String,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Shows an adapter.
pub(super) async fn run(
    settings: &dyn Fn() -> anyhow::Result<AdapterSettings>,
    options: &Options,
) -> anyhow::Result<u8> {
    let candidate = Finder::new(settings).look_at(&options.adapter).await?;
    match options.format {
        Format::Json => print_candidate(&candidate)?,
        Format::Table => print(&render_text(&candidate))?,
    }
    Ok(SUCCESS)
}

fn print_candidate(candidate: &Candidate) -> anyhow::Result<()> {
    let interfaces = candidate.interfaces();
    let file = AdapterFile {
        path: &candidate.path.display().to_string(),
        contract: candidate.contract().line(),
        imports: &interfaces.imports,
        exports: &interfaces.exports,
        size: candidate.size,
        sha256: candidate.digest.as_str(),
        status: status_word(candidate.acceptance_status()),
    };
    print_json(&AdapterView::new(candidate.manifest(), file))
}

fn render_text(candidate: &Candidate) -> String {
    let rows = rows(candidate).map(|(name, value)| [name.to_owned(), value]);
    let table = Table::new(&PROPERTY_COLUMNS, rows);

    let mut text = format!("{table}\n{}", requests_table(candidate));
    for (name, option) in options_of(candidate.manifest()) {
        let description = option["description"].as_str().unwrap_or("no description");
        let _ = writeln!(text, "option `{}`: {}", whole(name), whole(description));
    }
    text
}

fn rows(candidate: &Candidate) -> [(&'static str, String); 12] {
    let manifest = candidate.manifest();
    let interfaces = candidate.interfaces();
    let (name, version) = (&manifest.name, whole(&manifest.version));
    let limit = |(name, limit): (&String, &f64)| format!("{} {limit}", whole(name));
    let limits: Vec<String> = manifest.limits.iter().map(limit).collect();

    let or_none = |text: &Option<String>| text.as_deref().map_or_else(none, whole);
    [
        ("file", whole(&candidate.path.display().to_string())),
        ("adapter", format!("{name} {version}")),
        ("description", or_none(&manifest.description)),
        ("homepage", or_none(&manifest.homepage)),
        ("license", or_none(&manifest.license)),
        ("contract", candidate.contract().to_string()),
        ("imports", whole(&join_names(&interfaces.imports))),
        ("exports", whole(&join_names(&interfaces.exports))),
        ("size", format!("{} bytes", candidate.size)),
        ("SHA-256", candidate.digest.to_string()),
        (
            "status",
            status_word(candidate.acceptance_status()).to_owned(),
        ),
        ("limits", join_names(&limits)),
    ]
}

fn none() -> String {
    "-".to_owned()
}

fn join_names(names: &[String]) -> String {
    if names.is_empty() {
        none()
    } else {
        names.join(", ")
    }
}

fn options_of(manifest: &Manifest) -> impl Iterator<Item = (&String, &Value)> {
    let properties = manifest
        .options
        .as_ref()
        .and_then(|options| options.schema()["properties"].as_object());
    properties.into_iter().flatten()
}
