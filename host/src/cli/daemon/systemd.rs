//! The service manager: it learns when the daemon has started, that it is alive, and that it stops.
//!
//! systemd names a datagram socket in `NOTIFY_SOCKET`
//! ([`sd_notify`](https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html)). Without
//! it, nothing is sent.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval};
use tracing::warn;

/// The connection to the service manager.
pub(crate) struct ServiceManager {
    /// `None` if there is no service manager that wants to know.
    socket: Option<(UnixDatagram, SocketAddr)>,
    /// The times at which it expects to hear that the daemon is alive.
    alive: Option<Interval>,
}

impl ServiceManager {
    /// Returns the service manager that the environment names.
    pub(crate) fn of_process() -> Self {
        let socket = env::var_os("NOTIFY_SOCKET").and_then(|path| match open(&path) {
            Ok(socket) => Some(socket),
            Err(failed) => {
                warn!("cannot reach the service manager at NOTIFY_SOCKET: {failed}");
                None
            }
        });

        // Half of the time after which the service manager acts, as its manual recommends.
        let alive = watchdog().filter(|_| socket.is_some()).map(|after| {
            let mut alive = interval(after / 2);
            alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
            alive
        });
        Self { socket, alive }
    }

    /// Says that the daemon has started.
    pub(crate) fn ready(&self) {
        self.send("READY=1");
    }

    /// Says that the daemon stops.
    pub(crate) fn stopping(&self) {
        self.send("STOPPING=1");
    }

    /// Waits until it is time to say that the daemon is alive, and says it. Never returns if the
    /// service manager does not ask. The caller is the loop that must not hang.
    pub(crate) async fn say_alive(&mut self) {
        match &mut self.alive {
            Some(alive) => alive.tick().await,
            None => return std::future::pending().await,
        };
        self.send("WATCHDOG=1");
    }

    fn send(&self, state: &str) {
        let Some((socket, address)) = &self.socket else {
            return;
        };
        if let Err(failed) = socket.send_to_addr(state.as_bytes(), address) {
            warn!("cannot send `{state}` to the service manager: {failed}");
        }
    }
}

/// Opens a socket that sends to this path.
fn open(path: &OsStr) -> io::Result<(UnixDatagram, SocketAddr)> {
    let address = SocketAddr::from_pathname(path)?;
    let socket = UnixDatagram::unbound()?;
    socket.set_nonblocking(true)?;
    Ok((socket, address))
}

/// Returns the time after which the service manager restarts a silent daemon. `None` if it does
/// not, or asks another process.
fn watchdog() -> Option<Duration> {
    let number = |name| env::var(name).ok()?.parse::<u64>().ok();
    let process = number("WATCHDOG_PID");
    let is_ours = process.is_none_or(|process| process == u64::from(std::process::id()));
    let micros = number("WATCHDOG_USEC").filter(|micros| *micros > 0 && is_ours)?;
    Some(Duration::from_micros(micros))
}
