//! Standard output, for results only.

use std::io::{self, Write as _};
use std::ops::ControlFlow;

use anyhow::Context as _;
use job_scanner_views::json::json;
use serde::Serialize;

/// Writes a value as indented JSON.
pub(crate) fn print_json<T: Serialize + ?Sized>(value: &T) -> anyhow::Result<()> {
    let text = json(value).context("cannot write JSON")?;
    print(&text)
}

/// Writes a result, or the last part of one.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    if print_part(text)?.is_break() {
        return Ok(());
    }

    // Buffered output would be lost silently at exit.
    ignore_closed_pipe(io::stdout().flush()).map(drop)
}

/// Writes a part of a result that is not the last one. Breaks if the reader has closed the pipe (`|
/// head`), which is not an error.
pub(crate) fn print_part(text: &str) -> anyhow::Result<ControlFlow<()>> {
    ignore_closed_pipe(io::stdout().write_all(text.as_bytes()))
}

fn ignore_closed_pipe(result: io::Result<()>) -> anyhow::Result<ControlFlow<()>> {
    match result {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(error) => Err(error).context("cannot write the result"),
    }
}
