//! Errors of the configuration: each problem has file, line, column, key and correction, all
//! problems are reported at once, and nothing panics.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use job_scanner_config::{
    Config, ConfigErrors, Environment, LogFormat, LogLevel, OnFirstScan, load,
};
use job_scanner_core::schedule::Schedule;
use tempfile::TempDir;

const SOURCES: &str = "sources: [{type: greenhouse, identifier: acme}]\n";
const CRITERIA: &str = "search_criteria: {required_terms: [engineer]}\n";

/// Loads a file with these bytes from a separate folder, with an empty environment.
fn load_bytes(bytes: impl AsRef<[u8]>) -> (TempDir, Result<Config, ConfigErrors>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.yaml");
    fs::write(&path, bytes).unwrap();
    let loaded = load(Some(&path), &Environment::default());
    (folder, loaded)
}

fn config(text: &str) -> Config {
    load_bytes(text)
        .1
        .unwrap_or_else(|errors| panic!("{errors}"))
}

/// Returns the printed problems, one per line, without the folder of the file.
fn problems(bytes: impl AsRef<[u8]>) -> Vec<String> {
    let (folder, loaded) = load_bytes(bytes);
    let prefix = format!("{}/", folder.path().display());
    loaded
        .unwrap_err()
        .to_string()
        .lines()
        .map(|line| line.replace(&prefix, ""))
        .collect()
}

#[test]
fn the_shipped_configuration_loads() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config.yaml");
    let config =
        load(Some(&path), &Environment::default()).unwrap_or_else(|errors| panic!("{errors}"));
    assert!(
        config
            .sources
            .iter()
            .filter(|source| source.enabled)
            .count()
            >= 3
    );
    assert_eq!(config.profiles[0].name, "default");
    assert_eq!(config.adapters.dir, config.folder.join("adapters/dist"));
}

#[test]
fn missing_keys_have_defaults() {
    let config = config(&format!("{SOURCES}{CRITERIA}"));
    let source = &config.sources[0];
    assert_eq!(
        (source.name.as_str(), source.enabled, source.max_jobs),
        ("acme", true, None)
    );
    assert!(!source.accept_partial);
    assert_eq!(source.options, serde_json::json!({}));
    assert_eq!(config.on_first_scan, OnFirstScan::Digest);
    assert_eq!(config.templates, None);
    assert_eq!(config.email.digest_above, 5);
    assert_eq!(
        (config.logging.level, config.logging.format),
        (LogLevel::Info, LogFormat::KeyValue)
    );
    assert_eq!(config.scan_interval.as_secs(), 900);
    assert_eq!(source.schedule, Schedule::Every(config.scan_interval));
    assert_eq!(config.advanced.max_concurrent_sources, 8);
    assert_eq!(config.advanced.http_request_timeout.as_secs(), 30);
    assert_eq!(config.advanced.max_rate_per_host, 20);
    assert_eq!(config.database_url, "sqlite:data/job_scanner.db");
    let limits = config.adapters.limits.for_adapter(&source.key.adapter);
    assert_eq!(
        (limits.cpu_page.as_secs(), limits.memory_bytes),
        (5, 256 << 20)
    );
}

#[test]
fn every_key_is_read_into_its_field() {
    let config = config(
        r#"
sources:
  - name: Acme
    type: greenhouse
    identifier: acme
    enabled: true
    options: {base_url: "http://127.0.0.1:8080", deep: {list: [1, two, null, 2.5]}}
    allow_hosts: ["127.0.0.1:8080"]
    max_jobs: 10
  - {type: greenhouse, identifier: globex, max_jobs: 0, accept_partial: true}
  - {type: lever, identifier: 404, enabled: false}
search_criteria:
  required_terms: [engineer]
  keyword_groups: [[remote, hybrid], [rust]]
  exclude_terms: [intern]
on_first_scan: silent
templates: forms
email: {digest_above: 0}
logging: {level: DEBUG, format: json}
adapters:
  dir: mine
  limits:
    default: {memory: 64MiB, wall_scan: 1h30m}
    lever: {cpu_page: 250ms, requests: 7}
advanced: {max_jobs_per_source: 100, http_request_timeout: 1m, max_concurrent_sources: 2, user_agent: me, max_rate_per_host: 5}
"#,
    );
    let [acme, globex, third] = config.sources.as_slice() else {
        panic!("{:?}", config.sources)
    };
    assert_eq!(acme.name, "Acme");
    assert_eq!(
        acme.options["deep"]["list"],
        serde_json::json!([1, "two", null, 2.5])
    );
    assert_eq!(acme.allow_hosts.len(), 1);
    assert_eq!(
        (
            acme.positions.adapter.line,
            acme.positions.adapter.column,
            acme.path.as_str()
        ),
        (4, 11, "sources[0]")
    );
    assert_eq!(
        (acme.max_jobs, globex.max_jobs, third.max_jobs),
        (Some(10), None, Some(100))
    );
    assert!(globex.accept_partial && !acme.accept_partial);
    assert_eq!(
        (third.key.to_string().as_str(), third.enabled),
        ("lever/404", false)
    );

    let leaves = config.profiles[0].query.leaves();
    let written: Vec<(&str, bool)> = leaves
        .iter()
        .map(|leaf| (leaf.written.as_str(), leaf.is_positive))
        .collect();
    assert_eq!(written.len(), 1 + 3 + 1, "{written:?}");
    assert_eq!(written[4], ("intern", false));
    assert_eq!(config.on_first_scan, OnFirstScan::Silent);
    assert_eq!(config.templates, Some(config.folder.join("forms")));
    assert_eq!(config.email.digest_above, 0);
    assert_eq!(
        (config.logging.level, config.logging.format),
        (LogLevel::Debug, LogFormat::Json)
    );
    assert_eq!(config.adapters.dir, config.folder.join("mine"));
    assert_eq!(config.advanced.http_request_timeout.as_secs(), 60);
    assert_eq!(
        (
            config.advanced.max_concurrent_sources,
            config.advanced.user_agent.as_str()
        ),
        (2, "me")
    );
    assert_eq!(config.advanced.max_rate_per_host, 5);

    let limits = &config.adapters.limits;
    let (greenhouse, lever) = (
        limits.for_adapter(&acme.key.adapter),
        limits.for_adapter(&third.key.adapter),
    );
    assert_eq!(
        (
            greenhouse.memory_bytes,
            greenhouse.wall_scan.as_secs(),
            greenhouse.requests
        ),
        (64 << 20, 5400, 3000)
    );
    assert_eq!(
        (
            lever.memory_bytes,
            lever.cpu_page.as_millis(),
            lever.requests
        ),
        (64 << 20, 250, 7)
    );
    assert_eq!(limits.max_memory_bytes(), 64 << 20);
}

#[test]
fn all_problems_of_a_file_are_reported_at_once() {
    let text = r#"sources:
  - name: Acme
    type: Greenhouse
    identifer: acme
    enabled: maybe
    max_jobs: -1
  - type: greenhouse
    identifier: globex
    options: [base_url]
search_criteria:
  required_terms: [engineer]
  keyword_groups: [remote, []]
  exclude_terms: [Engineer]
on_first_scan: digests
email: {digest_above: 5000}
logging: {level: loud, format: 7}
adapters:
  dir: ""
  limits:
    default: {cpu_page: 5, memory: 1TB}
    greenhuose: {pages: 1}
advanced: {http_request_timeout: 2, max_concurrent_sources: 0, user_agent: "a\nb"}
templates: ""
"#;
    assert_eq!(
        problems(text),
        [
            "config.yaml:3:11: sources[0].type: `Greenhouse` is not an adapter name; did you mean `greenhouse`?",
            "config.yaml:4:5: sources[0].identifer: is an unknown key; did you mean `identifier`?",
            "config.yaml:5:14: sources[0].enabled: `maybe` is not a boolean; write `true` or `false`",
            "config.yaml:6:15: sources[0].max_jobs: `-1` is out of range; write a whole number from 0 to 4294967295",
            "config.yaml:9:14: sources[1].options: a list is not a mapping; write `key: value` lines",
            "config.yaml:12:20: search_criteria.keyword_groups[0]: `remote` is not a list; write `[remote]`",
            "config.yaml:12:28: search_criteria.keyword_groups[1]: is an empty group, which no job can match; write a \
             term in it, or remove it",
            "config.yaml:13:19: search_criteria.exclude_terms[0]: `Engineer` is excluded here, but also searched for in \
             search_criteria.required_terms[0] (line 11); remove it from one of them",
            "config.yaml:14:16: on_first_scan: `digests` is not a valid value; did you mean `digest`?",
            "config.yaml:15:23: email.digest_above: `5000` is out of range; write a whole number from 0 to 1000",
            "config.yaml:16:18: logging.level: `loud` is not a valid value; write one of `error`, `warn`, `info`, \
             `debug`, `trace`",
            "config.yaml:16:32: logging.format: `7` is not a valid value; write one of `key-value`, `json`",
            "config.yaml:18:8: adapters.dir: is empty; write the path of a folder, or leave `dir` out",
            "config.yaml:20:25: adapters.limits.default.cpu_page: `5` is not a duration; write a duration from 10ms to 1h, such \
             as `5s`",
            "config.yaml:20:36: adapters.limits.default.memory: `1TB` is not a size; write a size from 1MiB to 4GiB, such as \
             `256MiB`",
            "config.yaml:21:17: adapters.limits.greenhuose: is not the type of any source; did you mean `greenhouse`?",
            "config.yaml:22:34: advanced.http_request_timeout: `2` is out of range; write a whole number from 5 to 300",
            "config.yaml:22:61: advanced.max_concurrent_sources: `0` is out of range; write a whole number from 1 to 64",
            "config.yaml:22:76: advanced.user_agent: is not a valid user agent; write 1 to 256 ASCII characters on \
             one line, such as `job-scanner (me@example.com)`",
            "config.yaml:23:12: templates: is empty; write the path of a folder, or leave `templates` out",
        ]
    );
}

#[test]
fn the_schedule_of_a_source_overrides_the_scan_interval() {
    let text = r#"
scan_interval: 1h30m
sources:
  - {type: greenhouse, identifier: a}
  - {type: greenhouse, identifier: b, every: PT6H}
  - {type: greenhouse, identifier: c, cron: "30 8 * * MON-FRI"}
"#;
    let config = config(&format!("{text}{CRITERIA}"));
    let [a, b, c] = config.sources.as_slice() else {
        panic!("{:?}", config.sources)
    };
    let hours = |hours: f64| Schedule::Every(Duration::from_secs_f64(hours * 3600.0));
    assert_eq!((&a.schedule, &b.schedule), (&hours(1.5), &hours(6.0)));
    assert_eq!(
        c.schedule,
        Schedule::Cron(Box::new("30 8 * * MON-FRI".parse().unwrap()))
    );
}

#[test]
fn invalid_schedules_are_reported_with_a_correction() {
    let text = r#"scan_interval: 1m
sources:
  - {type: greenhouse, identifier: a, every: 48h}
  - {type: greenhouse, identifier: b, cron: "every morning"}
  - {type: greenhouse, identifier: c, cron: "0 0 31 2 *"}
  - {type: greenhouse, identifier: d, every: 1h, cron: "@daily"}
  - {type: greenhouse, identifier: e, cron: "*/4 * * * *"}
"#;
    let reported = problems(format!("{text}{CRITERIA}"));
    assert_eq!(reported.len(), 6, "{reported:#?}");
    assert_eq!(
        reported[0],
        "config.yaml:1:16: scan_interval: `1m` is out of range; write a duration from 5m to 24h, such as `15m`"
    );
    assert_eq!(
        reported[1],
        "config.yaml:3:46: sources[0].every: `48h` is out of range; write a duration from 5m to 24h, such as `1h`"
    );
    assert!(
        reported[2].starts_with(
            "config.yaml:4:45: sources[1].cron: `every morning` is not a cron pattern"
        ),
        "{}",
        reported[2]
    );
    assert!(
        reported[2].ends_with("; write five fields, such as `30 8 * * MON-FRI` (UTC)"),
        "{}",
        reported[2]
    );
    assert_eq!(
        reported[3],
        "config.yaml:5:45: sources[2].cron: `0 0 31 2 *` never matches a time; use a day that exists"
    );
    assert_eq!(
        reported[4],
        "config.yaml:6:56: sources[3].cron: cannot be combined with `every`; keep one of them"
    );
    assert_eq!(
        reported[5],
        "config.yaml:7:45: sources[4].cron: `*/4 * * * *` is due 15 times an hour; write a pattern that is due at most 12 times, such as \
         `*/15 * * * *`"
    );
}

#[test]
fn ambiguous_cron_patterns_are_reported_with_a_correction() {
    let message = |pattern: &str| {
        problems(format!(
            "sources: [{{type: greenhouse, identifier: a, cron: \"{pattern}\"}}]\n{CRITERIA}"
        ))
        .concat()
    };
    for (pattern, remedy) in [
        (
            "0 MON * * *",
            "write it in the fifth field, such as `30 8 * * MON-FRI` (UTC)",
        ),
        ("0 8 * * MONDAY", "write `MON`"),
        ("@every 6h", "write `every: 6h` instead of `cron`"),
        ("5/20 * * * *", "write `5-59/20`, or `*/20`"),
        (
            "22-6 * * *",
            "write five fields, such as `30 8 * * MON-FRI` (UTC)",
        ),
    ] {
        let message = message(pattern);
        assert!(
            message.starts_with("config.yaml:1:51: sources[0].cron: ") && message.ends_with(remedy),
            "{pattern}: {message}"
        );
    }
    for pattern in ["0 22-6 * * *", "0 8 * * FRI-MON", "@midnight"] {
        config(&format!(
            "sources: [{{type: greenhouse, identifier: a, cron: \"{pattern}\"}}]\n{CRITERIA}"
        ));
    }
}

#[test]
fn paths_that_only_a_shell_could_expand_are_reported_with_a_correction() {
    let text = r#"sources:
  - {type: greenhouse, identifier: a, adapter: "~kim/a.wasm"}
  - {type: greenhouse, identifier: b, adapter: "$HOME/a.wasm"}
  - {type: greenhouse, identifier: c, adapter: "a\0.wasm"}
adapters: {dir: "~/adapters"}
"#;
    assert_eq!(
        problems(format!("{text}{CRITERIA}")),
        [
            "config.yaml:2:48: sources[0].adapter: `~kim/a.wasm` begins with `~kim`, the home folder of a user, which is \
             not supported; write the full path (`./~kim` is a file of that name)",
            "config.yaml:3:48: sources[1].adapter: `$HOME/a.wasm` begins with the variable `$HOME`, which is not expanded \
             here; write the full path",
            "config.yaml:4:48: sources[2].adapter: `a\\u{0}.wasm` contains a NUL character; write the path without it",
            "config.yaml:5:17: adapters.dir: `~/adapters` begins with `~`, but HOME is not set to an absolute path; write the full path",
        ]
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.yaml");
    fs::write(
        &path,
        format!("{SOURCES}{CRITERIA}adapters: {{dir: ~/mine}}\n"),
    )
    .unwrap();
    let config = load(Some(&path), &Environment::from_iter([("HOME", "/home/jo")])).unwrap();
    assert_eq!(config.adapters.dir, Path::new("/home/jo/mine"));
}

#[test]
fn values_that_would_fail_every_request_are_rejected() {
    for agent in ["", " ", " me", "me ", "m\u{e9}", "a\\nb", "a\\tb"] {
        let message = problems(format!(
            "{SOURCES}{CRITERIA}advanced: {{user_agent: \"{agent}\"}}\n"
        ))
        .concat();
        assert!(
            message.contains("advanced.user_agent: is not a valid user agent; write"),
            "{agent:?}: {message}"
        );
    }
    for identifier in ["acme ", " acme", "ac\\nme", "acme\u{200b}", "\u{feff}acme"] {
        let message = problems(format!(
            "sources: [{{type: lever, identifier: \"{identifier}\"}}]\n{CRITERIA}"
        ))
        .concat();
        assert!(
            message.contains("sources[0].identifier: ") && message.contains("; write "),
            "{identifier:?}: {message}"
        );
    }
}

#[test]
fn the_interval_of_the_environment_overrides_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.yaml");
    fs::write(&path, format!("scan_interval: 1h\n{SOURCES}{CRITERIA}")).unwrap();
    let with = |interval: &str| {
        load(
            Some(&path),
            &Environment::from_iter([("SCAN_INTERVAL", interval)]),
        )
    };
    assert_eq!(with("20m").unwrap().scan_interval, Duration::from_mins(20));
    assert_eq!(with("").unwrap().scan_interval, Duration::from_hours(1));
    let refused = with("20").unwrap_err().to_string();
    assert_eq!(
        refused,
        "environment: SCAN_INTERVAL: `20` is not a scan interval; write a duration from 5m to 24h, such as `15m`"
    );
}

#[test]
fn a_duplicate_source_is_reported_with_both_positions() {
    let text = format!(
        "sources:
  - {{type: greenhouse, identifier: acme}}
  - {{type: greenhouse, identifier: ACME}}
  - {{type: greenhouse, identifier: acme, name: Again, enabled: false}}
{CRITERIA}"
    );
    assert_eq!(
        problems(text),
        [
            "config.yaml:4:5: sources[2]: repeats source `greenhouse/acme` (sources[0], line 2); remove one of \
          them, or correct its `type` or `identifier`"
        ]
    );
}

#[test]
fn a_missing_type_or_identifier_is_reported_with_an_example() {
    let text = format!("sources:\n  - name: Acme\n    identifier:\n{CRITERIA}");
    assert_eq!(
        problems(text),
        [
            "config.yaml:2:5: sources[0].type: is missing; write the adapter that reads this source, such as `type: \
             greenhouse`",
            "config.yaml:3:5: sources[0].identifier: is empty; write the board's name for this source, such as \
             `identifier: acme`",
        ]
    );
}

#[test]
fn an_allowed_host_with_a_wildcard_is_rejected() {
    let text = format!(
        "sources: [{{type: greenhouse, identifier: acme, allow_hosts: [\"*.example.com\"]}}]\n{CRITERIA}"
    );
    assert_eq!(
        problems(text),
        [
            "config.yaml:1:62: sources[0].allow_hosts[0]: `*.example.com` has a wildcard; write every host by its full name"
        ]
    );
}

#[test]
fn at_least_one_source_has_to_be_enabled() {
    let text =
        format!("sources:\n  - {{type: greenhouse, identifier: acme, enabled: false}}\n{CRITERIA}");
    assert_eq!(
        problems(text),
        [
            "config.yaml:2:3: sources: has no enabled source; set `enabled: true` on at least one, or leave `enabled` out"
        ]
    );
}

#[test]
fn criteria_without_a_wanted_term_are_rejected() {
    let text = format!(
        "{SOURCES}search_criteria:\n  required_terms: []\n  keyword_groups:\n  exclude_terms: [intern]\n"
    );
    assert_eq!(
        problems(text),
        [
            "config.yaml:3:3: search_criteria: has only excluded terms, so every job without one would match; write at least one term in \
          `required_terms` or `keyword_groups`"
        ]
    );
}

#[test]
fn a_term_cannot_be_wanted_and_excluded() {
    let text = format!(
        "{SOURCES}search_criteria:\n  keyword_groups: [[remote, =Go], [Full-Stack]]\n  exclude_terms: [go, full stack]\n"
    );
    assert_eq!(
        problems(text),
        [
            "config.yaml:4:23: search_criteria.exclude_terms[1]: `full stack` is excluded here, but also searched for in \
          search_criteria.keyword_groups[1][0] (line 3); remove it from one of them"
        ]
    );
}

#[test]
fn a_term_without_letters_is_rejected() {
    let text = format!("{SOURCES}search_criteria: {{required_terms: [engineer, \"!!\"]}}\n");
    assert_eq!(
        problems(text),
        [
            "config.yaml:2:46: search_criteria.required_terms[1]: term `!!` has neither a letter nor a digit; write a word or a \
          phrase, such as `C++`"
        ]
    );
}

#[test]
fn a_single_term_that_is_not_in_a_list_is_rejected() {
    let text = format!("{SOURCES}search_criteria: {{required_terms: engineer}}\n");
    assert_eq!(
        problems(text),
        [
            "config.yaml:2:35: search_criteria.required_terms: `engineer` is not a list; write a list of terms, such as \
          `[engineer, \"C++\"]`"
        ]
    );
}

#[test]
fn a_duplicate_key_is_reported_with_both_lines() {
    let text =
        format!("{SOURCES}email:\n  digest_above: 1\n  digest_above: 2\n{CRITERIA}{SOURCES}");
    assert_eq!(
        problems(text),
        [
            "config.yaml:4:3: email.digest_above: is defined twice, first in line 3; keep one of them",
            "config.yaml:6:1: sources: is defined twice, first in line 1; keep one of them",
        ]
    );
}

#[test]
fn an_unknown_key_without_a_similar_one_is_reported_with_all_keys() {
    let text = format!("{SOURCES}{CRITERIA}email: {{colour: x}}\n");
    assert_eq!(
        problems(text),
        [
            "config.yaml:3:9: email.colour: is an unknown key; remove it, or write one of `use_tls`, `max_retries`, \
             `retry_backoff_multiplier`, `retry_initial_delay`, `give_up_after`, `digest_above`"
        ]
    );
}

#[test]
fn a_key_that_people_expect_is_reported_with_the_place_of_the_setting() {
    let text = "sources:\n  - {company: Acme, ATS: lever}\n  - {type: lever, identifier: a, interval: 1h}\n\
                keywords: [rust]\nemail: {smtpHost: x}\nschedule: {interval: 5m}\n";
    let reported = problems(text);
    let expected = [
        ("sources[0].company", "write `identifier` for"),
        ("sources[0].ATS", "write `type`, such as"),
        ("sources[1].interval", "write `every: 6h`"),
        ("keywords", "write the terms below `search_criteria`"),
        ("email.smtpHost", "environment variable SMTP_HOST"),
        ("schedule", "write `scan_interval: 15m`"),
    ];
    assert_eq!(reported.len(), expected.len(), "{reported:#?}");
    for (line, (key, remedy)) in reported.iter().zip(expected) {
        assert!(
            line.contains(&format!(": {key}: is an unknown key; ")),
            "{line}"
        );
        assert!(line.contains(remedy), "{line}");
    }
}

#[test]
fn a_condition_on_jobs_that_is_written_as_a_key_is_reported_with_a_query() {
    let text = "sources: [{type: lever, identifier: a, countries: [DE]}]\nminSalary: 5\n\
                profiles: [{name: mine, posted_within: 7d}]\n\
                search_criteria: {required_terms: [cook], exclude_titles: [x], remote: true}\ntitle_filter: [y]\n";
    let reported = problems(text);
    let expected = [
        ("sources[0].countries", "title:engineer* AND country:DE"),
        ("minSalary", "title:engineer* AND salary >= 70k EUR"),
        (
            "profiles[0].posted_within",
            "title:engineer* AND posted < 7d",
        ),
        (
            "search_criteria.exclude_titles",
            "title:engineer* AND NOT title:(intern OR manager)",
        ),
        (
            "search_criteria.remote",
            "title:engineer* AND (workplace:remote OR location:berlin)",
        ),
        ("title_filter", "title:(engineer* OR developer*)"),
    ];
    assert_eq!(reported.len(), expected.len(), "{reported:#?}");
    for (line, (key, query)) in reported.iter().zip(expected) {
        let ending = format!(
            ": {key}: is an unknown key; write it in the query of a profile, such as `profiles: [{{name: mine, query: \
             '{query}'}}]` (docs/matching.md)"
        );
        assert!(line.ends_with(&ending), "{ending}: {line}");
    }

    // The correction adds a profile, so it is not reported as missing too.
    let only_key = problems(format!("{SOURCES}locations: [oslo]\n"));
    assert_eq!(only_key.len(), 1, "{only_key:#?}");
}

#[test]
fn terms_in_the_wrong_number_of_brackets_are_reported_with_the_right_one() {
    for (criteria, expected) in [
        (
            "keyword_groups: [rust, c++, a b]",
            "keyword_groups: is a list of terms, not a list of lists; write `[[rust, \"c++\", a b]]` if one of them is \
             enough, or `required_terms` if a job needs all of them",
        ),
        (
            "keyword_groups: [1, 2, 3, 4, 5, 6]",
            "keyword_groups: is a list of terms, not a list of lists; write `[[\"1\", \"2\", \"3\", \"4\", \"5\", …]]` if one of \
             them is enough, or `required_terms` if a job needs all of them",
        ),
        (
            "keyword_groups: [[rust], go]",
            "keyword_groups[1]: `go` is not a list; write `[go]`",
        ),
        (
            "required_terms: [[rust, go]]",
            "required_terms[0]: is a list inside a list of terms; remove the inner brackets, or move it to \
             `keyword_groups`, where one term of each list is enough",
        ),
    ] {
        let reported = problems(format!("{SOURCES}search_criteria: {{{criteria}}}\n"));
        let [only] = reported.as_slice() else {
            panic!("{criteria}: {reported:#?}")
        };
        assert!(
            only.ends_with(&format!(": search_criteria.{expected}")),
            "{only}"
        );
    }
}

#[test]
fn a_source_that_is_only_a_name_is_reported_with_an_example() {
    let reported = problems(format!("sources: [initech]\n{CRITERIA}"));
    assert_eq!(
        reported,
        [
            "config.yaml:1:11: sources[0]: `initech` is not a mapping; write a `type` and an `identifier`, such as `{type: \
             greenhouse, identifier: acme}`"
        ]
    );
}

#[test]
fn an_unknown_key_is_not_reported_as_missing_terms_too() {
    let reported = problems(format!("{SOURCES}search_criteria: {{keywords: [rust]}}\n"));
    assert_eq!(reported.len(), 1, "{reported:#?}");
    assert!(
        reported[0].contains("write `required_terms`"),
        "{reported:#?}"
    );
}

#[test]
fn an_empty_file_is_reported_with_the_required_keys() {
    for text in ["", "{}"] {
        assert_eq!(
            problems(text),
            [
                "config.yaml:1:1: sources: is missing; write a list with one `- {type: greenhouse, identifier: acme}` \
                 for each board",
                "config.yaml:1:1: search_criteria: is missing; write what you look for, such as `search_criteria: \
                 {required_terms: [engineer]}`",
            ]
        );
    }
}

#[test]
fn a_file_that_is_not_a_mapping_is_rejected() {
    assert_eq!(
        problems("greenhouse/acme\n"),
        [
            "config.yaml:1:1: `greenhouse/acme` is not a configuration; write `key: value` lines, starting with `sources:`"
        ]
    );
}

#[test]
fn broken_yaml_is_reported_with_its_section_and_a_correction() {
    let cases = [
        (
            "sources:\n\t- type: greenhouse\n",
            "config.yaml:2:2: sources: tabs disallowed within this context (block indentation); indent with spaces",
        ),
        (
            "sources:\n  - name: \"Acme\n",
            "config.yaml:2:11: sources: unclosed quote; close the quote",
        ),
        (
            "sources:\n  - name: Acme: the company\n",
            "config.yaml:2:15: sources: mapping values are not allowed in this context; put a value that contains `: ` in \
             quotes, and indent keys like their neighbours",
        ),
        (
            "sources:\n  - name: @acme\n",
            "config.yaml:2:11: sources: unexpected character: `@'; put the value in quotes",
        ),
        (
            "email: {}\nsearch_criteria:\n  required_terms: [engineer\nlogging: {}\n",
            "config.yaml:4:8: logging: illegal placement of ':' indicator; close the bracket or quote that is open \
             above, or put a value that contains `:` in quotes",
        ),
        (
            "sources:\n  - *acme\n",
            "config.yaml:2:5: sources: this alias refers to an anchor that is not defined above it; write `&NAME` \
             before the value it refers to, or put a text that begins with `*` in quotes",
        ),
        (
            "sources: &all [*all]\n",
            "config.yaml:1:16: sources: this alias is inside the value it refers to; write the value out",
        ),
        (
            "sources: []\n---\nemail: {}\n",
            "config.yaml:3:1: email: a second document begins here; keep one document, without a `---` line in it",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(problems(text), [expected], "{text}");
    }
}

#[test]
fn aliases_that_expand_into_millions_of_values_are_rejected() {
    let mut text = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let previous = format!("*a{}, ", level - 1).repeat(10);
        writeln!(text, "a{level}: &a{level} [{previous}]").unwrap();
    }
    let [problem] = problems(text).try_into().unwrap();
    assert!(problem.ends_with(
        ": the aliases expand into too many values; write the values out, or use fewer aliases"
    ));
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    let flow = format!("sources: {}{}\n", "[".repeat(200), "]".repeat(200));
    let mut block = "sources:\n".to_owned();
    for level in 1..200 {
        writeln!(block, "{}-", " ".repeat(level)).unwrap();
    }
    let mut aliases = "a: &a0 [[[[[[]]]]]]\n".to_owned();
    for level in 1..40 {
        writeln!(aliases, "a{level}: &a{level} [[[[[[*a{}]]]]]]", level - 1).unwrap();
    }
    for text in [flow, block, aliases] {
        let [problem] = problems(text).try_into().unwrap();
        assert!(
            problem.ends_with(": is nested too deeply; use fewer levels"),
            "{problem}"
        );
    }
}

#[test]
fn a_file_that_is_not_utf8_is_reported_with_the_position() {
    assert_eq!(
        problems(b"sources:\n  - name: \xc3\xbc K\xf6ln\n"),
        ["config.yaml:2:14: sources: the byte 0xF6 is not UTF-8; save the file as UTF-8"]
    );
}

#[test]
fn a_huge_file_is_not_read() {
    assert_eq!(
        problems(vec![b'#'; 10 << 20]),
        [
            "config.yaml: has more than 4 MiB; name a configuration file with `--config FILE`, or remove repeated parts"
        ]
    );
}

#[test]
fn a_missing_file_and_a_folder_have_different_errors() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |path: &Path| {
        load(Some(path), &Environment::default())
            .unwrap_err()
            .to_string()
    };
    let missing = refused(&folder.path().join("nowhere.yaml"));
    assert!(missing.ends_with(
        "nowhere.yaml: does not exist; create it, or name another file with `--config FILE`"
    ));
    let is_folder = refused(folder.path());
    assert!(
        is_folder.ends_with(": is a folder; name the file in it with `--config FILE`"),
        "{is_folder}"
    );
}

#[test]
fn the_environment_is_checked_along_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.yaml");
    fs::write(&path, format!("{SOURCES}{CRITERIA}on_first_scan: never\n")).unwrap();
    let environment = Environment::from_iter([("LOG_LEVEL", "loud"), ("ALERT_TO_EMAIL", "nobody")]);
    let problems = load(Some(&path), &environment)
        .unwrap_err()
        .to_string()
        .replace(path.to_str().unwrap(), "FILE");
    assert_eq!(
        problems.lines().collect::<Vec<_>>(),
        [
            "FILE:3:16: on_first_scan: `never` is not a valid value; write one of `digest`, `each`, `silent`",
            "environment: ALERT_TO_EMAIL: `nobody` is not a mail address; write addresses separated by commas, such as \
             `jo@example.com,kim@example.com`",
            "environment: LOG_LEVEL: `loud` is not a log level; write one of `error`, `warn`, `info`, `debug`, `trace`",
        ]
    );
}

#[test]
fn a_flag_overrides_the_log_level_of_environment_and_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.yaml");
    fs::write(
        &path,
        format!("{SOURCES}{CRITERIA}logging: {{level: error}}\n"),
    )
    .unwrap();
    let logging = load(
        Some(&path),
        &Environment::from_iter([("LOG_LEVEL", "Debug")]),
    )
    .unwrap()
    .logging;
    assert_eq!(logging.level, LogLevel::Debug);
    assert_eq!(
        logging.with_flags(Some(LogLevel::Warn), None).level,
        LogLevel::Warn
    );
}

#[test]
fn an_anchored_source_can_be_merged_and_changed() {
    let config = config(&format!(
        "sources:
  - &base {{type: greenhouse, identifier: acme, max_jobs: 5}}
  - {{<<: *base, identifier: globex}}
{CRITERIA}"
    ));
    let keys: Vec<String> = config
        .sources
        .iter()
        .map(|source| source.key.to_string())
        .collect();
    assert_eq!(keys, ["greenhouse/acme", "greenhouse/globex"]);
    assert_eq!(config.sources[1].max_jobs, Some(5));
}

#[test]
fn identifiers_that_yaml_would_convert_are_kept_as_written() {
    let config = config(&format!(
        "sources:
  - {{type: greenhouse, identifier: no}}
  - {{type: greenhouse, identifier: 007}}
  - {{type: greenhouse, identifier: 1e3}}
  - {{type: greenhouse, identifier: true}}
{CRITERIA}"
    ));
    let identifiers: Vec<&str> = config
        .sources
        .iter()
        .map(|source| source.key.identifier.as_str())
        .collect();
    assert_eq!(identifiers, ["no", "007", "1e3", "true"]);
}

/// Returns a configuration with this section `web`.
fn with_web(web: &str) -> String {
    format!("{SOURCES}{CRITERIA}web: {{{web}}}\n")
}

#[test]
fn the_page_is_off_unless_it_listens_and_asks_for_the_password_if_there_is_one() {
    use job_scanner_config::{WebAuth, WebListen};

    assert_eq!(config(&format!("{SOURCES}{CRITERIA}")).web, None);
    let local = config(&with_web("listen: \"127.0.0.1:8080\"")).web.unwrap();
    assert_eq!(local.auth, WebAuth::None);
    assert_eq!((local.public_url, local.trusted_proxies.len()), (None, 0));
    assert!(!local.write_sources && local.shortcuts);

    let hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g";
    let keys = format!(
        "listen: \"0.0.0.0:80\", password_hash: \"{hash}\", public_url: \"https://jobs.example\", \
         trusted_proxies: [10.0.0.0/8, \"::1\"], write_sources: true, shortcuts: false"
    );
    let open = config(&with_web(&keys)).web.unwrap();
    assert!(matches!(&open.auth, WebAuth::Password(given) if given.expose() == hash));
    assert!(!format!("{open:?}").contains("argon2"));
    assert_eq!(open.public_url.unwrap().as_str(), "https://jobs.example/");
    assert_eq!(open.trusted_proxies.len(), 2);
    assert!(open.write_sources && !open.shortcuts);

    let (folder, socket) = load_bytes(with_web("listen: \"unix:run/page.sock\", auth: proxy"));
    let socket = socket.unwrap().web.unwrap();
    let path = folder.path().join("run/page.sock");
    assert_eq!(socket.listen, WebListen::Unix(path));
    let user_header = "remote-user".to_owned();
    assert_eq!(socket.auth, WebAuth::Proxy { user_header });
}

#[test]
fn a_page_that_strangers_could_open_is_refused_with_what_to_write() {
    for (web, problem) in [
        (
            "auth: none",
            "6: web.listen: is missing; write an address and a port, such as `127.0.0.1:8080`, or `unix:` and a path",
        ),
        (
            "listen: localhost:8080",
            "15: web.listen: `localhost:8080` is not an address with a port; write `127.0.0.1:8080`",
        ),
        (
            "listen: 8080",
            "15: web.listen: `8080` is not an address with a port; write `127.0.0.1:8080`",
        ),
        (
            "listen: \"0.0.0.0:8080\"",
            "15: web.listen: would let everyone in the network open the page; write `auth: password` with \
             `password_hash`, or `listen: 127.0.0.1:8080`",
        ),
        (
            "listen: \"[::]:8080\", auth: none",
            "34: web.auth: would let everyone in the network open the page; write `auth: password` with \
             `password_hash`, or `listen: 127.0.0.1:8080`",
        ),
        (
            "listen: \"127.0.0.1:80\", auth: password",
            "37: web.auth: needs the hash of the password, which is missing; set `password_hash` to the line that \
             `job-scanner web password` prints, or WEB_PASSWORD_FILE to a file that contains it",
        ),
        (
            "listen: \"0.0.0.0:80\", auth: proxy",
            "35: web.auth: trusts a header, and `trusted_proxies` does not say from whom; list the addresses of the \
             proxy, such as `trusted_proxies: [172.18.0.0/16]`",
        ),
        (
            "listen: \"127.0.0.1:80\", password_hash: marker",
            "46: web.password_hash: is not the hash of a password; write the line that `job-scanner web password` \
             prints, or set WEB_PASSWORD_FILE to a file that contains it",
        ),
        (
            "listen: \"127.0.0.1:80\", public_url: \"https://jobs.example\"",
            "43: web.public_url: is an address of other machines, and the page has no authentication; write \
             `auth: password` with `password_hash`, or remove `public_url`",
        ),
        (
            "listen: \"127.0.0.1:80\", public_url: \"https://jobs.example/x\"",
            "43: web.public_url: `https://jobs.example/x` has more than a scheme, a host and a port; serve the page \
             at the root of a host, such as `https://jobs.example.com`",
        ),
        (
            "listen: \"127.0.0.1:80\", trusted_proxies: [10.0.0.1/8]",
            "49: web.trusted_proxies[0]: `10.0.0.1/8` has bits set after its prefix; write an address or a network, \
             such as `172.18.0.0/16`",
        ),
    ] {
        let found = problems(with_web(web));
        assert_eq!(found, [format!("config.yaml:3:{problem}")], "{web}");
    }
}
