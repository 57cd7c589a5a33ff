//! Adapters, and the permissions that they request: `job-scanner adapter list`, `inspect` and
//! `detect`.
//!
//! The caller reads the adapter files, since this crate does not depend on the sandbox.

use std::collections::BTreeMap;

use job_scanner_core::adapter::{HostRequest, HostTarget, Manifest, Method, OptionsSchema};
use job_scanner_core::net::HostPattern;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::cells::whole;
use crate::column::Column;

/// The columns of the table that lists adapters.
pub const COLUMNS: [Column; 6] = [
    Column::word("name"),
    Column::word("status"),
    Column::word("version").late(2),
    Column::word("contract").late(1),
    Column::copied("file").early(1),
    Column::prose("detail", 24),
];

/// An adapter file in the list.
#[derive(Debug, Serialize)]
pub struct ListedAdapter {
    /// The type that sources name it by.
    pub name: String,
    pub file: String,
    /// The acceptance status of the file.
    pub status: &'static str,
    /// The reason for the status; `None` for a usable adapter.
    pub detail: Option<String>,
    /// The adapter's version. This and the next two fields are `None` if the file cannot be used.
    pub version: Option<String>,
    /// The supported version of the contract.
    pub contract: Option<&'static str>,
    pub sha256: Option<String>,
}

impl ListedAdapter {
    /// Returns the row of the adapter in the table.
    pub fn row(&self) -> [String; 6] {
        let version = self.version.as_deref();
        let detail = self.detail.as_deref();

        [
            whole(&self.name),
            self.status.to_owned(),
            version.map_or_else(|| "-".to_owned(), whole),
            self.contract.unwrap_or("-").to_owned(),
            whole(&self.file),
            detail.map_or_else(String::new, whole),
        ]
    }
}

/// The properties of an adapter's file that are not in its manifest.
#[derive(Debug, Clone, Copy)]
pub struct AdapterFile<'a> {
    pub path: &'a str,
    /// The supported version of the contract.
    pub contract: &'static str,
    /// The names of the interfaces that it imports.
    pub imports: &'a [String],
    /// The names of the interfaces that it exports.
    pub exports: &'a [String],
    /// The size in bytes.
    pub size: usize,
    pub sha256: &'a str,
    /// The acceptance status of the file.
    pub status: &'static str,
}

/// An adapter, and the permissions that it requests.
#[derive(Debug, Serialize)]
pub struct AdapterView<'a> {
    file: &'a str,
    name: &'a str,
    version: &'a str,
    description: Option<&'a str>,
    homepage: Option<&'a str>,
    license: Option<&'a str>,
    contract: &'static str,
    imports: &'a [String],
    exports: &'a [String],
    size_bytes: usize,
    sha256: &'a str,
    status: &'static str,
    hosts: Vec<HostView<'a>>,
    secrets: BTreeMap<&'a str, Vec<String>>,
    limits: &'a BTreeMap<String, f64>,
    options: Option<&'a Value>,
}

#[derive(Debug, Serialize)]
struct HostView<'a> {
    pattern: Option<&'a HostPattern>,
    from: Option<String>,
    methods: Vec<&'a str>,
    rate: Option<f64>,
    reason: Option<&'a str>,
}

impl<'a> AdapterView<'a> {
    /// Shows the adapter with this manifest and file.
    pub fn new(manifest: &'a Manifest, file: AdapterFile<'a>) -> Self {
        let mut secrets = BTreeMap::new();
        for (option, receivers) in manifest.options.iter().flat_map(OptionsSchema::secrets) {
            let receivers = receivers.iter().map(ToString::to_string);
            secrets.insert(option.as_str(), receivers.collect());
        }

        Self {
            file: file.path,
            name: manifest.name.as_str(),
            version: &manifest.version,
            description: manifest.description.as_deref(),
            homepage: manifest.homepage.as_deref(),
            license: manifest.license.as_deref(),
            contract: file.contract,
            imports: file.imports,
            exports: file.exports,
            size_bytes: file.size,
            sha256: file.sha256,
            status: file.status,
            hosts: manifest.hosts.iter().map(HostView::from).collect(),
            secrets,
            limits: &manifest.limits,
            options: manifest.options.as_ref().map(OptionsSchema::schema),
        }
    }
}

impl<'a> From<&'a HostRequest> for HostView<'a> {
    fn from(host: &'a HostRequest) -> Self {
        let (pattern, from) = match &host.target {
            HostTarget::Pattern(pattern) => (Some(pattern), None),
            HostTarget::Identifier => (None, Some("identifier".to_owned())),
            HostTarget::Option(name) => (None, Some(format!("options.{name}"))),
        };
        let methods = host.terms.methods.iter();

        Self {
            pattern,
            from,
            methods: methods.map(Method::as_str).collect(),
            rate: host.terms.rate,
            reason: host.reason.as_deref(),
        }
    }
}

/// A detected source, with the keys that the configuration would have, except its name.
#[derive(Debug, Serialize)]
pub struct DetectedSourceView<'a> {
    pub identifier: &'a str,
    /// The options, which may be empty.
    pub options: &'a Map<String, Value>,
    /// The name of the adapter.
    pub r#type: &'a str,
}

/// One of several detected sources.
#[derive(Debug, Serialize)]
pub struct DetectedSourceOfManyView<'a> {
    #[serde(flatten)]
    pub source: DetectedSourceView<'a>,
    /// The addresses that the source was detected by, as they were given.
    pub addresses: &'a [String],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    #[test]
    fn a_listed_adapter_has_the_documented_keys() {
        let listed = ListedAdapter {
            name: "greenhouse".to_owned(),
            file: "adapters/greenhouse.wasm".to_owned(),
            status: "accepted",
            detail: None,
            version: Some("0.1.0".to_owned()),
            contract: Some("0.1"),
            sha256: Some("ab".repeat(32)),
        };
        insta::assert_snapshot!("adapter_list", json(&[&listed]).unwrap());

        let unreadable = ListedAdapter {
            status: "unreadable",
            detail: Some("no\ncomponent".to_owned()),
            version: None,
            contract: None,
            sha256: None,
            ..listed
        };
        assert_eq!(
            unreadable.row(),
            [
                "greenhouse",
                "unreadable",
                "-",
                "-",
                "adapters/greenhouse.wasm",
                "no\\ncomponent"
            ]
        );
    }

    #[test]
    fn an_inspected_adapter_has_the_documented_keys() {
        let manifest = r#"{
            "name": "acme", "version": "0.1.0", "description": "Reads boards of Acme.",
            "hosts": [
                {"pattern": "*.acme.example", "methods": ["GET"], "rate": 2, "reason": "boards live there"},
                {"from": "options.base_url"}
            ],
            "options": {
                "type": "object",
                "properties": {
                    "base_url": {"type": "string"},
                    "token": {"type": "string", "x-secret": true, "x-secret-hosts": ["api.acme.example"]}
                }
            }
        }"#;
        let manifest = Manifest::parse(manifest).unwrap();
        let file = AdapterFile {
            path: "adapters/acme.wasm",
            contract: "0.1",
            imports: &["job-scanner:source/http@0.1.0".to_owned()],
            exports: &["job-scanner:source/adapter@0.1.0".to_owned()],
            size: 4_711,
            sha256: &"ab".repeat(32),
            status: "not-accepted",
        };
        let view = AdapterView::new(&manifest, file);
        insta::assert_snapshot!("adapter_inspect", json(&view).unwrap());
    }

    #[test]
    fn a_detected_source_has_the_documented_keys() {
        let view = DetectedSourceView {
            identifier: "acme",
            options: &Map::new(),
            r#type: "lever",
        };
        insta::assert_snapshot!("adapter_detect", json(&view).unwrap());

        let addresses = ["https://jobs.lever.co/acme/1".to_owned()];
        let of_many = DetectedSourceOfManyView {
            source: view,
            addresses: &addresses,
        };
        insta::assert_snapshot!("adapter_detect_many", json(&[of_many]).unwrap());
    }
}
