//! An adapter that misbehaves on demand, for the tests of the sandbox.
//!
//! The source's option `mode` names the crime: `{"mode": "loop"}`. Each family of crimes is a file; [`Mode`] lists them
//! all. One mode is honest: `ok` returns as many jobs as asked for, without a request.

mod cpu;
mod honest;
mod memory;
mod network;
mod output;
mod paging;

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, SourceError, export_adapter};

struct Hostile;

export_adapter!(Hostile);

/// What to do, with what it takes.
#[derive(Debug, serde::Deserialize)]
#[serde(tag = "mode", rename_all = "kebab-case")]
enum Mode {
    /// Nothing wrong: `jobs` jobs on one page, none unless given.
    Ok {
        #[serde(default)]
        jobs: u32,
    },

    /// Computes for ever.
    Loop,
    /// Computes for ever, calling the host in between.
    LoopInLog,
    /// Panics.
    Trap,

    /// Takes memory until there is none left, and traps.
    Grow,
    /// Takes memory until there is none left, and says it was something else.
    GrowThenError,

    /// Asks a server and passes its error on, if an answer ever comes.
    Hang { url: String },
    /// Asks a server; the title of its one job is the status, or the error.
    Fetch { url: String },

    /// Empty pages with ever-new cursors.
    EndlessPaging,
    /// Empty pages with one cursor.
    SameCursor,
    /// Claims that nothing has changed without having asked.
    LieNotModified,

    /// A job whose title has a megabyte.
    BigTitle,
    /// Ten thousand log lines, then a job.
    LogFlood,
}

impl Adapter for Hostile {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        match request.read_options()? {
            Mode::Ok { jobs } => Ok(honest::jobs(jobs)),
            Mode::Loop => cpu::compute_for_ever(),
            Mode::LoopInLog => cpu::log_for_ever(),
            Mode::Trap => cpu::trap(),
            Mode::Grow => memory::grow(),
            Mode::GrowThenError => memory::grow_then_error(),
            Mode::Hang { url } => network::hang(url),
            Mode::Fetch { url } => Ok(network::fetch(url)),
            Mode::EndlessPaging => Ok(paging::ever_new_cursors(request)),
            Mode::SameCursor => Ok(paging::same_cursor()),
            Mode::LieNotModified => Ok(Outcome::NotModified),
            Mode::BigTitle => Ok(output::big_title()),
            Mode::LogFlood => Ok(output::log_flood()),
        }
    }
}
