//! Bounds what all memories and tables of one scan hold together.

use wasmtime::ResourceLimiter;

/// What one table element costs us: a pointer.
const TABLE_ELEMENT_BYTES: u64 = size_of::<usize>() as u64;

/// Counts all memories and tables of a store against one limit; wasmtime's own limiter counts each by itself.
///
/// A refusal is remembered: some guests turn it into an ordinary error, which must still be recorded as what it is.
#[derive(Debug)]
pub(super) struct MemoryLimiter {
    limit: u64,
    held: u64,
    peak: u64,
    refused: bool,
    /// What the last permitted growth added, to be taken back should it fail after all.
    pending: u64,
}

impl MemoryLimiter {
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, held: 0, peak: 0, refused: false, pending: 0 }
    }

    /// The most that was held at any time, in bytes.
    pub(super) fn peak(&self) -> u64 {
        self.peak
    }

    /// Whether a growth was refused since the scan began.
    pub(super) fn refused(&self) -> bool {
        self.refused
    }

    fn grow(&mut self, bytes: u64) -> bool {
        let Some(held) = self.held.checked_add(bytes).filter(|held| *held <= self.limit) else {
            self.refused = true;
            return false;
        };
        self.pending = bytes;
        self.held = held;
        self.peak = self.peak.max(held);
        true
    }

    fn take_back(&mut self) {
        self.held = self.held.saturating_sub(self.pending);
        self.pending = 0;
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current) as u64))
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.take_back();
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let elements = desired.saturating_sub(current) as u64;
        Ok(self.grow(elements.saturating_mul(TABLE_ELEMENT_BYTES)))
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.take_back();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_and_tables_share_one_limit() {
        let mut limiter = MemoryLimiter::new(1000);
        assert!(limiter.memory_growing(0, 600, None).unwrap());
        assert!(limiter.table_growing(0, 50, None).unwrap());
        assert!(!limiter.refused());
        assert!(!limiter.memory_growing(0, 1, None).unwrap());
        assert!(limiter.refused());
        assert_eq!(limiter.peak(), 1000);
    }

    #[test]
    fn a_growth_that_failed_after_all_is_not_counted() {
        let mut limiter = MemoryLimiter::new(1000);
        assert!(limiter.memory_growing(0, 800, None).unwrap());
        limiter.memory_grow_failed(wasmtime::Error::msg("no address space")).unwrap();
        assert!(limiter.memory_growing(0, 900, None).unwrap());
    }

    #[test]
    fn a_growth_by_more_than_can_be_counted_is_refused() {
        let mut limiter = MemoryLimiter::new(u64::MAX);
        assert!(limiter.memory_growing(0, 10, None).unwrap());
        assert!(!limiter.table_growing(0, usize::MAX, None).unwrap());
    }
}
