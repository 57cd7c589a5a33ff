//! The strings and the names in Rust code.

use std::collections::BTreeMap;

use anyhow::Context as _;
use proc_macro2::{Literal, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, ImplItem, Item, ItemMod, LitStr, Meta, Visibility};

use crate::conditions::is_for_tests;
use crate::files::Files;
use crate::reader;

/// The code of one file that is not for tests.
#[derive(Debug, Default)]
pub(crate) struct Code {
    /// All strings except doc comments.
    pub(crate) strings: Vec<Text>,
    /// Structs, enums, unions, traits and type aliases.
    pub(crate) types: Vec<Named>,
    /// Public types, traits, functions and constants without a doc comment.
    undocumented: Vec<Named>,
    /// The modules for tests that are declared here: their paths without `.rs`.
    test_modules: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) line: usize,
    /// The source text between the quotation marks, escapes included.
    pub(crate) literal: String,
}

/// The name of an item, with its line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) line: usize,
    pub(crate) name: String,
}

/// Reads the code of the file at `path`.
///
/// # Errors
///
/// The text is not Rust.
pub(crate) fn read(path: &str, text: &str) -> anyhow::Result<Code> {
    let file = syn::parse_file(text).with_context(|| format!("{path} is not Rust"))?;
    let mut reader = Reader {
        folder: folder_of_modules(path).to_owned(),
        code: Code::default(),
    };
    reader.visit_file(&file);
    Ok(reader.code)
}

/// Removes the files that are for tests, by their folder or by the declaration of their module.
pub(crate) fn without_tests(mut files: Vec<(String, Code)>) -> Vec<(String, Code)> {
    let modules: Vec<String> = files
        .iter()
        .flat_map(|(_, code)| code.test_modules.clone())
        .collect();
    let is_in = |path: &str, module: &String| {
        path.strip_prefix(module.as_str())
            .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    };

    files.retain(|(path, _)| {
        let is_test_folder = path.split('/').any(|it| it == "tests" || it == "benches");
        !is_test_folder && !modules.iter().any(|module| is_in(path, module))
    });
    files
}

/// Finds the types of a crate that share a name, except in code for tests and for the names in
/// `free`.
///
/// # Errors
///
/// A file is not Rust.
pub fn shared_type_names(files: &Files, free: &[&str]) -> anyhow::Result<Vec<String>> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let code = code_of(files)?;
    for (path, code) in &code {
        for Named { line, name } in &code.types {
            places
                .entry(name)
                .or_default()
                .push(format!("{path}:{line}"));
        }
    }

    places.retain(|name, places| places.len() > 1 && !free.contains(name));
    let found = places.iter().map(|(name, places)| {
        format!(
            "{} types of one crate are named `{name}`: {}: give each its own name",
            places.len(),
            places.join(", ")
        )
    });
    Ok(found.collect())
}

/// Finds the public types, traits, functions and constants of a crate that have no doc comment. The
/// lint `missing_docs` also requires docs of fields, whose names often are enough.
///
/// # Errors
///
/// A file is not Rust.
pub fn undocumented(files: &Files) -> anyhow::Result<Vec<String>> {
    let code = code_of(files)?;
    let found = code.iter().flat_map(|(path, code)| {
        code.undocumented.iter().map(move |Named { line, name }| {
            format!("{path}:{line}: `{name}` is public and has no doc comment")
        })
    });
    Ok(found.collect())
}

/// Reads the files of a crate that are not for tests.
fn code_of(files: &Files) -> anyhow::Result<Vec<(String, Code)>> {
    let code = files
        .iter()
        .map(|(path, text)| Ok((path.clone(), read(path, text)?)))
        .collect::<anyhow::Result<_>>()?;
    Ok(without_tests(code))
}

/// Lists the names of the functions, types, constants and modules in a file, including those for
/// tests and those in the arguments of macros.
///
/// # Errors
///
/// The text is not Rust.
pub(crate) fn names(text: &str) -> anyhow::Result<Vec<Named>> {
    let tokens: TokenStream = text
        .parse()
        .map_err(|error| anyhow::anyhow!("{error}"))
        .context("the text has no valid tokens")?;
    Ok(names_in(tokens))
}

fn names_in(tokens: TokenStream) -> Vec<Named> {
    const KEYWORDS: &[&str] = &[
        "const", "enum", "fn", "mod", "static", "struct", "trait", "type", "union",
    ];
    let mut found = Vec::new();
    let mut after_keyword = false;
    for token in tokens {
        let was_keyword = after_keyword;
        after_keyword = false;
        match token {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                after_keyword = KEYWORDS.contains(&name.as_str());
                if was_keyword && !after_keyword {
                    let line = ident.span().start().line;
                    found.push(Named { line, name });
                }
            }
            TokenTree::Group(group) => found.extend(names_in(group.stream())),
            TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
    }
    found
}

/// Returns the folder of the modules that the file at `path` declares.
fn folder_of_modules(path: &str) -> &str {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    ["/lib", "/main", "/mod", "/build"]
        .iter()
        .find_map(|root| stem.strip_suffix(root))
        .unwrap_or(stem)
}

struct Reader {
    /// The folder of the modules that the current module declares.
    folder: String,
    code: Code,
}

impl Reader {
    fn add_undocumented(&mut self, attributes: &[Attribute], name: &Ident) {
        if !attributes.iter().any(|it| it.path().is_ident("doc")) {
            self.code.undocumented.push(Named {
                line: name.span().start().line,
                name: name.to_string(),
            });
        }
    }

    fn add_literal(&mut self, literal: &Literal) {
        let written = literal.to_string();
        let inside = written.trim_start_matches('r').trim_matches('#');
        if let Some(inside) = inside.strip_prefix('"') {
            self.code.strings.push(Text {
                line: literal.span().start().line,
                literal: inside.strip_suffix('"').unwrap_or(inside).to_owned(),
            });
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = reader::parts(item);
        let is_type = matches!(
            item,
            Item::Enum(_) | Item::Struct(_) | Item::Trait(_) | Item::Type(_) | Item::Union(_)
        );
        if attributes.iter().any(is_for_tests) {
            if let Item::Mod(module) = item {
                let path = format!("{}/{}", self.folder, module.ident);
                self.code.test_modules.push(path);
            }
            return;
        }

        let is_documented_kind =
            is_type || matches!(item, Item::Const(_) | Item::Fn(_) | Item::Static(_));
        if let Some(name) = name.filter(|_| is_documented_kind && is_public(item)) {
            self.add_undocumented(attributes, name);
        }
        if let Some(name) = name.filter(|_| is_type) {
            self.code.types.push(Named {
                line: name.span().start().line,
                name: name.to_string(),
            });
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if reader::attributes_of(item).iter().any(is_for_tests) {
            return;
        }

        if let ImplItem::Fn(function) = item
            && matches!(function.vis, Visibility::Public(_))
        {
            self.add_undocumented(&function.attrs, &function.sig.ident);
        }
        visit::visit_impl_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let outer = self.folder.clone();
        self.folder = format!("{outer}/{}", item.ident);
        visit::visit_item_mod(self, item);
        self.folder = outer;
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            Meta::List(list) => self.visit_token_stream(&list.tokens),
            Meta::NameValue(pair) if !pair.path.is_ident("doc") => self.visit_expr(&pair.value),
            Meta::NameValue(_) | Meta::Path(_) => {}
        }
    }

    fn visit_lit_str(&mut self, literal: &'ast LitStr) {
        self.add_literal(&literal.token());
    }

    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        for token in tokens.clone() {
            match token {
                TokenTree::Literal(literal) => self.add_literal(&literal),
                TokenTree::Group(group) if !is_doc(&group.stream()) => {
                    self.visit_token_stream(&group.stream());
                }
                _ => {}
            }
        }
    }
}

fn is_public(item: &Item) -> bool {
    let visibility = match item {
        Item::Const(it) => &it.vis,
        Item::Enum(it) => &it.vis,
        Item::Fn(it) => &it.vis,
        Item::Static(it) => &it.vis,
        Item::Struct(it) => &it.vis,
        Item::Trait(it) => &it.vis,
        Item::Type(it) => &it.vis,
        Item::Union(it) => &it.vis,
        _ => return false,
    };
    matches!(visibility, Visibility::Public(_))
}

/// Returns true for the tokens `doc = …`, to which a doc comment in the arguments of a macro
/// expands.
fn is_doc(tokens: &TokenStream) -> bool {
    let mut tokens = tokens.clone().into_iter();
    let is_named_doc = matches!(tokens.next(), Some(TokenTree::Ident(name)) if name == "doc");
    is_named_doc && matches!(tokens.next(), Some(TokenTree::Punct(sign)) if sign.as_char() == '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(code: &str) -> Vec<(usize, String)> {
        let code = read("host/src/a.rs", code).unwrap();
        let strings = code.strings.into_iter();
        strings
            .map(|string| (string.line, string.literal))
            .collect()
    }

    #[test]
    fn strings_are_read_in_expressions_macros_and_attributes() {
        let code = "#[error(\"a\")]\nstruct S;\n#[doc = \"no\"]\nfn f() {\n g(\"b\");\n \
                    h!(1, (r#\"c\"#));\n b\"no\"; }";

        let expected = [(1, "a"), (5, "b"), (6, "c")];
        let expected = expected.map(|(line, text)| (line, text.to_owned()));
        assert_eq!(strings(code), expected);
    }

    #[test]
    fn doc_comments_in_macros_are_not_strings() {
        assert!(strings("words! {\n /// no\n enum E { /// no\n A } }").is_empty());
    }

    #[test]
    fn strings_for_tests_are_left_out() {
        let code = "#[cfg(test)] mod tests { const A: &str = \"no\"; }
            impl S { #[cfg(test)] fn f() { g(\"no\") } }";

        assert!(strings(code).is_empty());
    }

    #[test]
    fn files_for_tests_are_left_out() {
        let files = [
            ("host/src/lib.rs", "mod a; #[cfg(test)] mod support;"),
            ("host/src/a.rs", "#[cfg(test)] mod tests;"),
            ("host/src/a/tests.rs", "mod deep;"),
            ("host/src/a/tests/deep.rs", ""),
            ("host/src/a/other.rs", ""),
            ("host/src/support/mod.rs", ""),
            ("host/src/supported.rs", ""),
            ("host/tests/whole/main.rs", ""),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), read(path, text).unwrap()));

        let kept = without_tests(Vec::from(files));

        let paths: Vec<&str> = kept.iter().map(|(path, _)| path.as_str()).collect();
        let expected = ["lib.rs", "a.rs", "a/other.rs", "supported.rs"];
        assert_eq!(paths, expected.map(|path| format!("host/src/{path}")));
    }

    #[test]
    fn types_that_share_a_name_are_found_and_free_names_and_tests_are_not() {
        let files = [
            (
                "a/src/lib.rs",
                "mod b;\nstruct Reader; struct Options; impl Iterator for Reader { type Item = u8; }",
            ),
            (
                "a/src/b.rs",
                "\n\nfn f() { enum Reader {} }\nstruct Options; type Item = u8;
                 #[cfg(test)] mod tests { struct Reader; }",
            ),
        ];
        let files: Files = files
            .into_iter()
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .collect();

        let found = shared_type_names(&files, &["Options"]).unwrap();

        assert_eq!(found.len(), 1, "{found:?}");
        let places = "2 types of one crate are named `Reader`: a/src/b.rs:3, a/src/lib.rs:2:";
        assert!(found[0].starts_with(places), "{}", found[0]);
    }

    #[test]
    fn public_items_without_docs_are_found_and_fields_are_not() {
        let code = "/// Has docs.
            pub struct Documented { pub field: u8 }
            pub struct Bare;
            impl Bare { pub fn method() {} fn private() {} #[cfg(test)] pub fn tested() {} }
            pub(crate) fn inner() {}";
        let files: Files = [("a/src/lib.rs".to_owned(), code.to_owned())].into();

        let found = undocumented(&files).unwrap();

        let place =
            |line, name| format!("a/src/lib.rs:{line}: `{name}` is public and has no doc comment");
        assert_eq!(found, [place(3, "Bare"), place(4, "method")]);
    }

    #[test]
    fn names_of_items_are_listed_at_any_depth() {
        let found =
            names("const fn a() {}\nprop! { #[test] fn b(x in y()) { struct C; } }").unwrap();

        let expected = [(1, "a"), (2, "b"), (2, "C")];
        let expected = expected.map(|(line, name)| Named {
            line,
            name: name.to_owned(),
        });
        assert_eq!(found, expected);
    }
}
