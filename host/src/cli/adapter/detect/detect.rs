//! The command: its arguments, its output and its exit code.
//!
//! Not here: the patterns of addresses ([`crate::kit::detect`]).

use job_scanner_views::adapters::{DetectedSourceOfManyView, DetectedSourceView};

use crate::cli::adapter::detect::input::{AddressArguments, Input};
use crate::cli::adapter::detect::report::report_unrecognized;
use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::{Format, print, print_json};
use crate::kit::detect::{Detected, DetectedSources, source_block, source_line};

/// The arguments of `adapter detect`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    addresses: AddressArguments,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Prints the sources, ready to be pasted under `sources:`. It makes no requests, so it does not
/// check whether the boards exist.
///
/// The exit code is 0 if a source is known for every address, otherwise 1.
pub(crate) fn run(options: &Options) -> anyhow::Result<u8> {
    let input = Input::read(&options.addresses)?;
    let results = DetectedSources::of(&input.addresses);
    report_unrecognized(&results);

    match options.format {
        Format::Json if input.is_list => print_json(&list_view(&results))?,
        Format::Json => {
            for source in results.sources() {
                print_json(&view(source))?;
            }
        }
        Format::Table if input.is_list => print(&source_block(results.sources()))?,
        Format::Table => {
            for source in results.sources() {
                print(&source_line(source))?;
            }
        }
    }
    Ok(if results.unrecognized.is_empty() {
        SUCCESS
    } else {
        FAILURE
    })
}

/// Returns the JSON of all sources, with the addresses of each.
fn list_view(results: &DetectedSources) -> Vec<DetectedSourceOfManyView<'_>> {
    let views = results.found.iter().map(|found| DetectedSourceOfManyView {
        source: view(&found.source),
        addresses: &found.addresses,
    });
    views.collect()
}

fn view(found: &Detected) -> DetectedSourceView<'_> {
    DetectedSourceView {
        identifier: &found.identifier,
        options: &found.options,
        r#type: found.adapter,
    }
}
