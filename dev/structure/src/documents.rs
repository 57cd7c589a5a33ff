//! The check of paths in documents.

use std::path::Path;

/// Finds the paths in `document` whose file does not exist. A path is a text between backticks that
/// has a `/` and the extension of a file.
///
/// A path begins at the root of the project. It may omit `host/src/`, or the `src/` of a crate
/// below `host/`: `store/ids.rs` is `host/store/src/ids.rs`.
pub fn dead_paths(root: &Path, document: &str) -> Vec<String> {
    let quoted = document.split('`').skip(1).step_by(2);

    quoted
        .filter(|word| is_path(word))
        .filter(|path| !places(path).iter().any(|place| root.join(place).is_file()))
        .map(|path| format!("the file `{path}` does not exist: correct the document"))
        .collect()
}

fn is_path(word: &str) -> bool {
    let ends_like_one = word
        .rsplit_once('.')
        .is_some_and(|(_, ending)| matches!(ending, "rs" | "md" | "wit" | "toml"));
    let is_one_word = !word.contains(char::is_whitespace);

    word.contains('/') && is_one_word && ends_like_one
}

fn places(path: &str) -> Vec<String> {
    let mut places = vec![path.to_owned(), format!("host/src/{path}")];
    if let Some((folder, rest)) = path.split_once('/') {
        places.push(format!("host/{folder}/src/{rest}"));
    }
    places
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn paths_of_missing_files_are_found_and_short_forms_are_expanded() {
        let root = tempfile::tempdir().unwrap();
        for file in ["docs/a.md", "host/src/cli/scan.rs", "host/store/src/ids.rs"] {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }

        let document = "See `docs/a.md`, `cli/scan.rs`, `store/ids.rs`, not `missing/`, \
                        `ids.rs`, `type/identifier` or `a / b.rs`, but `store/missing.rs`.";

        assert_eq!(
            dead_paths(root.path(), document),
            ["the file `store/missing.rs` does not exist: correct the document"]
        );
    }
}
