//! `adapters`: the folder of adapters, and their limits.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use job_scanner_core::adapter::LimitsByAdapter;

use crate::paths::Base;
use crate::reading::read::Section;
use crate::sections::limits;

/// The folder of adapters, and their limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdaptersConfig {
    /// The first folder that is searched for `TYPE.wasm`. A relative path is resolved against the
    /// folder of the configuration file.
    pub dir: PathBuf,
    pub limits: LimitsByAdapter,
}

impl AdaptersConfig {
    /// The folder into which the build puts the first-party adapters.
    const DEFAULT_DIR: &str = "adapters/dist";

    /// Returns the defaults relative to this folder, for use without a configuration.
    pub fn under(folder: &Path) -> Self {
        Self {
            dir: folder.join(Self::DEFAULT_DIR),
            limits: LimitsByAdapter::default(),
        }
    }

    /// Reads the section. `types` are the types of the configured sources.
    pub(crate) fn read(root: &mut Section<'_>, base: &Base, types: &BTreeSet<&str>) -> Self {
        let read = root.section("adapters", |adapters| {
            let remedy = "write the path of a folder, or leave `dir` out";
            let dir = adapters.field("dir").and_then(|dir| dir.path(base, remedy));
            let limits = limits::read(adapters, types);
            (dir, limits)
        });
        let (dir, limits) = read.unwrap_or_default();

        Self {
            dir: dir.unwrap_or_else(|| base.folder.join(Self::DEFAULT_DIR)),
            limits,
        }
    }
}
