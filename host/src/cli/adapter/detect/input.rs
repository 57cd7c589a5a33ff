//! The addresses of a call: its arguments, standard input and a file.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use job_scanner_files::regular_file;

use crate::cli::usage::{UsageError, path_argument};
use crate::kit::detect::addresses_in;

/// The maximum size of a list of addresses.
const MAX_LIST_BYTES: u64 = 1024 * 1024;

/// The argument and the file that stand for standard input.
const STDIN: &str = "-";

/// The arguments that name addresses.
#[derive(Debug, clap::Args)]
pub(crate) struct AddressArguments {
    /// Addresses of careers pages, postings, application forms, feeds or sitemaps; `-` reads them
    /// from standard input
    #[arg(value_name = "URL", required_unless_present = "file")]
    addresses: Vec<String>,

    /// File with one address per line, or `-` for standard input; empty lines and lines that begin
    /// with `#` are skipped
    #[arg(long, value_name = "FILE", value_parser = path_argument())]
    file: Option<PathBuf>,
}

/// The addresses of a call. There is at least one.
pub(crate) struct Input {
    pub(crate) addresses: Vec<String>,
    /// True if the output is a list: for several addresses, a file or standard input.
    pub(super) is_list: bool,
}

impl Input {
    /// Reads all addresses.
    pub(crate) fn read(options: &AddressArguments) -> anyhow::Result<Self> {
        let mut addresses = Vec::new();
        for argument in &options.addresses {
            match argument.as_str() {
                STDIN => addresses.extend(addresses_in(&read_stdin()?)),
                text => addresses.extend(addresses_in(text)),
            }
        }
        if let Some(file) = &options.file {
            let text = if file == Path::new(STDIN) {
                read_stdin()?
            } else {
                read_file(file)?
            };
            addresses.extend(addresses_in(&text));
        }

        if addresses.is_empty() {
            let wrong =
                "the list has no address; write one per line, such as https://jobs.lever.co/acme";
            return Err(UsageError(wrong.to_owned()).into());
        }
        let has_list = options.file.is_some() || options.addresses.iter().any(|text| text == STDIN);
        Ok(Self {
            is_list: has_list || addresses.len() > 1,
            addresses,
        })
    }
}

fn read_file(file: &Path) -> Result<String, UsageError> {
    regular_file::read_text(file, MAX_LIST_BYTES)
        .map_err(|error| UsageError(format!("cannot read `{}`: {error}", file.display())))
}

fn read_stdin() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let mut limited = io::stdin().lock().take(MAX_LIST_BYTES + 1);
    limited
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;

    if bytes.len() as u64 > MAX_LIST_BYTES {
        let wrong = "standard input is longer than 1 MiB; pass fewer addresses at a time";
        return Err(UsageError(wrong.to_owned()).into());
    }
    String::from_utf8(bytes)
        .map_err(|_| UsageError("standard input is not UTF-8 text".to_owned()).into())
}
