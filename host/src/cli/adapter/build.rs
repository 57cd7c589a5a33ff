//! `job-scanner adapter build`: builds a project with the tools of its language, and shows the
//! result.

use std::fs::DirEntry;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use job_scanner_sandbox::Candidate;
use job_scanner_views::cells::whole;

use crate::cli::adapter::settings::AdapterSettings;
use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;
use crate::cli::usage::{UsageError, path_argument};

/// The arguments of `adapter build`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Folder of the project, with build.sh in it
    #[arg(value_name = "DIR", default_value = ".", value_parser = path_argument())]
    dir: PathBuf,
}

/// Runs the project's `build.sh`, which prints the command that installs a missing tool, and
/// inspects the component that it built.
pub(super) async fn run(options: &Options) -> anyhow::Result<u8> {
    let folder = std::path::absolute(&options.dir)
        .with_context(|| format!("cannot find the folder `{}`", options.dir.display()))?;
    let script = folder.join("build.sh");
    let shown = script.display();
    if !script.is_file() {
        let missing = if folder.is_dir() { &script } else { &folder };
        let remedy = "`job-scanner adapter new` creates projects that can be built";
        let missing = missing.display();
        return Err(UsageError(format!("`{missing}` does not exist; {remedy}")).into());
    }

    let status = Command::new(&script)
        .current_dir(&folder)
        .status()
        .with_context(|| format!("cannot run `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status}); see its output above");
    }

    let component = newest_component(&folder)?;
    let catalog = AdapterSettings::without_configuration().catalog()?;
    let built = catalog.inspect(&component).await?;
    print(&render_text(&built))?;
    Ok(SUCCESS)
}

/// Returns the newest component in the folder.
fn newest_component(folder: &Path) -> anyhow::Result<PathBuf> {
    let entries = folder
        .read_dir()
        .with_context(|| format!("cannot list `{}`", folder.display()))?;

    let written = |entry: io::Result<DirEntry>| {
        let entry = entry.ok()?;
        let path = entry.path();
        let is_component = path.extension()? == "wasm";
        let modified = entry.metadata().ok()?.modified().ok()?;
        is_component.then_some((modified, path))
    };
    let newest = entries.filter_map(written).max();
    let (_, path) = newest
        .with_context(|| format!("the build created no .wasm file in `{}`", folder.display()))?;
    Ok(path)
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
