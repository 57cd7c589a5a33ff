//! The environment variables of the process, and the `.env` file that adds to them.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use job_scanner_core::secret::Secret;
use job_scanner_files::regular_file;
use lettre::Address;

use crate::paths::Home;
use crate::reading::dotenv;
use crate::reading::problem::{Origin, Problem, quoted};
use crate::sections::logging::LogLevel;
use crate::sections::schedule::parse_scan_interval;
use crate::sections::smtp::SmtpConfig;
use crate::sections::web::auth::parse_password_hash;
use crate::{address, database_url};

/// The environment as it was at the start. Nothing else reads the environment of the process, so
/// tests do not have to change it.
#[derive(Clone, Default, PartialEq)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
    /// The problem with `.env`, if it cannot be read. It is reported together with all other
    /// problems.
    unreadable: Option<Problem>,
}

/// The variables of job-scanner, parsed.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) database_url: String,
    pub(crate) alert_to: Vec<Address>,
    pub(crate) smtp: Option<SmtpConfig>,
    pub(crate) log_level: Option<LogLevel>,
    pub(crate) scan_interval: Option<Duration>,
    /// The contents of the file of `WEB_PASSWORD_FILE`.
    pub(crate) web_password_hash: Option<Secret>,
    /// All variables, because the configuration can name any of them.
    pub(crate) environment: Environment,
}

/// Relative to the current folder, like all paths in the environment.
const DEFAULT_DATABASE_URL: &str = "sqlite:data/job_scanner.db";

/// Names a file with the hash of the page's password.
const WEB_PASSWORD_FILE: &str = "WEB_PASSWORD_FILE";

/// A hash has about 100 bytes.
const MAX_HASH_FILE_BYTES: u64 = 4 << 10;

impl Environment {
    /// Reads the variables that the process was started with, and those that `.env` in the current
    /// folder adds.
    pub fn of_process() -> Self {
        Self::merged_with_file(std::env::vars_os(), Path::new(dotenv::PATH))
    }

    /// Returns these variables, and those of the file that are not among them.
    fn merged_with_file(
        variables: impl Iterator<Item = (OsString, OsString)>,
        file: &Path,
    ) -> Self {
        let (mut all, unreadable) = match dotenv::read(file) {
            Ok(in_file) => (BTreeMap::from_iter(in_file), None),
            Err(problem) => (BTreeMap::new(), Some(problem)),
        };
        // Variables of the process override those of the file.
        all.extend(variables);

        Self {
            variables: all,
            unreadable,
        }
    }

    /// Parses the variables of job-scanner. An empty variable counts as missing, because compose
    /// files leave them empty.
    pub(crate) fn read(&self) -> (Settings, Vec<Problem>) {
        let mut problems = Vec::from_iter(self.unreadable.clone());
        let settings = Settings {
            database_url: self
                .read_database_url(&mut problems)
                .unwrap_or_else(|| DEFAULT_DATABASE_URL.to_owned()),
            alert_to: self.read_alert_to(&mut problems),
            smtp: self.read_smtp(&mut problems),
            log_level: self.read_log_level(&mut problems),
            scan_interval: self.read_scan_interval(&mut problems),
            web_password_hash: self.read_web_password_hash(&mut problems),
            environment: self.clone(),
        };
        (settings, problems)
    }

    /// Returns a variable unchanged. `None` if it is not set or not UTF-8.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(OsStr::new(name))?.to_str()
    }

    /// Returns the folder that `~` stands for in paths.
    pub(crate) fn home(&self) -> Home {
        Home::named(self.variables.get(OsStr::new("HOME")))
    }

    /// Returns the path that a variable contains. It is relative to the current folder.
    pub(crate) fn file(&self, name: &str, problems: &mut Vec<Problem>) -> Option<PathBuf> {
        let written = self.text(name, problems)?;
        match self.home().expand(written) {
            Ok(path) => Some(path),
            Err(error) => {
                let message = error.to_string();
                let (wrong, remedy) = message
                    .split_once("; ")
                    .unwrap_or((&message, "write a path"));
                problems.push(problem(
                    name,
                    &format!("{} {wrong}", quoted(written)),
                    remedy,
                ));
                None
            }
        }
    }

    pub(crate) fn text(&self, name: &str, problems: &mut Vec<Problem>) -> Option<&str> {
        Some(self.exact_text(name, problems)?.trim())
    }

    /// Returns the value with its surrounding spaces, which a password may have.
    pub(crate) fn exact_text(&self, name: &str, problems: &mut Vec<Problem>) -> Option<&str> {
        let value = self.variables.get(OsStr::new(name))?;
        let Some(text) = value.to_str() else {
            problems.push(problem(name, "is not UTF-8", "write it as UTF-8"));
            return None;
        };

        (!text.trim().is_empty()).then_some(text)
    }

    /// Reads `DATABASE_URL`. It may contain the password of another kind of database, so no message
    /// repeats it.
    fn read_database_url(&self, problems: &mut Vec<Problem>) -> Option<String> {
        let url = self.text("DATABASE_URL", problems)?;
        match database_url::read(url, &self.home()) {
            Ok(url) => Some(url),
            Err(error) => {
                let message = error.to_string();
                let remedy =
                    format!("write `sqlite:` and a file, such as `{DEFAULT_DATABASE_URL}`");
                let (wrong, remedy) = message.split_once("; ").unwrap_or((&message, &remedy));
                problems.push(problem("DATABASE_URL", wrong, remedy));
                None
            }
        }
    }

    /// Reads the hash of the page's password in the file of `WEB_PASSWORD_FILE`.
    fn read_web_password_hash(&self, problems: &mut Vec<Problem>) -> Option<Secret> {
        let file = self.file(WEB_PASSWORD_FILE, problems)?;
        let path = &file.to_string_lossy();
        let wrong = match regular_file::read_text(&file, MAX_HASH_FILE_BYTES) {
            Ok(text) => match parse_password_hash(&text) {
                Ok(hash) => return Some(hash),
                Err(wrong) => format!("the content of {} {wrong}", quoted(path)),
            },
            Err(error) => format!("{} cannot be read: {error}", quoted(path)),
        };

        problems.push(problem(
            WEB_PASSWORD_FILE,
            &wrong,
            "write the line that `job-scanner web password` prints into it",
        ));
        None
    }

    fn read_alert_to(&self, problems: &mut Vec<Problem>) -> Vec<Address> {
        let list = self.text("ALERT_TO_EMAIL", problems).unwrap_or_default();
        let mut addresses: Vec<Address> = Vec::new();
        for given in list
            .split(',')
            .map(str::trim)
            .filter(|given| !given.is_empty())
        {
            match address::parse(given) {
                Ok(address) if addresses.contains(&address) => {}
                Ok(address) => addresses.push(address),
                Err(wrong) => problems.push(problem(
                    "ALERT_TO_EMAIL",
                    &format!("{} {wrong}", quoted(given)),
                    "write addresses separated by commas, such as `jo@example.com,kim@example.com`",
                )),
            }
        }

        addresses
    }

    fn read_scan_interval(&self, problems: &mut Vec<Problem>) -> Option<Duration> {
        let given = self.text("SCAN_INTERVAL", problems)?;
        match parse_scan_interval(given) {
            Ok(interval) => Some(interval),
            Err(remedy) => {
                problems.push(problem(
                    "SCAN_INTERVAL",
                    &format!("{} is not a scan interval", quoted(given)),
                    &remedy,
                ));
                None
            }
        }
    }

    fn read_log_level(&self, problems: &mut Vec<Problem>) -> Option<LogLevel> {
        let given = self.text("LOG_LEVEL", problems)?;
        let level = given.parse().ok();
        if level.is_none() {
            let names = LogLevel::NAMES.map(|(name, _)| name).join("`, `");
            let wrong = format!("{} is not a log level", quoted(given));
            problems.push(problem(
                "LOG_LEVEL",
                &wrong,
                &format!("write one of `{names}`"),
            ));
        }

        level
    }
}

impl<K: Into<OsString>, V: Into<OsString>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();

        Self {
            variables,
            unreadable: None,
        }
    }
}

/// Prints only the names: values may be secret.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

pub(crate) fn problem(variable: &str, wrong: &str, remedy: &str) -> Problem {
    Problem {
        origin: Origin::Environment,
        key: variable.to_owned(),
        wrong: wrong.to_owned(),
        remedy: remedy.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<const N: usize>(variables: [(&str, &str); N]) -> (Settings, Vec<String>) {
        let (settings, problems) = Environment::from_iter(variables).read();
        (settings, problems.iter().map(Problem::to_string).collect())
    }

    #[test]
    fn an_empty_environment_gives_the_defaults() {
        let (settings, problems) =
            read([("LOG_LEVEL", ""), ("ALERT_TO_EMAIL", " "), ("PATH", "/bin")]);
        assert_eq!(problems, [""; 0]);
        assert_eq!(settings.database_url, "sqlite:data/job_scanner.db");
        assert_eq!(settings.alert_to, []);
        assert_eq!(settings.log_level, None);
    }

    #[test]
    fn recipients_are_separated_by_commas_and_deduplicated() {
        let (settings, problems) = read([(
            "ALERT_TO_EMAIL",
            "jo@example.com, kim@example.com,,jo@example.com",
        )]);
        assert_eq!(problems, [""; 0]);
        assert_eq!(
            settings
                .alert_to
                .iter()
                .map(Address::to_string)
                .collect::<Vec<_>>(),
            ["jo@example.com", "kim@example.com"]
        );
    }

    #[test]
    fn every_invalid_variable_is_reported_with_a_correction() {
        let (_, problems) = read([
            ("LOG_LEVEL", "loud"),
            ("ALERT_TO_EMAIL", "jo@example.com,nobody,@"),
            ("DATABASE_URL", "postgres://jo:secret@db/jobs"),
        ]);
        assert_eq!(
            problems,
            [
                "environment: DATABASE_URL: is not the URL of an SQLite database; write `sqlite:` and a file, such as \
             `sqlite:data/job_scanner.db`",
                "environment: ALERT_TO_EMAIL: `nobody` is not a mail address; write addresses separated by commas, such \
             as `jo@example.com,kim@example.com`",
                "environment: ALERT_TO_EMAIL: `@` is not a mail address; write addresses separated by commas, such as \
             `jo@example.com,kim@example.com`",
                "environment: LOG_LEVEL: `loud` is not a log level; write one of `error`, `warn`, `info`, `debug`, `trace`",
            ]
        );
    }

    #[test]
    fn variables_of_the_process_override_the_env_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        std::fs::write(&file, "LOG_LEVEL=debug\nSCAN_INTERVAL=1h\n").unwrap();
        let of_process = [("LOG_LEVEL".into(), "error".into())];
        let (settings, problems) =
            Environment::merged_with_file(of_process.into_iter(), &file).read();
        assert_eq!(problems, []);
        assert_eq!(settings.log_level, Some(LogLevel::Error));
        assert_eq!(settings.scan_interval, Some(Duration::from_hours(1)));
    }

    #[test]
    fn a_broken_env_file_is_reported_with_the_other_problems() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        std::fs::write(&file, "SMTP_PASS='marker\n").unwrap();
        let of_process = [("LOG_LEVEL".into(), "loud".into())];
        let (_, problems) = Environment::merged_with_file(of_process.into_iter(), &file).read();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(!format!("{problems:?}").contains("marker"));
    }

    #[test]
    fn printing_the_environment_shows_no_value() {
        let environment = Environment::from_iter([("SMTP_PASS", "marker")]);
        assert_eq!(format!("{environment:?}"), r#"{"SMTP_PASS"}"#);
    }
}
