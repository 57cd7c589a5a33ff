//! The rows of `check` about `first` of the channels: favourite sources that do not exist.

use job_scanner_config::{ChannelConfig, Config, Favourite, SourceConfig};
use job_scanner_core::words::closest_match;
use job_scanner_views::check::Check;

/// Returns one warning for each favourite that names no source of the configuration.
pub(super) fn checks(config: &Config) -> Vec<Check> {
    let channels = config.channels.iter().flatten();
    channels
        .flat_map(|channel| of_channel(channel, &config.sources))
        .collect()
}

fn of_channel(channel: &ChannelConfig, sources: &[SourceConfig]) -> Vec<Check> {
    let favourites = channel.rhythm.first.iter();
    let unknown = favourites.filter(|favourite| {
        let mut sources = sources.iter();
        !sources
            .any(|it| favourite.names(&it.key.to_string(), it.key.identifier.as_str(), &it.name))
    });
    let what = format!("channel {}", channel.name);
    unknown
        .map(|favourite| Check::warning(&what, detail(favourite, sources)))
        .collect()
}

fn detail(favourite: &Favourite, sources: &[SourceConfig]) -> String {
    let (written, known) = match favourite {
        Favourite::Named(name) => (name.as_str(), names(sources)),
        Favourite::Pattern(pattern) => (pattern.as_str(), patterns(sources)),
    };
    let remedy = match closest_match(written, known.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "write the name or identifier of a source, or a pattern such as `greenhouse/*`"
            .to_owned(),
    };
    format!("`{written}` in `first` names no source; {remedy}")
}

/// Returns the words that name one source: names and identifiers.
fn names(sources: &[SourceConfig]) -> Vec<String> {
    let names = sources
        .iter()
        .flat_map(|it| [it.key.identifier.as_str(), it.name.as_str()]);
    names.map(str::to_lowercase).collect()
}

/// Returns the patterns that name sources: their keys, and each type with all of its sources.
fn patterns(sources: &[SourceConfig]) -> Vec<String> {
    let keys = sources.iter().map(|it| it.key.to_string());
    let types = sources.iter().map(|it| format!("{}/*", it.key.adapter));
    keys.chain(types).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use job_scanner_views::check::CheckReport;

    use super::*;

    fn details(first: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.yaml");
        let config = format!(
            "sources: [{{type: greenhouse, identifier: acme}}, {{type: lever, identifier: beta, name: Beta Bau}}]\n\
             search_criteria: {{required_terms: [rust]}}\n\
             channels: [{{name: mail, type: email, to: [jo@example.com], first: {first}}}]\n"
        );
        std::fs::write(&file, config).unwrap();
        let environment = std::iter::empty::<(std::ffi::OsString, std::ffi::OsString)>().collect();
        let config = job_scanner_config::load(Some(Path::new(&file)), &environment).unwrap();
        let report = CheckReport::new(checks(&config));
        report.rows().map(|[_, _, detail]| detail).collect()
    }

    #[test]
    fn a_favourite_that_names_no_source_is_reported_with_the_one_that_was_meant() {
        assert_eq!(
            details("[Acme, 'beta bau', 'lever/*', 'greenhouse/acme']"),
            [""; 0]
        );
        for (first, remedy) in [
            ("[acmee]", "did you mean `acme`?"),
            ("[Beta Bua]", "did you mean `beta bau`?"),
            ("['greenhous/*']", "did you mean `greenhouse/*`?"),
            ("[lever/bata]", "did you mean `lever/beta`?"),
            ("[zzz]", "write the name or identifier of a source"),
        ] {
            let details = details(first);
            assert!(
                details.len() == 1 && details[0].contains(remedy),
                "{details:?}"
            );
        }
    }
}
