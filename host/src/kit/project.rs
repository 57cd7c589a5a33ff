//! The project of an adapter: a folder with `build.sh`, source code and the component that the build
//! creates.

use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The script that builds a project.
const SCRIPT: &str = "build.sh";
/// Folders without source code: output, dependencies and recordings. Those with a `.` in front of
/// their name are left out too.
const OTHER_FOLDERS: [&str; 5] = ["cassettes", "node_modules", "target", "venv", "__pycache__"];
/// The extensions of files that no component is built from.
const OTHER_EXTENSIONS: [&str; 3] = ["md", "old", "wasm"];
/// The limits of one search for source code. A project has a few dozen files.
const MAX_FILES: usize = 2_000;
const MAX_DEPTH: usize = 8;
/// The largest file whose content is compared, in bytes. A larger one is compared by its time.
const MAX_HASHED_BYTES: u64 = 8 * 1024 * 1024;

/// The difference of two modification times that says nothing: a checkout or an unpacked archive
/// writes all files within a moment, in any order.
const SAME_MOMENT: Duration = Duration::from_secs(2);

/// The folder of a project.
#[derive(Debug, Clone)]
pub struct Project {
    folder: PathBuf,
}

/// The state of all source code of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    files: Vec<SourceFile>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct SourceFile {
    path: PathBuf,
    modified: SystemTime,
    bytes: u64,
}

impl Project {
    /// Returns the project in a folder; `None` if the folder has no `build.sh`.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        let folder = folder.to_owned();
        folder.join(SCRIPT).is_file().then_some(Self { folder })
    }

    /// Returns the project that a component was built in; `None` if its folder has no `build.sh`.
    pub fn of_component(component: &Path) -> Option<Self> {
        let component = std::path::absolute(component).ok()?;
        Self::in_folder(component.parent()?)
    }

    /// Returns the folder of the project, an absolute path if the caller gave one.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the script that builds the project.
    pub fn script(&self) -> PathBuf {
        self.folder.join(SCRIPT)
    }

    /// Returns the newest component in the folder, which is the result of the last build. `None` if
    /// there is none.
    ///
    /// # Errors
    ///
    /// When the folder cannot be listed.
    pub fn component(&self) -> io::Result<Option<PathBuf>> {
        let written = |entry: io::Result<DirEntry>| {
            let entry = entry.ok()?;
            let path = entry.path();
            let is_component = path.extension()? == "wasm";
            let modified = entry.metadata().ok()?.modified().ok()?;
            is_component.then_some((modified, path))
        };
        let newest = self.folder.read_dir()?.filter_map(written).max();
        Ok(newest.map(|(_, path)| path))
    }

    /// Renames the component of an earlier build to `NAME.wasm.old`, so that it is not mistaken for
    /// the result of a build that failed. Returns its earlier path; `None` if there is no component.
    ///
    /// # Errors
    ///
    /// When the folder cannot be listed, or the file cannot be renamed.
    pub fn set_component_aside(&self) -> io::Result<Option<PathBuf>> {
        let Some(component) = self.component()? else {
            return Ok(None);
        };
        fs::rename(&component, set_aside(&component))?;
        Ok(Some(component))
    }

    /// Removes what [`Self::set_component_aside`] left, after a build that succeeded.
    pub fn forget_earlier(&self, component: &Path) {
        // A file that cannot be removed does no harm.
        fs::remove_file(set_aside(component)).ok();
    }

    /// Returns the source file that was changed last, if that was after the component was built. Its
    /// path is relative to the folder.
    ///
    /// Times in the future say nothing: they come from another clock, and no build would be newer.
    pub fn changed_since(&self, component: &Path, now: SystemTime) -> Option<PathBuf> {
        let built = fs::metadata(component).ok()?.modified().ok()?;
        let sources = self.sources();
        let past = sources
            .files
            .into_iter()
            .filter(|file| file.modified <= now + SAME_MOMENT);
        let newest = past.max_by_key(|file| file.modified)?;

        let path = newest.path.strip_prefix(&self.folder).ok()?.to_owned();
        (newest.modified > built + SAME_MOMENT).then_some(path)
    }

    /// Returns the state of the source code. Files that cannot be read are left out.
    pub fn sources(&self) -> Sources {
        let mut files = Vec::new();
        collect(&self.folder, MAX_DEPTH, &mut files);
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Sources { files }
    }
}

impl Sources {
    /// Returns a hash of names and contents, which stays the same when a file is only rewritten.
    pub fn content_hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for file in &self.files {
            file.path.hash(&mut hasher);
            match file.bytes {
                ..=MAX_HASHED_BYTES => fs::read(&file.path).ok().hash(&mut hasher),
                _ => file.modified.hash(&mut hasher),
            }
        }
        hasher.finish()
    }
}

fn set_aside(component: &Path) -> PathBuf {
    component.with_extension("wasm.old")
}

/// Collects the source files in a folder and those below it. Links are not followed.
fn collect(folder: &Path, depth: usize, files: &mut Vec<SourceFile>) {
    let Ok(entries) = folder.read_dir() else {
        return;
    };
    for entry in entries.filter_map(Result::ok) {
        let (path, Ok(metadata)) = (entry.path(), entry.metadata()) else {
            continue;
        };
        if metadata.is_dir() && depth > 0 && !is_other_folder(&path) {
            collect(&path, depth - 1, files);
        } else if metadata.is_file() && files.len() < MAX_FILES && !is_other_file(&path) {
            let Ok(modified) = metadata.modified() else {
                continue;
            };
            files.push(SourceFile {
                path,
                modified,
                bytes: metadata.len(),
            });
        }
    }
}

fn is_other_folder(path: &Path) -> bool {
    is_hidden(path) || name(path).is_some_and(|name| OTHER_FOLDERS.contains(&name))
}

fn is_other_file(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    is_hidden(path)
        || extension.is_some_and(|extension| OTHER_EXTENSIONS.contains(&extension))
        || name(path) == Some("adapters.lock")
}

fn is_hidden(path: &Path) -> bool {
    name(path).is_none_or(|name| name.starts_with('.'))
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use tempfile::TempDir;

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    /// A project that was built at `built()`, with source files that are a minute older.
    struct Fixture {
        folder: TempDir,
    }

    impl Fixture {
        fn new() -> Self {
            let fixture = Self {
                folder: tempfile::tempdir().unwrap(),
            };
            fixture.write("build.sh", built() - MINUTE);
            fixture.write("src/lib.rs", built() - MINUTE);
            fixture.write("acme.wasm", built());
            fixture
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn write(&self, name: &str, modified: SystemTime) {
            let path = self.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let file = File::create(path).unwrap();
            file.set_modified(modified).unwrap();
        }

        fn project(&self) -> Project {
            Project::in_folder(self.folder.path()).unwrap()
        }

        fn changed(&self) -> Option<PathBuf> {
            let now = built() + 100 * MINUTE;
            self.project().changed_since(&self.path("acme.wasm"), now)
        }
    }

    fn built() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000)
    }

    #[test]
    fn source_code_that_changed_after_the_build_is_named() {
        let fixture = Fixture::new();
        assert_eq!(fixture.changed(), None);
        fixture.write("src/board.rs", built() + MINUTE);
        fixture.write("manifest.json", built() + 2 * MINUTE);
        assert_eq!(fixture.changed(), Some("manifest.json".into()));
    }

    #[test]
    fn files_that_are_not_source_code_do_not_count() {
        let fixture = Fixture::new();
        for name in [
            "README.md",
            ".git/index",
            "target/release/acme.d",
            "node_modules/a/index.js",
            "cassettes/board/cassette.json",
            "adapters.lock",
            "acme.wasm.old",
            "src/__pycache__/board.pyc",
        ] {
            fixture.write(name, built() + MINUTE);
        }
        assert_eq!(fixture.changed(), None);
    }

    #[test]
    fn times_of_one_checkout_and_of_another_clock_do_not_count() {
        let fixture = Fixture::new();
        fixture.write("src/lib.rs", built() + Duration::from_millis(1_500));
        assert_eq!(fixture.changed(), None, "written in the same moment");
        fixture.write("src/lib.rs", built() + 1_000 * MINUTE);
        assert_eq!(fixture.changed(), None, "written in the future");
    }

    #[test]
    fn the_hash_depends_on_contents_and_not_on_times() {
        let fixture = Fixture::new();
        let (before, hash) = {
            let sources = fixture.project().sources();
            let hash = sources.content_hash();
            (sources, hash)
        };
        fixture.write("src/lib.rs", built() + MINUTE);
        let touched = fixture.project().sources();
        assert_ne!(touched, before);
        assert_eq!(touched.content_hash(), hash);

        fs::write(fixture.path("src/lib.rs"), "fn main() {}").unwrap();
        assert_ne!(fixture.project().sources().content_hash(), hash);
    }

    #[test]
    fn an_earlier_component_is_set_aside_and_forgotten() {
        let fixture = Fixture::new();
        let project = fixture.project();
        let component = fixture.path("acme.wasm");
        assert_eq!(
            project.set_component_aside().unwrap(),
            Some(component.clone())
        );
        assert!(!component.exists() && fixture.path("acme.wasm.old").exists());
        assert_eq!(project.set_component_aside().unwrap(), None);

        project.forget_earlier(&component);
        assert!(!fixture.path("acme.wasm.old").exists());
    }
}
