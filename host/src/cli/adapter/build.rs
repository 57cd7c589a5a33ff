//! `job-scanner adapter build`: builds a project with the tools of its language, and shows the
//! result.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

use anyhow::{Context as _, bail};
use job_scanner_core::escape::Printable;
use job_scanner_sandbox::{Candidate, Catalog};
use job_scanner_views::cells::whole;

use crate::cli::adapter::accept::{Consent, accept};
use crate::cli::adapter::settings::AdapterSettings;
use crate::cli::adapter::watch::watch;
use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;
use crate::cli::usage::{UsageError, path_argument};
use crate::kit::project::Project;

/// The time between two looks at a running build.
const BUILD_POLL: Duration = Duration::from_millis(20);

/// The arguments of `adapter build`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Folder of the project, with build.sh in it
    #[arg(value_name = "DIR", default_value = ".", value_parser = path_argument())]
    dir: PathBuf,

    /// Then show what the adapter requests, and accept it after confirmation, as `adapter accept`
    #[arg(long)]
    accept: bool,

    /// Do not ask for that confirmation
    #[arg(long, requires = "accept")]
    yes: bool,

    /// Build and check again whenever the source code changes, until Ctrl-C
    #[arg(long)]
    watch: bool,
}

impl Options {
    /// Returns the consent for the acceptance; `None` if nothing is to be accepted.
    fn consent(&self) -> Option<Consent> {
        self.accept.then_some(Consent {
            yes: self.yes,
            with_rates: false,
        })
    }
}

/// Runs the project's `build.sh`, which prints the command that installs a missing tool, and
/// inspects the component that it built.
pub(super) async fn run(options: &Options) -> anyhow::Result<u8> {
    let project = find_project(&options.dir)?;
    let catalog = AdapterSettings::without_configuration().catalog()?;
    let consent = options.consent();
    if options.watch {
        if consent.is_some_and(|consent| !consent.yes) {
            let wrong = "`--watch` cannot ask for confirmation; add `--yes`, or run `adapter accept` afterwards";
            return Err(UsageError(wrong.to_owned()).into());
        }
        return watch(&project, &catalog, consent).await;
    }

    let built = build(&project, &catalog).await?;
    consent.map_or(Ok(SUCCESS), |consent| accept(&built, consent))
}

fn find_project(folder: &Path) -> anyhow::Result<Project> {
    let folder = std::path::absolute(folder)
        .with_context(|| format!("cannot find the folder `{}`", folder.display()))?;
    if let Some(project) = Project::in_folder(&folder) {
        return Ok(project);
    }

    let script = folder.join("build.sh");
    let missing = if folder.is_dir() { &script } else { &folder };
    let remedy = "`job-scanner adapter new` creates projects that can be built";
    Err(UsageError(format!("`{}` does not exist; {remedy}", missing.display())).into())
}

/// Builds a project, shows the component and returns it.
///
/// # Errors
///
/// When the build fails. The component of an earlier build is then set aside: it would be mistaken
/// for the result.
pub(super) async fn build(project: &Project, catalog: &Catalog) -> anyhow::Result<Candidate> {
    let script = project.script();
    let shown = script.display();
    let status = run_script(project)
        .await
        .with_context(|| format!("cannot run `{shown}`"))?;
    if !status.success() {
        let aside = set_aside(project)?;
        bail!("`{shown}` failed ({status}); see its output above{aside}");
    }

    let folder = project.folder().display();
    let component = project
        .component()
        .with_context(|| format!("cannot list `{folder}`"))?
        .with_context(|| format!("the build created no .wasm file in `{folder}`"))?;
    project.forget_earlier(&component);

    let built = catalog.inspect(&component).await?;
    print(&render_text(&built))?;
    Ok(built)
}

/// Runs the script. If this is cancelled, the script is killed.
async fn run_script(project: &Project) -> std::io::Result<ExitStatus> {
    let child = Command::new(project.script())
        .current_dir(project.folder())
        .spawn()?;
    let mut running = RunningScript(child);
    loop {
        if let Some(status) = running.0.try_wait()? {
            return Ok(status);
        }
        tokio::time::sleep(BUILD_POLL).await;
    }
}

/// A script that is killed when this is dropped, unless it has ended.
struct RunningScript(Child);

impl Drop for RunningScript {
    fn drop(&mut self) {
        // An error means that it has already ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sets the component of an earlier build aside. Returns the end of the message, empty without one.
fn set_aside(project: &Project) -> anyhow::Result<String> {
    let aside = project
        .set_component_aside()
        .context("the build failed, and its earlier result cannot be renamed")?;
    Ok(aside.map_or_else(String::new, |component| {
        let name = component.file_name().unwrap_or_default().to_string_lossy();
        let name = Printable(&name);
        format!(
            "; the earlier `{name}` is now `{name}.old`, so that it is not mistaken for the result"
        )
    }))
}

fn render_text(built: &Candidate) -> String {
    let path = whole(&built.path.display().to_string());
    let kibibytes = built.size.div_ceil(1024);
    let imports: Vec<String> = built
        .interfaces()
        .imports
        .iter()
        .map(|name| whole(name))
        .collect();
    let imports = imports.join(", ");
    format!(
        "{path}: {kibibytes} KiB\nimports {imports}\nSHA-256 {}\n",
        built.digest
    )
}
