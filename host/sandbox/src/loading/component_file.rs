//! A component's file: read once, hashed, and checked before it is compiled.

use std::io;
use std::path::{Path, PathBuf};

use job_scanner_core::adapter::Digest;
use job_scanner_files::regular_file;
use sha2::{Digest as _, Sha256};

use crate::loading::load_error::LoadError;

/// The largest component that is read, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The first bytes of a WebAssembly file, followed by the version field of a module or of a
/// component.
const MAGIC: &[u8] = b"\0asm";
const MODULE: [u8; 4] = [1, 0, 0, 0];
const COMPONENT: [u8; 4] = [0x0d, 0, 1, 0];
/// The first bytes of precompiled code.
const ELF: &[u8] = b"\x7fELF";

/// The bytes of a file and their digest, so that the hashed bytes are the compiled bytes.
pub(crate) struct ComponentFile {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
}

/// The reason why the file of an adapter cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system reports an error.
    #[error("cannot read the adapter `{}`", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
    /// The file is larger than [`MAX_BYTES`].
    #[error("the adapter `{}` has more than {MAX_BYTES} bytes", path.display())]
    TooLarge { path: PathBuf },
}

impl ComponentFile {
    /// Reads a regular file of up to [`MAX_BYTES`].
    pub(crate) fn read(path: &Path) -> Result<Self, FileError> {
        let unreadable = |error| FileError::Unreadable {
            path: path.to_owned(),
            error,
        };

        let bytes = regular_file::read(path, MAX_BYTES).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => FileError::TooLarge {
                path: path.to_owned(),
            },
            _ => unreadable(error),
        })?;
        let digest = digest_of(&bytes).map_err(unreadable)?;

        Ok(Self {
            path: path.to_owned(),
            bytes,
            digest,
        })
    }

    /// Returns the name for log messages: the file's name without the extension.
    pub(crate) fn name(&self) -> String {
        self.path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// Checks that the bytes begin like a component.
    ///
    /// # Errors
    ///
    /// [`LoadError::NotComponent`] with a description of the file's actual format.
    pub(crate) fn check_form(&self) -> Result<(), LoadError> {
        let not_component = |message: &str| Err(LoadError::NotComponent(message.to_owned()));

        let Some(kind) = self.bytes.strip_prefix(MAGIC) else {
            return not_component(match self.bytes.as_slice() {
                [] => "the file is empty",
                bytes if bytes.starts_with(ELF) => {
                    "this is precompiled code (`.cwasm`), which is never run; use the `.wasm` file that it was compiled from"
                }
                _ => "the file is not WebAssembly",
            });
        };

        match kind.first_chunk() {
            Some(&COMPONENT) => Ok(()),
            Some(&MODULE) => not_component(
                "this is a core module, not a component; link it with `wasm-component-ld`, or convert it with \
                 `wasm-tools component new`",
            ),
            Some(_) => not_component("this version of WebAssembly is not supported"),
            None => not_component("the file is truncated"),
        }
    }
}

fn digest_of(bytes: &[u8]) -> io::Result<Digest> {
    format!("{:x}", Sha256::digest(bytes))
        .parse()
        .map_err(io::Error::other)
}
