//! The promises, one file each.

mod load;
mod memory;
mod sandbox_tax;
mod scans;
mod start;
mod terms;

use std::fmt;
use std::path::Path;

use clap::ValueEnum;

use crate::report::Row;

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowName {
    /// Reading a board in the sandbox and natively
    SandboxTax,
    /// A first scan of 200 boards, and an unchanged second one
    Scans,
    /// From the start of the process to its first request
    Start,
    /// Loading all first-party adapters
    Load,
    /// Peak memory of 200 and of 2,000 boards
    Memory,
    /// Matching 10 and 1,000 terms
    Terms,
}

impl RowName {
    /// Measures; `folder` is for what is written meanwhile.
    pub(crate) async fn measure(self, folder: &Path) -> anyhow::Result<Vec<Row>> {
        match self {
            Self::SandboxTax => sandbox_tax::measure(folder).await,
            Self::Scans => scans::measure(folder).await,
            Self::Start => start::measure(folder).await,
            Self::Load => load::measure(folder).await,
            Self::Memory => memory::measure(folder),
            Self::Terms => terms::measure(),
        }
    }
}

/// As on the command line.
impl fmt::Display for RowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_possible_value()
            .map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}
