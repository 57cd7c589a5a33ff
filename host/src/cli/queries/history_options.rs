//! The options of the commands that show history.

use crate::cli::output::Format;

/// The arguments of `runs`, `alerts` and `deliveries`.
#[derive(Debug, clap::Args)]
pub(crate) struct HistoryOptions {
    /// Maximum number of rows, newest first
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub(crate) limit: u32,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}
