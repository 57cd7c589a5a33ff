//! The manifest of an adapter: the JSON that `describe` returns, parsed and validated.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::grants::{Grants, HostTerms, check_rate};
use super::manifest_keys::{UnknownKey, listed, unknown_keys};
use super::method::{Method, MethodError};
use super::schema::{OptionsSchema, SchemaError};
use super::shown::shown;
use super::target::{HostTarget, HostTargetError};
use crate::key::{AdapterName, KeyError};
use crate::net::HostPatternError;

/// The largest manifest that is read, in bytes.
pub const MAX_MANIFEST_BYTES: usize = 256 * 1024;

/// The number of hosts that a manifest may have, and the length of its texts in bytes. A person has
/// to be able to read all of them.
const MAX_HOSTS: usize = 64;
const MAX_TEXT_BYTES: usize = 2048;

/// The description that an adapter returns of itself.
///
/// It only requests permissions; the grant of the operator decides. Its texts are untrusted.
#[derive(Debug)]
pub struct Manifest {
    /// The `type` of its sources, as its author suggests it.
    pub name: AdapterName,
    pub version: String,
    /// One sentence.
    pub description: Option<String>,
    /// The address of a page about the adapter.
    pub homepage: Option<String>,
    /// The licence of the adapter.
    pub license: Option<String>,
    /// The hosts that it requests, in the order of the manifest.
    pub hosts: Vec<HostRequest>,
    /// The schema of its sources' options; `None` if they have no options.
    pub options: Option<OptionsSchema>,
    /// The limits that it would like to have, such as `memory_mib`.
    pub limits: BTreeMap<String, f64>,
}

/// A host that an adapter requests.
#[derive(Debug, Clone, PartialEq)]
pub struct HostRequest {
    pub target: HostTarget,
    pub terms: HostTerms,
    /// The author's reason for the request.
    pub reason: Option<String>,
}

/// The reason why a manifest could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The manifest is too large.
    #[error("the manifest has {bytes} bytes; at most {MAX_MANIFEST_BYTES} are allowed")]
    TooLarge { bytes: usize },
    /// The manifest is not JSON of the shape that the contract describes.
    #[error("the manifest does not follow the contract: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The manifest has keys that the contract does not know. None of them is ignored: a misspelt one
    /// would otherwise have no effect, and its author would not notice.
    #[error("the manifest has unknown keys: {}", listed(.0))]
    UnknownKeys(Vec<UnknownKey>),
    /// The manifest has more hosts, or longer texts, than a person can review.
    #[error("the manifest has {what}; at most {limit} are allowed")]
    TooMuch { what: &'static str, limit: usize },
    /// The name is not a valid adapter name.
    #[error("the manifest's name: {0}")]
    Name(#[from] KeyError),
    /// The host cannot be granted to an adapter.
    #[error("the manifest requests the host `{}`: {reason}", shown(.host))]
    Host {
        /// The pattern, or the place in the source.
        host: String,
        reason: String,
    },
    /// The schema of the options cannot be used.
    #[error("the manifest's `options`: {0}")]
    Options(#[from] SchemaError),
}

impl Manifest {
    /// Parses the JSON that `describe` returned.
    ///
    /// # Errors
    ///
    /// See [`ManifestError`].
    pub fn parse(json: &str) -> Result<Self, ManifestError> {
        if json.len() > MAX_MANIFEST_BYTES {
            return Err(ManifestError::TooLarge { bytes: json.len() });
        }

        // A misspelt key is reported before the key that it should have been is reported as missing.
        let unknown = unknown_keys(&serde_json::from_str(json)?);
        if !unknown.is_empty() {
            return Err(ManifestError::UnknownKeys(unknown));
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

    /// Returns everything that it requests.
    pub fn requested_grants(&self) -> Grants {
        let mut grants = Grants::default();

        for host in &self.hosts {
            grants.add_host(host.target.clone(), host.terms.clone());
        }

        if let Some(options) = &self.options {
            grants.secrets.clone_from(options.secrets());
        }
        grants
    }

    /// Checks that a host from an option refers to an option that the schema has.
    fn check_places(&self) -> Result<(), ManifestError> {
        for host in &self.hosts {
            let HostTarget::Option(name) = &host.target else {
                continue;
            };

            let options = self.options.as_ref();
            if !options.is_some_and(|options| options.has(name)) {
                return Err(ManifestError::Host {
                    host: format!("options.{name}"),
                    reason: "its `options` have no such property".to_owned(),
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
        if self.hosts.len() > MAX_HOSTS {
            return Err(ManifestError::TooMuch {
                what: "too many hosts",
                limit: MAX_HOSTS,
            });
        }

        if self.texts().any(|text| text.len() > MAX_TEXT_BYTES) {
            return Err(ManifestError::TooMuch {
                what: "a text with too many bytes",
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

        own.into_iter().flatten().chain(reasons)
    }
}

/// The reason why a requested host is rejected.
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
    #[error("its `methods` are empty")]
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
        None => Method::safe().into(),
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

    /// Parses a minimal manifest with these additional keys.
    fn parse(more: &str) -> Result<Manifest, ManifestError> {
        Manifest::parse(&format!(r#"{{"name": "n", "version": "1"{more}}}"#))
    }

    fn refusal(more: &str) -> String {
        parse(more).unwrap_err().to_string()
    }

    /// Returns the example in the contract, which uses every key.
    fn example() -> String {
        let contract = include_str!("../../../../wit/source-0.1/source.wit");
        let lines = contract
            .lines()
            .map(|line| line.trim().trim_start_matches("///"));
        let inside = lines.skip_while(|line| line.trim() != "```json").skip(1);
        inside.take_while(|line| line.trim() != "```").collect()
    }

    #[test]
    fn the_example_in_the_contract_is_a_valid_manifest() {
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
        let asked = serde_json::to_value(manifest.requested_grants()).unwrap();
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
    fn a_host_without_methods_requests_get_and_head() {
        let manifest = parse(
            r#", "hosts": [{"pattern": "api.example.com", "reason": "the board"},
                {"pattern": "*.example.com", "methods": ["POST"], "rate": 2.5}]"#,
        )
        .unwrap();
        assert_eq!(manifest.hosts[0].terms.methods, Method::safe().into());
        assert_eq!(manifest.hosts[0].terms.rate, None);
        assert_eq!(
            manifest.hosts[1].terms.methods,
            ["POST".parse().unwrap()].into()
        );
        assert_eq!(manifest.hosts[1].terms.rate, Some(2.5));
    }

    #[test]
    fn a_misspelt_key_is_reported_instead_of_the_missing_one() {
        let refused = Manifest::parse(r#"{"nmae": "n", "version": "1"}"#).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the manifest has unknown keys: `nmae` (did you mean `name`?)"
        );
        assert_eq!(
            refusal(r#", "hosts": [{"pattern": "a.example", "method": ["POST"]}]"#),
            "the manifest has unknown keys: `hosts[0].method` (did you mean `methods`?)"
        );
    }

    #[test]
    fn an_invalid_manifest_is_rejected_with_its_reason() {
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
    fn a_host_that_cannot_be_granted_is_rejected_with_the_reason() {
        let cases = [
            (
                r#"{"pattern": "*"}"#,
                "`*`: `*` covers too much; write the wildcard before at least two labels, such as `*.example.com`",
            ),
            (
                r#"{"pattern": "*.co.uk"}"#,
                "`*.co.uk`: `*.co.uk` covers domains of third parties; write the wildcard before a registered domain",
            ),
            (
                r#"{"pattern": "a.example", "rate": 0}"#,
                "`a.example`: its rate is not between 0.01 and 1000 requests per second",
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
                "`a.example`: its `methods` are empty",
            ),
            (
                r#"{"pattern": "a.example", "methods": ["CONNECT"]}"#,
                "`a.example`: the method `CONNECT` cannot be granted",
            ),
            (
                r#"{"from": "options.url"}"#,
                "`options.url`: its `options` have no such property",
            ),
            (
                r#"{"from": "name"}"#,
                "`name`: `name` is neither `identifier` nor `options.NAME`",
            ),
        ];

        for (host, message) in cases {
            assert_eq!(
                refusal(&format!(r#", "hosts": [{host}]"#)),
                format!("the manifest requests the host {message}")
            );
        }
    }

    proptest! {
        #[test]
        fn parsing_any_text_does_not_panic(text in "\\PC{0,200}") {
            let _ = Manifest::parse(&text);
        }
    }
}
