//! Schedules of sources: when one is due (`due`), and the patterns of `cron` (`cron_pattern`).

mod cron_pattern;
mod due;

pub use due::{CronTimes, CronTimesError, SHARED, ScanHistory, Schedule};
