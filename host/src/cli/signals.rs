//! Signals: the operating system, a terminal or an operator wants the process to do something.

use std::pin::pin;
use std::time::Duration;

use anyhow::Context as _;
use tokio::signal::unix::{Signal as UnixSignal, SignalKind, signal};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::cli::exit_code::HAD_ERRORS;
use crate::terminal::ControllingTerminal;

/// Some shells hang up on their jobs and end only then, with the terminal. For so long after a
/// hang-up the terminal is looked at again.
const TERMINAL_MAY_FOLLOW: Duration = Duration::from_secs(5);
const TERMINAL_LOOK: Duration = Duration::from_millis(250);

/// The meaning of a signal to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// SIGINT, SIGTERM: end well.
    Stop,
    /// The terminal that the process was started in is gone: end well.
    HungUp,
    /// SIGHUP otherwise: read the configuration again.
    Reload,
    /// SIGUSR1: run now.
    RunNow,
}

/// The signals of this process, heard from now on.
pub(crate) struct Signals {
    interrupt: UnixSignal,
    terminate: UnixSignal,
    hangup: UnixSignal,
    user1: UnixSignal,
    terminal: ControllingTerminal,
    /// Until when the terminal may follow a hang-up.
    may_follow_until: Option<Instant>,
    /// A reload was asked for while [`Signals::end`] listened.
    reload_asked: bool,
}

impl Signals {
    pub(crate) fn listen() -> anyhow::Result<Self> {
        // From the first `listen` on, hang-ups are no longer ignored, which is how `nohup` is told.
        let terminal = ControllingTerminal::of_process();

        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
            user1: listen(SignalKind::user_defined1())?,
            terminal,
            may_follow_until: None,
            reload_asked: false,
        })
    }

    /// The next one. Of those that are here already, the one to end comes first, and a reload
    /// before a run, so that who asks for both gets a run under the new configuration.
    pub(crate) async fn next(&mut self) -> Signal {
        loop {
            tokio::select! {
                biased;
                _ = self.interrupt.recv() => return Signal::Stop,
                _ = self.terminate.recv() => return Signal::Stop,
                _ = self.hangup.recv() => return self.meaning_of_hangup(),
                () = std::future::ready(()), if self.reload_asked => {
                    self.reload_asked = false;
                    return Signal::Reload;
                }
                _ = self.user1.recv() => return Signal::RunNow,
                () = tokio::time::sleep(TERMINAL_LOOK), if self.may_follow_until.is_some() => {
                    if self.terminal.is_gone() {
                        return self.hung_up();
                    }

                    self.may_follow_until = self.may_follow_until.filter(|until| Instant::now() < *until);
                }
            }
        }
    }

    /// Waits for one that says to end. What else is asked for meanwhile is told by
    /// [`Signals::next`].
    pub(crate) async fn end(&mut self) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => return,
                _ = self.terminate.recv() => return,
                _ = self.hangup.recv() => match self.meaning_of_hangup() {
                    Signal::HungUp => return,
                    _ => self.reload_asked = true,
                },
            }
        }
    }

    /// Waits for `work`, which `stop` ends early: the first signal to stop asks it to, a second one
    /// ends the process.
    pub(crate) async fn stopping<T>(
        &mut self,
        stop: &CancellationToken,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = pin!(work);

        // Work that is done comes first: a second signal at its very end would lose the result.
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                signal = self.next() => match signal {
                    Signal::Stop if stop.is_cancelled() => end_at_once(),
                    // The shell may pass on a hang-up that we got from the terminal already: that
                    // is not a second signal.
                    Signal::Stop | Signal::HungUp => {
                        if !stop.is_cancelled() {
                            info!(event = "service.stopping", "stopping; a second signal ends at once");
                        }
                        stop.cancel();
                    }
                    Signal::Reload | Signal::RunNow => {}
                },
            }
        }
    }

    fn meaning_of_hangup(&mut self) -> Signal {
        if self.terminal.is_gone() {
            return self.hung_up();
        }

        self.may_follow_until = self
            .terminal
            .was_there()
            .then(|| Instant::now() + TERMINAL_MAY_FOLLOW);
        Signal::Reload
    }

    fn hung_up(&mut self) -> Signal {
        self.may_follow_until = None;
        info!("the terminal that job-scanner was started in is gone");
        Signal::HungUp
    }
}

/// Nothing is lost: what was not committed never happened, and what is due stays due.
fn end_at_once() -> ! {
    std::process::exit(i32::from(HAD_ERRORS))
}
