//! From a path and an environment to a configuration, or to everything that is wrong with them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use job_scanner_core::matching::Profile;
use lettre::Address;

use crate::environment::{Environment, Settings};
use crate::paths::Base;
use crate::reading::problem::{ConfigErrors, Origin, Position, Problem};
use crate::reading::read::{Document, Section};
use crate::reading::tree::section_at;
use crate::reading::{file, tree};
use crate::secret_places::SecretPlaces;
use crate::sections::adapters::AdaptersConfig;
use crate::sections::advanced::AdvancedConfig;
use crate::sections::email::EmailConfig;
use crate::sections::health::HealthConfig;
use crate::sections::logging::LoggingConfig;
use crate::sections::on_first_scan::OnFirstScan;
use crate::sections::retention::RetentionConfig;
use crate::sections::smtp::SmtpConfig;
use crate::sections::sources::SourceConfig;
use crate::sections::{criteria, schedule, sources};

/// Everything the operator decided, validated.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Where to look, in the order of the file, disabled ones included.
    pub sources: Vec<SourceConfig>,
    /// What people want; never empty.
    pub profiles: Vec<Profile>,
    /// What the first scan of a source tells.
    pub on_first_scan: OnFirstScan,
    /// How matches become messages.
    pub email: EmailConfig,
    /// How often a source is scanned that has no schedule of its own.
    pub scan_interval: Duration,
    /// How much is logged and in which form.
    pub logging: LoggingConfig,
    /// Where adapters lie and how much they may use.
    pub adapters: AdaptersConfig,
    /// What most people leave as it is.
    pub advanced: AdvancedConfig,
    /// The time after which the recipients are told that a source fails.
    pub health: HealthConfig,
    /// How long things are kept.
    pub retention: RetentionConfig,
    /// `DATABASE_URL`: `sqlite:` and a file.
    pub database_url: String,
    /// `ALERT_TO_EMAIL`: who gets the matches; may be empty.
    pub alert_to: Vec<Address>,
    /// `SMTP_*`: the mail server; without one, mail goes to files.
    pub smtp: Option<SmtpConfig>,
    /// What `env:NAME` and `file:PATH` in the options of sources are looked up in.
    pub secret_places: SecretPlaces,
    /// The file that was read.
    pub path: PathBuf,
    /// Its folder, absolute, against which the paths in it are resolved.
    pub folder: PathBuf,
}

/// Reads the named file, or else `config.yaml` or `config/config.yaml` in the current folder.
///
/// # Errors
///
/// [`ConfigErrors`] with everything that is wrong in the file and the environment. Only a file that
/// is missing, unreadable or no YAML hides what else may be wrong in it.
pub fn load(explicit: Option<&Path>, environment: &Environment) -> Result<Config, ConfigErrors> {
    let (settings, mut problems) = environment.read();
    match read_file(explicit, settings) {
        Ok(config) => {
            let smtp = config.smtp.as_ref();
            problems.extend(smtp.and_then(|smtp| smtp.problem_with(config.email.use_tls)));
            ConfigErrors::from_problems(problems).map_or(Ok(config), Err)
        }
        Err(in_file) => Err(in_file.with(problems)),
    }
}

/// Reads a text as if it stood in the file at `path`, which need not exist, in an environment that
/// says nothing.
///
/// # Errors
///
/// As [`load`].
pub fn parse(path: &Path, text: &str) -> Result<Config, ConfigErrors> {
    let (settings, _) = Environment::default().read();
    read_text(path, text, settings)
}

impl Config {
    /// A problem with a value that only something later could see, such as a `type` without an
    /// adapter.
    pub fn problem(
        &self,
        position: Position,
        key: String,
        wrong: String,
        remedy: String,
    ) -> Problem {
        Problem {
            origin: Origin::File(self.path.clone(), Some(position)),
            key,
            wrong,
            remedy,
        }
    }

    /// As [`Config::problem`], for what has no place in the file.
    pub fn problem_of_file(&self, key: String, wrong: String, remedy: String) -> Problem {
        Problem {
            origin: Origin::File(self.path.clone(), None),
            key,
            wrong,
            remedy,
        }
    }
}

fn read_file(explicit: Option<&Path>, settings: Settings) -> Result<Config, ConfigErrors> {
    let path = file::find(explicit, Path::new(""))?;
    let text = file::read(&path)?;
    read_text(&path, &text, settings)
}

fn read_text(path: &Path, text: &str, settings: Settings) -> Result<Config, ConfigErrors> {
    let root = tree::parse(text).map_err(|error| Problem {
        origin: Origin::File(path.to_owned(), error.position),
        key: error
            .position
            .map_or("", |position| section_at(text, position.line))
            .to_owned(),
        wrong: error.wrong,
        remedy: error.remedy.to_owned(),
    })?;

    let document = Document::new(path, text);
    let config = document.section(&root, |section| read_sections(section, path, settings))?;

    ConfigErrors::from_problems(document.into_problems()).map_or(Ok(config), Err)
}

fn read_sections(root: &mut Section<'_>, path: &Path, settings: Settings) -> Config {
    let base = Base {
        folder: folder_of(path),
        home: settings.environment.home(),
    };

    let advanced = AdvancedConfig::read(root);
    let scan_interval = schedule::read_scan_interval(root, settings.scan_interval);
    let defaults = sources::Defaults {
        base: &base,
        max_jobs: advanced.max_jobs_per_source,
        scan_interval,
    };

    let sources = sources::read(root, &defaults);
    let types = sources
        .iter()
        .map(|source| source.key.adapter.as_str())
        .collect();

    Config {
        profiles: criteria::read(root),
        on_first_scan: OnFirstScan::read(root),
        scan_interval,
        email: EmailConfig::read(root),
        logging: LoggingConfig::read(root, settings.log_level),
        adapters: AdaptersConfig::read(root, &base, &types),
        sources,
        advanced,
        health: HealthConfig::read(root),
        retention: RetentionConfig::read(root),
        database_url: settings.database_url,
        alert_to: settings.alert_to,
        smtp: settings.smtp,
        secret_places: SecretPlaces::new(settings.environment, base.folder.clone()),
        path: path.to_owned(),
        folder: base.folder,
    }
}

fn folder_of(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.parent().map_or_else(PathBuf::new, Path::to_owned)
}
