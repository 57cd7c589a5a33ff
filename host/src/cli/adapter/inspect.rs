//! `job-scanner adapter inspect`: what an adapter is and what it asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use job_scanner_core::adapter::{HostRequest, HostTarget, Manifest, Method, OptionsSchema};
use job_scanner_core::net::HostPattern;
use job_scanner_sandbox::Candidate;
use serde::Serialize;
use serde_json::Value;

use crate::cli::GOOD;
use crate::cli::adapter::asked::{asked_table, standing_word};
use crate::cli::adapter::setting::{Finder, Setting};
use crate::cli::output::{Format, json, print};
use crate::cli::table::{plain_table, whole};

/// Which one, and how to show it.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The file of the adapter, or the type under which sources find it
    #[arg(value_name = "FILE|NAME")]
    adapter: String,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Shows it.
pub(super) async fn run(
    setting: &dyn Fn() -> anyhow::Result<Setting>,
    options: &Options,
) -> anyhow::Result<u8> {
    let candidate = Finder::new(setting).look_at(&options.adapter).await?;
    match options.format {
        Format::Json => print(&json(&AdapterJson::from(&candidate))?)?,
        Format::Table => print(&in_words(&candidate))?,
    }
    Ok(GOOD)
}

fn in_words(candidate: &Candidate) -> String {
    let manifest = candidate.manifest();
    let or_none = |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), whole);
    let interfaces = candidate.interfaces();
    let names = |names: &[String]| {
        if names.is_empty() {
            "-".to_owned()
        } else {
            whole(&names.join(", "))
        }
    };
    let limits: Vec<String> = manifest
        .limits
        .iter()
        .map(|(name, limit)| format!("{} {limit}", whole(name)))
        .collect();
    let rows = [
        ("file", whole(&candidate.path.display().to_string())),
        (
            "adapter",
            format!("{} {}", manifest.name, whole(&manifest.version)),
        ),
        ("description", or_none(&manifest.description)),
        ("homepage", or_none(&manifest.homepage)),
        ("license", or_none(&manifest.license)),
        ("contract", candidate.contract().to_string()),
        ("imports", names(&interfaces.imports)),
        ("exports", names(&interfaces.exports)),
        ("size", format!("{} bytes", candidate.size)),
        ("SHA-256", candidate.digest.to_string()),
        ("standing", standing_word(candidate.standing()).to_owned()),
        (
            "limits",
            if limits.is_empty() {
                "-".to_owned()
            } else {
                limits.join(", ")
            },
        ),
    ];
    let mut table = plain_table();
    table.add_rows(rows.map(|(name, value)| [name.to_owned(), value]));
    let mut words = format!("{table}\n{}", asked_table(candidate));
    for (name, option) in options_of(manifest) {
        let description = option["description"].as_str().unwrap_or("not described");
        let _ = writeln!(words, "option `{}`: {}", whole(name), whole(description));
    }
    words
}

fn options_of(manifest: &Manifest) -> impl Iterator<Item = (&String, &Value)> {
    let properties = manifest
        .options
        .as_ref()
        .and_then(|options| options.schema()["properties"].as_object());
    properties.into_iter().flatten()
}

#[derive(Serialize)]
struct AdapterJson<'a> {
    file: String,
    name: &'a str,
    version: &'a str,
    description: Option<&'a str>,
    homepage: Option<&'a str>,
    license: Option<&'a str>,
    contract: &'static str,
    imports: &'a [String],
    exports: &'a [String],
    size_bytes: usize,
    sha256: &'a str,
    standing: &'static str,
    hosts: Vec<HostJson<'a>>,
    secrets: BTreeMap<&'a str, Vec<String>>,
    limits: &'a BTreeMap<String, f64>,
    options: Option<&'a Value>,
}

#[derive(Serialize)]
struct HostJson<'a> {
    pattern: Option<&'a HostPattern>,
    from: Option<String>,
    methods: Vec<&'a str>,
    rate: Option<f64>,
    reason: Option<&'a str>,
}

impl<'a> From<&'a Candidate> for AdapterJson<'a> {
    fn from(candidate: &'a Candidate) -> Self {
        let manifest = candidate.manifest();
        let secrets = manifest.options.iter().flat_map(OptionsSchema::secrets);
        let receivers =
            |hosts: &BTreeSet<HostPattern>| hosts.iter().map(ToString::to_string).collect();
        Self {
            file: candidate.path.display().to_string(),
            name: manifest.name.as_str(),
            version: &manifest.version,
            description: manifest.description.as_deref(),
            homepage: manifest.homepage.as_deref(),
            license: manifest.license.as_deref(),
            contract: candidate.contract().line(),
            imports: &candidate.interfaces().imports,
            exports: &candidate.interfaces().exports,
            size_bytes: candidate.size,
            sha256: candidate.digest.as_str(),
            standing: standing_word(candidate.standing()),
            hosts: manifest.hosts.iter().map(HostJson::from).collect(),
            secrets: secrets
                .map(|(option, hosts)| (option.as_str(), receivers(hosts)))
                .collect(),
            limits: &manifest.limits,
            options: manifest.options.as_ref().map(OptionsSchema::schema),
        }
    }
}

impl<'a> From<&'a HostRequest> for HostJson<'a> {
    fn from(host: &'a HostRequest) -> Self {
        let (pattern, from) = match &host.target {
            HostTarget::Pattern(pattern) => (Some(pattern), None),
            HostTarget::Identifier => (None, Some("identifier".to_owned())),
            HostTarget::Option(name) => (None, Some(format!("options.{name}"))),
        };
        let methods = host.terms.methods.iter().map(Method::as_str).collect();
        Self {
            pattern,
            from,
            methods,
            rate: host.terms.rate,
            reason: host.reason.as_deref(),
        }
    }
}
