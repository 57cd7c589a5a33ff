//! What the operating system tells us to do.

use std::pin::pin;

use anyhow::Context as _;
use tokio::signal::unix::{Signal as UnixSignal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::info;

/// What a signal means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// SIGINT, SIGTERM: end well.
    Stop,
    /// SIGHUP: read the configuration anew.
    Reload,
    /// SIGUSR1: run now.
    RunNow,
}

/// The signals of this process, heard from now on.
pub(super) struct Signals {
    interrupt: UnixSignal,
    terminate: UnixSignal,
    hangup: UnixSignal,
    user1: UnixSignal,
}

impl Signals {
    pub(super) fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
            user1: listen(SignalKind::user_defined1())?,
        })
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Stop,
            _ = self.terminate.recv() => Signal::Stop,
            _ = self.hangup.recv() => Signal::Reload,
            _ = self.user1.recv() => Signal::RunNow,
        }
    }

    /// Waits for `work`, which `stop` ends early: the first signal to stop asks it to, a second one ends the process.
    pub(super) async fn stopping<T>(&mut self, stop: &CancellationToken, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                signal = self.next() => match signal {
                    Signal::Stop if stop.is_cancelled() => end_at_once(),
                    Signal::Stop => {
                        info!(event = "service.stopping", "stopping; a second signal ends at once");
                        stop.cancel();
                    }
                    Signal::Reload | Signal::RunNow => {}
                },
            }
        }
    }
}

/// Nothing is lost: what was not committed never happened, and what is due stays due.
fn end_at_once() -> ! {
    std::process::exit(i32::from(super::HAD_ERRORS))
}
