//! Suggestions for a misspelt `type` of a source.

use crate::reading::read::closest_match;

/// The adapters that ship with job-scanner. The file may have been written before any is installed.
pub(crate) const BUNDLED: [&str; 22] = [
    "arbeitnow",
    "ashby",
    "bamboohr",
    "breezy",
    "feed",
    "gem",
    "greenhouse",
    "hackernews",
    "himalayas",
    "jsonld",
    "lever",
    "personio",
    "pinpoint",
    "recruitee",
    "remoteok",
    "remotive",
    "rippling",
    "smartrecruiters",
    "teamtailor",
    "weworkremotely",
    "workable",
    "workday",
];

/// Other names of boards and formats, as [`plain`] writes them, each with its type.
const OTHER_NAMES: [(&str, &str); 17] = [
    ("ashbyhq", "ashby"),
    ("atom", "feed"),
    ("bamboo", "bamboohr"),
    ("breezyhr", "breezy"),
    ("hn", "hackernews"),
    ("jobposting", "jsonld"),
    ("jsonfeed", "feed"),
    ("myworkday", "workday"),
    ("myworkdayjobs", "workday"),
    ("pinpointhq", "pinpoint"),
    ("rss", "feed"),
    ("schema", "jsonld"),
    ("schemaorg", "jsonld"),
    ("sitemap", "jsonld"),
    ("whoishiring", "hackernews"),
    ("wwr", "weworkremotely"),
    ("ycombinator", "hackernews"),
];

/// Returns the known type that was probably meant. It has the same letters (`smart-recruiters`), is
/// contained in an address or a longer name (`jobs.lever.co`), is the type for another name of the
/// board (`rss`), or has a similar spelling. `None` if there is none.
pub fn closest_type<'k>(given: &str, known: &[&'k str]) -> Option<&'k str> {
    let given = plain(given);
    let of_other_name = OTHER_NAMES
        .iter()
        .find(|(name, _)| *name == given)
        .map(|(_, meant)| *meant);

    let is_meant = |known: &&&str| plain(known) == given || Some(**known) == of_other_name;
    let is_part = |known: &&&str| known.len() > 4 && given.contains(&plain(known));
    let found = known
        .iter()
        .find(is_meant)
        .or_else(|| known.iter().find(is_part));
    found
        .copied()
        .or_else(|| closest_match(&given, known.iter().copied()))
}

/// Returns true if an adapter of this name ships with job-scanner.
pub fn is_bundled(name: &str) -> bool {
    BUNDLED.contains(&name)
}

/// Returns the letters and digits of a name in lower case.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn a_type_is_suggested_for_other_spellings_and_names() {
        for (given, meant) in [
            ("green house", Some("greenhouse")),
            ("Greenhouse", Some("greenhouse")),
            ("greenhous", Some("greenhouse")),
            ("smart-recruiters", Some("smartrecruiters")),
            ("jobs.lever.co", Some("lever")),
            ("https://boards.greenhouse.io/acme", Some("greenhouse")),
            ("rss", Some("feed")),
            ("JSON-LD", Some("jsonld")),
            ("hn", Some("hackernews")),
            ("myworkdayjobs", Some("workday")),
            ("workdy", Some("workday")),
            ("gem", Some("gem")),
            ("taleo", None),
            ("management", None),
            ("", None),
        ] {
            assert_eq!(closest_type(given, &BUNDLED), meant, "{given}");
        }
    }

    #[test]
    fn only_known_types_are_suggested() {
        assert_eq!(closest_type("rss", &["lever"]), None);
        assert_eq!(closest_type("my-board", &["myboard"]), Some("myboard"));
    }

    #[test]
    fn the_bundled_adapters_are_those_of_the_repository() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../adapters");
        let is_adapter = |folder: &Path| folder.join("manifest.json").is_file();
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| is_adapter(path))
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort_unstable();
        assert_eq!(names, BUNDLED);

        for (_, meant) in OTHER_NAMES {
            assert!(BUNDLED.contains(&meant), "{meant}");
        }
    }
}
