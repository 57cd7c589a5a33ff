//! An adapter that misbehaves on demand, for the tests of the sandbox.
//!
//! The source's option `mode` names the misbehaviour: `{"mode": "loop"}`. Each kind has a file, and
//! [`Mode`] lists them all. One mode is honest: `ok` returns the requested number of jobs, without
//! an HTTP request.

mod cpu;
mod honest;
mod memory;
mod network;
mod output;
mod paging;

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, SourceError, export_adapter};

struct Hostile;

export_adapter!(Hostile);

/// The behaviour, with its parameters.
#[derive(Debug, serde::Deserialize)]
#[serde(tag = "mode", rename_all = "kebab-case")]
enum Mode {
    /// Behaves well: returns `jobs` jobs on one page, by default none.
    Ok {
        #[serde(default)]
        jobs: u32,
    },

    /// Computes for ever.
    Loop,
    /// Computes for ever, and calls the host in between.
    LoopInLog,
    /// The same, with a call about every nine milliseconds.
    LoopBetweenLogs,
    /// Returns pages without end, each after some milliseconds of work.
    LoopOverPages,
    /// Returns one page with a job, then computes for ever.
    LoopLater,
    Panic,
    /// Traps without a message.
    Trap,
    /// Calls itself for ever.
    Recurse,

    /// Allocates memory until none is left, and traps.
    Grow,
    /// The same in one step.
    GrowAtOnce,
    /// Allocates memory until none is left, and returns an unrelated error.
    GrowThenError,

    /// Sends a request and returns its error, if a response ever arrives.
    Hang(network::Ask),
    /// Sends a request; the title of the one job is the status, or the error.
    Fetch(network::Ask),
    /// Sends a request; the title is the response's URL and body, or the error.
    FetchWhole(network::Ask),
    /// Sends the request many times at once; the title counts the statuses and errors.
    FetchAtOnce {
        #[serde(flatten)]
        ask: network::Ask,
        times: usize,
    },
    /// The same, one request after the other.
    FetchInTurn {
        #[serde(flatten)]
        ask: network::Ask,
        times: usize,
    },
    /// Returns a rate limit of this many seconds; with `later`, after a page with a job.
    RateLimited {
        seconds: u32,
        #[serde(default)]
        later: bool,
    },

    /// Returns empty pages, each with a new cursor.
    EndlessPaging,
    /// Returns empty pages with the same cursor.
    SameCursor,
    /// Claims that nothing has changed, without a request.
    LieNotModified,
    /// Claims it when the server responds with an error status.
    LieUnlessAnswered(network::Ask),
    /// Claims it after a real 304, but on the second page.
    LieOnSecondPage(network::Ask),

    /// Returns a job whose title has a megabyte.
    BigTitle,
    /// Returns pages without end, each of this many bytes.
    BigPages {
        bytes: usize,
    },
    /// Returns pages without end, each of this many jobs.
    ManyJobs {
        count: u32,
    },
    /// Returns a thousand extra values of two kilobytes.
    HugeExtra,
    /// Returns a state of more than 64 KiB.
    HugeState,
    /// Returns a cursor of more than 4 KiB.
    HugeCursor,
    /// Returns ids of up to a megabyte, and an empty one.
    HugeIds,
    /// Returns a thousand warnings of four kilobytes.
    HugeWarnings,
    /// Returns different jobs with the same id.
    DuplicateIds,
    /// Writes ten thousand log lines, then returns a job.
    LogFlood,
    /// Puts characters that a terminal acts on into a log line, a warning and a title.
    EvilWords,
    /// Puts them into an error, followed by a megabyte.
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
