//! The input is an adapter's manifest in the first line, and the options of a source in the second,
//! if there is one.

use job_scanner_core::adapter::{DEFAULT_RATE, Grants, HostTarget, Manifest, OptionsSchema};
use job_scanner_core::escape::is_disguised;
use job_scanner_core::net::HostPattern;
use serde_json::Value;

use crate::SECRET;

/// Checks that the grants of an accepted manifest can be stored and compared. A source must resolve
/// a host of its identifier or options only to a single public host, and problems with its options
/// must not repeat a secret.
pub fn check(input: &str) {
    let (manifest, options) = input.split_once('\n').unwrap_or((input, ""));
    let Ok(manifest) = Manifest::parse(manifest) else {
        return;
    };
    let options =
        serde_json::from_str(options).unwrap_or_else(|_| Value::Object(serde_json::Map::new()));

    check_grants(&manifest.requested_grants());
    for host in &manifest.hosts {
        check_host(&host.target, &options);
    }
    if let Some(schema) = &manifest.options {
        check_options(schema, options);
    }
}

/// Checks the grants that a manifest requests or a lock file has: they read back as they were
/// written, nothing in them goes beyond themselves, and a capped rate is not more than the default.
pub(crate) fn check_grants(grants: &Grants) {
    let written = serde_json::to_string(grants).expect("grants can be serialized");
    let read_back: Grants = serde_json::from_str(&written).expect("serialized grants are valid");
    assert_eq!(&read_back, grants, "{written}");

    let beyond_nothing = grants.beyond(&Grants::default());
    assert!(grants.beyond(grants).is_empty());
    assert_eq!(beyond_nothing.hosts, grants.hosts);
    assert_eq!(beyond_nothing.secrets, grants.secrets);

    let usual = grants.clone().with_rates_capped();
    let mut rates = usual.hosts.values().filter_map(|terms| terms.rate);
    assert!(grants.beyond(&usual).is_empty());
    assert!(rates.all(|rate| rate <= DEFAULT_RATE));

    for method in grants.hosts.values().flat_map(|terms| &terms.methods) {
        assert!(
            !matches!(method.as_str(), "CONNECT" | "TRACE" | "TRACK"),
            "{method}"
        );
    }
}

fn check_host(target: &HostTarget, options: &Value) {
    if let Ok(Some(pattern)) = target.resolve("acme", options) {
        let is_named = matches!(target, HostTarget::Pattern(_));
        assert!(is_named || !pattern.is_wildcard(), "{target} is {pattern}");
        assert_eq!(pattern.to_string().parse::<HostPattern>(), Ok(pattern));
    }
}

fn check_options(schema: &OptionsSchema, mut options: Value) {
    let is_known =
        schema.schema().to_string().contains(SECRET) || options.to_string().contains(SECRET);

    if let Value::Object(options) = &mut options {
        for name in schema.secrets().keys() {
            options.insert(name.clone(), Value::from(SECRET));
        }
    }

    let problems = schema.check(&options);
    assert!(problems.len() <= 20);
    for problem in problems {
        let words = format!("{}; {}", problem.wrong, problem.remedy);
        assert!(!words.chars().any(is_disguised), "{words:?}");
        assert!(!words.contains(SECRET) || is_known, "{words}");
    }
}
