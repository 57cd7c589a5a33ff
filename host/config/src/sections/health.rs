//! `health`: when the recipients are notified of a failing source.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::reading::read::Section;
use crate::sections::channels::ChannelNames;

/// The time at which the recipients are notified of a failing source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthConfig {
    /// The time for which a source has to fail before a message is sent.
    pub notify_after: Duration,
    /// The names of the channels that get these messages; `None` is the first one.
    pub notify: Option<Vec<String>>,
}

impl Default for HealthConfig {
    fn default() -> Self {
        Self {
            notify_after: Duration::from_hours(24),
            notify: None,
        }
    }
}

impl HealthConfig {
    /// A source is scanned at most once in five minutes, so a lower limit would report every short
    /// failure.
    const NOTIFY_AFTER: RangeInclusive<Duration> =
        Duration::from_mins(5)..=Duration::from_hours(365 * 24);

    pub(crate) fn read(root: &mut Section<'_>, channels: &ChannelNames) -> Self {
        let default = Self::default();
        let read = root.section("health", |health| Self {
            notify_after: health
                .field("notify_after")
                .and_then(|field| field.duration(&Self::NOTIFY_AFTER, default.notify_after))
                .unwrap_or(default.notify_after),
            notify: channels.read_chosen(health),
        });

        read.unwrap_or(default)
    }
}
