//! Standard error, the width of standard output, and the terminal that the process was started in.
//!
//! Log lines and a progress bar share standard error: lines written by this module appear above the
//! bar. Text that cannot be written is dropped: a full disk or a closed terminal must not change
//! the behaviour of the program, or its exit code.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Write};
use std::sync::LazyLock;

use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

/// The number of times per second that the bar is drawn.
const DRAWN_PER_SECOND: u8 = 20;

/// The bars of this process. Nothing is drawn if standard error is not a terminal.
static BARS: LazyLock<MultiProgress> =
    LazyLock::new(|| MultiProgress::with_draw_target(draw_target()));

/// Standard error for whole lines.
#[derive(Debug, Clone, Copy)]
pub struct StderrLines;

impl Write for StderrLines {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        // The subscriber would report an error to standard error, and panic if it cannot.
        let _ = BARS.suspend(|| io::stderr().write_all(lines));
        Ok(lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes to standard error. Errors are ignored, while `eprintln!` would panic.
pub fn write_stderr(text: impl Display) {
    // Written in one call, because another process may write to the same file.
    let _ = StderrLines.write(text.to_string().as_bytes());
}

/// Writes a line like [`write_stderr`], with a line break at the end.
pub fn write_stderr_line(line: impl Display) {
    write_stderr(format_args!("{line}\n"));
}

/// Returns the width of the terminal to which standard output goes; `None` if it goes to a pipe or a
/// file. A terminal that reports no usable width counts as one of 80 columns.
pub fn stdout_columns() -> Option<usize> {
    const MIN_COLUMNS: u16 = 20;
    const DEFAULT_COLUMNS: u16 = 80;

    let stdout = Term::stdout();
    if !stdout.is_term() {
        return None;
    }
    let reported = stdout.size_checked().map(|(_, columns)| columns);
    let usable = reported.filter(|columns| *columns >= MIN_COLUMNS);
    Some(usable.unwrap_or(DEFAULT_COLUMNS).into())
}

/// Creates a progress bar. It is only drawn on a terminal.
pub fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    BARS.add(ProgressBar::no_length().with_style(style))
}

fn draw_target() -> ProgressDrawTarget {
    let terminal = Term::buffered_stderr();
    if terminal.is_term() {
        ProgressDrawTarget::term_like_with_hz(
            Box::new(TolerantTerminal(terminal)),
            DRAWN_PER_SECOND,
        )
    } else {
        ProgressDrawTarget::hidden()
    }
}

/// A terminal whose errors are ignored. The bars panic on an error, but a terminal may be closed at
/// any time.
#[derive(Debug)]
struct TolerantTerminal(Term);

impl TermLike for TolerantTerminal {
    fn width(&self) -> u16 {
        TermLike::width(&self.0)
    }

    fn height(&self) -> u16 {
        TermLike::height(&self.0)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        let _ = self.0.move_cursor_up(n);
        Ok(())
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        let _ = self.0.move_cursor_down(n);
        Ok(())
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        let _ = self.0.move_cursor_right(n);
        Ok(())
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        let _ = self.0.move_cursor_left(n);
        Ok(())
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        let _ = self.0.write_line(line);
        Ok(())
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        let _ = self.0.write_str(text);
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        let _ = self.0.clear_line();
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}

/// The terminal that the process was started in. The process ends when it is closed.
#[derive(Debug, Clone, Copy)]
pub struct ControllingTerminal {
    was_present: bool,
}

impl ControllingTerminal {
    /// Checks for a controlling terminal. Call it before anything listens for SIGHUP. A process
    /// that was started with `nohup` must survive the terminal, so it counts as a process without
    /// one.
    pub fn of_process() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        Self {
            was_present: is_reachable() && !ignores_hangup(&status),
        }
    }

    /// Returns true if there was a terminal at the start.
    pub fn was_present(self) -> bool {
        self.was_present
    }

    /// Returns true if there was a terminal and it was closed. The kernel detaches it before it
    /// sends SIGHUP.
    pub fn is_closed(self) -> bool {
        self.was_present && !is_reachable()
    }
}

/// Returns true if the process has a controlling terminal, regardless of its standard streams. Only
/// these errors mean that it has none; others, such as too many open files, do not.
fn is_reachable() -> bool {
    const EIO: i32 = 5;
    const ENXIO: i32 = 6;

    match File::open("/dev/tty") {
        Ok(_) => true,
        Err(error) => {
            !matches!(error.raw_os_error(), Some(EIO | ENXIO))
                && error.kind() != io::ErrorKind::NotFound
        }
    }
}

/// Returns true if the process was started with SIGHUP ignored, according to `/proc/self/status`.
fn ignores_hangup(status: &str) -> bool {
    const SIGHUP: u64 = 1;

    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & (1 << (SIGHUP - 1)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hangup_is_ignored_when_its_bit_is_set() {
        let status = |mask: &str| {
            format!("Name:\tjob-scanner\nSigBlk:\t0000000000000001\nSigIgn:\t{mask}\n")
        };
        assert!(ignores_hangup(&status("0000000000001001")));
        assert!(!ignores_hangup(&status("0000000000001000")));
        assert!(!ignores_hangup("") && !ignores_hangup(&status("?")));
    }
}
