//! An adapter that misbehaves on demand, for the tests of the sandbox.
//!
//! The source's option `mode` names the crime: `{"mode": "loop"}`. Each family of crimes is a file;
//! [`Mode`] lists them all. One mode is honest: `ok` returns as many jobs as asked for, without a
//! request.

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
    /// The same, about every nine milliseconds.
    LoopBetweenLogs,
    /// Pages without end, each of them some milliseconds of work.
    LoopOverPages,
    /// One page with a job, then computes for ever.
    LoopLater,
    /// Panics.
    Panic,
    /// Stops dead.
    Trap,
    /// Calls itself for ever.
    Recurse,

    /// Takes memory until there is none left, and traps.
    Grow,
    /// The same in one step.
    GrowAtOnce,
    /// Takes memory until there is none left, and says it was something else.
    GrowThenError,

    /// Asks a server and passes its error on, if an answer ever comes.
    Hang(network::Ask),
    /// Asks a server; the title of its one job is the status, or the error.
    Fetch(network::Ask),
    /// Asks a server; the title is where the answer came from and what it said, or the error.
    FetchWhole(network::Ask),
    /// Asks it many times at once; the title counts the statuses and errors.
    FetchAtOnce {
        #[serde(flatten)]
        ask: network::Ask,
        times: usize,
    },
    /// The same one after the other.
    FetchInTurn {
        #[serde(flatten)]
        ask: network::Ask,
        times: usize,
    },
    /// Tells that the board asked for a pause of so many seconds; `later`: after a page with a job.
    RateLimited {
        seconds: u32,
        #[serde(default)]
        later: bool,
    },

    /// Empty pages with ever-new cursors.
    EndlessPaging,
    /// Empty pages with one cursor.
    SameCursor,
    /// Claims that nothing has changed without having asked.
    LieNotModified,
    /// The same once the server does not answer.
    LieUnlessAnswered(network::Ask),
    /// Claims it with reason, but on the second page.
    LieOnSecondPage(network::Ask),

    /// A job whose title has a megabyte.
    BigTitle,
    /// Pages without end of so many bytes.
    BigPages { bytes: usize },
    /// Pages without end of so many jobs.
    ManyJobs { count: u32 },
    /// A thousand extras of two kilobytes.
    HugeExtra,
    /// A state of more than 64 KiB.
    HugeState,
    /// A cursor of more than 4 KiB.
    HugeCursor,
    /// Ids of up to a megabyte, and an empty one.
    HugeIds,
    /// A thousand warnings of four kilobytes.
    HugeWarnings,
    /// Different jobs under one id.
    DuplicateIds,
    /// Ten thousand log lines, then a job.
    LogFlood,
    /// What would play tricks on a terminal: logged, warned of, and in a title.
    EvilWords,
    /// The same in an error, and a megabyte more.
    EvilError,
}

impl Adapter for Hostile {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        match request.read_options()? {
            Mode::Ok { jobs } => Ok(honest::jobs(jobs)),
            Mode::Loop => cpu::compute_for_ever(),
            Mode::LoopInLog => cpu::log_for_ever(),
            Mode::LoopBetweenLogs => cpu::log_every_9_ms(),
            Mode::LoopOverPages => Ok(cpu::compute_on_every_page(request)),
            Mode::LoopLater => Ok(cpu::compute_on_the_second_page(request, honest::page(1))),
            Mode::Panic => cpu::panic(),
            Mode::Trap => cpu::trap(),
            Mode::Recurse => Ok(honest::titled(cpu::recurse(0).to_string())),
            Mode::Grow => memory::grow(),
            Mode::GrowAtOnce => memory::grow_at_once(),
            Mode::GrowThenError => memory::grow_then_error(),
            Mode::Hang(ask) => network::hang(ask),
            Mode::Fetch(ask) => Ok(network::fetch(ask)),
            Mode::FetchWhole(ask) => Ok(network::fetch_whole(ask)),
            Mode::FetchAtOnce { ask, times } => Ok(network::fetch_at_once(ask, times)),
            Mode::FetchInTurn { ask, times } => Ok(network::fetch_in_turn(ask, times)),
            Mode::RateLimited { later: true, .. } if request.cursor.is_none() => Ok(
                paging::page_before_the_next(request, vec![honest::job("1")]),
            ),
            Mode::RateLimited { seconds, .. } => Err(SourceError::RateLimited(Some(seconds))),
            Mode::EndlessPaging => Ok(paging::ever_new_cursors(request)),
            Mode::SameCursor => Ok(paging::same_cursor()),
            Mode::LieNotModified => Ok(Outcome::NotModified),
            Mode::LieUnlessAnswered(ask) => network::lie_unless_answered(ask),
            Mode::LieOnSecondPage(ask) => {
                network::lie_on_the_second_page(ask, request.cursor.is_some())
            }
            Mode::BigTitle => Ok(output::big_title()),
            Mode::BigPages { bytes } => Ok(output::big_pages(request, bytes)),
            Mode::ManyJobs { count } => Ok(output::many_jobs(request, count)),
            Mode::HugeExtra => Ok(output::huge_extra()),
            Mode::HugeState => Ok(output::huge_state()),
            Mode::HugeCursor => Ok(output::huge_cursor()),
            Mode::HugeIds => Ok(output::huge_ids()),
            Mode::HugeWarnings => Ok(output::huge_warnings()),
            Mode::DuplicateIds => Ok(output::duplicate_ids()),
            Mode::LogFlood => Ok(output::log_flood()),
            Mode::EvilWords => Ok(output::evil_words()),
            Mode::EvilError => Err(output::evil_error()),
        }
    }
}
