//! Tests that check the snapshots of all views against `docs/json.md`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

const DOCUMENTATION: &str = include_str!("../../../../docs/json.md");

/// Keys whose values have keys that are not defined here: names of options, limits and budgets, and
/// the counts and sources of runs, which `pipeline` defines.
const FREE: [&str; 6] = [
    "budget", "limits", "options", "secrets", "sources", "totals",
];

/// Returns the keys of all objects in `value`.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                found.insert(key.clone());
                if !FREE.contains(&key.as_str()) {
                    keys(value, found);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

/// Returns the section of the documentation about a command.
fn section(command: &str) -> &'static str {
    let heading = format!("\n## `{command}`\n");
    let (_, rest) = DOCUMENTATION
        .split_once(&heading)
        .unwrap_or_else(|| panic!("no section about `{command}`"));
    rest.split("\n## ").next().unwrap_or(rest)
}

/// Returns the snapshots of the tests in this crate: the name and the JSON of each.
fn snapshots() -> Vec<(String, Value)> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folders = ["snapshots", "access/snapshots"].map(|folder| sources.join(folder));
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut snapshots = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let (_, name) = stem.rsplit_once("__").unwrap();

        // The header is between two lines of three dashes.
        let text = fs::read_to_string(&path).unwrap();
        let json = text.splitn(3, "---\n").nth(2).unwrap();
        let value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{name}: {error}"));
        snapshots.push((name.to_owned(), value));
    }
    snapshots
}

/// The snapshots, and the command or the address of the API of each.
const COMMANDS: [(&str, &str); 30] = [
    ("adapter_detect", "adapter detect"),
    ("adapter_detect_many", "adapter detect"),
    ("adapter_inspect", "adapter inspect"),
    ("adapter_list", "adapter list"),
    ("alerts", "alerts"),
    ("alerts_changes", "alerts"),
    ("api_decision", "PUT /api/v1/jobs/KEY/decision"),
    ("api_hidden_companies", "GET /api/v1/hidden-companies"),
    ("api_import", "PUT /api/v1/decisions"),
    ("api_profiles", "GET /api/v1/profiles"),
    ("api_status", "GET /api/v1/status"),
    ("check", "check"),
    ("deliveries", "deliveries"),
    ("deliveries_drop", "deliveries drop"),
    ("deliveries_move", "deliveries move"),
    ("deliveries_retry", "deliveries retry"),
    ("deliveries_show", "deliveries show"),
    ("explain", "explain"),
    ("jobs", "jobs"),
    ("jobs_plain", "jobs"),
    ("jobs_show", "jobs show"),
    ("key_list", "key list"),
    ("profile_test", "profile test"),
    ("runs", "runs"),
    ("scan_matches", "scan"),
    ("source_pause", "source pause"),
    ("source_resume", "source resume"),
    ("sources", "sources"),
    ("sources_new", "sources"),
    ("web_sessions", "web sessions"),
];

#[test]
fn every_key_in_the_snapshots_is_documented_with_its_command() {
    for (name, value) in snapshots() {
        let known = COMMANDS.iter().find(|(snapshot, _)| *snapshot == name);
        let (_, command) = known.unwrap_or_else(|| panic!("no command has the snapshot {name}"));
        let section = section(command);
        // Terms and places are described with jobs, to which the other two refer.
        let section = match *command {
            "alerts" | "explain" => section.to_owned() + self::section("jobs"),
            "deliveries show" => section.to_owned() + self::section("deliveries"),
            "jobs show" => section.to_owned() + self::section("jobs") + self::section("alerts"),
            _ => section.to_owned(),
        };

        let mut found = BTreeSet::new();
        keys(&value, &mut found);
        for key in found {
            let is_documented =
                section.contains(&format!("\"{key}\"")) || section.contains(&format!("`{key}`"));
            assert!(
                is_documented,
                "`{key}` of `{command}` is not in docs/json.md"
            );
        }
    }
}

#[test]
fn every_documented_command_has_a_snapshot() {
    let named: BTreeSet<String> = snapshots().into_iter().map(|(name, _)| name).collect();
    let expected = COMMANDS.map(|(snapshot, _)| snapshot.to_owned());
    assert_eq!(named, BTreeSet::from(expected));

    let headings = DOCUMENTATION
        .lines()
        .filter_map(|line| line.strip_prefix("## `")?.strip_suffix('`'));
    let documented: BTreeSet<&str> = headings.collect();
    let shown = COMMANDS.map(|(_, command)| command);
    assert_eq!(documented, BTreeSet::from(shown));
}
