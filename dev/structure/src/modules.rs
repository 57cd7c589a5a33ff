//! The modules of one crate, with the items that each defines and the paths that it names.

use std::collections::{BTreeMap, BTreeSet};

/// A path as it is written, such as `super::claims::Claim`.
pub(crate) type Path = Vec<String>;

/// The index of a module in [`Modules`].
pub(crate) type ModuleId = usize;

/// The root of the crate.
pub(crate) const ROOT: ModuleId = 0;

/// A module that is not only for tests: a file, or a block in a file.
#[derive(Debug)]
pub(crate) struct Module {
    /// The path of its file from the root of the project.
    pub(crate) file: String,
    /// The module that declares it; `None` for the root of the crate.
    pub(crate) parent: Option<ModuleId>,
    /// The meanings of each name: a name may be a type and a value at the same time.
    pub(crate) names: BTreeMap<String, Vec<Meaning>>,
    /// The modules whose names are imported with a glob.
    pub(crate) globs: Vec<Path>,
    /// The words in the macro invocations among its items, which may define items of these names.
    pub(crate) words_in_macros: BTreeSet<String>,
    pub(crate) mentions: Vec<Mention>,
}

/// The meaning of a name in a module.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// An item that the module defines itself.
    Item,
    Module(ModuleId),
    /// An item that a `use` imports, with its path.
    Import(Path),
}

/// A place in code that has a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    pub(crate) line: usize,
    /// True for a path in a `use`.
    pub(crate) in_use: bool,
    pub(crate) path: Path,
}

/// All modules of one crate that are not only for tests.
#[derive(Debug)]
pub(crate) struct Modules(Vec<Module>);

impl Modules {
    /// Creates an empty crate. The first module that is added becomes its root.
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an empty module.
    pub(crate) fn add(&mut self, file: String, parent: Option<ModuleId>) -> ModuleId {
        self.0.push(Module {
            file,
            parent,
            names: BTreeMap::new(),
            globs: Vec::new(),
            words_in_macros: BTreeSet::new(),
            mentions: Vec::new(),
        });
        self.0.len() - 1
    }

    /// Returns the module with this index.
    pub(crate) fn get(&self, id: ModuleId) -> &Module {
        &self.0[id]
    }

    pub(crate) fn get_mut(&mut self, id: ModuleId) -> &mut Module {
        &mut self.0[id]
    }

    /// Iterates over all modules, beginning with the root.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        self.0.iter().enumerate()
    }
}
