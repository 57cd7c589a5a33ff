//! The kinds of failure of a scan, and what each asks of the operator.
//!
//! The word of a kind is stable: it is in rows, JSON, logs and messages. A kind that has no advice
//! does not compile.

use crate::words;

words! {
    /// The kind of failure that made a scan end without its jobs.
    pub enum FailureKind: "a kind of failure" {
        /// The adapter computed for longer than it may.
        CpuBudget = "cpu-budget",
        /// The adapter, or the board that it waited for, took longer than it may.
        Timeout = "timeout",
        /// The run that the scan is part of came to its end first.
        RunEnded = "run-ended",
        /// The adapter wanted more memory than it may have.
        OutOfMemory = "out-of-memory",
        /// The host has no memory, or no address space, to run the adapter in.
        NoHostMemory = "no-host-memory",
        /// The adapter returned more than it may.
        OutputTooLarge = "output-too-large",
        /// The adapter's pages do not come to an end.
        EndlessPaging = "endless-paging",
        /// The adapter trapped.
        Trapped = "trap",
        /// The adapter's file could not be used.
        NotStarted = "not-started",
        /// The operator has not accepted the adapter as it is now.
        NotAccepted = "not-accepted",
        /// The board does not exist, or not any more.
        NotFound = "not-found",
        /// The board wants credentials, or others.
        Unauthorized = "unauthorized",
        /// The source's options are not what the adapter needs.
        InvalidOptions = "invalid-options",
        /// The board asked the host to slow down.
        RateLimited = "rate-limited",
        /// The board keeps programs out.
        Blocked = "blocked",
        /// The board answered with an error.
        Upstream = "upstream",
        /// The board could not be reached.
        Network = "network",
        /// The board or the adapter broke the rules.
        UnexpectedResponse = "unexpected-response",
        /// The board was read, and the database did not take what it said.
        NotRecorded = "store",
        /// The board lists much less than before.
        ListingShrank = "listing-shrank",
        /// The host itself has a fault.
        Internal = "internal",
        /// Something else, under a code of the adapter's own; also a kind that a newer program
        /// recorded and this one does not know.
        Other = "other",
    }
}

impl FailureKind {
    /// Returns what the failure asks of the operator, in whole sentences.
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
