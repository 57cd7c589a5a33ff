//! The daemon, which runs without a command and scans each source when it is due.

mod daemon;
mod new_sources;
mod page;
mod recording;
mod reload;
mod scans;
mod systemd;

pub(crate) use daemon::run;
