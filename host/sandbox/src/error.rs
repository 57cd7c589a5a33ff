//! Why a scan of one source ended early.

use std::time::Duration;

use job_scanner_core::failure::FailureKind;

/// The reason why one scan of one source brought nothing, or not all.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The guest computed for longer than it may.
    #[error("the adapter used up its {what} budget of {limit:?} (it computed for {} ms)", .used.as_millis())]
    CpuBudget {
        /// `CPU` for a page or a scan.
        what: &'static str,
        /// The time for which it computed.
        used: Duration,
        /// The budget.
        limit: Duration,
    },
    /// The guest took longer than it may, waiting for the board included.
    #[error("no answer within {limit:?} for {what}")]
    Timeout {
        /// The part that took too long: a page or the whole scan.
        what: &'static str,
        /// The wall-clock limit.
        limit: Duration,
    },
    /// The run that the scan is part of came to its end first.
    #[error("the run's time was up")]
    RunEnded,
    /// The guest wanted more memory than it may have.
    #[error("the adapter needs more memory than it may have: {wanted} {what}, limit {limit}")]
    OutOfMemory {
        /// The thing that there is too little of, in words.
        what: &'static str,
        /// The amount that it would have had with what it asked for.
        wanted: u64,
        /// The limit, in the unit that `what` names.
        limit: u64,
    },
    /// The host has no memory, or no address space, to run the guest in. That is not the fault of
    /// the guest, nor of the board.
    #[error(
        "this machine has no memory left for the adapter ({0}): allow the program more (`ulimit -v`, `LimitAS=`, the \
         limit of its container), or let it scan less at once (`advanced.max_concurrent_sources`); the next scan tries \
         again"
    )]
    NoHostMemory(String),
    /// The guest returned more than it may.
    #[error("the adapter returned too much: {}{what}, limit {limit}", amount(*.used))]
    OutputTooLarge {
        /// The thing that was too much, in words.
        what: &'static str,
        /// The amount; `None` when that was too much to be counted.
        used: Option<u64>,
        /// The limit, in the unit that `what` names.
        limit: u64,
    },
    /// The guest's pages do not come to an end.
    #[error("the adapter's pages do not end: {0}")]
    EndlessPaging(String),
    /// The guest trapped: a bug in the adapter.
    #[error("the adapter trapped: {0}")]
    Trapped(String),
    /// The adapter file could not be used.
    #[error("the adapter could not be started: {0}")]
    NotStarted(String),
    /// The board or tenant is gone.
    #[error("the board does not exist: {0}")]
    NotFound(String),
    /// The board wants credentials, or others.
    #[error("the board refused us: {0}")]
    Unauthorized(String),
    /// The source's options are not what the adapter needs.
    #[error("the source's options are wrong: {0}")]
    InvalidOptions(String),
    /// The board asked us to slow down.
    #[error("the board asked us to slow down{}", after(*.retry_after))]
    RateLimited {
        /// For how long, if the board said so.
        retry_after: Option<Duration>,
    },
    /// A bot wall.
    #[error("the board blocked us: {0}")]
    Blocked(String),
    /// The board answered with an error.
    #[error("the board answered {status}: {message}")]
    Upstream {
        /// The HTTP status.
        status: u16,
        /// The adapter's words.
        message: String,
    },
    /// The board could not be reached.
    #[error("the board could not be reached: {0}")]
    Network(String),
    /// The board or the adapter broke the rules: a person has to look.
    #[error("unexpected response: {0}")]
    UnexpectedResponse(String),
    /// Something else, under the adapter's own code.
    #[error("{code}: {message}")]
    Other {
        /// The adapter's code.
        code: String,
        /// The adapter's words.
        message: String,
    },
}

impl ScanError {
    /// The kind of failure.
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::CpuBudget { .. } => FailureKind::CpuBudget,
            Self::Timeout { .. } => FailureKind::Timeout,
            Self::RunEnded => FailureKind::RunEnded,
            Self::OutOfMemory { .. } => FailureKind::OutOfMemory,
            Self::NoHostMemory(_) => FailureKind::NoHostMemory,
            Self::OutputTooLarge { .. } => FailureKind::OutputTooLarge,
            Self::EndlessPaging(_) => FailureKind::EndlessPaging,
            Self::Trapped(_) => FailureKind::Trapped,
            Self::NotStarted(_) => FailureKind::NotStarted,
            Self::NotFound(_) => FailureKind::NotFound,
            Self::Unauthorized(_) => FailureKind::Unauthorized,
            Self::InvalidOptions(_) => FailureKind::InvalidOptions,
            Self::RateLimited { .. } => FailureKind::RateLimited,
            Self::Blocked(_) => FailureKind::Blocked,
            Self::Upstream { .. } => FailureKind::Upstream,
            Self::Network(_) => FailureKind::Network,
            Self::UnexpectedResponse(_) => FailureKind::UnexpectedResponse,
            Self::Other { .. } => FailureKind::Other,
        }
    }

    /// Returns true if the board speaks to us rather than about what we asked for: the next request
    /// now would fare no better.
    pub(crate) fn concerns_all_requests(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. } | Self::Blocked(_) | Self::Unauthorized(_) | Self::Network(_)
        )
    }
}

fn amount(used: Option<u64>) -> String {
    used.map_or_else(String::new, |used| format!("{used} "))
}

fn after(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |wait| format!(" for {wait:?}"))
}
