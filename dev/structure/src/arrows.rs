//! The arrows between the files of a crate: from each file to those that define the items which its
//! code names.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::Files;
use crate::{names, reader};

pub use crate::modules::Mention;

/// The arrows of a crate: for each pair of files, the places where the first names an item that the
/// second defines. Each pair has at least one.
pub type Arrows = BTreeMap<(String, String), BTreeSet<Mention>>;

/// Reads the arrows of one package, whose library and programs have the root files `roots`.
///
/// # Errors
///
/// A file is not Rust, or a module has no file.
pub fn read(roots: &[String], files: &Files) -> anyhow::Result<Arrows> {
    let mut arrows = Arrows::new();
    for root in roots {
        let modules = reader::read(root, files)?;
        for (id, module) in modules.iter() {
            for mention in &module.mentions {
                for definer in names::definers(&modules, id, &mention.path) {
                    if definer != module.file {
                        let pair = (module.file.clone(), definer.to_owned());
                        arrows.entry(pair).or_default().insert(mention.clone());
                    }
                }
            }
        }
    }
    Ok(arrows)
}

/// Describes an arrow in one line: its first place, and the other names that it stands for.
pub fn describe(from: &str, to: &str, mentions: &BTreeSet<Mention>) -> String {
    let imported: BTreeSet<&String> = mentions
        .iter()
        .filter(|mention| mention.in_use)
        .filter_map(|mention| mention.path.last())
        .collect();
    // The uses of an imported name add nothing to its import.
    let mut relevant = mentions
        .iter()
        .filter(|mention| mention.in_use || !imported.contains(&mention.path[0]));
    let Some(first) = relevant.next() else {
        return format!("{from} → {to}");
    };

    let keyword = if first.in_use { "use " } else { "" };
    let path = first.path.join("::");
    let others: BTreeSet<String> = relevant
        .map(|mention| mention.path.join("::"))
        .filter(|other| *other != path)
        .collect();
    let also = if others.is_empty() {
        String::new()
    } else {
        format!(", also {}", Vec::from_iter(others).join(", "))
    };
    format!("{from}:{} → {to}: {keyword}{path}{also}", first.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the arrows of a library with these files in `src/`, as `from → to`.
    fn arrows(files: &[(&str, &str)]) -> Vec<String> {
        read_all(files)
            .keys()
            .map(|(from, to)| format!("{from} → {to}").replace("src/", ""))
            .collect()
    }

    fn read_all(files: &[(&str, &str)]) -> Arrows {
        let files: Files = files
            .iter()
            .map(|(path, text)| (format!("src/{path}"), (*text).to_owned()))
            .collect();
        read(&["src/lib.rs".to_owned()], &files).unwrap()
    }

    #[test]
    fn an_import_and_an_inline_path_each_make_an_arrow() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c; mod d;"),
            (
                "a.rs",
                "use crate::b::B; fn f() { super::c::go(); let x: crate::d::D; }",
            ),
            ("b.rs", "pub struct B;"),
            ("c.rs", "pub fn go() {}"),
            ("d.rs", "pub type D = u8;"),
        ];

        assert_eq!(
            arrows(&files),
            ["a.rs → b.rs", "a.rs → c.rs", "a.rs → d.rs"]
        );
    }

    #[test]
    fn a_path_in_the_arguments_of_a_macro_or_an_attribute_makes_an_arrow() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            (
                "a.rs",
                "#[arg(parser = super::b::b)] struct A; fn f() { say!(x.y, 1 + crate::c::C) }",
            ),
            ("b.rs", "pub fn b() {}"),
            ("c.rs", "pub const C: u8 = 1;"),
        ];

        assert_eq!(arrows(&files), ["a.rs → b.rs", "a.rs → c.rs"]);
    }

    #[test]
    fn a_name_from_a_glob_makes_an_arrow_to_its_definition() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use super::b::*; fn f(c: C) {}"),
            ("b.rs", "pub use crate::c::*; pub struct Unused;"),
            ("c.rs", "pub struct C;"),
        ];

        assert_eq!(arrows(&files), ["a.rs → c.rs"]);
    }

    #[test]
    fn a_glob_of_an_enum_makes_an_arrow() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use super::b::B::*;"),
            ("b.rs", "pub enum B { One }"),
        ];

        assert_eq!(arrows(&files), ["a.rs → b.rs"]);
    }

    #[test]
    fn a_module_makes_an_arrow_only_if_an_item_in_it_is_named() {
        let files = [
            ("lib.rs", "mod a; mod store;"),
            ("a.rs", "use crate::store; fn f(store: u8) -> u8 { store }"),
            ("store/mod.rs", "mod jobs; pub use jobs::find;"),
            (
                "store/jobs.rs",
                "use super::super::a; pub fn find() { a::f(1); }",
            ),
        ];

        assert_eq!(arrows(&files), ["store/jobs.rs → a.rs"]);
    }

    #[test]
    fn a_module_that_only_declares_and_reexports_has_no_arrows() {
        let files = [
            ("lib.rs", "pub mod store;"),
            (
                "store/mod.rs",
                "mod a; mod b; pub use a::A; pub(crate) use b::B;",
            ),
            ("store/a.rs", "pub struct A;"),
            ("store/b.rs", "use super::A; pub struct B;"),
        ];

        assert_eq!(arrows(&files), ["store/b.rs → store/a.rs"]);
    }

    #[test]
    fn a_reexport_that_the_module_itself_uses_makes_an_arrow() {
        let files = [
            ("lib.rs", "mod a; pub use a::A; fn f(a: A) {}"),
            ("a.rs", "pub struct A;"),
        ];

        assert_eq!(arrows(&files), ["lib.rs → a.rs"]);
    }

    #[test]
    fn code_that_only_tests_build_makes_no_arrow() {
        let files = [
            ("lib.rs", "mod a; mod b; #[cfg(test)] mod support;"),
            (
                "a.rs",
                "#[cfg(any(test, feature = \"test-support\"))] use crate::b::B;
                 struct A; impl A { #[cfg(all(test, unix))] fn of(b: crate::b::B) {} }
                 #[cfg(test)] mod tests { use crate::b::B; }",
            ),
            ("b.rs", "pub struct B;"),
            ("support.rs", "use crate::b::B;"),
        ];

        assert!(arrows(&files).is_empty());
    }

    #[test]
    fn code_for_some_platforms_or_features_makes_arrows() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "#[cfg(any(test, unix))] use crate::b::B; #[cfg(not(test))] fn f(b: B) {}",
            ),
            ("b.rs", "pub struct B;"),
        ];

        assert_eq!(arrows(&files), ["a.rs → b.rs"]);
    }

    #[test]
    fn a_missing_file_is_an_error_that_names_it() {
        let files = Files::from([("src/lib.rs".to_owned(), "mod missing;".to_owned())]);

        let error = read(&["src/lib.rs".to_owned()], &files).unwrap_err();

        assert!(error.to_string().contains("src/missing.rs"), "{error}");
    }

    #[test]
    fn an_arrow_is_described_by_its_first_place_and_the_other_names() {
        let all = read_all(&[
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "\nuse super::b::{\n    B,\n    go,\n};\nfn f(b: B) { super::b::C; B::new(go()) }",
            ),
            ("b.rs", "pub struct B; pub struct C; pub fn go() {}"),
        ]);
        let ((from, to), mentions) = all.first_key_value().unwrap();

        let line = describe(from, to, mentions);

        let expected = "src/a.rs:3 → src/b.rs: use super::b::B, also super::b::C, super::b::go";
        assert_eq!(line, expected);
    }
}
