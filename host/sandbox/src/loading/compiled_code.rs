//! A cache of compiled code between starts, with checksums.
//!
//! The engine's cache stores the code, one file per component and engine configuration, and loads
//! it without verification. Code that a disk or another program damaged would be executed. For this
//! reason each file has a checksum, stored under the names of the file and of its component. Before
//! a component is loaded, its files are compared with their checksums, and a file that differs is
//! removed. A file without a checksum, which a killed process can leave, is removed when the cache
//! is opened. Any user who can write to this folder can make the host execute code, so a folder
//! that is not private ([`crate::loading::private_folder`]) is not used.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use job_scanner_core::adapter::Digest;
use job_scanner_files::regular_file;
use tracing::{debug, warn};
use wasmtime::component::Component;
use wasmtime::{Cache, CacheConfig};

use crate::loading::private_folder;
use crate::loading::private_folder::is_private_file;

/// The folders of the engine's cache and of the checksums. They are separate because the engine
/// removes files that it does not know from its folder.
const CODE: &str = "code";
const CHECKSUMS: &str = "checksums";
/// The folder in the engine's cache that holds the code, with one subfolder per engine version.
const MODULES: &str = "modules";
/// The part of a file name that marks a file the engine is still writing, and the age after which
/// such a file counts as abandoned.
const UNFINISHED: &str = "wip-";
const ABANDONED_AFTER: Duration = Duration::from_mins(10);
/// The largest file of compiled code that is read, in bytes. Compiled interpreters fit.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

#[derive(Debug)]
pub(crate) struct CompiledCode {
    cache: Cache,
    modules: PathBuf,
    checksums: PathBuf,
    /// The user id of this process.
    own: u32,
}

/// Damaged code that could not be removed and must not run.
#[derive(Debug, thiserror::Error)]
#[error("the compiled adapter `{}` is damaged and cannot be removed; remove the file", path.display())]
pub(crate) struct DamagedCode {
    path: PathBuf,
    #[source]
    error: io::Error,
}

impl CompiledCode {
    /// Opens the cache in this folder and creates the folder if necessary. Returns `None` if the
    /// cache cannot be used, which costs only time.
    pub(crate) fn open(folder: &Path) -> Option<Self> {
        let opened = Self::try_open(folder);
        let unusable = |error: &anyhow::Error| {
            warn!(
                error = format!("{error:#}"),
                "cannot use the cache folder `{}`; adapters are compiled at every start: {error:#}",
                folder.display()
            );
        };

        opened.inspect_err(unusable).ok()
    }

    fn try_open(folder: &Path) -> anyhow::Result<Self> {
        let own = private_folder::open(folder)?;
        let (code, checksums) = (folder.join(CODE), folder.join(CHECKSUMS));
        private_folder::open(&code)?;
        private_folder::open(&checksums)?;

        let mut config = CacheConfig::new();
        // The engine would recompress code that is used often, and the new bytes would not match
        // their checksum.
        config
            .with_directory(&code)
            .with_optimized_compression_usage_counter_threshold(u64::MAX);
        let cache = Cache::new(config).map_err(anyhow::Error::from)?;

        let compiled = Self {
            cache,
            modules: code.join(MODULES),
            checksums,
            own,
        };
        compiled
            .remove_stale()
            .context("cannot remove stale files")?;
        Ok(compiled)
    }

    /// Returns the cache for the engine's configuration.
    pub(crate) fn cache(&self) -> Cache {
        self.cache.clone()
    }

    /// Lets the engine compile a component or take it from its cache.
    pub(crate) fn load_or_compile(
        &self,
        digest: &Digest,
        compile: impl FnOnce() -> wasmtime::Result<Component>,
    ) -> wasmtime::Result<Component> {
        // The engine executes what it finds in its cache, so damaged code is removed first.
        self.remove_damaged(digest).map_err(wasmtime::Error::new)?;

        let (before, misses) = (self.names(), self.cache.cache_misses());
        let component = compile()?;

        if self.cache.cache_misses() != misses {
            self.write_checksums(digest, &before);
        }
        Ok(component)
    }

    /// Compares the component's code with its checksums and removes code that differs.
    fn remove_damaged(&self, digest: &Digest) -> Result<(), DamagedCode> {
        for (name, checksum) in self.checksums_of(digest) {
            for code in self.files_named(&name) {
                if self.is_intact(&code, &checksum) {
                    continue;
                }

                warn!(
                    "the compiled adapter `{}` is damaged; it is compiled again",
                    code.display()
                );
                regular_file::remove_any(&code)
                    .map_err(|error| DamagedCode { path: code, error })?;
            }
        }
        Ok(())
    }

    fn is_intact(&self, code: &Path, checksum: &Path) -> bool {
        let known = self.read_private(checksum, blake3::OUT_LEN as u64 * 2);
        let Ok(known) = known.and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other))
        else {
            return false;
        };

        self.checksum(code).is_ok_and(|checksum| checksum == known)
    }

    /// Writes checksums for the files that are new since `before`. A file that another thread
    /// compiled meanwhile from another component gets a checksum under both names, which does no
    /// harm.
    fn write_checksums(&self, digest: &Digest, before: &BTreeSet<String>) {
        for name in self.names().difference(before) {
            for code in self.files_named(name) {
                let path = self.checksums.join(checksum_name(name, digest));
                let written = self
                    .checksum(&code)
                    .and_then(|checksum| fs::write(&path, checksum));

                if let Err(error) = written {
                    // Code without a checksum is compiled again at the next start.
                    debug!(%error, "no checksum for `{}`: {error}", code.display());
                }
            }
        }
    }

    fn checksum(&self, code: &Path) -> io::Result<String> {
        let bytes = self.read_private(code, MAX_BYTES)?;
        Ok(blake3::hash(&bytes).to_hex().to_string())
    }

    fn read_private(&self, path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
        // Links and pipes are not opened.
        if !path.symlink_metadata()?.is_file() {
            return Err(io::Error::other("it is not a file"));
        }

        let file = File::open(path)?;
        if !is_private_file(&file.metadata()?, self.own) {
            return Err(io::Error::other("other users can change it"));
        }

        let mut bytes = Vec::new();
        file.take(max_bytes + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > max_bytes {
            Err(io::Error::other("it is too large"))
        } else {
            Ok(bytes)
        }
    }

    /// Removes code without a checksum, checksums without code, and unfinished files of a killed
    /// process.
    fn remove_stale(&self) -> io::Result<()> {
        let checksums = names_in(&self.checksums)?;
        let checked: BTreeSet<&str> = checksums
            .iter()
            .filter_map(|name| code_name(name))
            .collect();

        for code in self.files()? {
            let Some(name) = code.file_name().and_then(|name| name.to_str()) else {
                continue;
            };

            let is_unfinished = name.contains(UNFINISHED) && is_abandoned(&code);
            let is_code = Path::new(name).extension().is_none();
            if is_unfinished || is_code && !checked.contains(name) {
                regular_file::remove_any(&code)?;
            }
        }

        let left = self.names();
        for checksum in &checksums {
            if code_name(checksum).is_none_or(|code| !left.contains(code)) {
                regular_file::remove_any(&self.checksums.join(checksum))?;
            }
        }
        Ok(())
    }

    /// Returns the names of the code files of a component, each with the path of its checksum.
    fn checksums_of(&self, digest: &Digest) -> Vec<(String, PathBuf)> {
        let names = names_in(&self.checksums).unwrap_or_default();
        let of_component = names.into_iter().filter_map(|name| {
            let code = code_name(&name)?.to_owned();
            (checksum_name(&code, digest) == name).then(|| (code, self.checksums.join(name)))
        });

        of_component.collect()
    }

    /// Returns the names of all code files.
    fn names(&self) -> BTreeSet<String> {
        let files = self.files().unwrap_or_default();
        let names = files.iter().filter_map(|file| file.file_name()?.to_str());

        names
            .filter(|name| Path::new(name).extension().is_none())
            .map(str::to_owned)
            .collect()
    }

    /// Returns the files with this name, one per engine version.
    fn files_named(&self, name: &str) -> Vec<PathBuf> {
        let versions = names_in(&self.modules).unwrap_or_default();
        let files = versions
            .iter()
            .map(|version| self.modules.join(version).join(name));

        files
            .filter(|file| file.symlink_metadata().is_ok())
            .collect()
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for version in names_in(&self.modules)? {
            let version = self.modules.join(version);
            files.extend(
                names_in(&version)?
                    .into_iter()
                    .map(|name| version.join(name)),
            );
        }
        Ok(files)
    }
}

/// Joins the two parts with a dot, which neither of them contains.
fn checksum_name(code: &str, digest: &Digest) -> String {
    format!("{code}.{digest}")
}

fn code_name(checksum: &str) -> Option<&str> {
    checksum.split_once('.').map(|(code, _)| code)
}

fn is_abandoned(path: &Path) -> bool {
    let age = path
        .symlink_metadata()
        .and_then(|known| known.modified())
        .map(|at| SystemTime::now().duration_since(at));

    matches!(age, Ok(Ok(age)) if age > ABANDONED_AFTER)
}

/// Returns the names in a folder, or none if the folder does not exist. Names that are not UTF-8
/// are skipped, since the host and the engine do not create any.
fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect()),
        // An entry that is not a folder is not an engine version. The engine cleans up there
        // itself.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}
