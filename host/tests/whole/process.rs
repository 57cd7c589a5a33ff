//! The program while it runs: what it logs, which signals it gets, how it ends.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long a test waits for something that should happen at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A running program; killed when dropped.
pub(crate) struct Daemon {
    process: Child,
    log: Receiver<String>,
}

impl Daemon {
    /// Starts it and listens to its log.
    pub(crate) fn start(mut program: Command) -> Self {
        let mut process = program.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = process.stderr.take().unwrap();
        let (line, log) = channel();
        std::thread::spawn(move || {
            for written in BufReader::new(stderr).lines().map_while(Result::ok) {
                if line.send(written).is_err() {
                    return;
                }
            }
        });
        Self { process, log }
    }

    /// Waits for a log line that holds `words`.
    pub(crate) fn says(&self, words: &str) -> String {
        let until = Instant::now() + PATIENCE;
        let mut heard = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.log.recv_timeout(left) {
                Ok(line) if line.contains(words) => return line,
                Ok(line) => heard.push(line),
                Err(silence) => panic!("`{words}` was never said ({silence}), but: {heard:#?}"),
            }
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let kill = Command::new("kill").arg(format!("-{name}")).arg(self.process.id().to_string()).status();
        assert!(kill.unwrap().success());
    }

    /// The exit code, and how long the end took.
    pub(crate) fn ends(mut self) -> (Option<i32>, Duration) {
        let asked = Instant::now();
        // The log ends with the process, so nobody has to poll.
        while self.log.recv_timeout(PATIENCE).is_ok() {}
        (self.process.wait().unwrap().code(), asked.elapsed())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
