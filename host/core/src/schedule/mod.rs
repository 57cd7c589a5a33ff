//! Schedules of sources: `due` computes when a source is due, `cron_pattern` parses the patterns of
//! `cron`.

mod cron_pattern;
mod due;

pub use due::{CronTimes, CronTimesError, SHARED_RUN_WINDOW, ScanHistory, Schedule};
