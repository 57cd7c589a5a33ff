//! The output formats of results.

use clap::ValueEnum;

/// The output format of a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// For programs; docs/json.md describes the JSON
    Json,
}
