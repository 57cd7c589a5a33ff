//! The daemon, which runs without a command and scans each source when it is due.

mod daemon;
mod page;
mod recording;
mod reload;
mod scans;

pub(crate) use daemon::run;
