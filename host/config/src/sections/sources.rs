//! `sources`: where to look.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::Duration;

use job_scanner_core::escape::is_disguised;
use job_scanner_core::key::{AdapterName, Identifier, SourceKey};
use job_scanner_core::net::AllowedHost;
use job_scanner_core::schedule::Schedule;

use crate::paths::Base;
use crate::reading::problem::{Position, quoted};
use crate::reading::read::{Field, Section};
use crate::sections::schedule;

/// The longest name, in characters; it goes into tables and subjects.
const MOST_NAME_CHARACTERS: usize = 200;

/// One configured place to look.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceConfig {
    /// For people; the identifier when no name was given.
    pub name: String,
    /// The adapter that reads it and what it is called there.
    pub key: SourceKey,
    /// Whether it is scanned.
    pub enabled: bool,
    /// The adapter's file, absolute, where the source names one; else it is looked for by the
    /// `type`.
    pub adapter_file: Option<PathBuf>,
    /// What the adapter gets: an object, not yet held against the adapter's schema.
    pub options: serde_json::Value,
    /// Hosts that requests for this source may go to, beside the adapter's own.
    pub allow_hosts: Vec<AllowedHost>,
    /// Where a scan stops; `None` takes everything. What `advanced.max_jobs_per_source` says is
    /// already in it.
    pub max_jobs: Option<u32>,
    /// When the daemon scans it. What `scan_interval` says is already in it.
    pub schedule: Schedule,
    /// Where its parts were written, for problems that only the catalog of adapters can see.
    pub positions: SourcePositions,
    /// Its place among the sources, such as `sources[1]`.
    pub path: String,
}

/// Where the parts of a source were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePositions {
    /// `adapter` where there is one, else `type`.
    pub adapter: Position,
    /// `identifier`.
    pub identifier: Position,
    /// The whole source.
    source: Position,
    /// Each of its options, by JSON pointer.
    options: BTreeMap<String, Position>,
}

impl SourcePositions {
    /// Where an option is, or else the nearest thing around it.
    pub fn option<'p>(&self, pointer: &'p str) -> Position {
        let around = |pointer: &&'p str| Some(pointer.rsplit_once('/')?.0);
        let mut nearest = std::iter::successors(Some(pointer), around);
        nearest
            .find_map(|pointer| self.options.get(pointer).copied())
            .unwrap_or(self.source)
    }
}

/// What holds for sources that say nothing else.
pub(crate) struct Defaults<'a> {
    /// Against what paths are resolved.
    pub(crate) base: &'a Base,
    /// Where a scan stops.
    pub(crate) max_jobs: Option<u32>,
    /// How often they are scanned.
    pub(crate) scan_interval: Duration,
}

/// Reads the list.
pub(crate) fn read(root: &mut Section<'_>, defaults: &Defaults<'_>) -> Vec<SourceConfig> {
    let remedy = "write a list with one `- {type: greenhouse, identifier: acme}` for each board";
    let Some(list) = root.required("sources", remedy) else {
        return Vec::new();
    };

    let Some(items) =
        list.list("a list with one `- {type: greenhouse, identifier: acme}` for each board")
    else {
        return Vec::new();
    };

    let read = |item: &Field<'_>| {
        item.section(|section| read_source(section, defaults))
            .flatten()
    };
    let sources: Vec<Option<SourceConfig>> = items.iter().map(read).collect();

    // A source that could not be read is reported already and may well be an enabled one.
    let disabled =
        |source: &Option<SourceConfig>| source.as_ref().is_some_and(|source| !source.enabled);
    if items.is_empty() {
        list.report("names no source", remedy);
    } else if sources.iter().all(disabled) {
        list.report(
            "has no enabled source",
            "set `enabled: true` on at least one, or leave `enabled` out",
        );
    }

    report_duplicates(&items, &sources);
    sources.into_iter().flatten().collect()
}

fn read_source(section: &mut Section<'_>, defaults: &Defaults<'_>) -> Option<SourceConfig> {
    let name = section.field("name").and_then(|field| read_name(&field));

    let type_remedy = "write which adapter reads this source, such as `type: greenhouse`";
    let type_field = section.required("type", type_remedy);
    let adapter = type_field.as_ref().and_then(read_type);

    let adapter_field = section.field("adapter");
    let by_type = "write the path of a component, or leave `adapter` out to find it by the `type`";
    let adapter_file = adapter_field
        .as_ref()
        .and_then(|field| field.path(defaults.base, by_type));

    let remedy = "write what the board calls this source, such as `identifier: acme`";
    let identifier_field = section.required("identifier", remedy);
    let identifier = identifier_field.as_ref().and_then(read_identifier);

    let enabled = section.field("enabled").and_then(|field| field.boolean());
    let options = section
        .field("options")
        .and_then(|field| field.json_object());
    let allow_hosts = section
        .field("allow_hosts")
        .map(|field| read_allow_hosts(&field));
    let max_jobs = section.small_integer("max_jobs", 0..=u32::MAX);
    let schedule = schedule::read_schedule(section, defaults.scan_interval);

    // Only now a source without its key is given up: what else is wrong in it has been reported.
    let identifier = identifier?;
    let (options, option_positions) =
        options.unwrap_or_else(|| (serde_json::json!({}), BTreeMap::new()));
    Some(SourceConfig {
        name: name.unwrap_or_else(|| identifier.as_str().to_owned()),
        key: SourceKey::new(adapter?, identifier),
        enabled: enabled.unwrap_or(true),
        adapter_file,
        options,
        allow_hosts: allow_hosts.unwrap_or_default(),
        max_jobs: max_jobs.map_or(defaults.max_jobs, unless_zero),
        schedule,
        positions: SourcePositions {
            adapter: adapter_field.or(type_field)?.position(),
            identifier: identifier_field?.position(),
            source: section.position,
            options: option_positions,
        },
        path: section.key().to_owned(),
    })
}

/// In bounds of jobs, 0 means that there is none.
pub(crate) fn unless_zero(bound: u32) -> Option<u32> {
    (bound > 0).then_some(bound)
}

fn read_name(field: &Field<'_>) -> Option<String> {
    let check = |text: &str| {
        let text = text.trim();
        if text.is_empty() {
            Err("is empty")
        } else if text.chars().count() > MOST_NAME_CHARACTERS {
            Err("has more than 200 characters")
        } else if text.chars().any(char::is_control) {
            Err("holds line breaks or control characters")
        } else {
            Ok(text.to_owned())
        }
    };

    field.parsed(
        check,
        "write a short name on one line, or leave `name` out to use the identifier",
    )
}

/// An adapter asks its board for exactly this, so what cannot be seen would make every scan fail.
fn read_identifier(field: &Field<'_>) -> Option<Identifier> {
    let check = |text: &str| {
        let identifier = Identifier::new(text).map_err(|error| error.to_string())?;
        if text.trim() != text {
            return Err("has spaces around it; write it without them".to_owned());
        }

        match text.chars().find(|c| is_disguised(*c)) {
            Some(c) => Err(format!(
                "holds the character U+{:04X}, which cannot be seen; write it again",
                u32::from(c)
            )),
            None => Ok(identifier),
        }
    };

    field.parsed(check, "write what the board calls this source")
}

fn read_type(field: &Field<'_>) -> Option<AdapterName> {
    let check = |text: &str| {
        AdapterName::new(text).map_err(|_| format!("{} is not an adapter name", quoted(text)))
    };
    field.parsed(
        check,
        "write lower-case letters, digits and hyphens, such as `greenhouse`",
    )
}

fn read_allow_hosts(field: &Field<'_>) -> Vec<AllowedHost> {
    let remedy = "write a host, with a port if it is not 443, such as `boards.example.com` or `127.0.0.1:8080`";
    let items = field
        .list("a list of hosts, such as `[boards.example.com]`")
        .unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item.parsed(str::parse::<AllowedHost>, remedy))
        .collect()
}

/// The key of a source names its rows in the database, so no two sources may share one, enabled or
/// not.
fn report_duplicates(items: &[Field<'_>], sources: &[Option<SourceConfig>]) {
    let mut first: HashMap<&SourceKey, &Field<'_>> = HashMap::new();
    for (item, source) in items.iter().zip(sources) {
        let Some(SourceConfig { key, .. }) = source else {
            continue;
        };

        if let Some(earlier) = first.get(key) {
            let wrong = format!(
                "is the source `{key}` again, after {} in line {}",
                earlier.key(),
                earlier.position().line
            );

            item.report(
                wrong,
                "remove one of the two, or correct its `type` or `identifier`",
            );
        } else {
            first.insert(key, item);
        }
    }
}
