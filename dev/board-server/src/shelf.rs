//! What the handle and the request handlers share: the boards by token, their rendered bodies,
//! failures, the log.
//!
//! A body is rendered at its first request and kept until its board changes, so that serving costs
//! next to nothing and a benchmark measures the client.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use tokio::sync::watch;

use crate::board::{Board, BoardJob};
use crate::failure::Failure;
use crate::log::RequestLog;
use crate::validator::{Validator, ValidatorKind};

/// One way to list a board: what the API module brings to have its listing cached, validated and
/// made to fail.
pub(crate) struct Listing {
    /// Tells renderings of one board apart.
    pub(crate) name: &'static str,
    /// Writes the body.
    pub(crate) render: fn(&View<'_>) -> Vec<u8>,
    /// The JSON body of the 404 for an unknown token.
    pub(crate) unknown: &'static str,
    /// How a client can ask whether it changed.
    pub(crate) validator: ValidatorKind,
}

/// What a client asks for: a listing of one board, or a part of it.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) listing: &'a Listing,
    pub(crate) token: &'a str,
    pub(crate) part: Part,
    /// Under which name this answer is made to fail: the token, or one job's `TOKEN/ID`.
    pub(crate) failing: &'a str,
}

/// Which of a board's jobs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    /// So many are left out at the beginning.
    pub(crate) skip: usize,
    /// At most so many follow.
    pub(crate) limit: usize,
}

impl Part {
    pub(crate) const ALL: Self = Self {
        skip: 0,
        limit: usize::MAX,
    };
}

/// What a listing is rendered from.
pub(crate) struct View<'a> {
    pub(crate) token: &'a str,
    pub(crate) board: &'a Board,
    /// Those of the board's jobs that are asked for.
    pub(crate) jobs: &'a [BoardJob],
    /// The number of jobs to claim.
    pub(crate) total: usize,
}

/// A body with its validator. Cloning copies no bytes.
#[derive(Debug, Clone)]
pub(crate) struct Rendered {
    pub(crate) body: Bytes,
    pub(crate) validator: Validator,
}

/// A failure on its way into one answer.
pub(crate) struct Failing {
    pub(crate) failure: Failure,
    /// Closed once the failure is replaced or healed.
    pub(crate) healed: watch::Receiver<()>,
}

#[derive(Default)]
struct Entry {
    board: Option<Board>,
    /// How often the board was set or edited.
    changes: u32,
    rendered: HashMap<(&'static str, Part), Rendered>,
    failing: Option<FailureState>,
}

impl Entry {
    fn changed(&mut self) {
        self.changes += 1;
        self.rendered.clear();
    }
}

struct FailureState {
    failure: Failure,
    /// How many answers it still spoils; `None` for all of them.
    left: Option<u32>,
    /// Dropped with the failure, which lets hanging requests go. Kept while `left` is 0 for the
    /// same reason.
    healed: watch::Sender<()>,
}

pub(crate) struct Shelf {
    entries: Mutex<HashMap<String, Entry>>,
    validators: AtomicBool,
    pub(crate) log: RequestLog,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        Self {
            entries: Mutex::default(),
            validators: AtomicBool::new(true),
            log: RequestLog::default(),
        }
    }

    /// `None` takes the board away.
    pub(crate) fn set_board(&self, token: &str, board: Option<Board>) {
        let mut entries = self.entries();
        let entry = entries.entry(token.to_owned()).or_default();

        entry.board = board;
        entry.changed();
    }

    pub(crate) fn edit_board(&self, token: &str, edit: impl FnOnce(&mut Board)) {
        let mut entries = self.entries();
        let entry = entries.entry(token.to_owned()).or_default();

        edit(entry.board.get_or_insert_default());
        entry.changed();
    }

    pub(crate) fn fail(&self, token: &str, failure: Failure, times: Option<u32>) {
        let failing = FailureState {
            failure,
            left: times,
            healed: watch::Sender::new(()),
        };

        let mut entries = self.entries();
        let entry = entries.entry(token.to_owned()).or_default();
        entry.failing = Some(failing);
    }

    pub(crate) fn heal(&self, token: &str) {
        if let Some(entry) = self.entries().get_mut(token) {
            entry.failing = None;
        }
    }

    /// The failure that spoils the answer being made now, counted as used.
    pub(crate) fn take_failure(&self, token: &str) -> Option<Failing> {
        let mut entries = self.entries();
        let state = entries.get_mut(token)?.failing.as_mut()?;

        match &mut state.left {
            Some(0) => return None,
            Some(left) => *left -= 1,
            None => {}
        }

        Some(Failing {
            failure: state.failure.clone(),
            healed: state.healed.subscribe(),
        })
    }

    /// What is asked for, from the cache where it can be; `None` for an unknown token.
    pub(crate) fn rendered(&self, ask: Ask<'_>) -> Option<Rendered> {
        let mut entries = self.entries();
        let Entry {
            board,
            changes,
            rendered,
            ..
        } = entries.get_mut(ask.token)?;
        let board = board.as_ref()?;

        let kept = rendered
            .entry((ask.listing.name, ask.part))
            .or_insert_with(|| render(ask, board, *changes, board.jobs.len()));
        Some(kept.clone())
    }

    /// Where the first job of that id is on its board.
    pub(crate) fn place(&self, token: &str, id: u64) -> Option<Part> {
        let entries = self.entries();
        let board = entries.get(token)?.board.as_ref()?;

        let skip = board.jobs.iter().position(|job| job.id == id)?;
        Some(Part { skip, limit: 1 })
    }

    /// The same with a number of jobs that is not true.
    pub(crate) fn rendered_with_total(&self, ask: Ask<'_>, total: u32) -> Option<Rendered> {
        let entries = self.entries();
        let entry = entries.get(ask.token)?;
        let board = entry.board.as_ref()?;

        let total = usize::try_from(total).unwrap_or(usize::MAX);
        Some(render(ask, board, entry.changes, total))
    }

    pub(crate) fn validators(&self) -> bool {
        self.validators.load(Ordering::Relaxed)
    }

    pub(crate) fn set_validators(&self, on: bool) {
        self.validators.store(on, Ordering::Relaxed);
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        // A test that panicked while editing has failed already; its neighbours on this server need
        // not.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn render(ask: Ask<'_>, board: &Board, changes: u32, total: usize) -> Rendered {
    let Ask {
        listing,
        token,
        part,
        ..
    } = ask;

    let start = part.skip.min(board.jobs.len());
    let end = start.saturating_add(part.limit).min(board.jobs.len());
    let view = View {
        token,
        board,
        jobs: &board.jobs[start..end],
        total,
    };

    let body = Bytes::from((listing.render)(&view));
    Rendered {
        validator: listing.validator.of(&body, changes),
        body,
    }
}
