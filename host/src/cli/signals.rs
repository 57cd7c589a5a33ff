//! Signals from the operating system, a terminal or an operator.

use std::pin::pin;
use std::time::Duration;

use anyhow::Context as _;
use tokio::signal::unix::{Signal as UnixSignal, SignalKind, signal};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::cli::exit_code::FAILURE;
use crate::terminal::ControllingTerminal;

/// Some shells send SIGHUP to their jobs and exit only after that, together with the terminal. For
/// this time after a hangup, the process checks whether its terminal is still open.
const TERMINAL_WATCH: Duration = Duration::from_secs(5);
const TERMINAL_POLL: Duration = Duration::from_millis(250);

/// The meaning of a signal for the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// SIGINT or SIGTERM: shut down.
    Stop,
    /// SIGHUP because the terminal of the process was closed: shut down.
    TerminalClosed,
    /// Any other SIGHUP: reload the configuration.
    Reload,
    /// SIGUSR1: run now.
    RunNow,
}

/// The signals of this process, received from the creation of this value on.
pub(crate) struct Signals {
    interrupt: UnixSignal,
    terminate: UnixSignal,
    hangup: UnixSignal,
    user1: UnixSignal,
    terminal: ControllingTerminal,
    /// The end of the time after a hangup in which the terminal is checked.
    watch_terminal_until: Option<Instant>,
    /// True if a reload was requested while [`Signals::wait_for_stop`] waited.
    reload_requested: bool,
}

impl Signals {
    pub(crate) fn listen() -> anyhow::Result<Self> {
        // This comes before the first `listen`, which ends the ignoring of SIGHUP by which `nohup`
        // is detected.
        let terminal = ControllingTerminal::of_process();

        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
            user1: listen(SignalKind::user_defined1())?,
            terminal,
            watch_terminal_until: None,
            reload_requested: false,
        })
    }

    /// Returns the next signal. Of pending signals, a stop comes first, and a reload before a run,
    /// so an operator who requests both gets a run with the new configuration.
    pub(crate) async fn next(&mut self) -> Signal {
        loop {
            tokio::select! {
                biased;
                _ = self.interrupt.recv() => return Signal::Stop,
                _ = self.terminate.recv() => return Signal::Stop,
                _ = self.hangup.recv() => return self.meaning_of_hangup(),
                () = std::future::ready(()), if self.reload_requested => {
                    self.reload_requested = false;
                    return Signal::Reload;
                }
                _ = self.user1.recv() => return Signal::RunNow,
                () = tokio::time::sleep(TERMINAL_POLL), if self.watch_terminal_until.is_some() => {
                    if self.terminal.is_closed() {
                        return self.terminal_closed();
                    }

                    self.watch_terminal_until = self.watch_terminal_until.filter(|until| Instant::now() < *until);
                }
            }
        }
    }

    /// Waits for a signal to shut down. Reloads that are requested meanwhile are returned by
    /// [`Signals::next`] later.
    pub(crate) async fn wait_for_stop(&mut self) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => return,
                _ = self.terminate.recv() => return,
                _ = self.hangup.recv() => match self.meaning_of_hangup() {
                    Signal::TerminalClosed => return,
                    _ => self.reload_requested = true,
                },
            }
        }
    }

    /// Waits for `work`. The first signal to stop cancels `stop`, which ends the work early. A
    /// second one ends the process.
    pub(crate) async fn run_until_stopped<T>(
        &mut self,
        stop: &CancellationToken,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = pin!(work);

        // Finished work is checked first: a second signal at its very end would discard the result.
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                signal = self.next() => match signal {
                    Signal::Stop if stop.is_cancelled() => exit_immediately(),
                    // A shell may forward a hangup that the terminal has already sent. That is not
                    // a second signal.
                    Signal::Stop | Signal::TerminalClosed => {
                        if !stop.is_cancelled() {
                            info!(event = "service.stopping", "stopping; send the signal again to stop immediately");
                        }
                        stop.cancel();
                    }
                    Signal::Reload | Signal::RunNow => {}
                },
            }
        }
    }

    fn meaning_of_hangup(&mut self) -> Signal {
        if self.terminal.is_closed() {
            return self.terminal_closed();
        }

        self.watch_terminal_until = self
            .terminal
            .was_present()
            .then(|| Instant::now() + TERMINAL_WATCH);
        Signal::Reload
    }

    fn terminal_closed(&mut self) -> Signal {
        self.watch_terminal_until = None;
        info!("the terminal that job-scanner was started in was closed");
        Signal::TerminalClosed
    }
}

/// Ends the process immediately. Nothing is lost: uncommitted work counts as not done, and due
/// sources stay due.
fn exit_immediately() -> ! {
    std::process::exit(i32::from(FAILURE))
}
