//! `adapters`: where adapters lie and how much they may use.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use job_scanner_core::adapter::LimitsByAdapter;

use crate::paths::Base;
use crate::reading::read::Section;
use crate::sections::limits;

/// Where adapters lie and how much they may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdaptersConfig {
    /// The first folder in which `TYPE.wasm` is looked for; what was written relative lies under
    /// the folder of the file.
    pub dir: PathBuf,
    /// What every adapter, or a single one, may use.
    pub limits: LimitsByAdapter,
}

impl AdaptersConfig {
    /// The first-party adapters, as the build leaves them.
    const DEFAULT_DIR: &str = "adapters/dist";

    /// For those who work without a configuration: the defaults, seen from this folder.
    pub fn under(folder: &Path) -> Self {
        Self {
            dir: folder.join(Self::DEFAULT_DIR),
            limits: LimitsByAdapter::default(),
        }
    }

    /// `types` are those of the configured sources.
    pub(crate) fn read(root: &mut Section<'_>, base: &Base, types: &BTreeSet<&str>) -> Self {
        let read = root.section("adapters", |adapters| {
            let remedy = "write a folder, or leave `dir` out";
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
