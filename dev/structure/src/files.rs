//! The source files of a crate, and the size of its folders.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

/// Source files: the path from the root of the project, and the text of each.
pub type Files = BTreeMap<String, String>;

/// Reads every Rust file in `folder`, a path from `root`, and in the folders below it.
///
/// # Errors
///
/// A file or folder cannot be read, or has a name or text that is not UTF-8.
pub fn read(root: &Path, folder: &str) -> anyhow::Result<Files> {
    let mut files = Files::new();
    for path in paths(root, &format!("{folder}/"), &[])? {
        if Path::new(&path).extension() == Some(OsStr::new("rs")) {
            let text = fs::read_to_string(root.join(&path));
            let text = text.with_context(|| format!("cannot read {path}"))?;
            files.insert(path, text);
        }
    }
    Ok(files)
}

/// Lists the files in `folder` and in the folders below it, except in those named in `skipped`.
/// `folder` is a path from `root`, empty or with a slash at its end. A symbolic link is not
/// followed: its target is listed at its own place.
///
/// # Errors
///
/// A folder cannot be read, or a name is not UTF-8.
pub(crate) fn paths(root: &Path, folder: &str, skipped: &[&str]) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root.join(&folder))
            .with_context(|| format!("cannot read the folder {folder}"))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_str().context("a file name is not UTF-8")?;
            let path = format!("{folder}{name}");

            let file_type = entry.file_type()?;
            if file_type.is_dir() && !skipped.contains(&name) {
                folders.push(format!("{path}/"));
            } else if file_type.is_file() {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// Finds the folders that have more than `most` files of their own.
pub fn large_folders(files: &Files, most: usize) -> Vec<String> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for path in files.keys() {
        *sizes.entry(folder_of(path)).or_default() += 1;
    }

    sizes
        .into_iter()
        .filter(|(_, size)| *size > most)
        .map(|(folder, size)| {
            format!(
                "{folder} has {size} Rust files, and a folder may have at most {most}: move those \
                 that belong together into their own folder"
            )
        })
        .collect()
}

/// Returns the folder part of a path.
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_files_are_read_at_any_depth_and_others_are_not() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("host/src/store");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("mod.rs"), "mod jobs;").unwrap();
        fs::write(folder.join("jobs.sql"), "SELECT 1").unwrap();
        fs::write(root.path().join("host/src/lib.rs"), "mod store;").unwrap();

        let files = read(root.path(), "host/src").unwrap();

        let paths: Vec<&String> = files.keys().collect();
        assert_eq!(paths, ["host/src/lib.rs", "host/src/store/mod.rs"]);
        assert_eq!(files["host/src/lib.rs"], "mod store;");
    }

    #[test]
    fn a_missing_folder_is_an_error_that_names_it() {
        let root = tempfile::tempdir().unwrap();

        let error = read(root.path(), "host/src").unwrap_err();

        assert!(error.to_string().contains("host/src"), "{error}");
    }

    #[test]
    fn only_direct_files_count_for_the_size_of_a_folder() {
        let files: Files = ["a/1.rs", "a/2.rs", "a/b/1.rs", "a/b/2.rs", "a/b/3.rs"]
            .into_iter()
            .map(|path| (path.to_owned(), String::new()))
            .collect();

        let found = large_folders(&files, 2);

        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("a/b has 3 Rust files"), "{}", found[0]);
        assert!(large_folders(&files, 3).is_empty());
    }
}
