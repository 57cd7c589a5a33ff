//! The files that documents name.

use std::path::Path;

/// Finds the paths in `document` that lead to no file: what stands between backticks and has a `/`
/// and the ending of a file.
///
/// A path begins at the root of the project. It may leave out `host/src/`, or the `src/` of a crate
/// below `host/`: `store/ids.rs` is `host/store/src/ids.rs`.
pub fn dead_paths(root: &Path, document: &str) -> Vec<String> {
    let quoted = document.split('`').skip(1).step_by(2);

    quoted
        .filter(|word| is_path(word))
        .filter(|path| !places(path).iter().any(|place| root.join(place).is_file()))
        .map(|path| format!("`{path}` leads to no file: correct the document"))
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
    fn a_path_that_leads_nowhere_is_found_and_every_short_form_is_followed() {
        let root = tempfile::tempdir().unwrap();
        for file in ["docs/a.md", "host/src/cli/scan.rs", "host/store/src/ids.rs"] {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }

        let document = "See `docs/a.md`, `cli/scan.rs`, `store/ids.rs`, not `gone/`, \
                        `ids.rs`, `type/identifier` or `a / b.rs`, but `store/gone.rs`.";

        assert_eq!(
            dead_paths(root.path(), document),
            ["`store/gone.rs` leads to no file: correct the document"]
        );
    }
}
