//! `adapter new`: creates a small, complete project in one of five languages.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use job_scanner_core::key::AdapterName;
use job_scanner_files::durable_file::{create_private, sync_folder_of};
use job_scanner_files::regular_file;

use crate::kit::templates::files;

/// The name of the examples, as an adapter name and as an identifier in code.
const EXAMPLE: &str = "example-board";
const EXAMPLE_IDENTIFIER: &str = "example_board";

/// The file that marks an unfinished project.
const UNFINISHED: &str = ".adapter-new-unfinished";

/// A language for adapters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Quick, 130 KB
    #[default]
    Rust,
    /// Small, 1.7 MB
    #[value(name = "javascript")]
    JavaScript,
    /// Largest, 19 MB
    Python,
    /// Smallest, 22 KB
    C,
    /// Quick, 5 MB
    Go,
}

/// A kind of board that the new project can read as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// One request returns all jobs with their texts: the shortest adapter
    #[default]
    Small,
    /// Pages, one request per job for its text, and options
    Full,
}

/// The reason why a project was not created.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    /// The folder contains files that would be overwritten.
    #[error(
        "`{0}` already exists and is not empty; choose another name, or another folder with `--dir`"
    )]
    NotEmpty(PathBuf),
    /// The folder or a file in it cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Creates a project from a template in a folder. The folder must be empty, missing, or left by an
/// earlier call that did not finish.
///
/// # Errors
///
/// See [`NewError`]. Files that were written before a failure remain, and the next call replaces
/// them.
pub fn write_project(
    name: &AdapterName,
    language: Language,
    template: Template,
    folder: &Path,
) -> Result<(), NewError> {
    let unfinished = folder.join(UNFINISHED);
    let is_unfinished = unfinished
        .symlink_metadata()
        .is_ok_and(|known| known.is_file());
    if !is_unfinished && has_entries(folder) {
        return Err(NewError::NotEmpty(folder.to_owned()));
    }

    // The mark is created before the first file. Without it, the next call would reject the folder.
    let marked = fs::create_dir_all(folder).and_then(|()| create_private(&unfinished));
    marked.map_err(|source| NewError::Write {
        path: unfinished.clone(),
        source,
    })?;

    for (path, text) in files(language, template) {
        let path = folder.join(path);
        let text = renamed(text, name);
        write(folder, &path, &text).map_err(|source| NewError::Write { path, source })?;
    }

    let finished = fs::remove_file(&unfinished).and_then(|()| sync_folder_of(&unfinished));
    finished.map_err(|source| NewError::Write {
        path: unfinished,
        source,
    })
}

fn has_entries(folder: &Path) -> bool {
    folder
        .read_dir()
        .is_ok_and(|mut entries| entries.next().is_some())
}

fn renamed(text: &str, name: &AdapterName) -> String {
    let identifier = name.as_str().replace('-', "_");
    text.replace(EXAMPLE, name.as_str())
        .replace(EXAMPLE_IDENTIFIER, &identifier)
}

fn write(project: &Path, path: &Path, text: &str) -> io::Result<()> {
    let parent = path.strip_prefix(project).unwrap_or(path).parent();
    make_folders(project, parent.unwrap_or(Path::new("")))?;

    // An earlier call may have left a part of the file, and another user a link.
    regular_file::remove(path)?;
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;

    if path.extension().is_some_and(|extension| extension == "sh") {
        make_executable(path)?;
    }
    Ok(())
}

fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

/// Creates the folders one by one, so that no link leads out of the project.
fn make_folders(project: &Path, parent: &Path) -> io::Result<()> {
    let mut folder = project.to_owned();
    for step in parent.components() {
        folder.push(step);
        match fs::create_dir(&folder) {
            Err(error)
                if error.kind() == io::ErrorKind::AlreadyExists
                    && folder.symlink_metadata()?.is_dir() => {}
            made => made?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn examples() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap()
            .join("examples/adapters")
    }

    fn example(language: Language, template: Template) -> PathBuf {
        let folder = match template {
            Template::Small => examples().join("small"),
            Template::Full => examples(),
        };
        folder.join(language.to_possible_value().unwrap().get_name())
    }

    fn all_projects() -> impl Iterator<Item = (Language, Template)> {
        let with_all_templates = |language| {
            Template::value_variants()
                .iter()
                .map(move |template| (language, *template))
        };
        Language::value_variants()
            .iter()
            .copied()
            .flat_map(with_all_templates)
    }

    /// Returns the paths of a project's files, without build results.
    fn project_files(folder: &Path) -> BTreeSet<String> {
        const BUILT: [&str; 5] = [
            "node_modules",
            "target",
            ".venv",
            "__pycache__",
            "package-lock.json",
        ];
        let mut found = BTreeSet::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(inner) = folders.pop() {
            for entry in inner.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
                let name = entry.file_name().unwrap().to_str().unwrap();
                if BUILT.contains(&name)
                    || entry
                        .extension()
                        .is_some_and(|extension| extension == "wasm")
                {
                    continue;
                }
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    found.insert(
                        entry
                            .strip_prefix(folder)
                            .unwrap()
                            .to_str()
                            .unwrap()
                            .to_owned(),
                    );
                }
            }
        }
        found
    }

    #[test]
    fn a_project_is_the_example_with_another_name() {
        let name = AdapterName::new("acme-jobs").unwrap();
        for (language, template) in all_projects() {
            let folder = tempfile::tempdir().unwrap();
            write_project(&name, language, template, folder.path()).unwrap();
            assert_eq!(
                project_files(folder.path()),
                project_files(&example(language, template)),
                "{language:?} {template:?}"
            );
            for file in project_files(folder.path()) {
                let text = fs::read_to_string(folder.path().join(&file)).unwrap();
                assert!(
                    !text.contains(EXAMPLE) && !text.contains(EXAMPLE_IDENTIFIER),
                    "{file}"
                );
            }
        }
    }

    #[test]
    fn the_readme_of_a_project_names_its_files_and_no_others() {
        for (language, template) in all_projects() {
            let folder = example(language, template);
            let readme = fs::read_to_string(folder.join("README.md")).unwrap();
            for path in paths_in_table(&readme) {
                let is_there = project_files(&folder).iter().any(|file| is_in(file, &path));
                assert!(is_there, "{language:?} {template:?}: {path}");
            }
            for file in project_files(&folder) {
                let is_header = Path::new(&file).extension().is_some_and(|end| end == "h");
                let is_source = file.starts_with("src/") && !is_header;
                let is_named = paths_in_table(&readme)
                    .iter()
                    .any(|path| is_in(&file, path));
                assert!(!is_source || is_named, "{language:?} {template:?}: {file}");
            }
        }
    }

    /// Returns the paths in the first column of a table.
    fn paths_in_table(readme: &str) -> Vec<String> {
        let rows = readme.lines().filter(|line| line.starts_with("| `"));
        let cells = rows.filter_map(|row| row.split('|').nth(1));
        let paths = cells.flat_map(|cell| cell.split(','));
        paths
            .map(|path| path.trim().trim_matches('`').to_owned())
            .collect()
    }

    fn is_in(file: &str, path: &str) -> bool {
        file == path || file.starts_with(path.trim_end_matches('*'))
    }

    #[test]
    fn a_folder_with_other_files_is_rejected_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine"), "").unwrap();
        let written = write_project(
            &AdapterName::new("acme").unwrap(),
            Language::C,
            Template::Small,
            folder.path(),
        );
        assert!(matches!(written, Err(NewError::NotEmpty(_))));
        assert_eq!(project_files(folder.path()).len(), 1);
    }

    #[test]
    fn an_unfinished_project_is_completed_by_the_next_call() {
        let (name, folder) = (
            AdapterName::new("acme").unwrap(),
            tempfile::tempdir().unwrap(),
        );
        write_project(&name, Language::C, Template::Small, folder.path()).unwrap();
        fs::remove_file(folder.path().join("build.sh")).unwrap();
        fs::write(folder.path().join("manifest.json"), "{").unwrap();
        assert!(matches!(
            write_project(&name, Language::C, Template::Small, folder.path()),
            Err(NewError::NotEmpty(_))
        ));

        fs::write(folder.path().join(UNFINISHED), "").unwrap();
        write_project(&name, Language::C, Template::Small, folder.path()).unwrap();
        assert_eq!(
            project_files(folder.path()),
            project_files(&example(Language::C, Template::Small))
        );
        assert_ne!(
            fs::read_to_string(folder.path().join("manifest.json")).unwrap(),
            "{"
        );
    }

    #[test]
    fn links_are_not_followed_and_scripts_are_executable() {
        use std::os::unix::fs::PermissionsExt as _;

        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(folder.path().join(UNFINISHED), "").unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("src")).unwrap();
        let name = AdapterName::new("acme").unwrap();
        write_project(&name, Language::Rust, Template::Small, folder.path()).unwrap_err();
        assert_eq!(outside.path().read_dir().unwrap().count(), 0);

        fs::remove_file(folder.path().join("src")).unwrap();
        write_project(&name, Language::Rust, Template::Small, folder.path()).unwrap();
        let script = fs::metadata(folder.path().join("build.sh")).unwrap();
        assert_eq!(script.permissions().mode() & 0o111, 0o111);
    }
}
