//! The command: its arguments, its output and its exit code.
//!
//! Not here: the patterns of addresses ([`crate::kit::detect`]).

use std::path::PathBuf;

use crate::cli::adapter::detect::input::Input;
use crate::cli::adapter::detect::results::DetectResults;
use crate::cli::adapter::detect::yaml::{source_block, source_line};
use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::{Format, print, print_json};
use crate::cli::usage::path_argument;

/// The arguments of `adapter detect`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Addresses of careers pages, postings, application forms, feeds or sitemaps; `-` reads them
    /// from standard input
    #[arg(value_name = "URL", required_unless_present = "file")]
    pub(super) addresses: Vec<String>,

    /// File with one address per line, or `-` for standard input; empty lines and lines that begin
    /// with `#` are skipped
    #[arg(long, value_name = "FILE", value_parser = path_argument())]
    pub(super) file: Option<PathBuf>,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Prints the sources, ready to be pasted under `sources:`. It makes no requests, so it does not
/// check whether the boards exist.
///
/// The exit code is 0 if a source is known for every address, otherwise 1.
pub(crate) fn run(options: &Options) -> anyhow::Result<u8> {
    let input = Input::read(options)?;
    let results = DetectResults::of(&input.addresses);
    results.report_unrecognized();

    match options.format {
        Format::Json if input.is_list => print_json(&results.list_view())?,
        Format::Json => {
            for view in results.views() {
                print_json(&view)?;
            }
        }
        Format::Table if input.is_list => print(&source_block(results.sources()))?,
        Format::Table => {
            for source in results.sources() {
                print(&source_line(source))?;
            }
        }
    }
    Ok(if results.are_complete() {
        SUCCESS
    } else {
        FAILURE
    })
}
