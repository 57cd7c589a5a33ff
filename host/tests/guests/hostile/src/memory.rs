//! Misbehaviour that exhausts memory.

use std::hint::black_box;

use job_scanner_sdk::{Outcome, SourceError};

const STEP: usize = 1 << 20;

/// Runs out of memory, which is a trap, as in any Rust program.
pub(crate) fn grow() -> ! {
    let mut blocks = Vec::new();
    loop {
        blocks.push(black_box(vec![1_u8; STEP]));
    }
}

/// Allocates a gibibyte in one step.
pub(crate) fn grow_at_once() -> ! {
    black_box(vec![1_u8; 1 << 30]);
    unreachable!("no adapter may allocate a gibibyte")
}

/// Notices that no memory is left and returns an ordinary error, as some language runtimes do.
pub(crate) fn grow_then_error() -> Result<Outcome, SourceError> {
    let mut blocks: Vec<Vec<u8>> = Vec::new();
    loop {
        let mut block = Vec::new();
        if blocks.try_reserve(1).is_err() || block.try_reserve_exact(STEP).is_err() {
            drop(blocks);
            return Err(SourceError::Other((
                "bad-luck".to_owned(),
                "something went wrong".to_owned(),
            )));
        }
        block.resize(STEP, 1);
        blocks.push(black_box(block));
    }
}
