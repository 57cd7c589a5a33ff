//! The contract lines that this host supports, with a common interface.
//!
//! The name of a component's export contains the version that it implements, as in
//! `job-scanner:source/adapter@0.1.0`. Compatible versions form a line: `0.1.0` and `0.1.7`
//! belong to line `0.1`, and `2.3.0` belongs to line `2`. Each line has a module with its own
//! generated types. This module selects the line, and no other code depends on which one it is.

use std::fmt;

use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

use crate::contract::v0_1;
use crate::loading::load_error::LoadError;
use crate::scan::page::{DetailsOutcome, PageOutcome, PageRequest};
use crate::scan::store_state::ScanState;

/// The package of the contract, and the interface that every adapter exports.
const PACKAGE: &str = "job-scanner:source/";
const ADAPTER: &str = "job-scanner:source/adapter";
/// The number of a component's interface names that a message repeats.
const MAX_NAMES: usize = 5;

/// A contract line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contract {
    /// `job-scanner:source@0.1.0`.
    V0_1,
}

/// The names of the interfaces that a component imports and exports, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interfaces {
    pub imports: Vec<String>,
    pub exports: Vec<String>,
}

/// The host functions of each line, created once for all components.
pub(crate) struct Linkers {
    v0_1: Linker<ScanState>,
}

/// A component of any line, linked once and instantiated for each scan.
pub(crate) enum Prepared {
    V0_1(v0_1::Prepared),
}

/// An instance of any line, which serves one scan.
pub(crate) enum Instance {
    V0_1(v0_1::Instance),
}

impl Contract {
    /// All lines, newest first.
    const ALL: [Self; 1] = [Self::V0_1];

    /// Returns the name of the line, such as `0.1`.
    pub fn line(self) -> &'static str {
        match self {
            Self::V0_1 => "0.1",
        }
    }

    /// Returns the newest line that a component with these interfaces implements.
    ///
    /// # Errors
    ///
    /// [`LoadError::Incompatible`] if this host supports none of the component's lines.
    pub(crate) fn of(interfaces: &Interfaces) -> Result<Self, LoadError> {
        let exports = &interfaces.exports;
        let implemented: Vec<&str> = exports
            .iter()
            .filter_map(|name| line_of(name.strip_prefix(ADAPTER)?))
            .collect();

        if let Some(ours) = Self::ALL
            .into_iter()
            .find(|ours| implemented.contains(&ours.line()))
        {
            return Ok(ours);
        }

        let message = match (implemented.as_slice(), exports.as_slice()) {
            ([], []) => format!("the component exports nothing; an adapter exports `{ADAPTER}`"),
            ([], exports) => format!(
                "the component exports no `{ADAPTER}`, only {}",
                quoted(exports)
            ),
            (implemented, _) => {
                let ours = Self::ALL.map(Self::line).join(" and ");
                format!(
                    "this adapter implements contract {}, this host supports {ours}",
                    implemented.join(" and ")
                )
            }
        };

        Err(LoadError::Incompatible(message))
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.line())
    }
}

impl Interfaces {
    /// Reads the interfaces of a component.
    pub(crate) fn of(engine: &Engine, component: &Component) -> Self {
        let kind = component.component_type();
        let mut imports: Vec<String> = kind
            .imports(engine)
            .map(|(name, _)| name.to_owned())
            .collect();
        let mut exports: Vec<String> = kind
            .exports(engine)
            .map(|(name, _)| name.to_owned())
            .collect();

        imports.sort_unstable();
        exports.sort_unstable();
        Self { imports, exports }
    }

    /// Returns the imports other than the contract and WASI 0.2, which are all that this host
    /// provides.
    fn unknown_imports(&self) -> Vec<String> {
        let known = |name: &String| {
            name.starts_with(PACKAGE) || name.starts_with("wasi:") && name.contains("@0.2.")
        };

        self.imports
            .iter()
            .filter(|name| !known(name))
            .cloned()
            .collect()
    }
}

impl Linkers {
    /// Creates the linkers of all lines.
    pub(crate) fn new(engine: &Engine) -> wasmtime::Result<Self> {
        Ok(Self {
            v0_1: v0_1::linker(engine)?,
        })
    }
}

impl Prepared {
    /// Links a component of this line.
    ///
    /// # Errors
    ///
    /// [`LoadError::Incompatible`] if the component imports something that this line does not
    /// provide, or uses another type for it.
    pub(crate) fn new(
        contract: Contract,
        linkers: &Linkers,
        component: &Component,
        interfaces: &Interfaces,
    ) -> Result<Self, LoadError> {
        let linked = match contract {
            Contract::V0_1 => v0_1::Prepared::new(&linkers.v0_1, component).map(Self::V0_1),
        };

        linked.map_err(|error| {
            let unknown = interfaces.unknown_imports();
            if unknown.is_empty() {
                let message =
                    format!("the component does not match contract {contract}: {error:#}");
                return LoadError::Incompatible(message);
            }

            let unknown = quoted(&unknown);
            let message =
                format!("the component imports {unknown}, which this host does not provide");
            LoadError::Incompatible(message)
        })
    }

    /// Returns true if instances can fetch details.
    pub(crate) fn has_details(&self) -> bool {
        match self {
            Self::V0_1(prepared) => prepared.has_details(),
        }
    }

    /// Creates an instance in a fresh store.
    pub(crate) async fn instantiate(
        &self,
        store: &mut Store<ScanState>,
    ) -> wasmtime::Result<Instance> {
        match self {
            Self::V0_1(prepared) => prepared.instantiate(store).await.map(Instance::V0_1),
        }
    }
}

impl Instance {
    /// Returns the manifest as the guest wrote it.
    pub(crate) async fn describe(&self, store: &mut Store<ScanState>) -> wasmtime::Result<String> {
        match self {
            Self::V0_1(instance) => instance.describe(store).await,
        }
    }

    /// Fetches one page.
    pub(crate) async fn fetch_page(
        &self,
        store: &mut Store<ScanState>,
        request: &PageRequest,
    ) -> wasmtime::Result<PageOutcome> {
        match self {
            Self::V0_1(instance) => instance.fetch_page(store, request).await,
        }
    }

    /// Fetches the details of these jobs, each given by its external id and token.
    pub(crate) async fn fetch_details(
        &self,
        store: &mut Store<ScanState>,
        request: &PageRequest,
        requests: &[(&str, &str)],
    ) -> wasmtime::Result<DetailsOutcome> {
        match self {
            Self::V0_1(instance) => instance.fetch_details(store, request, requests).await,
        }
    }
}

/// Returns the line of a version such as `@0.1.0`, the end of an interface's name: everything up to
/// the first number that is not 0.
fn line_of(version: &str) -> Option<&str> {
    let version = version.strip_prefix('@')?;
    let mut ends = version
        .match_indices('.')
        .map(|(end, _)| end)
        .chain([version.len()]);

    ends.find(|end| version[..*end].split('.').any(|number| number != "0"))
        .map(|end| &version[..end])
}

fn quoted(names: &[String]) -> String {
    let shown = names[..names.len().min(MAX_NAMES)].join("`, `");
    let more = names.len().saturating_sub(MAX_NAMES);

    if more > 0 {
        format!("`{shown}` and {more} more")
    } else {
        format!("`{shown}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(exports: &[&str]) -> Result<Contract, String> {
        let exports = exports.iter().map(|&name| name.to_owned()).collect();
        Contract::of(&Interfaces {
            imports: Vec::new(),
            exports,
        })
        .map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn every_release_of_a_contract_line_is_supported() {
        assert_eq!(
            of(&["job-scanner:source/adapter@0.1.0"]),
            Ok(Contract::V0_1)
        );
        assert_eq!(
            of(&[
                "job-scanner:source/adapter@0.1.9",
                "job-scanner:source/adapter@0.3.0"
            ]),
            Ok(Contract::V0_1)
        );
    }

    #[test]
    fn an_unsupported_contract_line_is_explained() {
        let refusal = |exports: &[&str]| of(exports).unwrap_err();
        assert_eq!(
            refusal(&["job-scanner:source/adapter@0.3.0"]),
            "this adapter implements contract 0.3, this host supports 0.1"
        );
        assert_eq!(
            refusal(&[
                "job-scanner:source/adapter@0.2.1",
                "job-scanner:source/adapter@1.0.0"
            ]),
            "this adapter implements contract 0.2 and 1, this host supports 0.1"
        );
        assert_eq!(
            refusal(&[]),
            "the component exports nothing; an adapter exports `job-scanner:source/adapter`"
        );
        assert_eq!(
            refusal(&["wasi:cli/run@0.2.0"]),
            "the component exports no `job-scanner:source/adapter`, only `wasi:cli/run@0.2.0`"
        );
    }
}
