//! The detection rules of all adapters.
//!
//! `adapters/NAME/detect.json` is a list of rules:
//!
//! ```json
//! [
//!   {
//!     "identifier": "{company}",
//!     "options": {"region": "eu"},
//!     "addresses": ["jobs.eu.lever.co/{company}/**"],
//!     "examples": {"https://jobs.eu.lever.co/acme/0f2c": "acme"}
//!   }
//! ]
//! ```
//!
//! An address that matches one of `addresses` ([`super::pattern`]) is read by a source with this
//! identifier and these options. `{url}` in the identifier is the address itself. `{company}` is
//! never one of the words that boards use for their own pages; `own_pages` adds more such words.
//! `punctuation` lists the characters that a name may contain besides letters, digits, `-`, `_` and
//! `.`. `examples` contains addresses with their identifiers, for the tests.
//!
//! The order of rules and of adapters does not matter. If several patterns match, the one with the
//! most literal characters is used. A pattern for any host is used only if no other matches.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::pattern::{Address, Pattern, Values};

/// The names of the adapters, each with its `detect.json`.
static FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/detect_files.rs"));

/// The words that boards use for their own pages instead of a company, as the first label of a host
/// or the first segment of a path.
const OWN_PAGES: [&str; 40] = [
    "about",
    "accounts",
    "api",
    "app",
    "apply",
    "assets",
    "auth",
    "blog",
    "careers-page",
    "cdn",
    "cookies",
    "developer",
    "developers",
    "docs",
    "embed",
    "favicon.ico",
    "features",
    "help",
    "info",
    "jobs",
    "legal",
    "login",
    "logout",
    "oauth",
    "pricing",
    "privacy",
    "privacy-policy",
    "robots.txt",
    "search",
    "sign-in",
    "sign-up",
    "signin",
    "signup",
    "sitemap.xml",
    "static",
    "status",
    "support",
    "terms",
    "users",
    "www",
];

/// The rules of all adapters.
pub(super) struct Rules {
    /// Rules for boards with known hosts, the most precise pattern first.
    pub(super) by_board: Vec<CompiledRule>,
    /// Rules for files on any host, the most precise pattern first.
    pub(super) any_host: Vec<CompiledRule>,
}

/// The rules that are compiled into the program.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::of(FILES));

/// One pattern of a rule, compiled.
#[derive(Debug)]
pub(super) struct CompiledRule {
    adapter: &'static str,
    pattern: Pattern,
    rule: DetectRule,
}

/// A rule as in `detect.json`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, serde(deny_unknown_fields))]
struct DetectRule {
    identifier: String,
    #[serde(default)]
    options: Map<String, Value>,
    addresses: Vec<String>,
    #[serde(default)]
    own_pages: Vec<String>,
    #[serde(default)]
    punctuation: String,
    #[cfg(test)]
    #[serde(default)]
    examples: std::collections::BTreeMap<String, String>,
}

/// An address that matched a rule.
#[derive(Debug)]
pub(super) struct RuleMatch<'r> {
    rule: &'r CompiledRule,
    values: Values<'r>,
}

impl Rules {
    /// Parses the files of adapters.
    ///
    /// # Panics
    ///
    /// Panics if a file is invalid. The files are part of the program, and a test parses them.
    fn of(files: &[(&'static str, &str)]) -> Self {
        let mut rules: Vec<CompiledRule> = Vec::new();
        for &(adapter, text) in files {
            for rule in rules_of(adapter, text) {
                rules.extend(rule.addresses.iter().map(|address| CompiledRule {
                    adapter,
                    pattern: Pattern::parse(address).unwrap_or_else(|error| {
                        panic!("adapters/{adapter}/detect.json: `{address}`: {error}")
                    }),
                    rule: rule.clone(),
                }));
            }
        }

        rules.sort_by_key(|rule| std::cmp::Reverse(rule.pattern.precision()));
        let (any_host, by_board) = rules
            .into_iter()
            .partition(|rule| rule.pattern.is_of_any_host());
        Self { by_board, any_host }
    }
}

fn rules_of(adapter: &str, text: &str) -> Vec<DetectRule> {
    serde_json::from_str(text)
        .unwrap_or_else(|error| panic!("adapters/{adapter}/detect.json: {error}"))
}

impl CompiledRule {
    /// Matches an address. `None` if it does not match, or is one of the board's own pages.
    pub(super) fn read(&self, address: &Address<'_>) -> Option<RuleMatch<'_>> {
        let mut values = self.pattern.read(address)?;
        let names_company = values
            .iter()
            .all(|(name, value)| *name != "company" || !self.is_own_page(value));

        values.push(("url", address.as_str().to_owned()));
        names_company.then_some(RuleMatch { rule: self, values })
    }

    fn is_own_page(&self, name: &str) -> bool {
        OWN_PAGES.contains(&name) || self.rule.own_pages.iter().any(|page| page == name)
    }
}

impl RuleMatch<'_> {
    /// Returns the `type` of the source.
    pub(super) fn adapter(&self) -> &'static str {
        self.rule.adapter
    }

    /// Returns the identifier of the source.
    pub(super) fn identifier(&self) -> String {
        let template = self.rule.rule.identifier.clone();
        self.values.iter().fold(template, |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    /// Returns the options of the source.
    pub(super) fn options(&self) -> Map<String, Value> {
        self.rule.rule.options.clone()
    }

    /// Returns true if all names consist of plain characters. Another name is not the part of the
    /// address that the pattern is for.
    pub(super) fn is_plain(&self) -> bool {
        let punctuation = &self.rule.rule.punctuation;
        let is_plain = |name: &str| {
            !name.is_empty()
                && name.trim() == name
                && name.chars().all(|character| {
                    character.is_alphanumeric()
                        || "-_.".contains(character)
                        || punctuation.contains(character)
                })
        };

        let mut names = self.values.iter().filter(|(name, _)| *name != "url");
        names.all(|(_, value)| is_plain(value))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::{Detected, detect};
    use super::*;

    fn rules_with_adapters() -> impl Iterator<Item = (&'static str, DetectRule)> {
        FILES.iter().flat_map(|&(adapter, text)| {
            let rules = rules_of(adapter, text).into_iter();
            rules.map(move |rule| (adapter, rule))
        })
    }

    #[test]
    fn every_rule_matches_its_examples() {
        for (adapter, rule) in rules_with_adapters() {
            assert!(!rule.examples.is_empty(), "{adapter}: {rule:?}");
            for (address, identifier) in rule.examples {
                let expected = Detected {
                    adapter,
                    identifier,
                    options: rule.options.clone(),
                };
                assert_eq!(
                    detect(&address.parse().unwrap()),
                    Some(expected),
                    "{address}"
                );
            }
        }
    }

    #[test]
    fn the_options_of_a_rule_exist_in_the_manifest_of_its_adapter() {
        let adapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("../adapters");
        for (adapter, rule) in rules_with_adapters() {
            let path = adapters.join(adapter).join("manifest.json");
            let manifest: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            assert_eq!(manifest["name"], adapter);
            for (option, value) in &rule.options {
                let allowed = manifest["options"]["properties"][option]["enum"].as_array();
                assert!(allowed.unwrap().contains(value), "{adapter}: {option}");
            }
        }
    }

    #[test]
    fn own_pages_of_a_board_are_not_companies() {
        let rules = Rules::of(&[(
            "example",
            r#"[{"identifier": "{company}", "addresses": ["a.example/{company}/**"], "own_pages": ["j"]}]"#,
        )]);
        for (path, expected) in [
            ("acme", true),
            ("acme/j", true),
            ("j", false),
            ("login", false),
        ] {
            let address = format!("https://a.example/{path}").parse().unwrap();
            let address = Address::of(&address).unwrap();
            let read = rules.by_board[0].read(&address);
            assert_eq!(read.is_some(), expected, "{path}");
        }
    }
}
