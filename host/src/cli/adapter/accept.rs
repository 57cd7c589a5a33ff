//! `job-scanner adapter accept`: a person says that an adapter may do what it asks for.

use std::io::{self, BufRead as _, IsTerminal as _};

use job_scanner_core::adapter::Grants;
use job_scanner_sandbox::{AcceptanceStatus, Candidate};
use job_scanner_views::cells::whole;

use crate::cli::adapter::asked::asked_table;
use crate::cli::adapter::setting::{Finder, Setting};
use crate::cli::exit_code::{GOOD, HAD_ERRORS, WRONG};
use crate::cli::output::print;
use crate::terminal::{say, say_line};

/// The arguments of `adapter accept`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The files of adapters, or the types under which sources find them
    #[arg(value_name = "FILE|NAME", required = true)]
    adapters: Vec<String>,

    /// Do not ask: for scripts, after somebody looked
    #[arg(long)]
    yes: bool,

    /// Ask hosts as often as the adapter wants to, also more than 4 times a second
    #[arg(long)]
    with_rates: bool,
}

/// Shows what each asks for, asks, and writes it down. What was compiled to be asked is kept for
/// the first scan.
pub(super) async fn run(
    setting: &dyn Fn() -> anyhow::Result<Setting>,
    options: &Options,
) -> anyhow::Result<u8> {
    let mut finder = Finder::new(setting);
    for named in &options.adapters {
        let candidate = finder.look_at(named).await?;
        let code = accept(&candidate, options)?;
        if code != GOOD {
            return Ok(code);
        }
    }
    Ok(GOOD)
}

fn accept(candidate: &Candidate, options: &Options) -> anyhow::Result<u8> {
    let granted = granted(candidate, options);
    let manifest = candidate.manifest();
    let (name, version) = (&manifest.name, whole(&manifest.version));
    let path = whole(&candidate.path.display().to_string());

    if is_settled(candidate, &granted, options) {
        print(&format!(
            "{name} {version} in `{path}` is accepted as it is\n"
        ))?;
        return Ok(GOOD);
    }

    let digest = &candidate.digest;
    let asked = asked_table(candidate);
    let rates = rates(candidate, options);
    print(&format!(
        "{name} {version} in `{path}` (SHA-256 {digest}) asks for:\n{asked}{rates}"
    ))?;

    match confirmed(options)? {
        Some(true) => {
            candidate.accept(granted)?;
            print(&format!("accepted {name} {version}\n"))?;
            Ok(GOOD)
        }
        Some(false) => {
            say_line("not accepted, nothing was written");
            Ok(HAD_ERRORS)
        }
        None => {
            say_line(
                "error: there is no terminal to ask on; look at what it asks for and add `--yes`",
            );
            Ok(WRONG)
        }
    }
}

/// Returns what an acceptance grants: all that is asked for, but for higher rates than usual that
/// the operator does not want.
fn granted(candidate: &Candidate, options: &Options) -> Grants {
    let asked = candidate.manifest().requested_grants();
    if options.with_rates {
        asked
    } else {
        asked.with_rates_capped()
    }
}

/// Returns true if these very bytes are accepted, with at least what would be granted now.
fn is_settled(candidate: &Candidate, granted: &Grants, options: &Options) -> bool {
    if candidate.acceptance_status() != AcceptanceStatus::Accepted {
        return false;
    }
    let known = candidate.accepted.as_ref();
    known.is_some_and(|known| known.grants == *granted || !options.with_rates)
}

/// Says so when less is granted than the table shows.
fn rates(candidate: &Candidate, options: &Options) -> &'static str {
    let asked = candidate.manifest().requested_grants();
    if options.with_rates || asked == asked.clone().with_rates_capped() {
        return "";
    }
    "no host is asked more than 4 times a second, unless you add `--with-rates`\n"
}

/// Returns the answer of the operator at the terminal; `None` when there is no terminal.
fn confirmed(options: &Options) -> io::Result<Option<bool>> {
    if options.yes {
        return Ok(Some(true));
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }

    say("Accept it? [y/N] ");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    let answer = answer.trim().to_lowercase();
    Ok(Some(answer == "y" || answer == "yes"))
}
