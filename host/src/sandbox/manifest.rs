//! What an adapter says about itself: the JSON that `describe` returns, read and checked.

use job_scanner_core::net::HostPattern;
use serde::Deserialize;

/// The largest manifest we read, in bytes.
pub(super) const MAX_MANIFEST_BYTES: usize = 256 * 1024;

/// What an adapter says about itself. A request: what holds is what the operator granted.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The adapter's name, as its author calls it.
    pub name: String,
    /// The adapter's version.
    pub version: String,
    /// One sentence.
    pub description: Option<String>,
    /// Which hosts it wants to reach.
    pub hosts: Vec<HostRequest>,
}

/// One host, or a pattern of hosts, that an adapter wants to reach.
#[derive(Debug, Clone)]
pub struct HostRequest {
    /// Which hosts.
    pub pattern: HostPattern,
    /// Why, in the author's words.
    pub reason: Option<String>,
    /// With which methods.
    pub methods: Vec<String>,
    /// How many requests a second it is happy with, if the author knows.
    pub rate: Option<f64>,
}

/// The slowest rate that can be meant: a request in a hundred seconds.
const MIN_RATE: f64 = 0.01;

/// Why a manifest could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Larger than anybody needs.
    #[error("the manifest has {bytes} bytes; at most {MAX_MANIFEST_BYTES} are read")]
    TooLarge {
        /// How large.
        bytes: usize,
    },
    /// Not the JSON that the contract describes.
    #[error("the manifest is not what the contract describes: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A host pattern that nobody should be granted.
    #[error("the manifest asks for the host `{pattern}`: {reason}")]
    Host {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Manifest {
    /// Reads what `describe` returned.
    ///
    /// # Errors
    ///
    /// See [`ManifestError`]. Unknown keys are no error: a newer adapter may say more than we understand.
    pub fn parse(json: &str) -> Result<Self, ManifestError> {
        if json.len() > MAX_MANIFEST_BYTES {
            return Err(ManifestError::TooLarge { bytes: json.len() });
        }
        let given: ManifestJson = serde_json::from_str(json)?;
        let hosts = given.hosts.into_iter().map(HostRequest::try_from).collect::<Result<_, _>>()?;
        Ok(Self { name: given.name, version: given.version, description: given.description, hosts })
    }
}

#[derive(Deserialize)]
struct ManifestJson {
    name: String,
    version: String,
    description: Option<String>,
    #[serde(default)]
    hosts: Vec<HostJson>,
}

#[derive(Deserialize)]
struct HostJson {
    pattern: String,
    reason: Option<String>,
    #[serde(default = "default_methods")]
    methods: Vec<String>,
    rate: Option<f64>,
}

fn default_methods() -> Vec<String> {
    vec!["GET".to_owned(), "HEAD".to_owned()]
}

impl TryFrom<HostJson> for HostRequest {
    type Error = ManifestError;

    fn try_from(given: HostJson) -> Result<Self, ManifestError> {
        let refuse = |reason: String| ManifestError::Host { pattern: given.pattern.clone(), reason };
        let pattern = given.pattern.parse().map_err(|error| refuse(format!("{error}")))?;
        if given.rate.is_some_and(|rate| rate < MIN_RATE) {
            return Err(refuse(format!("its rate is less than {MIN_RATE} requests a second")));
        }
        Ok(Self { pattern, reason: given.reason, methods: given.methods, rate: given.rate })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_ask_for_get_and_head_unless_they_say_more() {
        let manifest = Manifest::parse(
            r#"{"name": "n", "version": "1.0.0", "hosts": [
                {"pattern": "api.example.com", "reason": "the board"},
                {"pattern": "*.example.com", "methods": ["POST"], "rate": 2.5}], "something": "new"}"#,
        )
        .unwrap();
        assert_eq!(manifest.hosts[0].methods, ["GET", "HEAD"]);
        assert_eq!(manifest.hosts[0].rate, None);
        assert_eq!(
            (manifest.hosts[1].methods.as_slice(), manifest.hosts[1].rate),
            (&["POST".to_owned()][..], Some(2.5))
        );
    }

    #[test]
    fn a_manifest_that_is_none_says_why() {
        assert!(matches!(Manifest::parse("[]"), Err(ManifestError::Malformed(_))));
        assert!(matches!(Manifest::parse(&" ".repeat(300_000)), Err(ManifestError::TooLarge { bytes: 300_000 })));
        let all = r#"{"name": "n", "version": "1", "hosts": [{"pattern": "*"}]}"#;
        assert!(matches!(Manifest::parse(all), Err(ManifestError::Host { .. })));
        let never = r#"{"name": "n", "version": "1", "hosts": [{"pattern": "a.example", "rate": 0}]}"#;
        let words = Manifest::parse(never).unwrap_err().to_string();
        assert_eq!(words, "the manifest asks for the host `a.example`: its rate is less than 0.01 requests a second");
    }
}
