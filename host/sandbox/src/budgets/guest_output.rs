//! Writes a guest's WASI standard output and standard error to its log, with the same limits.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::io::{AsyncWrite, sink};
use tracing::Level;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

use crate::budgets::guest_log::GuestLog;

/// The number of bytes that a guest may write at once.
const MAX_WRITE_BYTES: usize = 64 * 1024;

/// One of a guest's two output streams. Clones write to the same line, as WASI requires. The stream
/// is always ready and never fails: excess output is dropped, and the log counts it.
#[derive(Debug, Clone)]
pub(crate) struct GuestOutput(Arc<Mutex<LineBuffer>>);

impl GuestOutput {
    pub(crate) fn new(log: Arc<GuestLog>, level: Level) -> Self {
        Self(Arc::new(Mutex::new(LineBuffer {
            log,
            level,
            bytes: Vec::new(),
        })))
    }
}

/// A line that has not ended yet. If the guest ends within a line, the partial line is logged.
#[derive(Debug)]
struct LineBuffer {
    log: Arc<GuestLog>,
    level: Level,
    bytes: Vec<u8>,
}

impl LineBuffer {
    fn write(&mut self, bytes: &[u8]) {
        let mut pieces = bytes.split(|byte| *byte == b'\n');
        // The first piece belongs to the current line. Each further piece starts a new line.
        self.extend(pieces.next().unwrap_or_default());

        for piece in pieces {
            self.end();
            self.extend(piece);
        }
    }

    /// Keeps at most as many bytes as the log keeps of one line.
    fn extend(&mut self, piece: &[u8]) {
        let room = self.log.max_line_bytes().saturating_sub(self.bytes.len());
        self.bytes
            .extend_from_slice(&piece[..piece.len().min(room)]);
    }

    fn end(&mut self) {
        let bytes = mem::take(&mut self.bytes);
        let text = String::from_utf8_lossy(&bytes);
        self.log.line(self.level, text.trim_end_matches('\r'));
    }
}

impl Drop for LineBuffer {
    fn drop(&mut self) {
        if !self.bytes.is_empty() {
            self.end();
        }
    }
}

impl IsTerminal for GuestOutput {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for GuestOutput {
    /// Serves WASI 0.3, which the host does not link.
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl Pollable for GuestOutput {
    async fn ready(&mut self) {}
}

#[async_trait]
impl OutputStream for GuestOutput {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(MAX_WRITE_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::adapter::Limits;

    use super::*;

    fn written(limits: &Limits, pieces: &[&[u8]]) -> Arc<GuestLog> {
        let log = Arc::new(GuestLog::new("greenhouse/acme".into(), limits));
        let mut output = GuestOutput::new(Arc::clone(&log), Level::INFO);
        for piece in pieces {
            output.write(Bytes::copy_from_slice(piece)).unwrap();
        }
        log
    }

    #[test]
    fn written_chunks_become_lines_and_the_last_needs_no_line_end() {
        let log = written(
            &Limits::default(),
            &[b"one", b" line\nanother\n", b"\xFF\xFE", b" last"],
        );
        assert_eq!((log.lines(), log.dropped()), (3, 0));
    }

    #[test]
    fn an_endless_line_is_buffered_up_to_the_log_limit() {
        let log = Arc::new(GuestLog::new("greenhouse/acme".into(), &Limits::default()));
        let mut output = GuestOutput::new(Arc::clone(&log), Level::INFO);
        for _ in 0..100 {
            output
                .write(Bytes::from(vec![b'x'; MAX_WRITE_BYTES]))
                .unwrap();
        }
        assert_eq!(output.0.lock().unwrap().bytes.len(), 4 * 1024);
        drop(output);
        assert_eq!((log.lines(), log.dropped()), (1, 0));
    }

    #[test]
    fn a_flood_of_output_lines_is_dropped_and_counted() {
        let log = written(&Limits::default(), &[&b"\n".repeat(10_000)]);
        assert_eq!((log.lines(), log.dropped()), (500, 9_500));
    }
}
