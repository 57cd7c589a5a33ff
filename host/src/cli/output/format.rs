//! Formats that results are printed in.

use clap::ValueEnum;

/// How a result is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// For programs; docs/json.md describes the shapes
    Json,
}
