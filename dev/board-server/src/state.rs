//! The state that the handle and the request handlers share: the boards by token, their rendered
//! bodies, their failures and the log.
//!
//! A body is rendered at its first request and cached until its board changes. Serving it costs
//! almost nothing, so a benchmark measures the client.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use tokio::sync::watch;

use crate::board::{Board, BoardJob};
use crate::failure::Failure;
use crate::log::RequestLog;
use crate::validator::{Validator, ValidatorKind};

/// A format of a board's listing. The API module defines it; the cache, the validators and the
/// failures are the same for all.
pub(crate) struct Listing {
    /// The key of the listing in the cache of rendered bodies.
    pub(crate) name: &'static str,
    /// Writes the body.
    pub(crate) render: fn(&View<'_>) -> Vec<u8>,
    /// The JSON body of the 404 for an unknown token.
    pub(crate) unknown: &'static str,
    pub(crate) validator: ValidatorKind,
}

/// A query for the listing of one board, or for a part of it.
#[derive(Clone, Copy)]
pub(crate) struct ListingQuery<'a> {
    pub(crate) listing: &'a Listing,
    pub(crate) token: &'a str,
    pub(crate) part: Part,
    /// The name under which a failure is set for this response: the token, or `TOKEN/ID` of a job.
    pub(crate) failing: &'a str,
}

/// A range of a board's jobs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    /// The number of jobs before the range.
    pub(crate) skip: usize,
    /// The maximum number of jobs in the range.
    pub(crate) limit: usize,
}

impl Part {
    pub(crate) const ALL: Self = Self {
        skip: 0,
        limit: usize::MAX,
    };
}

/// The input for the rendering of a listing.
pub(crate) struct View<'a> {
    pub(crate) token: &'a str,
    pub(crate) board: &'a Board,
    /// The requested jobs of the board.
    pub(crate) jobs: &'a [BoardJob],
    /// The total number of jobs to report, which may be wrong on purpose.
    pub(crate) total: usize,
}

/// A body with its validator. Cloning copies no bytes.
#[derive(Debug, Clone)]
pub(crate) struct Rendered {
    pub(crate) body: Bytes,
    pub(crate) validator: Validator,
}

/// A failure that applies to one response.
pub(crate) struct Failing {
    pub(crate) failure: Failure,
    /// Closed once the failure is replaced or healed.
    pub(crate) healed: watch::Receiver<()>,
}

#[derive(Default)]
struct Entry {
    board: Option<Board>,
    /// The number of times that the board was set or edited.
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
    /// The number of responses that it still applies to; `None` for all.
    left: Option<u32>,
    /// Dropped with the failure, which ends the wait of requests that hang. For their sake a
    /// failure is kept when `left` is 0.
    healed: watch::Sender<()>,
}

pub(crate) struct ServerState {
    entries: Mutex<HashMap<String, Entry>>,
    validators: AtomicBool,
    pub(crate) log: RequestLog,
}

impl ServerState {
    pub(crate) fn new() -> Self {
        Self {
            entries: Mutex::default(),
            validators: AtomicBool::new(true),
            log: RequestLog::default(),
        }
    }

    /// Sets a board, or removes it with `None`.
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

    /// Returns the failure for the next response and counts it as used.
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

    /// Returns the requested listing, from the cache if it is there; `None` for an unknown token.
    pub(crate) fn rendered(&self, query: ListingQuery<'_>) -> Option<Rendered> {
        let mut entries = self.entries();
        let Entry {
            board,
            changes,
            rendered,
            ..
        } = entries.get_mut(query.token)?;
        let board = board.as_ref()?;

        let kept = rendered
            .entry((query.listing.name, query.part))
            .or_insert_with(|| render(query, board, *changes, board.jobs.len()));
        Some(kept.clone())
    }

    /// Returns the range with only the first job of that id.
    pub(crate) fn place(&self, token: &str, id: u64) -> Option<Part> {
        let entries = self.entries();
        let board = entries.get(token)?.board.as_ref()?;

        let skip = board.jobs.iter().position(|job| job.id == id)?;
        Some(Part { skip, limit: 1 })
    }

    /// Returns the requested listing with a wrong total; `None` for an unknown token.
    pub(crate) fn rendered_with_total(
        &self,
        query: ListingQuery<'_>,
        total: u32,
    ) -> Option<Rendered> {
        let entries = self.entries();
        let entry = entries.get(query.token)?;
        let board = entry.board.as_ref()?;

        let total = usize::try_from(total).unwrap_or(usize::MAX);
        Some(render(query, board, entry.changes, total))
    }

    pub(crate) fn validators(&self) -> bool {
        self.validators.load(Ordering::Relaxed)
    }

    pub(crate) fn set_validators(&self, on: bool) {
        self.validators.store(on, Ordering::Relaxed);
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        // A test that panicked while it edited a board has failed already. Other users of the
        // server should not fail with it.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn render(query: ListingQuery<'_>, board: &Board, changes: u32, total: usize) -> Rendered {
    let ListingQuery {
        listing,
        token,
        part,
        ..
    } = query;

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
