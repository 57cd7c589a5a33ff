//! `job-scanner adapter accept`: the operator grants an adapter what it requests.

use std::io::{self, BufRead as _, IsTerminal as _};

use job_scanner_core::adapter::Grants;
use job_scanner_sandbox::{AcceptanceStatus, Candidate};
use job_scanner_views::cells::whole;

use crate::cli::adapter::requests::requests_table;
use crate::cli::adapter::settings::{AdapterSettings, Finder};
use crate::cli::exit_code::{FAILURE, SUCCESS, USAGE_ERROR};
use crate::cli::output::print;
use crate::terminal::{write_stderr, write_stderr_line};

/// The arguments of `adapter accept`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Adapter files, or the types of their sources
    #[arg(value_name = "FILE|NAME", required = true)]
    adapters: Vec<String>,

    #[command(flatten)]
    consent: Consent,
}

/// The operator's consent, as far as the arguments give it.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Consent {
    /// Do not ask for confirmation, for example in a script
    #[arg(long)]
    pub(super) yes: bool,

    /// Also grant the request rates of the adapter that exceed 4 per second
    #[arg(long)]
    pub(super) with_rates: bool,
}

/// Shows the requests of each adapter, asks for confirmation, and records the acceptance. The
/// adapter was compiled to read its manifest, and the compiled code is kept for the first scan.
pub(super) async fn run(
    settings: &dyn Fn() -> anyhow::Result<AdapterSettings>,
    options: &Options,
) -> anyhow::Result<u8> {
    let mut finder = Finder::new(settings);
    for argument in &options.adapters {
        let candidate = finder.look_at(argument).await?;
        let code = accept(&candidate, options.consent)?;
        if code != SUCCESS {
            return Ok(code);
        }
    }
    Ok(SUCCESS)
}

/// Shows the requests of an adapter, asks for confirmation, and records the acceptance. Returns the
/// exit code.
pub(super) fn accept(candidate: &Candidate, consent: Consent) -> anyhow::Result<u8> {
    let granted = granted(candidate, consent);
    let manifest = candidate.manifest();
    let (name, version) = (&manifest.name, whole(&manifest.version));
    let path = whole(&candidate.path.display().to_string());

    if is_already_accepted(candidate, &granted, consent) {
        print(&format!(
            "{name} {version} in `{path}` is already accepted\n"
        ))?;
        return Ok(SUCCESS);
    }

    let digest = &candidate.digest;
    let requests = requests_table(candidate);
    let rates_note = rates_note(candidate, consent);
    print(&format!(
        "{name} {version} in `{path}` (SHA-256 {digest}) requests:\n{requests}{rates_note}"
    ))?;

    match ask_for_confirmation(consent)? {
        Some(true) => {
            candidate.accept(granted)?;
            print(&format!("accepted {name} {version}\n"))?;
            Ok(SUCCESS)
        }
        Some(false) => {
            write_stderr_line("not accepted; nothing was changed");
            Ok(FAILURE)
        }
        None => {
            write_stderr_line(
                "error: cannot ask for confirmation without a terminal; review the requests and add `--yes`",
            );
            Ok(USAGE_ERROR)
        }
    }
}

/// Returns the grants of an acceptance: everything that is requested, except for higher rates than
/// usual if the operator did not ask for them.
fn granted(candidate: &Candidate, consent: Consent) -> Grants {
    let requests = candidate.manifest().requested_grants();
    if consent.with_rates {
        requests
    } else {
        requests.with_rates_capped()
    }
}

/// Returns true if exactly these bytes are already accepted, with at least the grants of this
/// acceptance.
fn is_already_accepted(candidate: &Candidate, granted: &Grants, consent: Consent) -> bool {
    if candidate.acceptance_status() != AcceptanceStatus::Accepted {
        return false;
    }
    let earlier = candidate.accepted.as_ref();
    earlier.is_some_and(|earlier| earlier.grants == *granted || !consent.with_rates)
}

/// Returns a note if less is granted than the table shows.
fn rates_note(candidate: &Candidate, consent: Consent) -> &'static str {
    let requests = candidate.manifest().requested_grants();
    if consent.with_rates || requests == requests.clone().with_rates_capped() {
        return "";
    }
    "each host receives at most 4 requests per second, unless you add `--with-rates`\n"
}

/// Asks the operator at the terminal. `None` without a terminal.
fn ask_for_confirmation(consent: Consent) -> io::Result<Option<bool>> {
    if consent.yes {
        return Ok(Some(true));
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }

    write_stderr("Accept it? [y/N] ");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    let answer = answer.trim().to_lowercase();
    Ok(Some(answer == "y" || answer == "yes"))
}
