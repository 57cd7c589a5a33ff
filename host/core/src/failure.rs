//! The kinds of failure of a scan, and the advice of each to the operator.
//!
//! The word of a kind is stable: rows, JSON, logs and messages contain it. A kind without advice
//! does not compile.

use crate::words;

/// A part of the messages about hosts that are not allowed ([`crate::net::Denied`]). Adapters pass
/// these messages on.
const MISSING_HOST: &str = "`allow_hosts: [";

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
    /// Returns the advice to the operator on a failure with this message, in whole sentences.
    pub fn advice(self, message: &str) -> &'static str {
        match self {
            Self::Other if message.contains(MISSING_HOST) => {
                "The board is at a host that the adapter was not granted. If you trust the host, add it to the source as the \
                 message says."
            }
            Self::NotFound => {
                "The board does not exist, or `identifier` is misspelt (some boards distinguish case). Correct it or disable the \
                 source."
            }
            Self::Unauthorized => {
                "The board requires credentials, or rejected those of the source. Check the source's `options`."
            }
            Self::InvalidOptions => "Correct the identifier or options of this source.",
            Self::RateLimited => "The board limits the rate of requests. A later scan continues.",
            Self::Blocked => "The board blocks programs. Retrying rarely helps.",
            Self::Upstream | Self::Network | Self::Timeout => {
                "The board or the network failed. A later scan may succeed. The stored jobs are kept."
            }
            Self::CpuBudget | Self::OutOfMemory | Self::OutputTooLarge | Self::EndlessPaging => {
                "The board is larger than `adapters.limits` allows, or the adapter has a bug."
            }
            Self::NoHostMemory => {
                "This machine has too little memory for the program, or a limit is too low (`ulimit -v`, `LimitAS=`, or that of a \
                 container). Raise it, or lower `advanced.max_concurrent_sources`. A later scan retries."
            }
            Self::NotRecorded => {
                "The board was read, but its jobs could not be stored. Free disk space and check the permissions of the \
                 database. The next run retries."
            }
            Self::NotAccepted => {
                "This version of the adapter has not been accepted. Review it, and run the command in the message."
            }
            Self::Trapped | Self::NotStarted => "The adapter has a bug. A newer version may help.",
            Self::UnexpectedResponse => {
                "The adapter does not support the board's response. It needs an update."
            }
            Self::ListingShrank => {
                "The board or the adapter may be broken. The missing jobs are closed only when enough complete listings \
                 agree. Check the board."
            }
            Self::RunEnded | Self::Internal | Self::Other => "Needs attention; see the log.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::AllowList;

    #[test]
    fn a_missing_host_has_its_own_advice() {
        let denied = AllowList::default()
            .check(&"https://initech.example/".parse().unwrap())
            .unwrap_err();
        let message = format!("denied: {denied}");
        assert!(
            FailureKind::Other
                .advice(&message)
                .contains("trust the host")
        );
        assert!(!FailureKind::Other.advice("odd").contains("trust the host"));
    }
}
