//! The resolution of paths in code to the files that define the named items.

use std::collections::BTreeSet;

use crate::modules::{Meaning, ModuleId, Modules, Path, ROOT};

/// Finds the files that define the item that `path` names in module `from`. There are several if a
/// type and a value share the name, and none for modules and items of other crates.
pub(crate) fn definers<'m>(modules: &'m Modules, from: ModuleId, path: &Path) -> BTreeSet<&'m str> {
    let mut resolver = Resolver {
        modules,
        followed: BTreeSet::new(),
    };
    let targets = resolver.resolve(from, path);
    targets
        .into_iter()
        .filter_map(|target| match target {
            Target::ItemOf(module) => Some(modules.get(module).file.as_str()),
            Target::Module(_) => None,
        })
        .collect()
}

/// The item or module to which a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Module(ModuleId),
    /// An item that this module defines, or a part of such an item, for example a variant.
    ItemOf(ModuleId),
}

type Targets = BTreeSet<Target>;

struct Resolver<'m> {
    modules: &'m Modules,
    /// The imports and globs on the way to the current name. None is followed twice on that way:
    /// `use dispatch::dispatch;` finds the function through the module of the same name, and globs
    /// may form a circle.
    followed: BTreeSet<(ModuleId, &'m Path)>,
}

impl<'m> Resolver<'m> {
    fn resolve(&mut self, from: ModuleId, path: &Path) -> Targets {
        let mut segments = path.iter().map(String::as_str);
        let mut here = match segments.next() {
            None => Targets::new(),
            Some("crate") => Targets::from([Target::Module(ROOT)]),
            Some("self") => Targets::from([Target::Module(from)]),
            Some("super") => self.parent_of(from),
            Some(name) => self.find(from, name),
        };
        for segment in segments {
            here = self.step(here, segment);
        }
        here
    }

    /// Resolves the next segment.
    fn step(&mut self, here: Targets, segment: &str) -> Targets {
        let modules: Vec<ModuleId> = here
            .iter()
            .filter_map(|target| match target {
                Target::Module(module) => Some(*module),
                Target::ItemOf(_) => None,
            })
            .collect();
        // The segment is a variant or an associated item.
        if modules.is_empty() {
            return here;
        }

        // An item that shares its name with a module is a function or a constant, which has no
        // segments below it, so the path continues in the module.
        let mut next = Targets::new();
        for module in modules {
            match segment {
                "self" => next.extend([Target::Module(module)]),
                "super" => next.extend(self.parent_of(module)),
                name => {
                    let found = self.find(module, name);
                    if found.is_empty() && self.may_be_made_in(module, name) {
                        next.extend([Target::ItemOf(module)]);
                    }
                    next.extend(found);
                }
            }
        }
        next
    }

    /// Returns true if a macro that the module invokes may define the name without having the word
    /// among its arguments. A name that the module imports, and that leads nowhere, is from another
    /// crate.
    fn may_be_made_in(&self, module: ModuleId, name: &str) -> bool {
        let module = self.modules.get(module);
        !module.words_in_macros.is_empty() && !module.names.contains_key(name)
    }

    fn parent_of(&self, module: ModuleId) -> Targets {
        let parent = self.modules.get(module).parent;
        parent.map(Target::Module).into_iter().collect()
    }

    /// Looks up a name in a module. As in Rust, the module's own names have priority over those
    /// from globs.
    fn find(&mut self, id: ModuleId, name: &str) -> Targets {
        let module = self.modules.get(id);
        let mut found = Targets::new();
        for meaning in module.names.get(name).into_iter().flatten() {
            match meaning {
                Meaning::Item => found.extend([Target::ItemOf(id)]),
                Meaning::Module(inner) => found.extend([Target::Module(*inner)]),
                Meaning::Import(path) => found.extend(self.find_imported(id, path)),
            }
        }

        if found.is_empty() {
            found = self.find_in_globs(id, name);
        }
        if found.is_empty() && module.words_in_macros.contains(name) {
            found.extend([Target::ItemOf(id)]);
        }
        found
    }

    fn find_imported(&mut self, id: ModuleId, path: &'m Path) -> Targets {
        if !self.followed.insert((id, path)) {
            return Targets::new();
        }
        let found = self.resolve(id, path);
        self.followed.remove(&(id, path));
        found
    }

    fn find_in_globs(&mut self, id: ModuleId, name: &str) -> Targets {
        let modules = self.modules;
        let mut found = Targets::new();
        for glob in &modules.get(id).globs {
            if !self.followed.insert((id, glob)) {
                continue;
            }
            for target in self.resolve(id, glob) {
                if let Target::Module(inner) = target {
                    found.extend(self.find(inner, name));
                }
            }
            self.followed.remove(&(id, glob));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;
    use crate::reader;

    /// Resolves `path` in the root of a crate with these files in `src/`.
    fn resolve(files: &[(&str, &str)], path: &str) -> Vec<String> {
        let files: Files = files
            .iter()
            .map(|(path, text)| (format!("src/{path}"), (*text).to_owned()))
            .collect();
        let modules = reader::read("src/lib.rs", &files).unwrap();
        let path: Path = path.split("::").map(str::to_owned).collect();

        definers(&modules, ROOT, &path)
            .into_iter()
            .map(|file| file.trim_start_matches("src/").to_owned())
            .collect()
    }

    #[test]
    fn a_path_leads_to_the_file_that_defines_its_item() {
        let files = [
            ("lib.rs", "mod store;"),
            ("store/mod.rs", "mod jobs;"),
            ("store/jobs.rs", "pub enum State { Open }"),
        ];

        assert_eq!(
            resolve(&files, "crate::store::jobs::State"),
            ["store/jobs.rs"]
        );
        assert_eq!(
            resolve(&files, "store::jobs::State::Open"),
            ["store/jobs.rs"]
        );
        assert!(resolve(&files, "crate::store::jobs").is_empty());
        assert!(resolve(&files, "std::fmt::Display").is_empty());
    }

    #[test]
    fn a_reexport_is_followed_to_the_definition() {
        let files = [
            ("lib.rs", "mod store; pub use store::Row as Line;"),
            (
                "store/mod.rs",
                "mod jobs; pub use jobs::{self as work, Row};",
            ),
            ("store/jobs.rs", "pub struct Row;"),
        ];

        assert_eq!(resolve(&files, "crate::Line"), ["store/jobs.rs"]);
        assert_eq!(resolve(&files, "store::Row"), ["store/jobs.rs"]);
        assert_eq!(resolve(&files, "store::work::Row"), ["store/jobs.rs"]);
    }

    #[test]
    fn globs_are_followed_and_may_form_a_circle() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use a::*;"),
            ("a.rs", "pub use crate::b::*; pub struct Here;"),
            ("b.rs", "pub use super::a::*; pub struct There;"),
        ];

        assert_eq!(resolve(&files, "Here"), ["a.rs"]);
        assert_eq!(resolve(&files, "crate::There"), ["b.rs"]);
        assert_eq!(resolve(&files, "crate::b::Here"), ["a.rs"]);
        assert!(resolve(&files, "Nowhere").is_empty());
    }

    #[test]
    fn a_function_with_the_name_of_its_module_is_found_in_it() {
        let files = [
            ("lib.rs", "mod notify;"),
            ("notify/mod.rs", "mod dispatch; pub use dispatch::dispatch;"),
            (
                "notify/dispatch.rs",
                "pub fn dispatch() {} pub struct Sent;",
            ),
        ];

        assert_eq!(resolve(&files, "notify::dispatch"), ["notify/dispatch.rs"]);
        assert_eq!(
            resolve(&files, "notify::dispatch::Sent"),
            ["notify/dispatch.rs"]
        );
    }

    #[test]
    fn items_that_macros_define_are_found_at_the_invocation() {
        let files = [
            ("lib.rs", "mod ids; mod bindings; pub use ids::*;"),
            ("ids.rs", "ids! { JobId, }"),
            ("bindings.rs", "bindgen!();"),
        ];

        assert_eq!(resolve(&files, "crate::JobId"), ["ids.rs"]);
        assert_eq!(resolve(&files, "bindings::exports::Guest"), ["bindings.rs"]);
    }

    #[test]
    fn items_of_other_crates_have_no_file() {
        let files = [
            ("lib.rs", "mod mail; pub use mail::Mailbox;"),
            (
                "mail.rs",
                "pub use lettre::Mailbox; pub use lettre::message::*; ids!(Id);",
            ),
        ];

        assert!(resolve(&files, "crate::Mailbox").is_empty());
        assert!(resolve(&files, "mail::Mailbox").is_empty());
        assert_eq!(resolve(&files, "mail::Id"), ["mail.rs"]);
    }

    #[test]
    fn modules_in_blocks_have_their_own_names() {
        let files = [
            (
                "lib.rs",
                "mod a; mod inner { pub use super::a::One; pub fn own() {} mod deep; }",
            ),
            ("a.rs", "pub struct One;"),
            ("inner/deep.rs", "pub struct Deep;"),
        ];

        assert_eq!(resolve(&files, "inner::One"), ["a.rs"]);
        assert_eq!(resolve(&files, "inner::own"), ["lib.rs"]);
        assert_eq!(resolve(&files, "inner::deep::Deep"), ["inner/deep.rs"]);
        assert!(resolve(&files, "One").is_empty());
    }
}
