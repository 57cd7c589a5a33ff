//! `job-scanner completions`: prints a shell script that completes commands and flags.

use clap::Command;
use clap_complete::Shell;

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;

/// The arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Shell to print the script for
    shell: Shell,
}

/// Prints a script that completes `arguments`.
pub(super) fn run(options: &Options, arguments: &mut Command) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, arguments, "job-scanner", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(SUCCESS)
}
