//! `job-scanner adapter build --watch`: builds and checks a project again whenever its source code
//! changes.

use std::time::Duration;

use job_scanner_core::escape::Printable;
use job_scanner_sandbox::Catalog;

use crate::cli::adapter::accept::{Consent, accept};
use crate::cli::adapter::build::build;
use crate::cli::adapter::check::check_built;
use crate::cli::exit_code::SUCCESS;
use crate::cli::signals::{Signal, Signals};
use crate::kit::project::Project;
use crate::terminal::write_stderr_line;

/// The time between two looks at the source code.
const POLL: Duration = Duration::from_millis(200);

/// Builds, checks and, with consent, accepts the project now and after each change, until a signal
/// to stop. A failure is printed, and the next change tries again.
pub(super) async fn watch(
    project: &Project,
    catalog: &Catalog,
    consent: Option<Consent>,
) -> anyhow::Result<u8> {
    let mut signals = Signals::listen()?;
    let rounds = async {
        loop {
            // A change during the build leads to another one, so this comes first.
            let built_from = project.sources().content_hash();
            if let Err(error) = build_and_check(project, catalog, consent).await {
                write_stderr_line(Printable(&format!("error: {error:#}")));
            }
            write_stderr_line(format_args!(
                "watching `{}` for changes; Ctrl-C ends it",
                Printable(&project.folder().display().to_string())
            ));
            wait_for_change(project, built_from).await;
        }
    };

    tokio::select! {
        () = rounds => {}
        () = stopped(&mut signals) => {}
    }
    Ok(SUCCESS)
}

async fn build_and_check(
    project: &Project,
    catalog: &Catalog,
    consent: Option<Consent>,
) -> anyhow::Result<()> {
    let built = build(project, catalog).await?;
    check_built(catalog, &built.path).await?;
    if let Some(consent) = consent {
        accept(&built, consent)?;
    }
    Ok(())
}

/// Waits until the contents differ from those with this hash, and an editor has finished writing.
async fn wait_for_change(project: &Project, built_from: u64) {
    let (mut seen, mut is_compared) = (None, false);
    loop {
        let sources = project.sources();
        if seen.as_ref() != Some(&sources) {
            (seen, is_compared) = (Some(sources), false);
        } else if !is_compared {
            if sources.content_hash() != built_from {
                return;
            }
            is_compared = true;
        }
        tokio::time::sleep(POLL).await;
    }
}

async fn stopped(signals: &mut Signals) {
    loop {
        if matches!(signals.next().await, Signal::Stop | Signal::TerminalClosed) {
            return;
        }
    }
}
