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
    heard: Vec<String>,
}

/// How a program ended.
pub(crate) struct End {
    pub(crate) code: Option<i32>,
    /// From the moment somebody waited for it.
    pub(crate) took: Duration,
    /// All that was logged from its start.
    pub(crate) log: Vec<String>,
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
        Self { process, log, heard: Vec::new() }
    }

    /// Waits for a log line, after those that were waited for before, that holds `words`.
    pub(crate) fn says(&mut self, words: &str) -> &str {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.log.recv_timeout(left) {
                Ok(line) => self.heard.push(line),
                Err(silence) => panic!("`{words}` was never said ({silence}), but: {:#?}", self.heard),
            }
            if self.heard.last().is_some_and(|line| line.contains(words)) {
                return self.heard.last().unwrap();
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

    /// Waits for its end.
    pub(crate) fn ends(mut self) -> End {
        let asked = Instant::now();
        // The log ends with the process, so nobody has to poll.
        while let Ok(line) = self.log.recv_timeout(PATIENCE) {
            self.heard.push(line);
        }
        let code = self.process.wait().unwrap().code();
        End { code, took: asked.elapsed(), log: std::mem::take(&mut self.heard) }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
