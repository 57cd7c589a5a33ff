//! `job-scanner completions`: what a shell needs to complete commands and flags.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::output::print;
use crate::cli::{Arguments, GOOD};

/// For which shell.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// The shell that asks
    shell: Shell,
}

/// Prints a script for the shell to read.
pub(super) fn run(options: &Options) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(
        options.shell,
        &mut Arguments::command(),
        "job-scanner",
        &mut script,
    );
    print(&String::from_utf8_lossy(&script))?;
    Ok(GOOD)
}
