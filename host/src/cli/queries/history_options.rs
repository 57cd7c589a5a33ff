//! The options of the commands that look back.

use crate::cli::output::Format;

/// The arguments of `runs`, `alerts` and `deliveries`.
#[derive(Debug, clap::Args)]
pub(crate) struct HistoryOptions {
    /// At most so many, the newest first
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub(super) limit: u32,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}
