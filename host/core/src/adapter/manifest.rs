//! What an adapter says about itself: the JSON that `describe` returns, read and checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::grants::{Grants, HostTerms, check_rate};
use super::method::{Method, MethodError};
use super::schema::{OptionsSchema, SchemaError};
use super::shown::shown;
use super::target::{HostTarget, HostTargetError};
use crate::key::{AdapterName, KeyError};
use crate::net::HostPatternError;

/// The largest manifest we read, in bytes.
pub const MAX_MANIFEST_BYTES: usize = 256 * 1024;

/// How many hosts and limits an adapter may ask for, and how many bytes a text of it may have: a
/// person has to read them all.
const MAX_HOSTS: usize = 64;
const MAX_LIMITS: usize = 32;
const MAX_TEXT_BYTES: usize = 2048;

/// What an adapter says about itself. A request: what holds is what the operator granted. Its texts
/// are a stranger's.
#[derive(Debug)]
pub struct Manifest {
    /// The `type` under which sources name it, as its author sees it.
    pub name: AdapterName,
    /// The adapter's version.
    pub version: String,
    /// One sentence.
    pub description: Option<String>,
    /// Where to read more.
    pub homepage: Option<String>,
    /// Under which licence it may be used.
    pub license: Option<String>,
    /// Which hosts it wants to reach, in its order.
    pub hosts: Vec<HostRequest>,
    /// What its sources may say; `None`: they have no options.
    pub options: Option<OptionsSchema>,
    /// What it would like of its budgets, such as `memory_mib`.
    pub limits: BTreeMap<String, f64>,
}

/// One host that an adapter wants to reach.
#[derive(Debug, Clone, PartialEq)]
pub struct HostRequest {
    /// Which.
    pub target: HostTarget,
    /// With which methods, and how often.
    pub terms: HostTerms,
    /// Why, in the author's words.
    pub reason: Option<String>,
}

/// Why a manifest could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Larger than a manifest needs to be.
    #[error("the manifest has {bytes} bytes; at most {MAX_MANIFEST_BYTES} are read")]
    TooLarge {
        /// How large.
        bytes: usize,
    },
    /// Not the JSON that the contract describes.
    #[error("the manifest is not what the contract describes: {0}")]
    Malformed(#[from] serde_json::Error),
    /// More, or longer, than a person can read.
    #[error("the manifest's {what} exceed what a person can read: at most {limit}")]
    TooMuch {
        /// What.
        what: &'static str,
        /// How much is read.
        limit: usize,
    },
    /// A name that no source could use.
    #[error("the manifest's name: {0}")]
    Name(#[from] KeyError),
    /// A host that no adapter should be granted.
    #[error("the manifest asks for the host `{}`: {reason}", shown(.host))]
    Host {
        /// The pattern or place.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A schema that cannot be used.
    #[error("the manifest's `options`: {0}")]
    Options(#[from] SchemaError),
}

impl Manifest {
    /// Reads what `describe` returned.
    ///
    /// # Errors
    ///
    /// See [`ManifestError`]. Unknown keys are no error: a newer adapter may say more than we
    /// understand.
    pub fn parse(json: &str) -> Result<Self, ManifestError> {
        if json.len() > MAX_MANIFEST_BYTES {
            return Err(ManifestError::TooLarge { bytes: json.len() });
        }

        let given: ManifestJson = serde_json::from_str(json)?;
        given.check_amounts()?;

        let mut hosts = Vec::with_capacity(given.hosts.len());
        for host in given.hosts {
            hosts.push(HostRequest::try_from(host)?);
        }
        let manifest = Self {
            name: AdapterName::new(given.name)?,
            version: given.version,
            description: given.description,
            homepage: given.homepage,
            license: given.license,
            hosts,
            options: given.options.map(OptionsSchema::new).transpose()?,
            limits: given.limits,
        };

        manifest.check_places()?;
        Ok(manifest)
    }

    /// Everything that it asks for.
    pub fn asks_for(&self) -> Grants {
        let mut grants = Grants::default();

        for host in &self.hosts {
            grants.add_host(host.target.clone(), host.terms.clone());
        }

        if let Some(options) = &self.options {
            grants.secrets.clone_from(options.secrets());
        }
        grants
    }

    /// A host can only come from an option that sources may have.
    fn check_places(&self) -> Result<(), ManifestError> {
        for host in &self.hosts {
            let HostTarget::Option(name) = &host.target else {
                continue;
            };

            let options = self.options.as_ref();
            if !options.is_some_and(|options| options.has(name)) {
                return Err(ManifestError::Host {
                    host: format!("options.{name}"),
                    reason: "its options have no such property".to_owned(),
                });
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct ManifestJson {
    name: String,
    version: String,
    description: Option<String>,
    homepage: Option<String>,
    license: Option<String>,
    #[serde(default)]
    hosts: Vec<HostJson>,
    options: Option<Value>,
    #[serde(default)]
    limits: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
struct HostJson {
    pattern: Option<String>,
    from: Option<String>,
    reason: Option<String>,
    methods: Option<Vec<String>>,
    rate: Option<f64>,
}

impl ManifestJson {
    fn check_amounts(&self) -> Result<(), ManifestError> {
        let amounts = [
            ("hosts", self.hosts.len(), MAX_HOSTS),
            ("limits", self.limits.len(), MAX_LIMITS),
        ];
        if let Some(&(what, _, limit)) = amounts.iter().find(|(_, amount, limit)| amount > limit) {
            return Err(ManifestError::TooMuch { what, limit });
        }

        if self.texts().any(|text| text.len() > MAX_TEXT_BYTES) {
            return Err(ManifestError::TooMuch {
                what: "texts",
                limit: MAX_TEXT_BYTES,
            });
        }
        Ok(())
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        let own = [
            Some(&self.version),
            self.description.as_ref(),
            self.homepage.as_ref(),
            self.license.as_ref(),
        ];
        let reasons = self.hosts.iter().filter_map(|host| host.reason.as_ref());

        own.into_iter()
            .flatten()
            .chain(reasons)
            .chain(self.limits.keys())
    }
}

/// What is wrong with one host.
#[derive(Debug, thiserror::Error)]
enum HostProblem {
    #[error("a host needs either `pattern` or `from`")]
    NoPlace,
    #[error(transparent)]
    Pattern(#[from] HostPatternError),
    #[error(transparent)]
    Place(#[from] HostTargetError),
    #[error(transparent)]
    Method(#[from] MethodError),
    #[error("it asks for no method")]
    NoMethod,
    #[error("{0}")]
    Rate(String),
}

impl TryFrom<HostJson> for HostRequest {
    type Error = ManifestError;

    fn try_from(given: HostJson) -> Result<Self, ManifestError> {
        let place = given.pattern.as_ref().or(given.from.as_ref());
        let host = place.cloned().unwrap_or_default();

        read_host(given).map_err(|problem| ManifestError::Host {
            host,
            reason: problem.to_string(),
        })
    }
}

fn read_host(given: HostJson) -> Result<HostRequest, HostProblem> {
    let target = match (given.pattern, given.from) {
        (Some(pattern), None) => HostTarget::Pattern(pattern.parse()?),
        (None, Some(place)) => HostTarget::from_place(&place)?,
        _ => return Err(HostProblem::NoPlace),
    };

    let methods = match given.methods {
        None => Method::reading().into(),
        Some(named) if named.is_empty() => return Err(HostProblem::NoMethod),
        Some(named) => named
            .into_iter()
            .map(Method::try_from)
            .collect::<Result<_, _>>()?,
    };

    check_rate(given.rate).map_err(HostProblem::Rate)?;

    Ok(HostRequest {
        target,
        terms: HostTerms {
            methods,
            rate: given.rate,
        },
        reason: given.reason,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A manifest with these further keys.
    fn parse(more: &str) -> Result<Manifest, ManifestError> {
        Manifest::parse(&format!(r#"{{"name": "n", "version": "1"{more}}}"#))
    }

    fn refusal(more: &str) -> String {
        parse(more).unwrap_err().to_string()
    }

    /// The example in the contract, with everything in it.
    fn example() -> String {
        let contract = include_str!("../../../../wit/source-0.1/source.wit");
        let lines = contract
            .lines()
            .map(|line| line.trim().trim_start_matches("///"));
        let inside = lines.skip_while(|line| line.trim() != "```json").skip(1);
        inside.take_while(|line| line.trim() != "```").collect()
    }

    #[test]
    fn the_example_of_the_contract_is_one() {
        let manifest = Manifest::parse(&example()).unwrap();
        assert_eq!(
            (manifest.name.as_str(), manifest.version.as_str()),
            ("example", "1.2.0")
        );
        assert_eq!(manifest.license.as_deref(), Some("MIT"));
        assert_eq!(manifest.hosts.len(), 4);
        assert_eq!(
            manifest.hosts[0].reason.as_deref(),
            Some("the public job board API")
        );
        assert_eq!(manifest.limits, [("memory_mib".to_owned(), 64.0)].into());
        let asked = serde_json::to_value(manifest.asks_for()).unwrap();
        assert_eq!(
            asked,
            serde_json::json!({
                "hosts": [
                    {"pattern": "api.example.com", "methods": ["GET", "HEAD"], "rate": 10.0},
                    {"pattern": "*.jobs.example.com", "methods": ["GET", "HEAD"]},
                    {"from": "identifier", "methods": ["GET", "HEAD"]},
                    {"from": "options.search_url", "methods": ["GET", "POST"]}
                ],
                "secrets": {"api_key": ["api.example.com"]}
            })
        );
    }

    #[test]
    fn hosts_ask_for_get_and_head_unless_they_say_more() {
        let manifest = parse(
            r#", "hosts": [{"pattern": "api.example.com", "reason": "the board"},
                {"pattern": "*.example.com", "methods": ["POST"], "rate": 2.5}], "something": "new""#,
        )
        .unwrap();
        assert_eq!(manifest.hosts[0].terms.methods, Method::reading().into());
        assert_eq!(manifest.hosts[0].terms.rate, None);
        assert_eq!(
            manifest.hosts[1].terms.methods,
            ["POST".parse().unwrap()].into()
        );
        assert_eq!(manifest.hosts[1].terms.rate, Some(2.5));
    }

    #[test]
    fn a_manifest_that_is_none_says_why() {
        assert!(matches!(
            Manifest::parse("[]"),
            Err(ManifestError::Malformed(_))
        ));
        assert!(matches!(
            Manifest::parse(&" ".repeat(300_000)),
            Err(ManifestError::TooLarge { bytes: 300_000 })
        ));
        assert!(matches!(
            Manifest::parse(&"[".repeat(100_000)),
            Err(ManifestError::Malformed(_))
        ));
        assert!(matches!(
            Manifest::parse(r#"{"name": "N N", "version": "1"}"#),
            Err(ManifestError::Name(_))
        ));
        assert!(matches!(
            parse(&format!(r#", "homepage": "{}""#, "x".repeat(3000))),
            Err(ManifestError::TooMuch { .. })
        ));
        let hosts = vec![r#"{"pattern": "a.example"}"#; 65].join(",");
        assert!(matches!(
            parse(&format!(r#", "hosts": [{hosts}]"#)),
            Err(ManifestError::TooMuch { .. })
        ));
    }

    #[test]
    fn a_host_that_nobody_should_be_granted_is_refused() {
        let cases = [
            (
                r#"{"pattern": "*"}"#,
                "`*`: `*` covers too much; write the wildcard in front of at least two labels, such as `*.example.com`",
            ),
            (
                r#"{"pattern": "*.co.uk"}"#,
                "`*.co.uk`: `*.co.uk` covers the names of strangers; write the wildcard in front of a registered domain",
            ),
            (
                r#"{"pattern": "a.example", "rate": 0}"#,
                "`a.example`: its rate is not from 0.01 to 1000 requests a second",
            ),
            (
                r#"{"pattern": "a.example", "from": "identifier"}"#,
                "`a.example`: a host needs either `pattern` or `from`",
            ),
            (
                r#"{"reason": "none"}"#,
                "``: a host needs either `pattern` or `from`",
            ),
            (
                r#"{"pattern": "a.example", "methods": []}"#,
                "`a.example`: it asks for no method",
            ),
            (
                r#"{"pattern": "a.example", "methods": ["CONNECT"]}"#,
                "`a.example`: the method `CONNECT` cannot be granted",
            ),
            (
                r#"{"from": "options.url"}"#,
                "`options.url`: its options have no such property",
            ),
            (
                r#"{"from": "name"}"#,
                "`name`: `name` is neither `identifier` nor `options.NAME`",
            ),
        ];

        for (host, told) in cases {
            assert_eq!(
                refusal(&format!(r#", "hosts": [{host}]"#)),
                format!("the manifest asks for the host {told}")
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,200}") {
            let _ = Manifest::parse(&text);
        }
    }
}
