//! The daemon with its page, in a process of its own.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use anyhow::Context as _;

use crate::installation::Installation;

/// The text before the address of the page, in the log.
const ADDRESS: &str = "web.address=http://";

/// The event at the end of a run, in the log.
const RUN_ENDED: &str = "event=run.finished";

/// A daemon whose first run has ended. Dropping it kills it.
pub(crate) struct Daemon {
    process: Child,
    address: String,
}

impl Daemon {
    /// Starts a daemon and waits for the end of its first run.
    pub(crate) fn start(installation: &Installation) -> anyhow::Result<Self> {
        let mut process = installation
            .daemon()?
            .stderr(Stdio::piped())
            .spawn()
            .context("could not start job-scanner")?;
        let log = process.stderr.take().context("the log is not a pipe")?;
        // From here on, an error also stops the process.
        let mut daemon = Self {
            process,
            address: String::new(),
        };

        let mut lines = BufReader::new(log).lines();
        for line in lines.by_ref() {
            let line = line?;
            if let Some((_, rest)) = line.split_once(ADDRESS) {
                rest.split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut daemon.address);
            }
            if line.contains(RUN_ENDED) {
                // The process must not wait for a full pipe later.
                std::thread::spawn(move || lines.for_each(drop));
                anyhow::ensure!(!daemon.address.is_empty(), "the page was not started");
                return Ok(daemon);
            }
        }
        anyhow::bail!("the daemon ended before its first run did")
    }

    /// Requests a path, and returns the body of the response.
    pub(crate) fn get(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let mut connection = TcpStream::connect(&self.address)?;
        let host = &self.address;
        // With version 1.0, the response ends with the connection.
        write!(connection, "GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
        let mut response = Vec::new();
        connection.read_to_end(&mut response)?;

        let head_end = response.windows(4).position(|it| it == b"\r\n\r\n");
        let head_end = head_end.context("the response is incomplete")?;
        let head = String::from_utf8_lossy(&response[..head_end]).into_owned();
        let status = head.lines().next().unwrap_or_default();
        anyhow::ensure!(status.contains(" 200 "), "{path}: {status}");
        Ok(response.split_off(head_end + 4))
    }

    /// Returns the memory of the process, in megabytes.
    pub(crate) fn memory(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))
            .context("only Linux reports the memory of a process")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes: f64 = line
            .and_then(|line| line.trim().strip_suffix(" kB"))
            .context("the status of the process has no VmRSS")?
            .trim()
            .parse()?;
        Ok(kibibytes * 1024.0 / 1e6)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
