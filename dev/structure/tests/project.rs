//! Checks of the real project against its layout.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

use job_scanner_structure::files::Files;
use job_scanner_structure::packages::Package;
use job_scanner_structure::{arrows, circles, code, documents, files, layers, layout, packages};

#[test]
fn no_crate_of_the_host_has_a_large_circle_of_files() {
    let found = each_crate(|package, files| {
        let arrows = arrows::read(&package.roots, files).unwrap();
        circles::large(&arrows, layout::LARGEST_CIRCLE)
    });
    assert_none(&found);
}

#[test]
fn no_folder_of_the_host_has_too_many_files() {
    let found = each_crate(|_, files| files::large_folders(files, layout::LARGEST_FOLDER));
    assert_none(&found);
}

#[test]
fn modules_of_the_program_name_only_modules_below_them() {
    let found = each_crate(|package, files| {
        if package.folder != layout::HOST {
            return Vec::new();
        }
        let arrows = arrows::read(&package.roots, files).unwrap();
        layers::violations(layout::LAYERS, &source_of(package), &arrows)
    });
    assert_none(&found);
}

#[test]
fn crates_depend_on_each_other_only_as_drawn() {
    assert_none(&packages::outside_table(&host_crates(), layout::CRATES));
}

#[test]
fn tests_of_the_lower_crates_build_without_the_engine() {
    let all = packages::of_workspace(&root()).unwrap();
    let found = packages::tests_that_build(layout::ENGINE, layout::WITHOUT_ENGINE, &all);
    assert_none(&found);
}

#[test]
fn no_two_types_of_one_crate_share_a_name() {
    let check = |files: &Files| code::shared_type_names(files, layout::SHARED_TYPE_NAMES).unwrap();
    let mut found = each_crate(|_, files| check(files));
    for folder in layout::WITH_OWN_TYPE_NAMES {
        let files = files::read(&root(), &format!("{folder}/src")).unwrap();
        found.extend(check(&files));
    }
    assert_none(&found);
}

#[test]
fn public_items_of_the_host_have_doc_comments() {
    assert_none(&each_crate(|_, files| code::undocumented(files).unwrap()));
}

#[test]
fn paths_in_documents_lead_to_files() {
    for document in layout::DOCUMENTS {
        let text = fs::read_to_string(root().join(document)).unwrap();
        assert_none(&documents::dead_paths(&root(), &text));
    }
}

fn each_crate(check: impl Fn(&Package, &Files) -> Vec<String>) -> Vec<String> {
    host_crates()
        .iter()
        .flat_map(|package| {
            let files = files::read(&root(), &source_of(package)).unwrap();
            check(package, &files)
        })
        .collect()
}

fn host_crates() -> Vec<Package> {
    let mut packages = packages::of_workspace(&root()).unwrap();
    let below = format!("{}/", layout::HOST);
    packages.retain(|it| it.folder == layout::HOST || it.folder.starts_with(&below));
    assert!(
        !packages.is_empty(),
        "there is no crate in {}",
        layout::HOST
    );
    packages
}

fn source_of(package: &Package) -> String {
    format!("{}/src", package.folder)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[track_caller]
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n\n{}\n", found.join("\n\n"));
}
