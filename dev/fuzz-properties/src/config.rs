//! The input is the text of a `config.yaml`.

use std::collections::HashSet;
use std::path::Path;

use job_scanner_config::{Config, Origin, Problem, parse};
use job_scanner_core::escape::is_disguised;
use job_scanner_core::net::AllowedHost;
use job_scanner_core::schedule::Schedule;

const FILE: &str = "config.yaml";

/// Checks that an accepted configuration can be run. For a rejected one, every problem must be a
/// printable line with its position in the file and a remedy.
pub fn check(text: &str) {
    match parse(Path::new(FILE), text) {
        Ok(config) => check_config(&config),
        Err(errors) => {
            assert!(!errors.problems().is_empty());
            for problem in errors.problems() {
                check_problem(problem, text);
            }
        }
    }
}

fn check_config(config: &Config) {
    assert!(
        config.sources.iter().any(|source| source.enabled),
        "no source is enabled"
    );

    let keys: HashSet<_> = config.sources.iter().map(|source| &source.key).collect();
    assert_eq!(keys.len(), config.sources.len(), "two sources share a key");

    assert!(
        !config.profiles.is_empty(),
        "the configuration has no profile"
    );

    for source in &config.sources {
        let name = &source.name;
        let has_control = name.chars().any(char::is_control);
        assert!(!name.trim().is_empty() && !has_control, "{name:?}");

        assert!(source.options.is_object(), "{}", source.options);
        assert_ne!(source.max_jobs, Some(0), "a scan accepts no jobs");

        if let Schedule::Every(interval) = source.schedule {
            assert!((300..=86_400).contains(&interval.as_secs()), "{interval:?}");
        }

        for entry in &source.allow_hosts {
            assert_eq!(entry.to_string().parse::<AllowedHost>().as_ref(), Ok(entry));
        }
    }
}

fn check_problem(problem: &Problem, text: &str) {
    let printed = problem.to_string();
    assert!(!printed.chars().any(is_disguised), "{printed:?}");
    assert!(
        !problem.wrong.is_empty() && !problem.remedy.is_empty(),
        "{printed}"
    );

    let Origin::File(file, position) = &problem.origin else {
        panic!("{printed} is not a problem of the file")
    };
    assert_eq!(file, Path::new(FILE));

    if let Some(position) = position {
        // There are three kinds of line breaks. Counting every character of them gives an upper
        // bound, and one more line follows the last break.
        let line_breaks = text.chars().filter(|c| matches!(c, '\n' | '\r'));
        let most_lines = line_breaks.count() as u64 + 1;
        assert!(
            (1..=most_lines).contains(&position.line) && position.column >= 1,
            "{printed}"
        );
    }
}
