//! A folder with a configuration and a database, in which job-scanner runs: in this process or in
//! its own.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use job_scanner::startup::{Folders, scan_context};
use job_scanner_config::{self, Config, Environment};
use job_scanner_core::run::Trigger;
use job_scanner_pipeline::{PipelineRunResult, RunRequest, ScanPipeline};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::{in_repository, sibling};

/// The search criteria of the profile.
const CRITERIA: &str = "
search_criteria:
  required_terms: ['engineer*']
  keyword_groups: [[backend, 'back end', platform, infrastructure], [remote, hybrid, berlin, dublin, london]]
  exclude_terms: [intern, internship]
";

/// A temporary folder with a configuration and a database. Dropping it removes the folder.
pub(crate) struct Installation {
    folder: TempDir,
    /// The cache of compiled adapters, which all installations under one folder share, as those of
    /// one user do.
    cache: PathBuf,
}

impl Installation {
    /// Creates an installation with these sources, each an item of `sources:`, and the adapters of
    /// the checkout.
    pub(crate) fn new(under: &Path, sources: &[String]) -> anyhow::Result<Self> {
        Self::with_adapters(under, sources, &in_repository("adapters/dist"))
    }

    /// Creates an installation with the adapters of another folder.
    pub(crate) fn with_adapters(
        under: &Path,
        sources: &[String],
        adapters: &Path,
    ) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir_in(under)?;

        let sources = sources.join("\n  - ");
        let text = format!(
            "sources:\n  - {sources}\n{CRITERIA}\nadapters: {{dir: '{}'}}\n",
            adapters.display()
        );
        fs::write(folder.path().join("config.yaml"), text)?;

        Ok(Self {
            folder,
            cache: under.join("cache"),
        })
    }

    /// Reads the configuration.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        let variables = [(
            OsString::from("DATABASE_URL"),
            OsString::from(self.database_url()),
        )];

        Ok(job_scanner_config::load(
            Some(&self.config_file()),
            &Environment::from_iter(variables),
        )?)
    }

    /// Returns the folders that are not in the configuration.
    pub(crate) fn folders(&self) -> Folders {
        Folders {
            cache: Some(self.cache.join("job-scanner/adapters")),
            adapters: Vec::new(),
            outbox: self.folder.path().join("outbox"),
        }
    }

    /// Creates a pipeline in this process.
    pub(crate) async fn pipeline(&self) -> anyhow::Result<ScanPipeline> {
        Ok(ScanPipeline::new(
            scan_context(self.config()?, self.folders()).await?,
        ))
    }

    /// Accepts adapters with all grants that they request.
    pub(crate) fn accept(&self, files: &[PathBuf]) -> anyhow::Result<()> {
        let accepted = self
            .program()?
            .args(["adapter", "accept", "--yes"])
            .args(files)
            .stdout(Stdio::null())
            .status()?;

        anyhow::ensure!(
            accepted.success(),
            "the adapters could not be accepted: {accepted}"
        );

        Ok(())
    }

    /// Returns the command that scans all sources once and prints only the results.
    pub(crate) fn scan(&self) -> anyhow::Result<Command> {
        let mut command = self.command("scan")?;
        command.args(["--format", "json"]);
        Ok(command)
    }

    /// Returns a command that reads the configuration.
    pub(crate) fn command(&self, name: &str) -> anyhow::Result<Command> {
        let mut command = self.program()?;
        command.args([name, "--config"]).arg(self.config_file());
        Ok(command)
    }

    /// Adds a section to the configuration.
    pub(crate) fn add_to_config(&self, section: &str) -> anyhow::Result<()> {
        let text = fs::read_to_string(self.config_file())?;
        Ok(fs::write(self.config_file(), text + section)?)
    }

    /// Returns the command that runs the daemon.
    pub(crate) fn daemon(&self) -> anyhow::Result<Command> {
        let mut command = self.program()?;
        command.arg("--config").arg(self.config_file());
        Ok(command)
    }

    fn program(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(sibling("job-scanner")?);
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("DATABASE_URL", self.database_url())
            .env("XDG_CACHE_HOME", &self.cache)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        Ok(command)
    }

    /// Returns the URL of the database.
    pub(crate) fn database_url(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("jobs.db").display())
    }

    fn config_file(&self) -> PathBuf {
        self.folder.path().join("config.yaml")
    }
}

/// Scans all sources once. A run with errors is an error, because its time says nothing.
pub(crate) async fn run(pipeline: &ScanPipeline) -> anyhow::Result<PipelineRunResult> {
    let request = RunRequest {
        trigger: Trigger::Manual,
        only: None,
    };

    let result = pipeline
        .run_once(&request, &CancellationToken::new())
        .await?;

    let reason = result
        .sources
        .iter()
        .find_map(|source| source.error.as_ref());

    anyhow::ensure!(
        !result.had_errors && !result.skipped,
        "the run failed: {reason:?}"
    );

    Ok(result)
}
