//! The reader of a crate, which parses its files and finds the modules in them.

use std::mem;

use anyhow::Context as _;
use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Ident, ImplItem, Item, ItemMacro, ItemMod, ItemUse, Meta, UseTree, Visibility,
};

use crate::conditions::is_for_tests;
use crate::files::{Files, folder_of};
use crate::modules::{Meaning, Mention, ModuleId, Modules, Path};
use crate::tokens::{paths_in, words_in};

/// Reads the crate whose root file is `root`.
///
/// # Errors
///
/// A file is not Rust, or a module has no file.
pub(crate) fn read(root: &str, files: &Files) -> anyhow::Result<Modules> {
    let mut modules = Modules::new();
    let id = modules.add(root.to_owned(), None);
    let folder = folder_of(root).to_owned();

    let mut waiting = vec![Declared { id, folder }];
    while let Some(Declared { id, folder }) = waiting.pop() {
        let file = &modules.get(id).file;
        let text = files
            .get(file)
            .with_context(|| format!("the file {file} does not exist"))?;
        let code = syn::parse_file(text).with_context(|| format!("{file} is not Rust"))?;

        let mut reader = Reader {
            module: id,
            folder,
            files,
            modules: &mut modules,
            declared: Vec::new(),
        };
        reader.visit_file(&code);
        waiting.append(&mut reader.declared);
    }
    Ok(modules)
}

/// A module that was declared and not read yet.
struct Declared {
    id: ModuleId,
    /// The folder of its file modules.
    folder: String,
}

struct Reader<'r> {
    module: ModuleId,
    /// The folder of the current module's file modules.
    folder: String,
    files: &'r Files,
    modules: &'r mut Modules,
    declared: Vec<Declared>,
}

impl Reader<'_> {
    fn define(&mut self, name: &str, meaning: Meaning) {
        let names = &mut self.modules.get_mut(self.module).names;
        names.entry(name.to_owned()).or_default().push(meaning);
    }

    fn mention(&mut self, path: Path, line: usize, in_use: bool) {
        let mention = Mention { line, in_use, path };
        self.modules.get_mut(self.module).mentions.push(mention);
    }

    /// Reads a tree of a `use` below `prefix`.
    fn read_use(&mut self, tree: &UseTree, prefix: &Path, reexport: bool) {
        match tree {
            UseTree::Path(part) => {
                let longer = joined(prefix, &part.ident);
                self.read_use(&part.tree, &longer, reexport);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.read_use(tree, prefix, reexport);
                }
            }
            UseTree::Glob(glob) => {
                let line = glob.star_token.spans[0].start().line;
                self.mention_import(prefix, line, reexport);
                let globs = &mut self.modules.get_mut(self.module).globs;
                globs.push(prefix.clone());
            }
            UseTree::Name(name) => {
                let path = joined(prefix, &name.ident);
                if let Some(bound) = path.last().cloned() {
                    self.import(path, &bound, &name.ident, reexport);
                }
            }
            UseTree::Rename(name) => {
                let path = joined(prefix, &name.ident);
                let bound = name.rename.to_string();
                self.import(path, &bound, &name.ident, reexport);
            }
        }
    }

    fn import(&mut self, path: Path, bound: &str, place: &Ident, reexport: bool) {
        let line = place.span().start().line;
        self.mention_import(&path, line, reexport);
        self.define(bound, Meaning::Import(path));
    }

    /// Records an import, but not a re-export. A file that names an item through a re-export has an
    /// arrow to the file that defines the item.
    fn mention_import(&mut self, path: &Path, line: usize, reexport: bool) {
        if !reexport {
            self.mention(path.clone(), line, true);
        }
    }

    /// Returns the file of a module that is declared here without a body.
    fn file_of(&self, name: &str) -> String {
        let as_folder = format!("{}/{name}/mod.rs", self.folder);
        if self.files.contains_key(&as_folder) {
            return as_folder;
        }
        format!("{}/{name}.rs", self.folder)
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = parts(item);
        if attributes.iter().any(is_for_tests) {
            return;
        }

        // Items in function bodies are visited, too. They count as items of the module, because the
        // file is the same.
        if let Some(name) = name {
            self.define(&name.to_string(), Meaning::Item);
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if !attributes_of(item).iter().any(is_for_tests) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let name = item.ident.to_string();
        let folder = format!("{}/{name}", self.folder);
        let file = match item.content {
            Some(_) => self.modules.get(self.module).file.clone(),
            None => self.file_of(&name),
        };
        let id = self.modules.add(file, Some(self.module));
        self.define(&name, Meaning::Module(id));

        let Some((_, items)) = &item.content else {
            self.declared.push(Declared { id, folder });
            return;
        };

        // The items in the block belong to the inner module.
        let outer_module = mem::replace(&mut self.module, id);
        let outer_folder = mem::replace(&mut self.folder, folder);
        for item in items {
            self.visit_item(item);
        }
        self.module = outer_module;
        self.folder = outer_folder;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        // `use ::name` names another crate.
        if item.leading_colon.is_none() {
            let reexport = !matches!(item.vis, Visibility::Inherited);
            self.read_use(&item.tree, &Path::new(), reexport);
        }
    }

    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        if item.ident.is_none() {
            let name = item.mac.path.segments.iter();
            let name = name.map(|part| part.ident.to_string());
            let arguments = words_in(item.mac.tokens.clone());
            let words = &mut self.modules.get_mut(self.module).words_in_macros;
            words.extend(name.chain(arguments));
        }
        visit::visit_item_macro(self, item);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        // The name of an attribute, such as `error`, is not a path in this crate.
        if let Meta::List(list) = &attribute.meta {
            self.visit_token_stream(&list.tokens);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let line = path.segments[0].ident.span().start().line;
            let names = path.segments.iter().map(|part| part.ident.to_string());
            self.mention(names.collect(), line, false);
        }
        visit::visit_path(self, path);
    }

    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        for (path, line) in paths_in(tokens.clone()) {
            self.mention(path, line, false);
        }
    }
}

/// Adds a segment to a path; `{self}` below `a::b` is `a::b` itself.
fn joined(prefix: &Path, name: &Ident) -> Path {
    let mut path = prefix.clone();
    if path.is_empty() || name != "self" {
        path.push(name.to_string());
    }
    path
}

/// Returns an item's attributes and the name that it defines. Modules and `use` have no name here,
/// because their names are recorded separately.
pub(crate) fn parts(item: &Item) -> (&[Attribute], Option<&Ident>) {
    match item {
        Item::Const(item) => (&item.attrs, Some(&item.ident)),
        Item::Enum(item) => (&item.attrs, Some(&item.ident)),
        Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
        Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
        Item::Static(item) => (&item.attrs, Some(&item.ident)),
        Item::Struct(item) => (&item.attrs, Some(&item.ident)),
        Item::Trait(item) => (&item.attrs, Some(&item.ident)),
        Item::TraitAlias(item) => (&item.attrs, Some(&item.ident)),
        Item::Type(item) => (&item.attrs, Some(&item.ident)),
        Item::Union(item) => (&item.attrs, Some(&item.ident)),
        Item::ExternCrate(item) => (&item.attrs, None),
        Item::ForeignMod(item) => (&item.attrs, None),
        Item::Impl(item) => (&item.attrs, None),
        Item::Mod(item) => (&item.attrs, None),
        Item::Use(item) => (&item.attrs, None),
        _ => (&[], None),
    }
}

pub(crate) fn attributes_of(item: &ImplItem) -> &[Attribute] {
    match item {
        ImplItem::Const(item) => &item.attrs,
        ImplItem::Fn(item) => &item.attrs,
        ImplItem::Type(item) => &item.attrs,
        ImplItem::Macro(item) => &item.attrs,
        _ => &[],
    }
}
