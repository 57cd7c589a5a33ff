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
//!   },
//!   {
//!     "no_board": "an address of recruiters; the jobs are at jobs.lever.co/{company}",
//!     "addresses": ["hire.lever.co/**"],
//!     "examples": ["https://hire.lever.co/jobs"]
//!   }
//! ]
//! ```
//!
//! An address that matches one of `addresses` ([`super::pattern`]) is read by a source with this
//! identifier and these options. `{url}` in the identifier is the address itself.
//!
//! - `name` is a name for the source, with the values of the pattern as words ([`super::name`]). It
//!   is `{company}` by default; `{host}` is the host of the address.
//! - `{company}` is never a word of the boards' own pages ([`super::own_pages`]). `own_pages` lists
//!   more such words; they are not allowed as the other values either.
//! - `punctuation` lists the characters that a value may contain besides letters, digits, `-`, `_`
//!   and `.`.
//! - `no_board` is the reason why an address names no board, and what to do instead.
//! - `examples` contains addresses, with their identifiers, for the tests.
//!
//! The order of adapters does not matter. If several patterns match, the one with the most literal
//! characters is used. A pattern for any host is used only if the host belongs to no other pattern.
//! The first address of a file is shown to users as an example of what the adapter reads.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::lookup::{Detected, Unrecognized};
use super::name::readable;
use super::own_pages::{is_listed, is_own_page};
use super::pattern::{Address, Pattern, Values};

/// The names of the adapters, each with its `detect.json`.
static FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/detect_files.rs"));

/// The rules of all adapters.
pub(super) struct Rules {
    /// Rules for boards with known hosts, the most precise pattern first.
    by_board: Vec<CompiledRule>,
    /// Rules for addresses on any host, the most precise pattern first.
    any_host: Vec<CompiledRule>,
}

/// The rules that are compiled into the program.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::of(FILES));

/// One pattern of a rule, compiled.
#[derive(Debug)]
struct CompiledRule {
    adapter: &'static str,
    /// An address that the adapter reads, such as `jobs.lever.co/{company}`.
    shape: String,
    pattern: Pattern,
    rule: DetectRule,
}

/// A rule as in `detect.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum DetectRule {
    Source(SourceRule),
    NoBoard(NoBoardRule),
}

/// A rule for addresses that name a board.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, serde(deny_unknown_fields))]
struct SourceRule {
    identifier: String,
    #[serde(default = "company")]
    name: String,
    #[serde(default)]
    options: Map<String, Value>,
    addresses: Vec<String>,
    #[serde(default)]
    own_pages: Vec<String>,
    #[serde(default)]
    punctuation: String,
    #[cfg(test)]
    examples: std::collections::BTreeMap<String, String>,
}

/// A rule for addresses that look like a board's and name none.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, serde(deny_unknown_fields))]
struct NoBoardRule {
    no_board: String,
    addresses: Vec<String>,
    #[cfg(test)]
    examples: Vec<String>,
}

fn company() -> String {
    "{company}".to_owned()
}

/// An address that matched a rule for boards.
struct RuleMatch<'r> {
    adapter: &'static str,
    rule: &'r SourceRule,
    values: Values<'r>,
}

impl Rules {
    /// Parses the files of adapters.
    ///
    /// # Panics
    ///
    /// Panics if a file is invalid. The files are part of the program, and a test parses them.
    fn of(files: &[(&'static str, &str)]) -> Self {
        let mut rules: Vec<CompiledRule> = files
            .iter()
            .flat_map(|&(adapter, text)| compiled_rules(adapter, text))
            .collect();

        rules.sort_by_key(|rule| std::cmp::Reverse(rule.pattern.precision()));
        let (any_host, by_board) = rules
            .into_iter()
            .partition(|rule| rule.pattern.is_of_any_host());
        Self { by_board, any_host }
    }

    /// Returns the source that reads the board at an address.
    pub(super) fn read(&self, address: &Address<'_>) -> Result<Detected, Unrecognized> {
        if let Some(answer) = first_match(&self.by_board, address) {
            return answer;
        }

        // A feed or a sitemap on the host of a board is not the list of one company.
        let of_host = |rule: &&CompiledRule| rule.pattern.is_of_host(address);
        if let Some(rule) = self.by_board.iter().find(of_host) {
            return Err(rule.names_no_company());
        }

        first_match(&self.any_host, address).unwrap_or_else(|| {
            Err(Unrecognized::UnknownSite {
                host: address.host().to_owned(),
            })
        })
    }
}

fn first_match(
    rules: &[CompiledRule],
    address: &Address<'_>,
) -> Option<Result<Detected, Unrecognized>> {
    rules.iter().find_map(|rule| rule.read(address))
}

fn compiled_rules(adapter: &'static str, text: &str) -> Vec<CompiledRule> {
    let compiled = |address: &String| {
        Pattern::parse(address)
            .unwrap_or_else(|error| panic!("adapters/{adapter}/detect.json: `{address}`: {error}"))
    };
    let rules = rules_of(adapter, text);
    let first = rules.first().and_then(|rule| rule.addresses().first());
    let shape = first.map(|address| compiled(address).shape());

    let mut compiled_rules = Vec::new();
    for rule in &rules {
        compiled_rules.extend(rule.addresses().iter().map(|address| CompiledRule {
            adapter,
            shape: shape.clone().unwrap_or_default(),
            pattern: compiled(address),
            rule: rule.clone(),
        }));
    }
    compiled_rules
}

fn rules_of(adapter: &str, text: &str) -> Vec<DetectRule> {
    serde_json::from_str(text)
        .unwrap_or_else(|error| panic!("adapters/{adapter}/detect.json: {error}"))
}

impl DetectRule {
    fn addresses(&self) -> &[String] {
        match self {
            Self::Source(rule) => &rule.addresses,
            Self::NoBoard(rule) => &rule.addresses,
        }
    }
}

impl CompiledRule {
    /// Matches an address. `None` if it does not match, or has a word of the board's own pages
    /// instead of a company.
    fn read(&self, address: &Address<'_>) -> Option<Result<Detected, Unrecognized>> {
        let values = self.pattern.read(address)?;
        let rule = match &self.rule {
            DetectRule::Source(rule) => rule,
            DetectRule::NoBoard(rule) => {
                return Some(Err(Unrecognized::NoBoard {
                    reason: rule.no_board.clone(),
                }));
            }
        };
        let is_own_page = |(name, value): &(&str, String)| {
            rule.is_own_page(name, value) || (*name == "company" && address.has_language(value))
        };
        if values.iter().any(is_own_page) {
            return None;
        }

        // Another text is not the part of the address that the pattern is for.
        if !values.iter().all(|(_, value)| rule.is_plain(value)) {
            return Some(Err(self.names_no_company()));
        }
        let adapter = self.adapter;
        let found = RuleMatch {
            adapter,
            rule,
            values,
        };
        Some(Ok(found.source(address)))
    }

    fn names_no_company(&self) -> Unrecognized {
        Unrecognized::NoCompany {
            adapter: self.adapter,
            shape: self.shape.clone(),
        }
    }
}

impl SourceRule {
    fn is_own_page(&self, name: &str, value: &str) -> bool {
        (name == "company" && is_own_page(value)) || is_listed(value, &self.own_pages)
    }

    fn is_plain(&self, value: &str) -> bool {
        let is_plain = |character: char| {
            character.is_alphanumeric()
                || "-_.".contains(character)
                || self.punctuation.contains(character)
        };
        value.contains(char::is_alphanumeric)
            && value.trim() == value
            && value.chars().all(is_plain)
    }
}

impl RuleMatch<'_> {
    fn source(&self, address: &Address<'_>) -> Detected {
        let identifier = self.filled(&self.rule.identifier, str::to_owned);
        let name = self.filled(&self.rule.name, readable);
        Detected {
            adapter: self.adapter,
            identifier: identifier.replace("{url}", address.as_str()),
            name: name.replace("{host}", &address.readable_host()),
            options: self.rule.options.clone(),
        }
    }

    /// Fills the values into a template, each in the form that `show` gives it.
    fn filled(&self, template: &str, show: fn(&str) -> String) -> String {
        let values = self.values.iter();
        values.fold(template.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), &show(value))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::detect;
    use super::*;

    fn rules_with_adapters() -> impl Iterator<Item = (&'static str, DetectRule)> {
        FILES.iter().flat_map(|&(adapter, text)| {
            let rules = rules_of(adapter, text).into_iter();
            rules.map(move |rule| (adapter, rule))
        })
    }

    fn source_rules() -> impl Iterator<Item = (&'static str, SourceRule)> {
        rules_with_adapters().filter_map(|(adapter, rule)| match rule {
            DetectRule::Source(rule) => Some((adapter, rule)),
            DetectRule::NoBoard(_) => None,
        })
    }

    #[test]
    fn every_rule_for_boards_matches_its_examples() {
        for (adapter, rule) in source_rules() {
            assert!(!rule.examples.is_empty(), "{adapter}: {rule:?}");
            for (address, identifier) in rule.examples {
                let found = detect(&address.parse().unwrap()).expect(&address);
                assert_eq!(found.adapter, adapter, "{address}");
                assert_eq!(found.identifier, identifier, "{address}");
                assert_eq!(found.options, rule.options, "{address}");
            }
        }
    }

    #[test]
    fn every_rule_without_a_board_gives_its_reason_for_its_examples() {
        for (adapter, rule) in rules_with_adapters() {
            let DetectRule::NoBoard(rule) = rule else {
                continue;
            };
            assert!(!rule.examples.is_empty(), "{adapter}: {rule:?}");
            for address in rule.examples {
                let reason = rule.no_board.clone();
                assert_eq!(
                    detect(&address.parse().unwrap()),
                    Err(Unrecognized::NoBoard { reason }),
                    "{address}"
                );
            }
        }
    }

    #[test]
    fn names_and_identifiers_of_rules_have_only_values_of_their_patterns() {
        for (adapter, rule) in source_rules() {
            for address in &rule.addresses {
                let filled = [&rule.identifier, &rule.name].map(|template| {
                    let values = template.split('{').skip(1);
                    values
                        .map(|rest| rest.split('}').next().unwrap())
                        .collect::<Vec<_>>()
                });
                for value in filled.concat() {
                    let in_pattern = address.contains(&format!("{{{value}"));
                    assert!(
                        in_pattern || ["url", "host"].contains(&value),
                        "{adapter}: {value}: {address}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_options_of_a_rule_exist_in_the_manifest_of_its_adapter() {
        let adapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("../adapters");
        for (adapter, rule) in source_rules() {
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
            r#"[{"identifier": "{company}", "addresses": ["a.example/{company}/**"], "own_pages": ["j"], "examples": {}}]"#,
        )]);
        for (path, expected) in [
            ("acme", true),
            ("acme/j", true),
            ("J", false),
            ("login", false),
            ("v2/acme", false),
            ("en-US/acme", false),
        ] {
            let address = format!("https://a.example/{path}").parse().unwrap();
            let found = rules.read(&Address::of(&address).unwrap());
            assert_eq!(found.is_ok(), expected, "{path}");
        }
    }
}
