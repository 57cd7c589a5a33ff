//! The folder `sources.d` next to the configuration: files with further sources. `source add`
//! writes them, and a person may write, change and remove them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::reading::file;
use crate::reading::problem::{Origin, Problem};

/// The name of the folder.
const FOLDER: &str = "sources.d";

/// The endings of the files that are read. Everything else in the folder is ignored.
const ENDINGS: [&str; 2] = ["yaml", "yml"];

/// The maximum number of files. More are not a list of sources that a person keeps.
const MAX_FILES: usize = 10_000;

/// A file with sources: its path and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// Returns the folder that belongs to the configuration at `config`. It does not have to exist.
pub(crate) fn folder_for(config: &Path) -> PathBuf {
    config.parent().unwrap_or(Path::new("")).join(FOLDER)
}

/// Reads the files of the folder in the order of their names, and returns the problems with those
/// that cannot be read. A missing folder has no files.
pub(crate) fn read_folder(folder: &Path) -> (Vec<SourceFile>, Vec<Problem>) {
    let names = match names_in(folder) {
        Ok(names) => names,
        Err(problem) => return (Vec::new(), vec![problem]),
    };

    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in names {
        match file::read(&path) {
            Ok(text) => files.push(SourceFile { path, text }),
            Err(problem) => problems.push(Problem {
                remedy: "correct the file, or remove it".to_owned(),
                ..problem
            }),
        }
    }
    (files, problems)
}

fn names_in(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, &error.to_string())),
    };

    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error.to_string()))?;
        let path = path.path();
        if is_source_file(&path) {
            paths.push(path);
        }
        if paths.len() > MAX_FILES {
            let wrong = format!("it has more than {MAX_FILES} files");
            return Err(unreadable(folder, &wrong));
        }
    }
    paths.sort();
    Ok(paths)
}

/// Returns true for a name with one of the endings. The name of a hidden file begins with a dot.
fn is_source_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
        && name.is_some_and(|name| !name.starts_with('.'))
}

fn unreadable(folder: &Path, why: &str) -> Problem {
    Problem {
        origin: Origin::File(folder.to_owned(), None),
        key: String::new(),
        wrong: format!("cannot be read: {why}"),
        remedy: "give it read permission, or remove files that are not needed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, ConfigErrors, Environment, load};

    const CRITERIA: &str = "search_criteria: {required_terms: [welder]}\n";

    /// Loads a configuration with these files in `sources.d`.
    fn loaded(config: &str, files: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.yaml");
        fs::write(&path, format!("{config}{CRITERIA}")).unwrap();
        fs::create_dir(folder.path().join(FOLDER)).unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(FOLDER).join(name), text).unwrap();
        }
        load(Some(&path), &Environment::default())
    }

    fn keys(config: &Config) -> Vec<String> {
        let keys = config.sources.iter().map(|source| source.key.to_string());
        keys.collect()
    }

    #[test]
    fn files_add_their_sources_in_the_order_of_their_names() {
        let files = [
            ("b.yml", "sources: [{type: gem, identifier: umbra}]\n"),
            (
                "a.yaml",
                "sources:\n  - {type: gem, identifier: penumbra, max_jobs: 7}\n",
            ),
            (".hidden.yaml", "not: read\n"),
            ("notes.txt", "nor is this\n"),
        ];
        let own = "scan_interval: 2h\nsources: [{type: lever, identifier: own}]\n";
        let config = loaded(own, &files).unwrap();
        assert_eq!(keys(&config), ["lever/own", "gem/penumbra", "gem/umbra"]);
        assert_eq!(config.sources[1].max_jobs, Some(7));
        assert_eq!(config.sources[2].schedule, config.sources[0].schedule);
        assert!(config.sources[2].file.ends_with("sources.d/b.yml"));
    }

    #[test]
    fn a_configuration_needs_no_sources_of_its_own_if_a_file_has_some() {
        let files = [("a.yaml", "sources: [{type: gem, identifier: umbra}]\n")];
        assert_eq!(keys(&loaded("", &files).unwrap()), ["gem/umbra"]);
        let missing = loaded("", &[]).unwrap_err().to_string();
        assert!(missing.contains("sources: is missing"), "{missing}");
    }

    #[test]
    fn all_problems_of_all_files_are_reported_at_once_with_their_positions() {
        let files = [
            (
                "a.yaml",
                "sources:\n- {type: gem, identifier: umbra}\n- {type: gem}\nextra: 1\n",
            ),
            ("b.yaml", "sources: [{type: gem, identifier: umbra}]\n"),
            ("c.yaml", "sources: [\n"),
            ("d.yaml", ""),
        ];
        let own = "sources: [{type: gem, identifier: own, colour: red}]\n";
        let errors = loaded(own, &files).unwrap_err().to_string();
        for part in [
            "config.yaml:1:40: sources[0].colour: ",
            "sources.d/a.yaml:3:3: sources[1].identifier: is missing; ",
            "sources.d/a.yaml:4:1: extra: ",
            "sources.d/b.yaml:1:11: sources[0]: repeats source `gem/umbra` (sources[0] in ",
            "sources.d/a.yaml, line 2)",
            "sources.d/c.yaml:",
            "sources.d/d.yaml:1:1: sources: is missing; ",
        ] {
            assert!(errors.contains(part), "{part}: {errors}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_a_problem_and_not_an_empty_list() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.yaml");
        fs::write(
            &path,
            format!("sources: [{{type: a, identifier: b}}]\n{CRITERIA}"),
        )
        .unwrap();
        fs::create_dir_all(folder.path().join(FOLDER).join("a.yaml")).unwrap();
        let errors = load(Some(&path), &Environment::default()).unwrap_err();
        let errors = errors.to_string();
        assert!(
            errors.contains("a.yaml: is a folder; correct the file, or remove it"),
            "{errors}"
        );

        fs::remove_dir_all(folder.path().join(FOLDER)).unwrap();
        fs::write(folder.path().join(FOLDER), "").unwrap();
        let errors = load(Some(&path), &Environment::default()).unwrap_err();
        assert!(
            errors.to_string().contains("sources.d: cannot be read: "),
            "{errors}"
        );
    }
}
