//! `retention`: how long runs, closed jobs and versions are kept.

use std::time::Duration;

use crate::reading::read::{Field, Section};

/// The time for which runs and closed jobs are kept, and the number of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionConfig {
    /// From the start of a run.
    pub runs: Duration,
    /// From the time at which a job closed.
    pub closed_jobs: Duration,
    /// The number of versions per job, including the current one.
    pub versions: u32,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            runs: days(30),
            closed_jobs: days(365),
            versions: 5,
        }
    }
}

impl RetentionConfig {
    pub(crate) fn read(root: &mut Section<'_>) -> Self {
        let default = Self::default();
        let read = root.section("retention", |retention| Self {
            runs: retention
                .field("runs")
                .and_then(|field| read_days(&field))
                .unwrap_or(default.runs),
            closed_jobs: retention
                .field("closed_jobs")
                .and_then(|field| read_days(&field))
                .unwrap_or(default.closed_jobs),
            versions: retention
                .small_integer("versions", 1..=1000)
                .unwrap_or(default.versions),
        });

        read.unwrap_or(default)
    }
}

fn days(count: u64) -> Duration {
    Duration::from_hours(24 * count)
}

/// Reads whole days, such as `30d`. Hours would be too precise.
fn read_days(field: &Field<'_>) -> Option<Duration> {
    let parse = |text: &str| {
        let count = text
            .strip_suffix('d')
            .and_then(|count| count.trim().parse().ok());
        match count {
            Some(count @ 1..=3650) => Ok(days(count)),
            _ => Err(format!("`{text}` is not a number of days")),
        }
    };

    field.parsed(parse, "write a value from `1d` to `3650d`, such as `30d`")
}
