//! Standard error, which log lines and a progress bar share: a line written through here stands above the bar.

use std::io::{self, Write};
use std::sync::LazyLock;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The bars of this process. Nothing is drawn where standard error is no terminal.
static BARS: LazyLock<MultiProgress> = LazyLock::new(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr()));

/// Standard error for whole lines.
#[derive(Debug, Clone, Copy)]
pub struct StderrLines;

impl Write for StderrLines {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        BARS.suspend(|| io::stderr().write(lines))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// A bar that fills as `done` of it comes closer to `total`; on a terminal only.
pub fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    BARS.add(ProgressBar::no_length().with_style(style))
}
