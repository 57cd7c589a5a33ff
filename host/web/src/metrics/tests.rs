//! Tests of the text of the metrics: its grammar, and the names that the packaged rules use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use job_scanner_core::time::Durations;
use job_scanner_pipeline::{AdapterCounts, HostCounts, RunCounts};
use job_scanner_store::{DeliveryNumber, StoredNumbers};

use crate::metrics::scrape::Scrape;

/// Returns a scrape with at least one sample of each family.
fn scrape() -> Scrape {
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    let mut adapter = AdapterCounts {
        scans: BTreeMap::from([("complete", 3), ("failed", 1)]),
        failures: BTreeMap::from([("timeout", 1)]),
        guest_cpu: Duration::from_millis(1_500),
        ..AdapterCounts::default()
    };
    adapter.durations.add(Duration::from_millis(300));
    let mut runs = RunCounts {
        runs: BTreeMap::from([(("manual", "ok"), 2), (("schedule", "errors"), 1)]),
        adapters: BTreeMap::from([("greenhouse".to_owned(), adapter)]),
        ..RunCounts::default()
    };
    runs.run_durations.add(Duration::from_secs(4));
    runs.writes.add(Duration::from_millis(7));

    let mut host = HostCounts {
        requests: BTreeMap::from([("2xx", 9), ("error", 1)]),
        ..HostCounts::default()
    };
    host.waits.add(Duration::from_millis(250));
    let delivery = |state: &str| DeliveryNumber {
        channel: "a \"quoted\"\\channel\n".to_owned(),
        state: state.to_owned(),
        number: 2,
        oldest: "2026-11-23T11:59:00Z".parse().unwrap(),
    };
    Scrape {
        now,
        runs,
        hosts: (
            BTreeMap::from([("boards.example".to_owned(), host)]),
            HostCounts::default(),
        ),
        sources: BTreeMap::from([("ok".to_owned(), 12), ("failing".to_owned(), 1)]),
        overdue: 1,
        numbers: StoredNumbers {
            open_jobs: 400,
            closed_jobs: 70,
            unwatched_jobs: 0,
            deliveries: vec![delivery("pending"), delivery("sent")],
            last_run_at: Some(now),
        },
        alerts: BTreeMap::from([("default".to_owned(), 5)]),
    }
}

/// A family, as it was read.
#[derive(Debug, Default)]
struct ReadFamily {
    kind: String,
    /// The names, labels and values of the samples.
    samples: Vec<(String, BTreeMap<String, String>, f64)>,
}

/// Reads a text by the grammar of `OpenMetrics`, and panics if it does not follow it.
fn read(text: &str) -> BTreeMap<String, ReadFamily> {
    let body = text
        .strip_suffix("# EOF\n")
        .expect("the last line is `# EOF`");
    let mut families = BTreeMap::new();
    let mut name = String::new();
    for line in body.lines() {
        if let Some(described) = line.strip_prefix("# ") {
            let mut words = described.splitn(3, ' ');
            let (keyword, family) = (words.next().unwrap(), words.next().unwrap());
            let value = words.next().unwrap();
            assert!(is_name(family), "{line}");
            if keyword == "HELP" {
                name = family.to_owned();
                let known = families.insert(name.clone(), ReadFamily::default());
                assert!(known.is_none(), "{line}: a family is there once");
            }
            assert_eq!(family, name, "{line}: the samples of a family are together");
            let read = families.get_mut(&name).unwrap();
            assert!(read.samples.is_empty(), "{line}: samples come last");
            match keyword {
                "HELP" => {}
                "TYPE" => read.kind = value.to_owned(),
                "UNIT" => assert!(name.ends_with(&format!("_{value}")), "{line}"),
                _ => panic!("{line}"),
            }
            continue;
        }
        let (sample, labels, value) = read_sample(line);
        let read = families.get_mut(&name).unwrap();
        let suffix = sample.strip_prefix(name.as_str()).expect(line);
        assert!(suffixes_of(&read.kind).contains(&suffix), "{line}");
        let is_new = !read
            .samples
            .iter()
            .any(|(other, known, _)| (other, known) == (&sample, &labels));
        assert!(is_new, "{line}: a sample is there once");
        read.samples.push((sample, labels, value));
    }
    families
}

fn suffixes_of(kind: &str) -> &'static [&'static str] {
    match kind {
        "counter" => &["_total", "_created"],
        "gauge" => &[""],
        "info" => &["_info"],
        "histogram" => &["_bucket", "_sum", "_count", "_created"],
        _ => panic!("{kind}"),
    }
}

fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase())
        && characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn read_sample(line: &str) -> (String, BTreeMap<String, String>, f64) {
    let end = line.find(['{', ' ']).expect(line);
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name), "{line}");
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        while let Some((label, after)) = rest.split_once("=\"") {
            let label = label.trim_start_matches(',');
            assert!(is_name(label), "{line}");
            let (value, next) = read_value(after, line);
            assert!(labels.insert(label.to_owned(), value).is_none(), "{line}");
            rest = next;
        }
        rest = rest.strip_prefix('}').expect(line);
    }
    let value = rest.strip_prefix(' ').expect(line);
    (name.to_owned(), labels, value.parse().expect(line))
}

/// Reads the rest of a label's value, and returns it with the text after its quotation mark.
fn read_value<'t>(text: &'t str, line: &str) -> (String, &'t str) {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((index, c)) = characters.next() {
        match c {
            '"' => return (value, &text[index + 1..]),
            '\\' => value.push(match characters.next() {
                Some((_, 'n')) => '\n',
                Some((_, escaped @ ('"' | '\\'))) => escaped,
                _ => panic!("{line}"),
            }),
            c => value.push(c),
        }
    }
    panic!("{line}")
}

#[test]
fn the_text_follows_the_grammar_and_has_bounded_labels() {
    let families = read(&scrape().encode().unwrap());
    let allowed = BTreeSet::from([
        "version",
        "trigger",
        "outcome",
        "adapter",
        "kind",
        "host",
        "code_class",
        "state",
        "profile",
        "channel",
        "le",
    ]);
    for (name, family) in &families {
        assert!(name.starts_with("job_scanner_"), "{name}");
        assert!(!family.samples.is_empty(), "{name}");
        for (sample, labels, _) in &family.samples {
            for label in labels.keys() {
                assert!(allowed.contains(label.as_str()), "{sample}: {label}");
            }
        }
    }

    let deliveries = &families["job_scanner_deliveries"].samples;
    assert_eq!(deliveries[0].1["channel"], "a \"quoted\"\\channel\n");
    let age = &families["job_scanner_delivery_oldest_pending_seconds"].samples;
    assert_eq!((age.len(), age[0].2), (1, 60.0));
}

#[test]
fn histograms_are_cumulative_and_end_with_infinity() {
    let mut durations = Durations::new(&[1.0, 2.0]);
    for seconds in [0, 1, 2, 9] {
        durations.add(Duration::from_secs(seconds));
    }
    let mut scrape = scrape();
    scrape.runs.run_durations = durations;
    let families = read(&scrape.encode().unwrap());
    let samples = &families["job_scanner_run_duration_seconds"].samples;
    let values: Vec<(&str, Option<&str>, f64)> = samples
        .iter()
        .map(|(name, labels, value)| {
            let name = name.rsplit('_').next().unwrap();
            (name, labels.get("le").map(String::as_str), *value)
        })
        .collect();
    assert_eq!(
        values,
        [
            ("sum", None, 12.0),
            ("count", None, 4.0),
            ("bucket", Some("1.0"), 2.0),
            ("bucket", Some("2.0"), 3.0),
            ("bucket", Some("+Inf"), 4.0),
        ]
    );
}

/// Returns the names of metrics in a text.
fn names_in(text: &str) -> BTreeSet<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c| !word(c));
    let names = words.filter(|word| word.starts_with("job_scanner_"));
    names.map(ToOwned::to_owned).collect()
}

#[test]
fn the_packaged_rules_and_dashboard_use_metrics_that_exist() {
    let families = read(&scrape().encode().unwrap());
    let samples = families.values().flat_map(|family| &family.samples);
    let known: BTreeSet<&str> = samples.map(|(name, _, _)| name.as_str()).collect();
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging");
    for file in ["prometheus-rules.yaml", "grafana-dashboard.json"] {
        let text = fs::read_to_string(packaging.join(file)).unwrap();
        let used = names_in(&text);
        assert!(used.len() >= 4, "{file}: {used:?}");
        for name in &used {
            assert!(
                known.contains(name.as_str()),
                "{file}: the metric {name} does not exist"
            );
        }
    }
}

#[test]
fn the_dashboard_is_json_and_the_rules_have_four_alerts_with_advice() {
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging");
    let dashboard = fs::read_to_string(packaging.join("grafana-dashboard.json")).unwrap();
    let dashboard: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    assert!(
        panels
            .iter()
            .all(|panel| panel["targets"][0]["expr"].is_string())
    );

    let rules = fs::read_to_string(packaging.join("prometheus-rules.yaml")).unwrap();
    assert_eq!(rules.matches("- alert: ").count(), 4);
    assert_eq!(rules.matches("description: ").count(), 4);
}
