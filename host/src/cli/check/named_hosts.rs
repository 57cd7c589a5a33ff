//! The hosts that the configuration names for a source, but that its requests may not contact. A
//! scan of the source would fail. They are found without a request.

use std::collections::BTreeSet;

use job_scanner_config::{Config, Position, Problem, SourceConfig};
use job_scanner_core::adapter::{HostRequest, HostTarget, pointer_below};
use job_scanner_core::net::AllowList;
use job_scanner_pipeline::CheckedAdapters;
use job_scanner_sandbox::Adapter;
use url::Url;

/// The option with which the bundled adapters use another server.
const BASE_URL: &str = "base_url";

/// A place where a source names a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place<'a> {
    Identifier,
    Option(&'a str),
}

/// Returns a problem for each such host of an enabled source, with the entry to add to
/// `allow_hosts`.
pub(super) fn unlisted_hosts(config: &Config, adapters: &CheckedAdapters) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in &config.sources {
        if let Some(adapter) = adapters.of(source) {
            problems.extend(unlisted_of(source, adapter));
        }
    }
    problems
}

fn unlisted_of(source: &SourceConfig, adapter: &Adapter) -> Vec<Problem> {
    let hosts = &adapter.manifest().hosts;
    let identifier = source.key.identifier.as_str();
    let resolve = |host: &HostRequest| host.target.resolve(identifier, &source.options).ok()?;
    let granted = hosts.iter().filter_map(resolve).collect();
    let allowed = AllowList::new(granted, source.allow_hosts.clone());

    let problem = |place: Place<'_>| {
        let denied = allowed.check(&place.url(source)?).err()?.to_string();
        let (wrong, remedy) = denied.split_once("; ")?;
        let (position, key) = place.in_file(source);
        Some(source.problem(position, key, wrong.to_owned(), remedy.to_owned()))
    };
    let mut places: BTreeSet<Place<'_>> = hosts.iter().filter_map(Place::of).collect();
    places.insert(Place::Option(BASE_URL));
    places.into_iter().filter_map(problem).collect()
}

impl<'a> Place<'a> {
    /// Returns the place that a manifest names. `None` if it names the host itself.
    fn of(host: &'a HostRequest) -> Option<Self> {
        match &host.target {
            HostTarget::Pattern(_) => None,
            HostTarget::Identifier => Some(Self::Identifier),
            HostTarget::Option(name) => Some(Self::Option(name)),
        }
    }

    /// Returns the URL there, or that of the host there. `None` if there is neither.
    fn url(self, source: &SourceConfig) -> Option<Url> {
        let value = match self {
            Self::Identifier => source.key.identifier.as_str(),
            Self::Option(name) => source.options.get(name)?.as_str()?,
        };
        if value.contains("://") {
            value.parse().ok()
        } else {
            format!("https://{value}").parse().ok()
        }
    }

    fn in_file(self, source: &SourceConfig) -> (Position, String) {
        match self {
            Self::Identifier => (
                source.positions.identifier,
                format!("{}.identifier", source.path),
            ),
            Self::Option(name) => (
                source.positions.option(&pointer_below("", name)),
                format!("{}.options.{name}", source.path),
            ),
        }
    }
}
