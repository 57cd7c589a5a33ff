//! `job-scanner adapter test`: one scan from a cassette, or one scan of a real board that becomes a
//! cassette.
//!
//! What is printed depends on the adapter and the cassette alone, so that it can be compared; how
//! long it took on this machine goes to standard error.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, anyhow, bail};
use job_scanner_config::{AdvancedConfig, Environment, SecretPlaces};
use job_scanner_core::adapter::OptionProblem;
use job_scanner_core::escape::Printable;
use job_scanner_core::key::{Identifier, SourceKey};
use job_scanner_core::net::AllowedHost;
use job_scanner_core::normalize::{JobNormalizer, KnownJobs};
use job_scanner_core::raw::RawJob;
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{ScanFailure, ScanOutcome, outcome_of, read_secrets};
use job_scanner_sandbox::{
    Adapter, BodyStyle, Cassette, CassetteSource, Replay, Request, ScanRequest,
};
use job_scanner_views::cells::{short, whole};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::cli::adapter::setting::Setting;
use crate::cli::exit_code::{GOOD, HAD_ERRORS};
use crate::cli::output::{Format, plain_table, print, print_json};
use crate::cli::usage::{WrongUsage, path_argument};
use crate::startup::http_clients;
use crate::terminal::{say, say_line};

/// More requests than this are counted, not named.
const NAMED_REQUESTS: usize = 20;
/// What depends on the machine, and so is not printed with the rest.
const TIMES: [&str; 2] = ["cpu_ms", "wall_ms"];

/// Which adapter, which cassette, and for a recording, which source.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The adapter: its name, or a file such as ./acme.wasm
    #[arg(value_name = "NAME|FILE")]
    adapter: String,

    /// The folder with cassette.json
    #[arg(long, value_name = "DIR", value_parser = path_argument())]
    cassette: PathBuf,

    /// Ask the board, and write what was asked and answered into the folder; what is not named is
    /// taken from the cassette that is there, but for hosts and secrets
    #[arg(long)]
    record: bool,

    /// What the board calls the source
    #[arg(long, value_name = "IDENTIFIER", requires = "record", value_parser = |text: &str| Identifier::new(text))]
    identifier: Option<Identifier>,

    /// The source's options, as a JSON object; its secrets as in config.yaml, such as env:NAME
    #[arg(long = "options", value_name = "JSON", requires = "record", value_parser = object)]
    json: Option<Map<String, Value>>,

    /// One option; may be given several times
    #[arg(long = "option", value_name = "NAME=VALUE", requires = "record", value_parser = option)]
    option: Vec<(String, Value)>,

    /// A host that may be asked beside the adapter's own, such as 127.0.0.1:8080; may be given
    /// several times
    #[arg(long = "allow-host", value_name = "HOST", requires = "record")]
    allow_hosts: Vec<AllowedHost>,

    /// Stop at so many jobs
    #[arg(long, value_name = "NUMBER", requires = "record", value_parser = clap::value_parser!(u32).range(1..))]
    max_jobs: Option<u32>,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What `--format json` prints; docs/cassettes.md describes it.
#[derive(Debug, Serialize)]
struct Report {
    source: String,
    outcome: ScanOutcome,
    error: Option<ScanFailure>,
    warnings: Vec<String>,
    jobs: Vec<RawJob>,
    state: Option<String>,
    budget: Map<String, Value>,
    /// Asked for, and not on the cassette.
    missing: Vec<String>,
    /// On the cassette, and not asked for.
    unused: Vec<String>,
}

/// Records if that is wanted, and replays what is on the cassette. The exit code says whether the
/// scan succeeded and the cassette had all that was asked for.
pub(super) async fn run(setting: &Setting, options: &Options) -> anyhow::Result<u8> {
    let catalog = setting.catalog()?;
    let path = setting.find(&catalog, &options.adapter)?;
    // Only a recording leaves this machine, and so needs somebody who accepted the adapter.
    let adapter = if options.record {
        catalog.load_file(&path).await?
    } else {
        catalog.try_out(&path).await?
    };
    if options.record {
        record(&adapter, &setting.advanced, options).await?;
    }
    let cassette = Cassette::read(&options.cassette)?;
    let replay = adapter.replay(&cassette).await;
    say(whats_missing(&replay, &cassette));
    let (cpu, wall) = (replay.budget.cpu_ms.used, replay.budget.wall_ms.used);
    say_line(format_args!("took {cpu} ms of CPU, {wall} ms in all"));
    let report = report(
        &SourceKey::new(adapter.name().clone(), cassette.source.identifier),
        replay,
    )?;
    match options.format {
        Format::Json => print_json(&report)?,
        Format::Table => print(&in_words(&report))?,
    }
    let good = !report.outcome.is_error() && report.missing.is_empty();
    Ok(if good { GOOD } else { HAD_ERRORS })
}

/// Scans the board as if for the first time. A scan that fails is recorded like any other: failures
/// want tests too.
async fn record(
    adapter: &Adapter,
    advanced: &AdvancedConfig,
    options: &Options,
) -> anyhow::Result<()> {
    let folder = options.cassette.as_path();
    let request = to_record(adapter, options)?;
    let clients = http_clients(advanced)?;
    let (listing, cassette) = adapter.record(&clients, request).await;
    let Some(cassette) = cassette else {
        let most = Cassette::MOST_RECORDED_BYTES;
        bail!(
            "nothing was recorded: the board's answers have more than {most} bytes; stop earlier with `--max-jobs`"
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
    cassette.write(folder, BodyStyle::Readable)?;
    say_line(format_args!(
        "recorded {} requests in `{}`",
        cassette.exchanges.len(),
        folder.display()
    ));
    Ok(())
}

/// What was named, over what an earlier cassette says.
fn to_record(adapter: &Adapter, options: &Options) -> anyhow::Result<ScanRequest> {
    let folder = options.cassette.as_path();
    let earlier = if Cassette::is_in(folder) {
        Some(Cassette::read(folder)?.source)
    } else {
        None
    };
    if let Some(earlier) = &earlier {
        check_earlier(adapter, earlier, options)?;
    }
    let identifier = options
        .identifier
        .clone()
        .or_else(|| earlier.as_ref().map(|source| source.identifier.clone()));
    let identifier = identifier
        .ok_or_else(|| WrongUsage("name the source to record with `--identifier`".to_owned()))?;
    let mut adapter_options = match (
        &options.json,
        earlier.as_ref().map(|source| &source.options),
    ) {
        (Some(given), _) => given.clone(),
        (None, Some(Value::Object(earlier))) => earlier.clone(),
        (None, _) => Map::new(),
    };
    adapter_options.extend(options.option.iter().cloned());
    let adapter_options = Value::Object(adapter_options);
    let places = SecretPlaces::new(Environment::of_process(), PathBuf::new());
    let secrets = read_secrets(adapter, &adapter_options, &places)
        .map_err(|problems| secrets_missing(&problems))?;
    Ok(ScanRequest {
        source: SourceKey::new(adapter.name().clone(), identifier),
        options: adapter_options,
        secrets,
        allow_hosts: options.allow_hosts.clone(),
        max_jobs: options.max_jobs.or_else(|| earlier.as_ref()?.max_jobs),
        state: None,
        validators: Vec::new(),
        now: Clock::system().now(),
        run_ends: None,
    })
}

/// An earlier cassette may be a stranger's. It must not say which hosts of this network are asked,
/// nor which variables and files are read and sent: who records says that each time.
fn check_earlier(
    adapter: &Adapter,
    earlier: &CassetteSource,
    options: &Options,
) -> Result<(), WrongUsage> {
    let unsaid_hosts = earlier
        .allow_hosts
        .iter()
        .filter(|host| !options.allow_hosts.contains(host));
    let is_unsaid = |name: &str| {
        let is_said = options.json.is_some() || options.option.iter().any(|(said, _)| said == name);
        !is_said && earlier.options.get(name).is_some()
    };
    let secrets = adapter
        .manifest()
        .options
        .iter()
        .flat_map(|schema| schema.secrets().keys());
    let hosts = unsaid_hosts.map(|host| format!("`--allow-host {host}`"));
    let secrets = secrets
        .filter(|name| is_unsaid(name))
        .map(|name| format!("`--option {name}=env:NAME`"));
    let flags: Vec<String> = hosts.chain(secrets).collect();
    if flags.is_empty() {
        return Ok(());
    }
    let words = format!(
        "hosts and secrets are not taken from a cassette, which may be a stranger's; add {} if you want them, or remove \
         them from `cassette.json` in `{}`",
        flags.join(" "),
        options.cassette.display()
    );
    Err(WrongUsage(Printable(&words).to_string()))
}

fn secrets_missing(problems: &[OptionProblem]) -> anyhow::Error {
    let line = |OptionProblem {
                    pointer,
                    wrong,
                    remedy,
                }: &OptionProblem| {
        format!(
            "option `{}`: {wrong}; {remedy}",
            pointer.trim_start_matches('/')
        )
    };
    anyhow!(problems.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// Nothing when nothing is missing. Names what was asked for and what could have been.
fn whats_missing(replay: &Replay, cassette: &Cassette) -> String {
    if replay.missing.is_empty() {
        return String::new();
    }
    let there = printed(cassette.exchanges.iter().map(|exchange| &exchange.request));
    let asked = list(&printed(&replay.missing));
    format!(
        "the cassette has no answer to\n{asked}it has answers to\n{}",
        list(&there)
    )
}

fn report(source: &SourceKey, replay: Replay) -> anyhow::Result<Report> {
    let Replay {
        listing,
        budget,
        missing,
        unused,
    } = replay;
    let mut warnings = listing.warnings;
    let (outcome, error) = match outcome_of(&listing.end, &mut warnings) {
        Ok(outcome) => (outcome, None),
        Err(failure) => (ScanOutcome::Failed, Some(failure)),
    };
    let normalized = JobNormalizer::new(&KnownJobs::new()).normalize_all(listing.jobs.clone());
    warnings.extend(normalized.warnings);
    warnings.extend(normalized.rejected.iter().map(ToString::to_string));
    let Value::Object(mut budget) =
        serde_json::to_value(budget).context("cannot write the budget")?
    else {
        bail!("the budget is no object");
    };
    budget.retain(|name, _| !TIMES.contains(&name.as_str()));
    let (missing, unused) = (printed(&missing), printed(&unused));
    let (jobs, state) = (listing.jobs, listing.state);
    Ok(Report {
        source: source.to_string(),
        outcome,
        error,
        warnings,
        jobs,
        state,
        budget,
        missing,
        unused,
    })
}

fn printed<'a>(requests: impl IntoIterator<Item = &'a Request>) -> Vec<String> {
    requests.into_iter().map(ToString::to_string).collect()
}

fn in_words(report: &Report) -> String {
    let mut words = String::new();
    if !report.jobs.is_empty() {
        words = format!("{}\n", jobs(&report.jobs));
    }
    // Writing to a string cannot fail.
    let _ = writeln!(
        words,
        "{}: {}, {} jobs",
        report.source,
        report.outcome,
        report.jobs.len()
    );
    if let Some(ScanFailure { kind, message, .. }) = &report.error {
        let _ = writeln!(words, "failed: {kind}: {}", Printable(message));
    }
    for warning in &report.warnings {
        let _ = writeln!(words, "warning: {}", Printable(warning));
    }
    if !report.missing.is_empty() {
        let _ = write!(words, "not on the cassette:\n{}", list(&report.missing));
    }
    if !report.unused.is_empty() {
        let _ = write!(
            words,
            "on the cassette, but not asked for:\n{}",
            list(&report.unused)
        );
    }
    let _ = writeln!(words, "{}", budget(&report.budget));
    words
}

fn jobs(jobs: &[RawJob]) -> comfy_table::Table {
    let mut table = plain_table();
    table.set_header(["id", "title", "where", "posted", "page"]);
    for job in jobs {
        let places: Vec<&str> = job
            .locations
            .iter()
            .map(|place| place.name.as_str())
            .collect();
        table.add_row([
            short(&job.external_id),
            short(&job.title),
            short(&places.join("; ")),
            short(job.posted_at.as_deref().unwrap_or_default()),
            whole(&job.url),
        ]);
    }
    table
}

fn budget(budget: &Map<String, Value>) -> comfy_table::Table {
    let mut table = plain_table();
    table.set_header(["budget", "used", "limit"]);
    for (name, budget) in budget {
        table.add_row([
            name.clone(),
            budget["used"].to_string(),
            budget["limit"].to_string(),
        ]);
    }
    table
}

fn list(requests: &[String]) -> String {
    let mut lines = String::new();
    for request in requests.iter().take(NAMED_REQUESTS) {
        let _ = writeln!(lines, "  {request}");
    }
    if let more @ 1.. = requests.len().saturating_sub(NAMED_REQUESTS) {
        let _ = writeln!(lines, "  and {more} more");
    }
    lines
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| format!("no JSON object: {error}"))
}

/// A value that is JSON is that; anything else is text.
fn option(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((
        name.to_owned(),
        serde_json::from_str(value).unwrap_or_else(|_| value.into()),
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_option_is_json_where_it_can_be_and_text_elsewhere() {
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
