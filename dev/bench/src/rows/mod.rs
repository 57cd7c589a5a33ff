//! The rows of the benchmark, one file each.

mod load;
mod many_sources;
mod memory;
mod page;
mod rest;
mod sandbox_tax;
mod scans;
mod start;
mod terms;

use std::fmt;
use std::path::Path;

use clap::ValueEnum;

use crate::report::Row;

/// A row, or several that are measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowName {
    /// Parsing a board in the sandbox and natively
    SandboxTax,
    /// A first scan of 200 boards, and an unchanged second one
    Scans,
    /// Time from the start of the process to its first request
    Start,
    /// Loading all first-party adapters
    Load,
    /// Peak memory with 200 and with 2,000 boards
    Memory,
    /// Memory of a daemon between two runs
    Rest,
    /// Start, commands, scans and memory with 6,000 sources
    ManySources,
    /// Matching 10 and 1,000 terms
    Terms,
    /// The page with 100,000 stored jobs
    Page,
}

impl RowName {
    /// Measures the row. Temporary files are written to `folder`.
    pub(crate) async fn measure(self, folder: &Path) -> anyhow::Result<Vec<Row>> {
        match self {
            Self::SandboxTax => sandbox_tax::measure(folder).await,
            Self::Scans => scans::measure(folder).await,
            Self::Start => start::measure(folder).await,
            Self::Load => load::measure(folder).await,
            Self::Memory => memory::measure(folder),
            Self::Rest => rest::measure(folder),
            Self::ManySources => many_sources::measure(folder).await,
            Self::Terms => terms::measure(),
            Self::Page => page::measure(folder).await,
        }
    }
}

/// Writes the name of the row on the command line.
impl fmt::Display for RowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_possible_value()
            .map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}
