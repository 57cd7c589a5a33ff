//! `job-scanner adapter new`: creates a starter project for an adapter.

use std::path::PathBuf;

use job_scanner_core::key::AdapterName;
use job_scanner_views::cells::whole;

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;
use crate::cli::usage::{UsageError, path_argument};
use crate::kit::new::{Language, NewError, write_project};

/// The arguments of `adapter new`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Name of the adapter, the `type` of its sources: lower-case letters, digits and hyphens
    #[arg(value_name = "NAME", value_parser = |text: &str| AdapterName::new(text))]
    name: AdapterName,

    /// Programming language
    #[arg(long, value_enum, default_value_t)]
    lang: Language,

    /// Folder of the project [default: ./NAME]
    #[arg(long, value_name = "DIR", value_parser = path_argument())]
    dir: Option<PathBuf>,
}

/// Writes the project and prints the next commands.
pub(super) fn run(options: &Options) -> anyhow::Result<u8> {
    let name = options.name.as_str();
    let folder = options.dir.clone().unwrap_or_else(|| name.into());

    write_project(&options.name, options.lang, &folder).map_err(|error| match error {
        NewError::NotEmpty(_) => UsageError(error.to_string()).into(),
        NewError::Write { .. } => anyhow::Error::from(error),
    })?;

    let shown = whole(&folder.display().to_string());
    print(&format!(
        "Created {shown}; its README.md explains the files.\n\n  cd {shown}\n  job-scanner adapter build\n  job-scanner \
         adapter check ./{name}.wasm\n"
    ))?;
    Ok(SUCCESS)
}
