//! `sources`: the boards to scan, in `config.yaml` and in the folder `sources.d`.

mod duplicates;
pub(crate) mod files;
mod sources;

pub(crate) use self::duplicates::duplicates;
pub(crate) use self::sources::{Defaults, none_if_zero, read, read_file};
pub use self::sources::{SourceConfig, SourcePositions};
