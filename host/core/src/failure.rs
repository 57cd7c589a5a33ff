//! What a kind of failure means, in words.

/// What a kind of failure asks of the person who reads it, as a sentence.
pub fn meaning(kind: &str) -> &'static str {
    match kind {
        "not-found" => {
            "The board is gone, or `identifier` is misspelt: correct it or disable the source."
        }
        "unauthorized" => "The board wants credentials, or others: look at the source's `options`.",
        "invalid-options" => "The adapter cannot work with the source's `options`: correct them.",
        "rate-limited" => "The board asked us to slow down: a later scan goes on.",
        "blocked" => "The board keeps programs out; trying again seldom helps.",
        "upstream" | "network" | "timeout" => {
            "The board, or the way to it, has a fault: a later scan may well succeed. Its jobs are kept."
        }
        "cpu-budget" | "out-of-memory" | "output-too-large" | "endless-paging" => {
            "The board is larger than `adapters.limits` allows, or the adapter has a fault."
        }
        "no-host-memory" => {
            "This machine has too little memory for the program, or a limit is too low (`ulimit -v`, `LimitAS=`, that of a \
             container): raise it, or lower `advanced.max_concurrent_sources`. A later scan tries again."
        }
        "store" => {
            "The board was read, but the database did not take it: make room on its disk and let us write there. The next \
             run tries again."
        }
        "not-accepted" => {
            "Nobody accepted the adapter as it is now: look at it, and run the command that is named."
        }
        "trap" | "not-started" => "The adapter has a fault: a newer version may help.",
        "unexpected-response" => {
            "The board answers in a way that the adapter does not know: it needs an update."
        }
        "listing-shrank" => {
            "The board, or the adapter, may be broken. What is missing closes only when enough whole answers agree: look \
             at the board."
        }
        _ => "Somebody has to look: the log tells more.",
    }
}
