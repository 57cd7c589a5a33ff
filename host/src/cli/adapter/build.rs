//! `job-scanner adapter build`: builds a project with its language's own tools, and says what came
//! of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use job_scanner_core::escape::Printable;
use job_scanner_sandbox::Candidate;

use crate::cli::adapter::setting::Setting;
use crate::cli::exit_code::GOOD;
use crate::cli::output::print;
use crate::cli::usage::{WrongUsage, path_argument};

/// Which project.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The project's folder, with build.sh in it
    #[arg(value_name = "DIR", default_value = ".", value_parser = path_argument())]
    dir: PathBuf,
}

/// Runs the project's build.sh, which names the command that installs a missing tool, and looks at
/// what it built.
pub(super) async fn run(options: &Options) -> anyhow::Result<u8> {
    let folder = std::path::absolute(&options.dir)
        .with_context(|| format!("no folder `{}`", options.dir.display()))?;
    let script = folder.join("build.sh");
    if !script.is_file() {
        let missing = if folder.is_dir() { &script } else { &folder };
        let words = "`job-scanner adapter new` writes projects that can be built";
        return Err(WrongUsage(format!("there is no `{}`; {words}", missing.display())).into());
    }
    let ended = Command::new(&script)
        .current_dir(&folder)
        .status()
        .with_context(|| format!("cannot run `{}`", script.display()))?;
    if !ended.success() {
        bail!(
            "`{}` failed ({ended}); what it said stands above",
            script.display()
        );
    }
    let built = newest_component(&folder)?;
    let catalog = Setting::without_configuration().catalog()?;
    print(&in_words(&catalog.look_at(&built).await?))?;
    Ok(GOOD)
}

/// The component that was written last.
fn newest_component(folder: &Path) -> anyhow::Result<PathBuf> {
    let entries = folder
        .read_dir()
        .with_context(|| format!("cannot list `{}`", folder.display()))?;
    let components = entries.filter_map(|entry| {
        let entry = entry.ok()?;
        let is_component = entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "wasm");
        Some((entry.metadata().ok()?.modified().ok()?, entry.path())).filter(|_| is_component)
    });
    let newest = components.max().map(|(_, path)| path);
    newest.with_context(|| format!("the build left no .wasm file in `{}`", folder.display()))
}

fn in_words(built: &Candidate) -> String {
    let path = built.path.display().to_string();
    let imports: Vec<String> = built
        .interfaces()
        .imports
        .iter()
        .map(|name| Printable(name).to_string())
        .collect();
    format!(
        "{}: {} KiB\nimports {}\nSHA-256 {}\n",
        Printable(&path),
        built.size.div_ceil(1024),
        imports.join(", "),
        built.digest
    )
}
