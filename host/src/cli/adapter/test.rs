//! `job-scanner adapter test`: replays a scan from a cassette, or records a scan of a real board.
//!
//! The result depends only on the adapter and the cassette, so results can be compared. The time
//! that the scan took on this machine is written to standard error.

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use job_scanner_config::{AdvancedConfig, Environment, SecretPlaces};
use job_scanner_core::adapter::OptionProblem;
use job_scanner_core::escape::Printable;
use job_scanner_core::key::{Identifier, SourceKey};
use job_scanner_core::net::AllowedHost;
use job_scanner_core::quantity::counted;
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{outcome_of, read_secrets};
use job_scanner_sandbox::{Adapter, BodyStyle, Cassette, CassetteSource, ScanRequest};
use serde_json::{Map, Value};

use crate::cli::adapter::replay_report::{
    ReplayReport, describe_missing, describe_refused, render_text,
};
use crate::cli::adapter::settings::AdapterSettings;
use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::{Format, print, print_json};
use crate::cli::usage::{UsageError, path_argument};
use crate::startup::http_clients;
use crate::terminal::{write_stderr, write_stderr_line};

/// The arguments of `adapter test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The adapter: its name, or a file such as ./acme.wasm
    #[arg(value_name = "NAME|FILE")]
    adapter: String,

    /// Folder with cassette.json
    #[arg(long, value_name = "DIR", value_parser = path_argument())]
    cassette: PathBuf,

    /// Scan the board and record requests and responses in the folder; settings that no flag gives
    /// are those of the existing cassette, except for hosts and secrets
    #[arg(long)]
    record: bool,

    /// The board's name for the source
    #[arg(long, value_name = "IDENTIFIER", requires = "record", value_parser = |text: &str| Identifier::new(text))]
    identifier: Option<Identifier>,

    /// Options of the source, as a JSON object; secrets as in config.yaml, such as env:NAME
    #[arg(long = "options", value_name = "JSON", requires = "record", value_parser = object)]
    json: Option<Map<String, Value>>,

    /// A single option; may be given several times
    #[arg(long = "option", value_name = "NAME=VALUE", requires = "record", value_parser = option)]
    option: Vec<(String, Value)>,

    /// Host the adapter may contact in addition to its own, such as 127.0.0.1:8080; may be given
    /// several times
    #[arg(long = "allow-host", value_name = "HOST", requires = "record")]
    allow_hosts: Vec<AllowedHost>,

    /// Stop after this many jobs
    #[arg(long, value_name = "NUMBER", requires = "record", value_parser = clap::value_parser!(u32).range(1..))]
    max_jobs: Option<u32>,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Records a scan if requested, and replays the cassette. The exit code is 0 if the scan succeeded
/// and the cassette contained all requests.
pub(super) async fn run(settings: &AdapterSettings, options: &Options) -> anyhow::Result<u8> {
    let catalog = settings.catalog()?;
    let path = settings.find(&catalog, &options.adapter)?;

    // Only a recording makes network requests, and so needs an accepted adapter.
    let adapter = if options.record {
        let adapter = catalog.load_file(&path).await?;
        record(&adapter, &settings.advanced, options).await?;
        adapter
    } else {
        catalog.load_unaccepted(&path).await?
    };

    let cassette = Cassette::read(&options.cassette)?;
    let replay = adapter.replay(&cassette).await;
    write_stderr(describe_missing(&replay, &cassette));
    write_stderr(describe_refused(&replay));
    let (cpu, wall) = (replay.budget.cpu_ms.used, replay.budget.wall_ms.used);
    write_stderr_line(format_args!(
        "took {cpu} ms of CPU time, {wall} ms in total"
    ));

    let source = SourceKey::new(adapter.name().clone(), cassette.source.identifier);
    let report = ReplayReport::new(&source, replay)?;
    match options.format {
        Format::Json => print_json(&report)?,
        Format::Table => print(&render_text(&report))?,
    }
    Ok(if report.is_success() {
        SUCCESS
    } else {
        FAILURE
    })
}

/// Scans the board like a first scan, and records it. A failed scan is recorded too, because tests
/// need failures as well.
async fn record(
    adapter: &Adapter,
    advanced: &AdvancedConfig,
    options: &Options,
) -> anyhow::Result<()> {
    let request = request_to_record(adapter, options)?;
    let clients = http_clients(advanced)?;
    let (listing, cassette) = adapter.record(&clients, request).await;

    let Some(cassette) = cassette else {
        let most = Cassette::MAX_RECORDED_BYTES;
        bail!(
            "nothing was recorded: the board's responses exceed {most} bytes; stop earlier with `--max-jobs`"
        );
    };
    if cassette.exchanges.is_empty() {
        let mut warnings = listing.warnings;
        let why = match outcome_of(&listing.end, &mut warnings) {
            Ok(_) => "the adapter made no request".to_owned(),
            Err(failure) => failure.message,
        };
        bail!("nothing was recorded: {why}");
    }

    let folder = options.cassette.as_path();
    cassette.write(folder, BodyStyle::Readable)?;
    write_stderr_line(format_args!(
        "recorded {} in `{}`",
        counted(cassette.exchanges.len() as u64, "request", "requests"),
        folder.display()
    ));
    Ok(())
}

/// Returns the request for a scan of the source that the arguments name. Missing arguments are
/// taken from an earlier cassette in the same folder.
fn request_to_record(adapter: &Adapter, options: &Options) -> anyhow::Result<ScanRequest> {
    let folder = options.cassette.as_path();
    let earlier = if Cassette::is_in(folder) {
        Some(Cassette::read(folder)?.source)
    } else {
        None
    };
    if let Some(earlier) = &earlier {
        check_earlier(adapter, earlier, options)?;
    }

    let identifier = match (&options.identifier, &earlier) {
        (Some(named), _) => named.clone(),
        (None, Some(earlier)) => earlier.identifier.clone(),
        (None, None) => {
            let wrong = "set the source to record with `--identifier`";
            return Err(UsageError(wrong.to_owned()).into());
        }
    };
    let adapter_options = options_to_record(options, earlier.as_ref());

    // Secrets are read from variables and files as in `config.yaml`, relative to the current
    // folder.
    let places = SecretPlaces::new(Environment::of_process(), PathBuf::new());
    let secrets = read_secrets(adapter, &adapter_options, &places)
        .map_err(|problems| options_wrong(&problems))?;

    let earlier_max_jobs = earlier.and_then(|earlier| earlier.max_jobs);
    Ok(ScanRequest {
        source: SourceKey::new(adapter.name().clone(), identifier),
        options: adapter_options,
        secrets,
        allow_hosts: options.allow_hosts.clone(),
        max_jobs: options.max_jobs.or(earlier_max_jobs),
        state: None,
        validators: Vec::new(),
        now: Clock::system().now(),
        run_ends: None,
    })
}

/// Returns the options of the source: the JSON argument or else those of an earlier cassette,
/// overridden by single options.
fn options_to_record(options: &Options, earlier: Option<&CassetteSource>) -> Value {
    let mut merged = match (&options.json, earlier.map(|source| &source.options)) {
        (Some(given), _) => given.clone(),
        (None, Some(Value::Object(earlier))) => earlier.clone(),
        (None, _) => Map::new(),
    };
    merged.extend(options.option.iter().cloned());
    Value::Object(merged)
}

/// Rejects settings of an earlier cassette that only the operator may choose: the hosts of this
/// network to contact, and the variables and files to read and send. The cassette may come from a
/// third party, so the operator sets them for each recording.
fn check_earlier(
    adapter: &Adapter,
    earlier: &CassetteSource,
    options: &Options,
) -> Result<(), UsageError> {
    let mut flags = Vec::new();
    for host in &earlier.allow_hosts {
        if !options.allow_hosts.contains(host) {
            flags.push(format!("`--allow-host {host}`"));
        }
    }

    let schema = adapter.manifest().options.as_ref();
    for name in schema.iter().flat_map(|schema| schema.secrets().keys()) {
        let is_set =
            options.json.is_some() || options.option.iter().any(|(option, _)| option == name);
        if !is_set && earlier.options.get(name).is_some() {
            flags.push(format!("`--option {name}=env:NAME`"));
        }
    }

    if flags.is_empty() {
        return Ok(());
    }
    let message = format!(
        "hosts and secrets are not taken from a cassette, which may come from a third party; add {} if you want them, or \
         remove them from `cassette.json` in `{}`",
        flags.join(" "),
        options.cassette.display()
    );
    Err(UsageError(Printable(&message).to_string()))
}

fn options_wrong(problems: &[OptionProblem]) -> anyhow::Error {
    let mut lines = Vec::new();
    for problem in problems {
        let option = problem.pointer.trim_start_matches('/');
        let OptionProblem { wrong, remedy, .. } = problem;
        lines.push(format!("option `{option}`: {wrong}; {remedy}"));
    }
    anyhow!(lines.join("\n"))
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| format!("not a JSON object: {error}"))
}

/// Parses `NAME=VALUE`. A value that is valid JSON is parsed as JSON, any other value is text.
fn option(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_option_is_parsed_as_json_or_else_taken_as_text() {
        let cases = [
            ("region=eu", json!("eu")),
            ("pages=3", json!(3)),
            ("pages=\"3\"", json!("3")),
            ("all=true", json!(true)),
            ("url=http://a.example/?b=c", json!("http://a.example/?b=c")),
            ("empty=", json!("")),
        ];
        for (text, value) in cases {
            assert_eq!(option(text).unwrap().1, value, "{text}");
        }
        assert!(option("region").is_err());
    }
}
