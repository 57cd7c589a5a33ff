//! Limits the memory that all memories and tables of one scan hold together.

use wasmtime::ResourceLimiter;

use crate::budgets::instance_slots::no_memory;
use crate::error::ScanError;

/// The size of one table element, which is a pointer.
const TABLE_ELEMENT_BYTES: u64 = size_of::<usize>() as u64;

/// The number of memories of one component: that of the program and, where a tool has replaced WASI
/// by stubs, those of the stubs (JavaScript has three in total). Each one takes 4 GiB of address
/// space in every slot of the engine's pool, even if it is not used.
pub(crate) const MEMORIES_PER_COMPONENT: u32 = 4;

/// The number of elements of one table. The tables of interpreters have tens of thousands of
/// functions.
pub(crate) const MAX_TABLE_ELEMENTS: usize = 100_000;

/// Counts all memories and tables of a store against one limit. The limiter of wasmtime counts each
/// of them separately.
///
/// A refused growth is stored, because some guests turn it into an ordinary error. The scan must
/// still be recorded as out of memory.
#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    limit: u64,
    held: u64,
    peak: u64,
    refused: Option<RefusedGrowth>,
    /// The error message of the host when it had no memory for a growth within the limit.
    host_shortage: Option<String>,
    /// The bytes of the last permitted growth, which are subtracted again if the growth fails.
    pending: u64,
}

/// A growth that the limiter refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RefusedGrowth {
    /// The total bytes after the growth.
    Bytes(u64),
    /// The elements of the table after the growth.
    Table(u64),
}

impl MemoryLimiter {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            held: 0,
            peak: 0,
            refused: None,
            host_shortage: None,
            pending: 0,
        }
    }

    /// Returns the most bytes that were held at any time.
    pub(crate) fn peak(&self) -> u64 {
        self.peak
    }

    /// Checks whether any growth was refused since the scan started.
    ///
    /// # Errors
    ///
    /// [`ScanError::OutOfMemory`] for the first growth that exceeded a limit, or else
    /// [`ScanError::NoHostMemory`] if the host had no memory for one.
    pub(crate) fn check(&self) -> Result<(), ScanError> {
        let (what, requested, limit) = match self.refused {
            None => {
                return self
                    .host_shortage
                    .clone()
                    .map_or(Ok(()), |message| Err(ScanError::NoHostMemory(message)));
            }
            Some(RefusedGrowth::Bytes(requested)) => {
                ("bytes in all memories and tables", requested, self.limit)
            }
            Some(RefusedGrowth::Table(requested)) => (
                "elements of one table",
                requested,
                MAX_TABLE_ELEMENTS as u64,
            ),
        };

        Err(ScanError::OutOfMemory {
            what,
            requested,
            limit,
        })
    }

    fn grow(&mut self, bytes: u64) -> bool {
        let held = self.held.saturating_add(bytes);
        if held > self.limit {
            self.refused.get_or_insert(RefusedGrowth::Bytes(held));
            return false;
        }

        self.pending = bytes;
        self.held = held;
        self.peak = self.peak.max(held);
        true
    }

    fn undo_growth(&mut self, error: &wasmtime::Error) {
        if self.host_shortage.is_none() {
            self.host_shortage = no_memory(error);
        }

        self.held = self.held.saturating_sub(self.pending);
        self.pending = 0;
    }
}

impl ResourceLimiter for MemoryLimiter {
    /// The pool has the same limit. Without a pool this limit is needed because each memory
    /// reserves address space, however small it is.
    fn memories(&self) -> usize {
        MEMORIES_PER_COMPONENT as usize
    }

    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current) as u64))
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.undo_growth(&error);
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > MAX_TABLE_ELEMENTS {
            self.refused
                .get_or_insert(RefusedGrowth::Table(desired as u64));
            return Ok(false);
        }

        let elements = desired.saturating_sub(current) as u64;
        Ok(self.grow(elements.saturating_mul(TABLE_ELEMENT_BYTES)))
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.undo_growth(&error);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::failure::FailureKind;

    use super::*;

    #[test]
    fn memories_and_tables_share_one_limit() {
        let mut limiter = MemoryLimiter::new(1000);
        assert!(limiter.memory_growing(0, 600, None).unwrap());
        assert!(limiter.table_growing(0, 50, None).unwrap());
        assert!(limiter.check().is_ok());
        assert!(!limiter.memory_growing(0, 1, None).unwrap());
        let message = "the adapter exceeded its memory limit: 1001 bytes in all memories and tables, limit 1000";
        assert_eq!(limiter.check().unwrap_err().to_string(), message);
        assert_eq!(limiter.peak(), 1000);
    }

    #[test]
    fn a_failed_growth_is_not_counted() {
        let mut limiter = MemoryLimiter::new(1000);
        assert!(limiter.memory_growing(0, 800, None).unwrap());
        limiter
            .memory_grow_failed(wasmtime::Error::msg("no address space"))
            .unwrap();
        assert!(limiter.memory_growing(0, 900, None).unwrap());
        limiter.check().unwrap();
    }

    #[test]
    fn a_growth_without_host_memory_is_a_host_failure() {
        let mut limiter = MemoryLimiter::new(1000);
        assert!(limiter.memory_growing(0, 800, None).unwrap());
        let lacking = std::io::Error::from_raw_os_error(12);
        limiter
            .memory_grow_failed(wasmtime::Error::new(lacking))
            .unwrap();
        assert_eq!(
            limiter.check().unwrap_err().kind(),
            FailureKind::NoHostMemory
        );
        assert!(!limiter.memory_growing(0, 1001, None).unwrap());
        assert_eq!(
            limiter.check().unwrap_err().kind(),
            FailureKind::OutOfMemory,
            "its own limit is reported first"
        );
    }

    #[test]
    fn a_growth_that_overflows_the_count_is_refused() {
        let mut limiter = MemoryLimiter::new(u64::MAX - 1);
        assert!(limiter.memory_growing(0, 10, None).unwrap());
        assert!(!limiter.memory_growing(0, usize::MAX, None).unwrap());
    }

    #[test]
    fn a_table_has_a_separate_limit() {
        let mut limiter = MemoryLimiter::new(u64::MAX);
        assert!(limiter.table_growing(0, MAX_TABLE_ELEMENTS, None).unwrap());
        assert!(
            !limiter
                .table_growing(MAX_TABLE_ELEMENTS, MAX_TABLE_ELEMENTS + 1, None)
                .unwrap()
        );
        let message =
            "the adapter exceeded its memory limit: 100001 elements of one table, limit 100000";
        assert_eq!(limiter.check().unwrap_err().to_string(), message);
    }
}
