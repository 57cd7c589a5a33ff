//! One configured source, and the list of all of them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use job_scanner_core::escape::is_disguised;
use job_scanner_core::key::{AdapterName, Identifier, SourceKey};
use job_scanner_core::net::AllowedHost;
use job_scanner_core::schedule::Schedule;

use crate::paths::Base;
use crate::reading::problem::{Origin, Position, Problem, quoted};
use crate::reading::read::{Document, Field, Section};
use crate::reading::tree;
use crate::sections::schedule;
use crate::sections::sources::duplicates::duplicates;
use crate::sections::sources::files::SourceFile;
use crate::source_types::{BUNDLED, closest_type};

/// The maximum length of a name, in characters. Names appear in tables and subjects.
const MAX_NAME_CHARACTERS: usize = 200;

/// One configured source.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceConfig {
    /// The name in messages and tables. Defaults to the identifier.
    pub name: String,
    pub key: SourceKey,
    pub enabled: bool,
    /// The absolute path of the adapter's file, if the source names one. `None` finds the adapter
    /// by the `type`.
    pub adapter_file: Option<PathBuf>,
    /// The options for the adapter: an object that is not yet validated against the adapter's
    /// schema.
    pub options: serde_json::Value,
    /// Hosts that requests for this source may contact, in addition to the adapter's own.
    pub allow_hosts: Vec<AllowedHost>,
    /// The number of jobs after which a scan stops. `None` means no limit.
    /// `advanced.max_jobs_per_source` is already applied.
    pub max_jobs: Option<u32>,
    /// True if the operator knows that the board lists only some of its jobs. A partial listing of
    /// this source is then not an error; it still closes no job.
    pub accept_partial: bool,
    /// The schedule of the source. `scan_interval` is already applied.
    pub schedule: Schedule,
    /// The positions of its parts, for problems that only the catalog of adapters can find.
    pub positions: SourcePositions,
    /// The path of the source in the file, such as `sources[1]`.
    pub path: String,
    /// The file that has the source: the configuration, or one in `sources.d`.
    pub file: PathBuf,
}

impl SourceConfig {
    /// Returns a problem with a value of this source that only a later step can find, such as a
    /// `type` without an adapter.
    pub fn problem(
        &self,
        position: Position,
        key: String,
        wrong: String,
        remedy: String,
    ) -> Problem {
        Problem {
            origin: Origin::File(self.file.clone(), Some(position)),
            key,
            wrong,
            remedy,
        }
    }

    /// Returns the position in the file at which the source begins.
    pub fn position(&self) -> Position {
        self.positions.source
    }
}

/// The positions of the parts of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePositions {
    /// The position of `adapter` if it is set, or else of `type`.
    pub adapter: Position,
    pub identifier: Position,
    source: Position,
    /// By JSON pointer.
    options: BTreeMap<String, Position>,
}

impl SourcePositions {
    /// Returns the position of an option, or else of the nearest value around it.
    pub fn option<'p>(&self, pointer: &'p str) -> Position {
        let around = |pointer: &&'p str| Some(pointer.rsplit_once('/')?.0);
        let mut nearest = std::iter::successors(Some(pointer), around);
        nearest
            .find_map(|pointer| self.options.get(pointer).copied())
            .unwrap_or(self.source)
    }
}

/// The defaults of sources.
pub(crate) struct Defaults<'a> {
    /// Paths are resolved against it.
    pub(crate) base: &'a Base,
    pub(crate) max_jobs: Option<u32>,
    pub(crate) scan_interval: Duration,
}

/// The sources of one list. Those that could not be read are `None`, and were reported.
type ReadSources = Vec<Option<SourceConfig>>;

const REMEDY: &str =
    "write a list with one `- {type: greenhouse, identifier: acme}` for each board";

/// Reads the sources of the configuration, and those of the files in `sources.d`. Returns the
/// problems that do not concern the configuration alone.
pub(crate) fn read(
    root: &mut Section<'_>,
    defaults: &Defaults<'_>,
    files: &[SourceFile],
) -> (Vec<SourceConfig>, Vec<Problem>) {
    let (mut in_files, mut problems) = (ReadSources::new(), Vec::new());
    for file in files {
        let (sources, wrong) = read_file(file, defaults);
        in_files.extend(sources);
        problems.extend(wrong);
    }

    // With other sources, the configuration needs none of its own.
    let list = if files.is_empty() {
        root.required("sources", REMEDY)
    } else {
        root.field("sources")
    };
    let own = list.and_then(|list| read_own(&list, defaults, &in_files));
    let sources: Vec<SourceConfig> = own
        .into_iter()
        .flatten()
        .chain(in_files)
        .flatten()
        .collect();
    problems.extend(duplicates([], &sources));
    (sources, problems)
}

/// Reads the list of the configuration. `others` are the sources of the files.
fn read_own(
    list: &Field<'_>,
    defaults: &Defaults<'_>,
    others: &ReadSources,
) -> Option<ReadSources> {
    let sources = read_list(list, defaults)?;

    // A source that could not be read has been reported already, and it may be an enabled one.
    let disabled =
        |source: &Option<SourceConfig>| source.as_ref().is_some_and(|source| !source.enabled);
    if sources.is_empty() {
        list.report("has no sources", REMEDY);
    } else if sources.iter().chain(others).all(disabled) {
        list.report(
            "has no enabled source",
            "set `enabled: true` on at least one, or leave `enabled` out",
        );
    }
    Some(sources)
}

/// Reads a file of `sources.d`, which has only the key `sources`.
pub(crate) fn read_file(file: &SourceFile, defaults: &Defaults<'_>) -> (ReadSources, Vec<Problem>) {
    let SourceFile { path, text } = file;
    let root = match tree::parse(text) {
        Ok(root) => root,
        Err(error) => return (Vec::new(), vec![error.in_file(path, text)]),
    };

    let document = Document::new(path, text);
    let read = document.section(&root, |section| {
        let list = section.required("sources", REMEDY)?;
        read_list(&list, defaults)
    });
    match read {
        Ok(sources) => (sources.unwrap_or_default(), document.into_problems()),
        Err(problem) => (Vec::new(), vec![problem]),
    }
}

fn read_list(list: &Field<'_>, defaults: &Defaults<'_>) -> Option<ReadSources> {
    let items =
        list.list("a list with one `- {type: greenhouse, identifier: acme}` for each board")?;
    let read = |item: &Field<'_>| {
        let form = "a `type` and an `identifier`, such as `{type: greenhouse, identifier: acme}`";
        item.section_like(form, |section| read_source(section, defaults))
            .flatten()
    };
    Some(items.iter().map(read).collect())
}

fn read_source(section: &mut Section<'_>, defaults: &Defaults<'_>) -> Option<SourceConfig> {
    let name = section.field("name").and_then(|field| read_name(&field));

    let type_remedy = "write the adapter that reads this source, such as `type: greenhouse`";
    let type_field = section.required("type", type_remedy);
    let adapter = type_field.as_ref().and_then(read_type);

    let adapter_field = section.field("adapter");
    let adapter_remedy =
        "write the path of a `.wasm` file, or leave `adapter` out to find it by its `type`";
    let adapter_file = adapter_field
        .as_ref()
        .and_then(|field| field.path(defaults.base, adapter_remedy));

    let remedy = "write the board's name for this source, such as `identifier: acme`";
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
    let accept_partial = section
        .field("accept_partial")
        .and_then(|field| field.boolean());
    let schedule = schedule::read_schedule(section, defaults.scan_interval);

    // A source without its key is dropped only here, after all other problems in it have been
    // reported.
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
        max_jobs: max_jobs.map_or(defaults.max_jobs, none_if_zero),
        accept_partial: accept_partial.unwrap_or(false),
        schedule,
        positions: SourcePositions {
            adapter: adapter_field.or(type_field)?.position(),
            identifier: identifier_field?.position(),
            source: section.position,
            options: option_positions,
        },
        path: section.key().to_owned(),
        file: section.file().to_owned(),
    })
}

/// Converts a limit on jobs, where 0 means no limit.
pub(crate) fn none_if_zero(bound: u32) -> Option<u32> {
    (bound > 0).then_some(bound)
}

fn read_name(field: &Field<'_>) -> Option<String> {
    let check = |text: &str| {
        let text = text.trim();
        if text.is_empty() {
            Err("is empty")
        } else if text.chars().count() > MAX_NAME_CHARACTERS {
            Err("has more than 200 characters")
        } else if text.chars().any(char::is_control) {
            Err("contains line breaks or control characters")
        } else {
            Ok(text.to_owned())
        }
    };

    field.parsed(
        check,
        "write a short name on one line, or leave `name` out to use the identifier",
    )
}

/// Reads the identifier. An adapter sends exactly this text to its board, so an invisible character
/// would make every scan fail.
fn read_identifier(field: &Field<'_>) -> Option<Identifier> {
    let check = |text: &str| {
        let identifier = Identifier::new(text).map_err(|error| error.to_string())?;
        if text.trim() != text {
            return Err("has spaces around it; write it without them".to_owned());
        }

        match text.chars().find(|c| is_disguised(*c)) {
            Some(c) => Err(format!(
                "contains the invisible character U+{:04X}; write it without that",
                u32::from(c)
            )),
            None => Ok(identifier),
        }
    };

    field.parsed(check, "write the board's name for this source")
}

fn read_type(field: &Field<'_>) -> Option<AdapterName> {
    let check = |text: &str| {
        AdapterName::new(text).map_err(|_| {
            let wrong = format!("{} is not an adapter name", quoted(text));
            match closest_type(text, &BUNDLED) {
                Some(meant) => format!("{wrong}; did you mean `{meant}`?"),
                None => wrong,
            }
        })
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
