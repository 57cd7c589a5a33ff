//! The command without a name: keeps running and scans each source when it is due.

mod daemon;
mod recording;
mod reload;
mod scans;

pub(crate) use daemon::run;
