//! Converts a path and an environment to a configuration, or to the list of all problems in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use job_scanner_core::delivery_times::When;
use job_scanner_core::matching::Profile;
use lettre::Address;

use crate::environment::{Environment, Settings};
use crate::paths::{Base, Home};
use crate::reading::problem::{ConfigErrors, Origin, Problem};
use crate::reading::read::{Document, Section};
use crate::reading::{file, tree};
use crate::secret_places::SecretPlaces;
use crate::sections::adapters::AdaptersConfig;
use crate::sections::advanced::AdvancedConfig;
use crate::sections::channels::{ChannelConfig, ChannelSettings};
use crate::sections::email::EmailConfig;
use crate::sections::health::HealthConfig;
use crate::sections::logging::LoggingConfig;
use crate::sections::on_first_scan::OnFirstScan;
use crate::sections::retention::RetentionConfig;
use crate::sections::smtp::SmtpConfig;
use crate::sections::sources::SourceConfig;
use crate::sections::sources::files;
use crate::sections::sources::files::SourceFile;
use crate::sections::web::web::WebConfig;
use crate::sections::{channels, profiles, schedule, sources, templates};

/// All settings of the operator, validated.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The sources in the order of the file, including disabled ones.
    pub sources: Vec<SourceConfig>,
    /// Never empty.
    pub profiles: Vec<Profile>,
    /// The names of the channels of each profile that chooses some. The others use all channels.
    pub notify: BTreeMap<String, Vec<String>>,
    /// The rhythm of each profile that chooses one. The others have that of each channel.
    pub when: BTreeMap<String, When>,
    /// The channels in the order of the file. `None` sends mail to `alert_to`.
    pub channels: Option<Vec<ChannelConfig>>,
    /// The folder with the operator's templates of messages. `None` if there are none.
    pub templates: Option<PathBuf>,
    pub on_first_scan: OnFirstScan,
    pub email: EmailConfig,
    /// The interval of sources without a schedule of their own.
    pub scan_interval: Duration,
    pub logging: LoggingConfig,
    pub adapters: AdaptersConfig,
    pub advanced: AdvancedConfig,
    pub health: HealthConfig,
    pub retention: RetentionConfig,
    /// The page. `None` if there is none.
    pub web: Option<WebConfig>,
    /// `DATABASE_URL`: `sqlite:` and a file.
    pub database_url: String,
    /// `ALERT_TO_EMAIL`: the recipients of matches. May be empty.
    pub alert_to: Vec<Address>,
    /// `SMTP_*`: the mail server. `None` writes messages to files.
    pub smtp: Option<SmtpConfig>,
    /// Resolves `env:NAME` and `file:PATH` in the options of sources.
    pub secret_places: SecretPlaces,
    pub path: PathBuf,
    /// The absolute folder of `path`. Paths in the file are relative to it.
    pub folder: PathBuf,
}

/// Reads the file at `explicit`, or else `config.yaml` or `config/config.yaml` in the current
/// folder.
///
/// # Errors
///
/// Returns [`ConfigErrors`] with all problems in the file and the environment. Only a file that is
/// missing, unreadable or not YAML hides further problems in it.
pub fn load(explicit: Option<&Path>, environment: &Environment) -> Result<Config, ConfigErrors> {
    let (settings, mut problems) = environment.read();
    match read_file(explicit, settings) {
        Ok(config) => {
            let smtp = config.smtp.as_ref();
            problems.extend(smtp.and_then(|smtp| smtp.login_problem(config.email.use_tls)));
            ConfigErrors::from_problems(problems).map_or(Ok(config), Err)
        }
        Err(in_file) => Err(in_file.with(problems)),
    }
}

/// Parses a text as the contents of the file at `path`, which does not have to exist. The
/// environment is empty, and files in `sources.d` are not read.
///
/// # Errors
///
/// As [`load`].
pub fn parse(path: &Path, text: &str) -> Result<Config, ConfigErrors> {
    let (settings, _) = Environment::default().read();
    read_text(path, text, &[], settings)
}

impl Config {
    /// Returns the addresses of all mail channels.
    pub fn mail_recipients(&self) -> Vec<Address> {
        let Some(channels) = &self.channels else {
            return self.alert_to.clone();
        };
        let mut addresses = Vec::new();
        for channel in channels {
            if let ChannelSettings::Email { to } = &channel.settings {
                let new = |address: &&Address| !addresses.contains(*address);
                let new: Vec<Address> = to.iter().filter(new).cloned().collect();
                addresses.extend(new);
            }
        }
        addresses
    }

    /// Returns the names of the channels that get notices about sources: those of `health.notify`,
    /// or else the first one. `None` is every recipient of mail, if no channels are listed.
    pub fn channels_of_notices(&self) -> Option<Vec<String>> {
        let channels = self.channels.as_ref()?;
        let first = channels.first().map(|channel| channel.name.clone());
        Some(
            self.health
                .notify
                .clone()
                .unwrap_or_else(|| first.into_iter().collect()),
        )
    }

    /// Returns the folder of the files with further sources. It does not have to exist.
    pub fn sources_folder(&self) -> PathBuf {
        files::folder_for(&self.path)
    }

    /// Reads a text as a file of `sources.d` that does not exist yet.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigErrors`] with all problems, and also for sources that the configuration has
    /// already.
    pub fn parse_sources(
        &self,
        path: &Path,
        text: &str,
    ) -> Result<Vec<SourceConfig>, ConfigErrors> {
        let base = Base {
            folder: self.folder.clone(),
            home: Home::of_process(),
        };
        let defaults = sources::Defaults {
            base: &base,
            max_jobs: self.advanced.max_jobs_per_source,
            scan_interval: self.scan_interval,
        };
        let file = SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };

        let (sources, mut problems) = sources::read_file(&file, &defaults);
        let sources: Vec<SourceConfig> = sources.into_iter().flatten().collect();
        problems.extend(sources::duplicates(&self.sources, &sources));
        ConfigErrors::from_problems(problems).map_or(Ok(sources), Err)
    }

    /// Returns a problem that only a later step can find, such as an unknown name, without a
    /// position in the file.
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
    let (files, unreadable) = files::read_folder(&files::folder_for(&path));
    match read_text(&path, &text, &files, settings) {
        Ok(config) => ConfigErrors::from_problems(unreadable).map_or(Ok(config), Err),
        Err(in_files) => Err(in_files.with(unreadable)),
    }
}

/// Reads a text as the configuration at `path`, with the files of `sources.d`.
fn read_text(
    path: &Path,
    text: &str,
    files: &[SourceFile],
    settings: Settings,
) -> Result<Config, ConfigErrors> {
    let root = tree::parse(text).map_err(|error| error.in_file(path, text))?;

    let document = Document::new(path, text);
    let read = |section: &mut Section<'_>| read_sections(section, path, settings, files);
    let (config, elsewhere) = document.section(&root, read)?;

    let mut problems = document.into_problems();
    problems.extend(elsewhere);
    ConfigErrors::from_problems(problems).map_or(Ok(config), Err)
}

/// Reads all sections. Returns the problems that are in other files, too.
fn read_sections(
    root: &mut Section<'_>,
    path: &Path,
    settings: Settings,
    files: &[SourceFile],
) -> (Config, Vec<Problem>) {
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

    let (sources, elsewhere) = sources::read(root, &defaults, files);
    let types = sources
        .iter()
        .map(|source| source.key.adapter.as_str())
        .collect();

    let (channels, names) = channels::read(root);
    let (mut notify, mut when) = (BTreeMap::new(), BTreeMap::new());
    let mut profiles_read = Vec::new();
    for read in profiles::read(root, &names) {
        let name = || read.profile.name.clone();
        notify.extend(read.notify.map(|chosen| (name(), chosen)));
        when.extend(read.when.map(|chosen| (name(), chosen)));
        profiles_read.push(read.profile);
    }

    let config = Config {
        notify,
        when,
        channels,
        profiles: profiles_read,
        templates: templates::read(root, &base),
        on_first_scan: OnFirstScan::read(root),
        scan_interval,
        email: EmailConfig::read(root),
        logging: LoggingConfig::read(root, settings.log_level),
        adapters: AdaptersConfig::read(root, &base, &types),
        sources,
        advanced,
        health: HealthConfig::read(root, &names),
        retention: RetentionConfig::read(root),
        web: WebConfig::read(root, &base, settings.web_password_hash),
        database_url: settings.database_url,
        alert_to: settings.alert_to,
        smtp: settings.smtp,
        secret_places: SecretPlaces::new(settings.environment, base.folder.clone()),
        path: path.to_owned(),
        folder: base.folder,
    };
    (config, elsewhere)
}

fn folder_of(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.parent().map_or_else(PathBuf::new, Path::to_owned)
}
