//! `job-scanner source add`: adds the sources that read the boards at addresses.

use std::fmt::Write as _;
use std::sync::Arc;

use job_scanner_config::{Config, ConfigErrors};
use job_scanner_core::escape::Printable;
use job_scanner_core::quantity::counted;

use crate::cli::adapter::{AddressArguments, Input, report_unrecognized};
use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::print;
use crate::kit::add::{AddOutcome, AddedSource, add_sources};
use crate::kit::detect::{Detected, DetectedSources};
use crate::startup;
use crate::startup::Folders;
use crate::terminal::write_stderr_line;

/// The arguments of `source add`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    addresses: AddressArguments,
}

/// Writes each new source to a file in the folder `sources.d`, next to the configuration. It makes
/// no requests, so it does not check whether the boards exist.
///
/// The exit code is 0 if the configuration has a source for every address now, otherwise 1. An
/// address that is not recognized does not keep the others from being added.
pub(super) async fn run(
    config: &Config,
    load: impl Fn() -> Result<Config, ConfigErrors>,
    options: &Options,
) -> anyhow::Result<u8> {
    let input = Input::read(&options.addresses)?;
    let detected = DetectedSources::of(&input.addresses);
    report_unrecognized(&detected);

    let found: Vec<Detected> = detected.sources().cloned().collect();
    if found.is_empty() {
        return Ok(FAILURE);
    }
    let folders = Folders::of_process();
    let catalog = Arc::new(startup::catalog(
        &config.adapters,
        &config.advanced,
        &folders,
    )?);
    let added = add_sources(load, &catalog, &found).await?;

    report_refused(&added);
    print(&render_text(&added))?;
    let refused = |added: &AddedSource| matches!(added.outcome, AddOutcome::Refused(_));
    Ok(
        if detected.unrecognized.is_empty() && !added.iter().any(refused) {
            SUCCESS
        } else {
            FAILURE
        },
    )
}

fn report_refused(added: &[AddedSource]) {
    for AddedSource { key, outcome, .. } in added {
        let AddOutcome::Refused(reasons) = outcome else {
            continue;
        };
        for reason in reasons {
            let line = format!("`{key}` is not added: {reason}");
            write_stderr_line(Printable(&line));
        }
    }
}

/// Returns a line for each source that the configuration has now, and the next step.
fn render_text(added: &[AddedSource]) -> String {
    let (mut text, mut written) = (String::new(), 0);
    for AddedSource { key, name, outcome } in added {
        let line = match outcome {
            AddOutcome::Written(file) => {
                written += 1;
                format!("wrote `{}`: {key} ({name})", file.display())
            }
            AddOutcome::Known(file, position) => {
                let (file, line) = (file.display(), position.line);
                format!("{key} is already in `{file}`, line {line}")
            }
            AddOutcome::Refused(_) => continue,
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", Printable(&line));
    }

    if written > 0 {
        let count = counted(written, "source", "sources");
        let _ = writeln!(
            text,
            "added {count}; `job-scanner scan` reads them at once, a running job-scanner after SIGHUP"
        );
    }
    text
}
