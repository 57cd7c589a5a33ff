//! The kinds of failure of a scan, and the advice of each to the operator.
//!
//! The word of a kind is stable: rows, JSON, logs and messages contain it. A kind without advice
//! does not compile.

use crate::words;

words! {
    /// The kind of failure that ended a scan without its jobs.
    pub enum FailureKind: "a kind of failure" {
        /// The adapter exceeded its CPU budget.
        CpuBudget = "cpu-budget",
        /// The adapter, or the board that it waited for, exceeded the time limit.
        Timeout = "timeout",
        /// The run ended before the scan did.
        RunEnded = "run-ended",
        /// The adapter exceeded its memory limit.
        OutOfMemory = "out-of-memory",
        /// The host lacks the memory or address space to run the adapter.
        NoHostMemory = "no-host-memory",
        /// The adapter returned more than its limits allow.
        OutputTooLarge = "output-too-large",
        /// The adapter's pages do not end.
        EndlessPaging = "endless-paging",
        Trapped = "trap",
        /// The adapter's file could not be used.
        NotStarted = "not-started",
        /// The operator has not accepted the current version of the adapter.
        NotAccepted = "not-accepted",
        /// The board does not exist, or no longer exists.
        NotFound = "not-found",
        /// The board requires credentials, or rejects the ones that were sent.
        Unauthorized = "unauthorized",
        /// The source's options are not those that the adapter needs.
        InvalidOptions = "invalid-options",
        /// The board asked the host to slow down.
        RateLimited = "rate-limited",
        /// The board blocks programs.
        Blocked = "blocked",
        /// The board responded with an error.
        Upstream = "upstream",
        Network = "network",
        /// The board returned an unexpected response, or the adapter broke the contract.
        UnexpectedResponse = "unexpected-response",
        /// The board was read, but its jobs could not be stored.
        NotRecorded = "store",
        /// The board lists many fewer jobs than before.
        ListingShrank = "listing-shrank",
        /// The host has an internal error.
        Internal = "internal",
        /// Another failure, under a code of the adapter's own. Also a kind that a newer version of
        /// the program recorded and this version does not know.
        Other = "other",
    }
}

impl FailureKind {
    /// Returns the advice to the operator, in whole sentences.
    pub fn advice(self) -> &'static str {
        match self {
            Self::NotFound => {
                "The board is gone, or `identifier` is misspelt: correct it or disable the source."
            }
            Self::Unauthorized => {
                "The board wants credentials, or others: look at the source's `options`."
            }
            Self::InvalidOptions => {
                "The adapter cannot work with the source's `options`: correct them."
            }
            Self::RateLimited => "The board asked us to slow down: a later scan goes on.",
            Self::Blocked => "The board keeps programs out; trying again seldom helps.",
            Self::Upstream | Self::Network | Self::Timeout => {
                "The board, or the way to it, has a fault: a later scan may well succeed. Its jobs are kept."
            }
            Self::CpuBudget | Self::OutOfMemory | Self::OutputTooLarge | Self::EndlessPaging => {
                "The board is larger than `adapters.limits` allows, or the adapter has a fault."
            }
            Self::NoHostMemory => {
                "This machine has too little memory for the program, or a limit is too low (`ulimit -v`, `LimitAS=`, that of a \
                 container): raise it, or lower `advanced.max_concurrent_sources`. A later scan tries again."
            }
            Self::NotRecorded => {
                "The board was read, but the database did not take it: make room on its disk and let us write there. The next \
                 run tries again."
            }
            Self::NotAccepted => {
                "Nobody accepted the adapter as it is now: look at it, and run the command that is named."
            }
            Self::Trapped | Self::NotStarted => {
                "The adapter has a fault: a newer version may help."
            }
            Self::UnexpectedResponse => {
                "The board answers in a way that the adapter does not know: it needs an update."
            }
            Self::ListingShrank => {
                "The board, or the adapter, may be broken. What is missing closes only when enough whole answers agree: look \
                 at the board."
            }
            Self::RunEnded | Self::Internal | Self::Other => {
                "Somebody has to look: the log tells more."
            }
        }
    }
}
