//! `logging`: the level and the format of the log.

use std::fmt;
use std::str::FromStr;

use crate::reading::problem::quoted;
use crate::reading::read::Section;

/// The level and the format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LoggingConfig {
    /// The value of `LOG_LEVEL` if it is set, or else the one in the file.
    pub level: LogLevel,
    pub format: LogFormat,
    /// True if a flag or `LOG_LEVEL` asks for the log of this process. The file is for all.
    pub is_requested: bool,
}

/// The minimum level of events that are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LogLevel {
    /// Events that need the attention of the operator.
    Error,
    /// Also events that may need attention.
    Warn,
    /// Also runs, scans and deliveries.
    #[default]
    Info,
    /// Also jobs.
    Debug,
    /// Also everything else.
    Trace,
}

/// The format of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// `level=info message="…"`
    #[default]
    KeyValue,
    /// One JSON object per line.
    Json,
}

/// The reason why a word is not a log level or a log format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is not a log {kind}; write one of {}", quoted(.given), .names.join(", "))]
pub struct LoggingError {
    kind: &'static str,
    given: String,
    names: Vec<&'static str>,
}

impl LoggingConfig {
    /// Returns the settings after the flags of the command line. A flag overrides the environment
    /// and the file.
    #[must_use]
    pub fn with_flags(self, level: Option<LogLevel>, format: Option<LogFormat>) -> Self {
        Self {
            level: level.unwrap_or(self.level),
            format: format.unwrap_or(self.format),
            is_requested: self.is_requested || level.is_some() || format.is_some(),
        }
    }

    /// Reads the section. `from_environment` overrides the file, which is validated nonetheless.
    pub(crate) fn read(root: &mut Section<'_>, from_environment: Option<LogLevel>) -> Self {
        let default = Self::default();
        let read = root.section("logging", |logging| Self {
            level: logging
                .choice("level", &LogLevel::NAMES)
                .unwrap_or(default.level),
            format: logging
                .choice("format", &LogFormat::NAMES)
                .unwrap_or(default.format),
            is_requested: false,
        });

        read.unwrap_or(default).with_flags(from_environment, None)
    }
}

impl LogLevel {
    pub(crate) const NAMES: [(&'static str, Self); 5] = [
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("trace", Self::Trace),
    ];
}

impl LogFormat {
    const NAMES: [(&'static str, Self); 2] = [("key-value", Self::KeyValue), ("json", Self::Json)];
}

impl FromStr for LogLevel {
    type Err = LoggingError;

    fn from_str(text: &str) -> Result<Self, LoggingError> {
        named("level", text, &Self::NAMES)
    }
}

impl FromStr for LogFormat {
    type Err = LoggingError;

    fn from_str(text: &str) -> Result<Self, LoggingError> {
        named("format", text, &Self::NAMES)
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name_of(self, &Self::NAMES))
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name_of(self, &Self::NAMES))
    }
}

fn named<T: Copy>(
    kind: &'static str,
    given: &str,
    names: &[(&'static str, T)],
) -> Result<T, LoggingError> {
    let found = names
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(given));
    found.map(|(_, value)| *value).ok_or_else(|| LoggingError {
        kind,
        given: given.to_owned(),
        names: names.iter().map(|(name, _)| *name).collect(),
    })
}

fn name_of<T: PartialEq>(wanted: &T, names: &[(&'static str, T)]) -> &'static str {
    names
        .iter()
        .find(|(_, value)| value == wanted)
        .map_or("", |(name, _)| name)
}
