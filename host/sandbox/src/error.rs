//! The reasons why a scan of one source ends early.

use std::time::Duration;

use job_scanner_core::failure::FailureKind;

/// The reason why a scan of one source returned no jobs, or not all of them.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The guest computed longer than its limit.
    #[error("the adapter used up its {what} budget of {limit:?} (it computed for {} ms)", .used.as_millis())]
    CpuBudget {
        /// `CPU (one page)` or `CPU (whole scan)`.
        what: &'static str,
        used: Duration,
        limit: Duration,
    },
    /// The guest took longer than its limit, including the time in which it waited for the board.
    #[error("timed out after {limit:?} ({what})")]
    Timeout {
        /// The part that took too long: a page, the whole scan, or the manifest.
        what: &'static str,
        limit: Duration,
    },
    /// The run that the scan belongs to reached its time limit first.
    #[error("the run reached its time limit")]
    RunEnded,
    /// The guest requested more memory than its limit.
    #[error("the adapter exceeded its memory limit: {requested} {what}, limit {limit}")]
    OutOfMemory {
        /// The unit and what it counts, for the message.
        what: &'static str,
        /// The total that the guest would have had with the growth that was refused.
        requested: u64,
        /// In the unit that `what` names.
        limit: u64,
    },
    /// The host has no memory, or no address space, to run the guest in. Neither the guest nor the
    /// board is at fault.
    #[error(
        "this machine has no memory left for the adapter ({0}); raise the limit of the program (`ulimit -v`, \
         `LimitAS=`, its container) or lower `advanced.max_concurrent_sources`; the next scan tries again"
    )]
    NoHostMemory(String),
    /// The guest returned more than its limit.
    #[error("the adapter returned too much: {}{what}, limit {limit}", amount(*.used))]
    OutputTooLarge {
        /// The unit and what it counts, for the message.
        what: &'static str,
        /// `None` when the amount was too large to be counted.
        used: Option<u64>,
        /// In the unit that `what` names.
        limit: u64,
    },
    /// The guest exceeds the page limit or repeats a cursor.
    #[error("the adapter's paging does not end: {0}")]
    EndlessPaging(String),
    /// The guest trapped, which is a bug in the adapter.
    #[error("the adapter trapped: {0}")]
    Trapped(String),
    /// The component could not be instantiated, or an earlier call of the guest failed.
    #[error("the adapter could not be started: {0}")]
    NotStarted(String),
    /// The board or the tenant does not exist.
    #[error("the board does not exist: {0}")]
    NotFound(String),
    /// The board requires credentials, or rejects those that were sent.
    #[error("the board denied access: {0}")]
    Unauthorized(String),
    /// The adapter rejects the source's options.
    #[error("the source's options are wrong: {0}")]
    InvalidOptions(String),
    /// The board limits the request rate.
    #[error("the board asked us to slow down{}", after(*.retry_after))]
    RateLimited {
        /// The pause that the board requests; `None` if it names none.
        retry_after: Option<Duration>,
    },
    /// The board blocks automated clients.
    #[error("the board blocked us: {0}")]
    Blocked(String),
    /// The board returned an error status.
    #[error("the board answered {status}: {message}")]
    Upstream {
        status: u16,
        /// The adapter's description of the error.
        message: String,
    },
    #[error("the board could not be reached: {0}")]
    Network(String),
    /// The response of the board, or the behaviour of the adapter, is not what was expected. The
    /// adapter or the source needs attention.
    #[error("unexpected response: {0}")]
    UnexpectedResponse(String),
    /// Another failure, with a code that the adapter chose.
    #[error("{code}: {message}")]
    Other { code: String, message: String },
}

impl ScanError {
    /// Returns the kind of failure.
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

    /// Returns true if the failure concerns the board as a whole, so that any further request would
    /// now fail too.
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
