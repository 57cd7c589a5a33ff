//! The folder with the templates of the operator.
//!
//! A file replaces the built-in template of the same name. A file in a subfolder does so for the
//! channel of that name only. A name that begins with `_` is a part that other templates include.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use job_scanner_files::regular_file;

use super::built_in::built_in;
use super::engine::{Output, engine};
use super::fault::{TemplateFault, shown};
use super::set::{OwnTemplate, OwnTemplates, Templates};

/// The maximum size of a template.
const MAX_BYTES: u64 = 256 * 1024;

/// The templates of the operator. Files with problems are left out.
#[derive(Debug, Clone, Default)]
pub struct TemplateFiles {
    pub(super) folder: PathBuf,
    shared: OwnTemplates,
    pub(super) by_channel: BTreeMap<String, OwnTemplates>,
    problems: Vec<TemplateFault>,
}

impl TemplateFiles {
    /// Reads a folder with its subfolders.
    pub fn read(folder: &Path) -> Self {
        let mut files = Self {
            folder: folder.to_owned(),
            ..Self::default()
        };
        let (shared, subfolders) = files.read_folder(folder);
        files.shared = shared;
        for (name, path) in subfolders {
            let (own, deeper) = files.read_folder(&path);
            for (_, path) in deeper {
                files.add_problem(&path, "a folder of a channel contains templates only");
            }
            files.by_channel.insert(name, own);
        }
        files
    }

    /// Returns the templates of the channel with this name.
    pub fn for_channel(&self, name: &str) -> Templates {
        let mut own = self.shared.clone();
        own.extend(self.by_channel.get(name).cloned().unwrap_or_default());
        Templates::new(own)
    }

    /// Returns the problems of files that are left out.
    pub fn problems(&self) -> &[TemplateFault] {
        &self.problems
    }

    /// Returns the number of files in use.
    pub fn count(&self) -> usize {
        let by_channel = self.by_channel.values().map(BTreeMap::len);
        self.shared.len() + by_channel.sum::<usize>()
    }

    fn add_problem(&mut self, path: &Path, problem: &str) {
        self.problems.push(TemplateFault::of(&shown(path), problem));
    }

    /// Returns the templates in a folder, and its subfolders by their names.
    fn read_folder(&mut self, folder: &Path) -> (OwnTemplates, Vec<(String, PathBuf)>) {
        let (mut own, mut subfolders) = (OwnTemplates::new(), Vec::new());
        let paths = match paths_in(folder) {
            Ok(paths) => paths,
            Err(error) => {
                self.add_problem(folder, &format!("the folder cannot be read: {error}"));
                return (own, subfolders);
            }
        };

        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = name.into_owned();
            // Hidden files, and the backups of editors.
            if name.starts_with('.') || name.ends_with('~') {
                continue;
            }
            if path.is_dir() {
                subfolders.push((name, path));
                continue;
            }
            match read_template(&name, &path) {
                Ok(template) => {
                    own.insert(name, template);
                }
                Err(fault) => self.problems.push(fault),
            }
        }
        (own, subfolders)
    }
}

fn paths_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Reads a template and checks its syntax.
fn read_template(name: &str, path: &Path) -> Result<OwnTemplate, TemplateFault> {
    let file = shown(path);
    if built_in(name).is_none() && !name.starts_with('_') {
        let wrong = "no message has a template of this name; \
                     `job-scanner notify templates` writes those that exist, \
                     and the name of a part that they include begins with `_`";
        return Err(TemplateFault::of(&file, wrong));
    }
    let text = regular_file::read_text(path, MAX_BYTES)
        .map_err(|error| TemplateFault::of(&file, &error.to_string()))?;

    // The syntax is the same for all kinds of messages.
    let parsed = engine(Output::Text)
        .and_then(|engine| engine.template_from_named_str(name, &text).map(drop));
    parsed.map_err(|error| TemplateFault::at(&error, |_name| (file.clone(), text.as_str())))?;
    Ok(OwnTemplate {
        path: path.to_owned(),
        text,
    })
}
